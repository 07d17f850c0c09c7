import { describe, expect, it } from 'vitest';
import { filesMap, insertedText, titleText } from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

const DAY_MS = 86_400_000;
const LIST = { view: 'all', sort: 'due', offset: 0, count: 50 } as const;

async function declaredDesk() {
  const portal = createFakePortal();
  const clock = { ahead: 0 };
  const started = await startEngine({ fetch: portal.fetch, now: () => Date.now() + clock.ahead });
  const { window, engine } = started;
  await window.must('session.signIn', { account: 'liaison', password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const text = await openText(window, articleId);
  await text.write(writeWhole('Một đoạn.'));
  await propose(window, articleId, 'declare', null);
  const decisionRow = () => portal.rowsOf('decisions')[0];
  await expect.poll(decisionRow).toBeDefined();
  portal.put('decisions', {
    ...decisionRow(),
    id: String(decisionRow()?.id),
    status: 'accepted',
    verdictAt: 1,
  });
  portal.put('articles', articleRow(articleId));
  await window.until('connection.state', {}, (state) => state.waiting === 0);
  await engine.settled();
  return { portal, clock, ...started, articleId, text };
}
type Desk = Awaited<ReturnType<typeof declaredDesk>>;

/** The portal says that all of the article has to leave. */
function leave({ portal, articleId }: Desk): void {
  for (const collection of ['updates', 'files'])
    for (const { id } of portal.rowsOf(collection)) portal.put(collection, { id, articleId, _deleted: true });
  for (const row of portal.rowsOf('decisions'))
    portal.put('decisions', { ...row, content: null, stateVector: null });
  portal.put('articles', { id: articleId, _deleted: true });
}

const gone = ({ window, articleId }: Desk) =>
  window.until('articles.list', LIST, ({ rows }) => !rows.some((row) => row.id === articleId));

describe('an article that leaves this person’s sight', () => {
  it('leaves lists, text, search and windows, and does not come back by itself', async () => {
    const desk = await declaredDesk();
    const { window, engine, articleId, userData, portal } = desk;
    leave(desk);
    await gone(desk);
    await engine.settled();
    expect((await window.refusal('documents.open', { articleId })).code).toBe('article-unknown');
    await expect(window.look('articles.detail', { articleId })).rejects.toThrow('article-unknown');
    expect((await window.look('articles.list', { ...LIST, text: 'đoạn' })).total).toBe(0);
    await engine.stop();
    const again = await startEngine({ fetch: portal.fetch, userData });
    await again.window.until('connection.state', {}, (state) => state.online);
    await again.engine.settled();
    expect((await again.window.look('articles.list', LIST)).total).toBe(0);
    await again.engine.stop();
  });

  it('keeps own words aside that were not sent, readable, until they are put away', async () => {
    const desk = await declaredDesk();
    const { window, engine, articleId, text, portal, userData } = desk;
    portal.refusals.set('updates', 'forbidden');
    portal.intercept = ({ method, path }) =>
      method === 'POST' && path === '/api/sync/updates' ? new Response('', { status: 500 }) : null;
    await text.write((doc) => titleText(doc).insert(0, 'Chữ chưa gửi '));
    leave(desk);
    await window.must('connection.retry', {});
    await gone(desk);
    // The window still had the article open.
    await window.must('documents.append', {
      articleId,
      updateId: 'last-words',
      update: await lastWords(text.doc),
    });
    const { items } = await window.until('outbox.list', {}, (outbox) =>
      outbox.items.some((item) => item.code === 'left-desk' && item.keptText?.includes('sau cùng') === true),
    );
    const item = items.find((one) => one.code === 'left-desk');
    expect(item).toMatchObject({ kind: 'text', state: 'refused', title: 'Bài' });
    expect(item?.keptText).toContain('Chữ chưa gửi');
    portal.intercept = null;
    await engine.stop();
    const again = await startEngine({ fetch: portal.fetch, userData });
    await again.window.until('connection.state', {}, (state) => state.online && state.waiting === 0);
    await again.window.must('outbox.dismiss', { id: item?.id ?? '' });
    const after = await again.window.until('outbox.list', {}, (outbox) =>
      outbox.items.every((one) => one.state !== 'refused'),
    );
    expect(after.items.find((one) => one.state === 'dismissed')?.keptText).toContain('Chữ chưa gửi');
    expect((await again.window.refusal('outbox.dismiss', { id: item?.id ?? '' })).code).toBe('not-found');
    await again.engine.stop();
  });

  it('comes back whole when it may be seen again', async () => {
    const desk = await declaredDesk();
    const { window, engine, articleId, text, portal } = desk;
    const updates = portal.rowsOf('updates').map((row) => ({ ...row }));
    const print = text.fingerprint();
    leave(desk);
    await gone(desk);
    await engine.settled();
    portal.put('updates', ...updates);
    portal.put('articles', articleRow(articleId));
    await window.until('articles.list', LIST, ({ rows }) => rows.some((row) => row.id === articleId));
    await engine.settled();
    await expect.poll(async () => (await openText(window, articleId)).fingerprint()).toBe(print);
    await engine.stop();
  });
});

describe('refused items', () => {
  it('can be sent again, and are taken then', async () => {
    const { portal, engine, window, text, articleId } = await declaredDesk();
    portal.refusals.set('updates', 'forbidden');
    await text.write((doc) => titleText(doc).insert(0, 'Lại '), 'refused-once');
    await window.until('outbox.list', {}, ({ items }) => items.some((item) => item.code === 'forbidden'));
    portal.refusals.clear();
    expect((await window.refusal('outbox.sendAgain', { id: 'text-refused:nowhere' })).code).toBe('not-found');
    await window.must('outbox.sendAgain', { id: `text-refused:${articleId}` });
    await window.until('outbox.list', {}, ({ items }) => items.every((item) => item.state !== 'refused'));
    expect(portal.rowsOf('updates').some((row) => row.id === 'refused-once')).toBe(true);
    await engine.stop();
  });

  it('when text is dismissed, it leaves the article here; not while a window has it open', async () => {
    const { portal, engine, window, text, articleId } = await declaredDesk();
    const print = text.fingerprint();
    portal.refusals.set('updates', 'forbidden');
    await text.write((doc) => filesMap(doc).set('f', { sha256: 'x' }));
    await text.write((doc) => titleText(doc).insert(0, 'Không được nhận '));
    await window.until('articles.detail', { articleId }, ({ row }) => row.problem === 'forbidden');
    const id = `text-refused:${articleId}`;
    expect((await window.refusal('outbox.dismiss', { id })).code).toBe('article-open');
    await window.must('documents.close', { articleId });
    await window.must('outbox.dismiss', { id });
    await window.until('articles.detail', { articleId }, ({ row }) => row.problem === null);
    expect((await openText(window, articleId)).fingerprint()).toBe(print);
    await engine.stop();
  });
});

describe('a desk that was away for longer than the portal allows', () => {
  it('locks reading and deciding, takes what is written, and opens with the next contact', async () => {
    const { portal, clock, engine, window, text, articleId } = await declaredDesk();
    portal.put('directory', {
      id: 'organisation',
      kind: 'organisation',
      data: { id: 'org', name: { vi: 'O', en: 'O' }, profileId: 'VP17', offlineDays: 5 },
    });
    await window.until('directory.all', {}, (all) => all.organisation?.offlineDays === 5);
    portal.isDown = true;
    portal.cutStreams();
    await window.until('connection.state', {}, (state) => !state.online);
    clock.ahead = 4 * DAY_MS;
    expect((await window.look('connection.state', {})).lockedBy).toBeNull();
    clock.ahead = 6 * DAY_MS;
    expect((await window.look('connection.state', {})).lockedBy).toBe('offline-too-long');
    expect((await window.look('articles.list', LIST)).total).toBe(0);
    await expect(window.look('articles.detail', { articleId })).rejects.toThrow('offline-too-long');
    expect((await window.refusal('documents.open', { articleId })).code).toBe('offline-too-long');
    const decision = {
      decisionId: newId('d'),
      articleId,
      action: 'submit',
      fingerprint: null,
      reason: null,
    } as const;
    expect((await window.refusal('decisions.propose', decision)).code).toBe('offline-too-long');
    await text.write((doc) => titleText(doc).insert(0, 'Vẫn được giữ: '));
    portal.isDown = false;
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    await window.until('connection.state', {}, (state) => state.lockedBy === null && state.waiting === 0);
    expect((await openText(window, articleId)).fingerprint()).toBe(text.fingerprint());
    await engine.stop();
  });

  it('stays locked after a restart, and after its clock was set back', async () => {
    const { portal, clock, engine, userData } = await declaredDesk();
    portal.isDown = true;
    portal.cutStreams();
    clock.ahead = 40 * DAY_MS;
    await engine.stop();
    const later = await startEngine({ fetch: portal.fetch, userData, now: () => Date.now() + 40 * DAY_MS });
    expect((await later.window.look('connection.state', {})).lockedBy).toBe('offline-too-long');
    await later.engine.stop();
    const back = await startEngine({ fetch: portal.fetch, userData });
    expect((await back.window.look('connection.state', {})).lockedBy).toBe('offline-too-long');
    await back.engine.stop();
  });

  it('locks when the account was switched off', async () => {
    const { portal, engine, window } = await declaredDesk();
    portal.intercept = ({ path }) =>
      path.startsWith('/api/sync/')
        ? Response.json({ code: 'account-inactive', message: '' }, { status: 403 })
        : null;
    portal.cutStreams();
    await window.until('connection.state', {}, (state) => state.lockedBy === 'account-inactive');
    portal.intercept = null;
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    await window.until('connection.state', {}, (state) => state.lockedBy === null);
    await engine.stop();
  });
});

async function lastWords(doc: Parameters<typeof titleText>[0]): Promise<Uint8Array> {
  const made: Uint8Array[] = [];
  doc.once('updateV2', (update: Uint8Array) => made.push(update));
  titleText(doc).insert(0, 'sau cùng ');
  const [update] = made;
  if (!update) throw new Error('nothing was written');
  expect(insertedText([update])).toBe('sau cùng ');
  return update;
}

function articleRow(id: string) {
  return {
    id,
    unitId: 'unit-a',
    channel: 'vi',
    categoryId: 'other',
    sourceArticleId: null,
    counterpartId: null,
    title: 'Bài',
    summary: '',
    state: 'draft',
    version: 0,
    fingerprint: null,
    contributors: [],
    createdBy: 'liaison',
    createdAt: 1,
    updatedAt: 1,
    submittedAt: null,
    publishedAt: null,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  };
}
