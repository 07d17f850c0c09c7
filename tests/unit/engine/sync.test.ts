import { describe, expect, it, vi } from 'vitest';
import { titleText } from '../../../domain/document/index.ts';
import { createLink } from '../../../main/engine/sync/link.ts';
import { PortalFailure } from '../../../main/engine/sync/portalClient.ts';
import { newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakePortal, type FakePortal, type SeenRequest } from './support/fakePortal.ts';
import { articleRow } from './support/rows.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isPush = (request: SeenRequest) => request.method === 'POST' && request.path.startsWith('/api/sync/');
const isSync = (request: SeenRequest) => request.path.startsWith('/api/sync/');

async function declaredDesk() {
  const portal = createFakePortal();
  const started = await startEngine({ fetch: portal.fetch });
  const { window, engine } = started;
  await window.must('session.signIn', { account: 'liaison', password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const text = await openText(window, articleId);
  await propose(window, articleId, 'declare', null);
  await textAccepted(window);
  // With a verdict, so that nothing of it is asked for again.
  for (const row of portal.rowsOf('decisions'))
    portal.put('decisions', { ...row, id: String(row.id), status: 'accepted', verdictAt: 1 });
  await engine.settled();
  return { portal, ...started, articleId, text };
}

const textAccepted = (window: TestWindow) =>
  window.until('outbox.list', {}, ({ items }) =>
    items.some((item) => item.kind === 'text' && item.state === 'accepted'),
  );

describe('a line over which only short answers come through', () => {
  it('brings everything, in pages as long as it can take', async () => {
    const portal = createFakePortal();
    portal.put('articles', ...Array.from({ length: 400 }, (_, n) => articleRow(`weak-${n}`)));
    const asked: number[] = [];
    portal.intercept = ({ method, path }) => {
      if (method !== 'GET' || !path.startsWith('/api/sync/articles?')) return null;
      const limit = Number(new URLSearchParams(path.split('?')[1]).get('limit'));
      asked.push(limit);
      return limit > 100 ? new Response('', { status: 504 }) : null;
    };
    const { window, engine } = await startEngine({ fetch: portal.fetch, firstPauseMs: 1 });
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    const args = { view: 'all', sort: 'updated', offset: 0, count: 50 } as const;
    await window.until('articles.list', args, ({ total }) => total === 400);
    expect(asked.slice(0, 4)).toEqual([500, 250, 125, 62]);
    expect(asked.filter((limit) => limit > 100).length).toBeLessThan(asked.length / 2);
    await engine.stop();
  });
});

describe('a line that was off', () => {
  it('is asked for as much as before when it is back', async () => {
    const portal = createFakePortal();
    portal.put('articles', ...Array.from({ length: 400 }, (_, n) => articleRow(`off-${n}`)));
    const asked: number[] = [];
    portal.intercept = ({ method, path }) => {
      if (method !== 'GET' || !path.startsWith('/api/sync/articles?')) return null;
      asked.push(Number(new URLSearchParams(path.split('?')[1]).get('limit')));
      if (asked.length <= 4) throw new TypeError('fetch failed');
      return null;
    };
    const { window, engine } = await startEngine({ fetch: portal.fetch, firstPauseMs: 1 });
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    const args = { view: 'all', sort: 'updated', offset: 0, count: 50 } as const;
    await window.until('articles.list', args, ({ total }) => total === 400);
    expect(asked.slice(0, 5)).toEqual([500, 500, 500, 500, 500]);
    await engine.stop();
  });
});

describe('a portal in trouble', () => {
  const half = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"conflicts":[],"ref'));
          setTimeout(() => controller.error(new Error('cut')), 5);
        },
      }),
    );
  it.each<[string, string, () => Response]>([
    ['answers 500', 'portal-error', () => new Response('oops', { status: 500 })],
    ['answers garbage', 'portal-garbage', () => new Response('<html>hello</html>')],
    ['answers other JSON', 'portal-garbage', () => new Response('{"hello":1}')],
    [
      'gives rows of another shape',
      'portal-garbage',
      () => new Response('{"conflicts":[{"id":5}],"refused":[]}'),
    ],
    ['stops half-way', 'portal-unreachable', half],
    ['is too busy', 'rate-limited', () => new Response('{}', { status: 429 })],
  ])('%s: the code is shown, nothing is lost, and it goes on by itself', async (_, code, response) => {
    const { portal, engine, window, text } = await declaredDesk();
    let failures = 0;
    portal.intercept = (request) => {
      if (!isPush(request) || failures > 3) return null;
      failures += 1;
      return response();
    };
    const problem = window.until(
      'connection.state',
      {},
      (state) => !state.online && state.problem === code && state.nextTryAt !== null,
    );
    await text.write(writeWhole('Thêm một đoạn.'));
    await problem;
    await textAccepted(window);
    await window.until(
      'connection.state',
      {},
      (state) => state.online && state.problem === null && state.waiting === 0,
    );
    expect(failures).toBe(4);
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await engine.stop();
  });

  it('garbage in what is pulled changes nothing here, and is asked for again', async () => {
    const { portal, engine, window, articleId } = await declaredDesk();
    let failures = 0;
    portal.intercept = (request) => {
      if (!request.path.startsWith('/api/sync/articles') || failures > 2) return null;
      failures += 1;
      return new Response(
        '{"documents":[{"id":"x","title":5,"_deleted":false}],"checkpoint":{"sequence":999999,"id":"x"}}',
      );
    };
    portal.put('articles', row(articleId, 'Từ cổng'));
    await window.until('articles.detail', { articleId }, (one) => one.row.title === 'Từ cổng');
    expect(failures).toBe(3);
    await engine.stop();
  });

  it('that is gone is asked again at once on "retry"', async () => {
    const portal = createFakePortal();
    const { engine, window } = await startEngine({ fetch: portal.fetch, firstPauseMs: 60_000 });
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    await window.until('connection.state', {}, (state) => state.online);
    portal.isDown = true;
    portal.cutStreams();
    const state = await window.until(
      'connection.state',
      {},
      (one) => !one.online && one.nextTryAt !== null,
      5000,
    );
    expect((state.nextTryAt ?? 0) - Date.now()).toBeGreaterThan(10_000);
    portal.isDown = false;
    await window.must('connection.retry', {});
    await window.until('connection.state', {}, (one) => one.online, 5000);
    await engine.stop();
  });
});

describe('pushing', () => {
  it('again after a lost answer changes nothing', async () => {
    const { portal, engine, window, text } = await declaredDesk();
    const fetch = portal.fetch;
    let lost = 0;
    portal.intercept = async (request) => {
      if (!isPush(request) || lost > 0) return null;
      lost += 1;
      await fetch('http://x'.concat(request.path), {
        method: 'POST',
        body: request.body,
        headers: { authorization: 'Bearer access-1' },
      });
      throw new TypeError('connection reset');
    };
    await text.write(writeWhole('Một đoạn.'));
    await textAccepted(window);
    await engine.settled();
    expect(lost).toBe(1);
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await engine.stop();
  });

  it('goes on behind a row that the portal can not stand', async () => {
    const { portal, engine, window, text, articleId } = await declaredDesk();
    portal.isDown = true;
    portal.cutStreams();
    const ids = [newId('u'), newId('poison'), newId('u')];
    for (const id of ids) await text.write((doc) => titleText(doc).insert(0, `${id} `), id);
    portal.intercept = (request) =>
      isPush(request) && request.body.includes(ids[1] ?? '')
        ? new Response('{"code":"too-large","message":""}', { status: 413 })
        : null;
    portal.isDown = false;
    await window.must('connection.retry', {});
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.state === 'refused' && item.code === 'too-large'),
    );
    await engine.settled();
    const stored = portal.rowsOf('updates').map((one) => one.id);
    expect(stored).toEqual(expect.arrayContaining([ids[0], ids[2]]));
    expect(stored).not.toContain(ids[1]);
    expect((await window.look('articles.detail', { articleId })).row.problem).toBe('too-large');
    await engine.stop();
  });

  it('survives a restart: what waited is sent then', async () => {
    const { portal, engine, text, userData } = await declaredDesk();
    portal.isDown = true;
    portal.cutStreams();
    await text.write(writeWhole('Trước khi tắt máy.'));
    await engine.stop();
    portal.isDown = false;
    const again = await startEngine({ fetch: portal.fetch, userData });
    await textAccepted(again.window);
    await again.window.until('connection.state', {}, (state) => state.waiting === 0);
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await again.engine.stop();
  });

  it('and pulling end: after all is exchanged there is no request', async () => {
    const { portal, engine, text } = await declaredDesk();
    await text.write(writeWhole('Một đoạn.'));
    await engine.settled();
    await pause(200);
    await engine.settled();
    const before = portal.requests.length;
    await pause(1500);
    expect(portal.requests.slice(before).filter(isSync)).toEqual([]);
    await engine.stop();
  });
});

describe('the order of sending', () => {
  /** What the portal was sent, in order: `u:<id>` for text, the action for decisions. */
  const sent = (portal: FakePortal, from: number): string[] =>
    portal.requests
      .slice(from)
      .filter(isPush)
      .flatMap(({ path, body }) => {
        const { rows } = JSON.parse(body) as { rows: { newDocumentState: Record<string, string> }[] };
        return rows.map(({ newDocumentState: one }) =>
          path.endsWith('/updates') ? `u:${one.id}` : String(one.action),
        );
      });

  it('is the order of writing: text before the decision that was taken on it, and the rest after it', async () => {
    const { portal, engine, window, text, articleId } = await declaredDesk();
    await text.write(writeWhole('Một đoạn.'));
    await engine.settled();
    portal.isDown = true;
    portal.cutStreams();
    const from = portal.requests.length;
    await text.write((doc) => titleText(doc).insert(0, 'Thêm '), 'before-1');
    await text.write((doc) => titleText(doc).delete(0, 2), 'before-2');
    await propose(window, articleId, 'submit', text.fingerprint());
    await text.write((doc) => titleText(doc).insert(0, 'Sau '), 'after-1');
    await text.write((doc) => titleText(doc).delete(0, 1), 'after-2');
    portal.isDown = false;
    await window.must('connection.retry', {});
    await window.until('connection.state', {}, (state) => state.waiting === 0);
    expect(sent(portal, from)).toEqual(['u:before-1', 'u:before-2', 'submit', 'u:after-1', 'u:after-2']);
    await engine.stop();
  });

  it('has the declaration first, then the text, then the submission', async () => {
    const { portal, engine, window, userData } = await declaredDesk();
    portal.isDown = true;
    portal.cutStreams();
    const from = portal.requests.length;
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
    const text = await openText(window, articleId);
    await text.write(writeWhole('Một đoạn.'), 'whole');
    await propose(window, articleId, 'declare', null);
    await text.write((doc) => titleText(doc).insert(0, 'Thêm '), 'more');
    await propose(window, articleId, 'submit', text.fingerprint());
    // Nothing of it is under way yet when all of it is looked at.
    await engine.stop();
    portal.isDown = false;
    const again = await startEngine({ fetch: portal.fetch, userData });
    await again.window.until('connection.state', {}, (state) => state.online && state.waiting === 0);
    await again.engine.settled();
    const order = sent(portal, from);
    expect([order[0], ...order.slice(2)]).toEqual(['declare', 'u:whole', 'u:more', 'submit']);
    await again.engine.stop();
  });

  it('holds for hundreds of waiting edits, across a restart, and sends each once', async () => {
    const { portal, engine, window, text, articleId, userData } = await declaredDesk();
    await text.write(writeWhole('Một đoạn.'));
    await engine.settled();
    portal.isDown = true;
    portal.cutStreams();
    const from = portal.requests.length;
    for (let n = 0; n < 230; n += 1)
      await text.write((doc) => (n % 2 ? titleText(doc).delete(0, 1) : titleText(doc).insert(0, 'x')));
    await propose(window, articleId, 'submit', text.fingerprint());
    await engine.stop();
    const again = await startEngine({ fetch: portal.fetch, userData });
    const reopened = await openText(again.window, articleId);
    await reopened.write((doc) => titleText(doc).insert(0, 'Sau cùng '), 'last-one');
    portal.isDown = false;
    await again.window.must('connection.retry', {});
    await again.window.until('connection.state', {}, (state) => state.waiting === 0);
    await again.engine.settled();
    const order = sent(portal, from);
    expect(order).toHaveLength(232);
    expect(new Set(order).size).toBe(232);
    expect(order.indexOf('submit')).toBe(230);
    expect(order.at(-1)).toBe('u:last-one');
    await again.engine.stop();
  });
});

describe('versions', () => {
  it('a desk too old for the portal is told so, keeps what is written, and sends it when somebody asks again', async () => {
    const { portal, engine, window, text } = await declaredDesk();
    portal.intercept = () => Response.json({ code: 'desk-too-old', message: '' }, { status: 426 });
    portal.cutStreams();
    await window.until('connection.state', {}, (one) => !one.online && one.problem === 'desk-too-old');
    await text.write(writeWhole('Viết khi máy đã cũ.'));
    expect((await window.look('connection.state', {})).lockedBy).toBeNull();
    portal.intercept = null;
    await window.must('connection.retry', {});
    await window.until('connection.state', {}, (one) => one.online && one.waiting === 0);
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await engine.stop();
  });

  it('a portal too old for the desk is told apart, and asked again by itself', async () => {
    const { portal, engine, window, text } = await declaredDesk();
    portal.intercept = () => Response.json({}, { headers: { 'x-soan-api': '1' } });
    portal.cutStreams();
    await window.until(
      'connection.state',
      {},
      (one) => !one.online && one.problem === 'portal-too-old' && one.nextTryAt !== null,
    );
    await text.write(writeWhole('Viết khi Cổng còn cũ.'));
    portal.intercept = null;
    await window.until('connection.state', {}, (one) => one.online && one.waiting === 0);
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await engine.stop();
  });
});

describe('what leaves this person’s sight', () => {
  it('leaves the desk', async () => {
    const { portal, engine, window } = await declaredDesk();
    portal.put('articles', row('seen', 'Thấy được'));
    await window.until('articles.detail', { articleId: 'seen' }, (one) => one.row.title === 'Thấy được');
    portal.intercept = (request) =>
      request.path.startsWith('/api/sync/articles')
        ? Response.json({
            documents: [{ id: 'seen', _deleted: true }],
            checkpoint: { sequence: 99_999, id: 'seen' },
          })
        : null;
    portal.tell('articles');
    await window.until(
      'articles.list',
      { view: 'all', sort: 'due', offset: 0, count: 50 },
      ({ rows }) => !rows.some((one) => one.id === 'seen'),
    );
    await engine.stop();
  });
});

describe('the link', () => {
  const options = { now: Date.now, log: () => undefined, onChange: () => undefined, random: () => 0 };

  it('waits longer after each failure, for all together, and not for ever', async () => {
    vi.useFakeTimers();
    const link = createLink({ ...options, now: () => Date.now(), firstPauseMs: 10 });
    const times: number[] = [];
    const failing = async () => {
      times.push(Date.now());
      if (times.length < 6) throw new PortalFailure('portal-unreachable');
      return 'there';
    };
    const answer = link.run(failing);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toBe('there');
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses[4] ?? 0).toBeGreaterThan((pauses[0] ?? 0) * 4);
    expect(link.state()).toMatchObject({ online: true, problem: null, nextTryAt: null });
    link.close();
    vi.useRealTimers();
  });

  it('takes the portal’s own word for how long to wait', async () => {
    const link = createLink({ ...options, firstPauseMs: 1 });
    const failure = new PortalFailure('rate-limited', 429, { retryAfterMs: 30_000 });
    await expect(link.once(() => Promise.reject(failure))).rejects.toBe(failure);
    expect((link.state().nextTryAt ?? 0) - Date.now()).toBeGreaterThan(29_000);
    link.close();
  });

  it('throws what does not pass by waiting', async () => {
    const link = createLink(options);
    await expect(link.run(() => Promise.reject(new PortalFailure('forbidden', 403)))).rejects.toMatchObject({
      code: 'forbidden',
    });
    link.close();
    await expect(link.run(async () => 1)).rejects.toThrow();
  });
});

function row(id: string, title: string) {
  return {
    id,
    unitId: 'unit-a',
    channel: 'vi',
    categoryId: 'other',
    sourceArticleId: null,
    counterpartId: null,
    title,
    summary: '',
    state: 'published',
    version: 1,
    fingerprint: null,
    contributors: [],
    createdBy: 'x',
    createdAt: 1,
    updatedAt: 1,
    submittedAt: 1,
    publishedAt: 1,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  };
}

describe('a refusal of what must pass one day', () => {
  it('is waited out like any other trouble', async () => {
    const { portal, engine, window, articleId } = await declaredDesk();
    let asked = 0;
    portal.intercept = (request) => {
      if (!request.path.startsWith('/api/sync/articles') || asked > 2) return null;
      asked += 1;
      return Response.json({ code: 'forbidden', message: '' }, { status: 403 });
    };
    portal.put('articles', row(articleId, 'Sau cùng'));
    await window.until('articles.detail', { articleId }, (one) => one.row.title === 'Sau cùng', 1500);
    expect(asked).toBe(3);
    await engine.stop();
  });
});
