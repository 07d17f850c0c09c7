import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bodyLines, filesMap, readContent, titleText } from '../../../domain/document/index.ts';
import { newId, startEngine, type TestWindow } from '../../unit/engine/support/desk.ts';
import { openArrivedText, openText, propose, writeWhole } from '../../unit/engine/support/writing.ts';
import { PASSWORD, startPortal } from './support/portal.ts';

let portal: Awaited<ReturnType<typeof startPortal>>;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.end());

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

/** A desk whose line to the portal can be cut, and whose requests are counted. */
async function deskOf(account: string) {
  const line = {
    isCut: false,
    requests: [] as string[],
    loseAnswer: null as ((path: string) => boolean) | null,
  };
  const throughLine = async (url: string, init?: RequestInit): Promise<Response> => {
    if (line.isCut) throw new TypeError('cut');
    const path = new URL(url).pathname;
    line.requests.push(`${init?.method ?? 'GET'} ${path}`);
    const response = await fetch(url, init);
    if (line.loseAnswer?.(path)) {
      await response.body?.cancel();
      throw new TypeError('the answer was lost');
    }
    return response;
  };
  const desk = await startEngine({ fetch: throughLine, portalUrl: portal.url });
  running.push(desk.engine);
  await desk.window.must('session.signIn', { account, password: PASSWORD });
  await desk.window.until('directory.all', {}, (all) => all.profile !== null);
  return { ...desk, line };
}

async function declaredArticle(window: TestWindow, title: string): Promise<string> {
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title });
  const text = await openText(window, articleId);
  await text.write(writeWhole('Đoạn thứ nhất của bài.'));
  await propose(window, articleId, 'declare', null);
  await window.until('articles.detail', { articleId }, ({ row }) => row.sync === 'received');
  return articleId;
}

const has = (window: TestWindow, articleId: string) =>
  window.until('articles.list', { view: 'all', sort: 'updated', offset: 0, count: 200 }, ({ rows }) =>
    rows.some((row) => row.id === articleId),
  );
const stateOf = (window: TestWindow, articleId: string, state: string) =>
  window.until(
    'articles.detail',
    { articleId },
    ({ row }) => row.state === state && row.projectedState === state,
  );
const quiet = (window: TestWindow) =>
  window.until('connection.state', {}, (state) => state.online && state.waiting === 0 && state.sending === 0);

/** The first text inside the body that holds these words. */
function textWith(doc: Y.Doc, words: string): Y.XmlText {
  const found = [
    ...(doc.get('root-v2', Y.XmlElement) as Y.XmlElement).createTreeWalker(
      (node) => node instanceof Y.XmlText,
    ),
  ];
  const text = found.find((node) => node.toString().includes(words));
  if (!(text instanceof Y.XmlText)) throw new Error(`nowhere: ${words}`);
  return text;
}

const bodyOf = (doc: Y.Doc): string =>
  bodyLines(readContent(doc).body)
    .map((line) => line.text)
    .join('\n');

describe('two desks that were both offline', () => {
  it('have every word of both, in the same paragraph and elsewhere, and equal fingerprints', async () => {
    const one = await deskOf('dau-moi.sldtbxh');
    const two = await deskOf('dau-moi-2.sldtbxh');
    const articleId = await declaredArticle(one.window, 'Hai người cùng viết');
    await has(two.window, articleId);
    const first = await openText(one.window, articleId);
    const second = await openArrivedText(two.window, articleId);
    one.line.isCut = true;
    two.line.isCut = true;
    await first.write((doc) => textWith(doc, 'Đoạn thứ nhất').insert(0, 'MỘT '));
    await first.write(writeWhole('Đoạn của người thứ nhất.'));
    await second.write((doc) => textWith(doc, 'Đoạn thứ nhất').insert(0, 'HAI '));
    await second.write((doc) => titleText(doc).insert(0, 'TIÊU ĐỀ HAI '));
    one.line.isCut = false;
    two.line.isCut = false;
    await one.window.must('connection.retry', {});
    await two.window.must('connection.retry', {});
    await quiet(one.window);
    await quiet(two.window);
    await expect
      .poll(
        async () => {
          await first.reload();
          await second.reload();
          return first.fingerprint() === second.fingerprint();
        },
        { timeout: 15_000 },
      )
      .toBe(true);
    for (const words of ['MỘT', 'HAI', 'Đoạn của người thứ nhất.'])
      expect(bodyOf(first.doc)).toContain(words);
    expect(titleText(first.doc).toString()).toContain('TIÊU ĐỀ HAI');
    const detail = await one.window.until(
      'articles.detail',
      { articleId },
      ({ row }) => row.fingerprint === first.fingerprint(),
    );
    expect(detail.row.title).toContain('TIÊU ĐỀ HAI');
  });
});

describe('an approval of an earlier text', () => {
  it('does not pass, is kept, and is shown with what differs', async () => {
    const writer = await deskOf('dau-moi.vpubnd');
    const articleId = await declaredArticle(writer.window, 'Thông báo');
    const text = await openText(writer.window, articleId);
    await propose(writer.window, articleId, 'submit', text.fingerprint());
    await stateOf(writer.window, articleId, 'submitted');
    await running.shift()?.stop();
    for (const [account, action, state] of [
      ['lanh-dao.vpubnd', 'endorse', 'endorsed'],
      ['bien-tap-vien-1', 'pass', 'in-review'],
    ] as const) {
      const next = await deskOf(account);
      await has(next.window, articleId);
      await propose(
        next.window,
        articleId,
        action,
        (await openArrivedText(next.window, articleId)).fingerprint(),
      );
      await stateOf(next.window, articleId, state);
      await running.shift()?.stop();
    }
    const chief = await deskOf('truong-ban');
    const editor = await deskOf('bien-tap-vien-1');
    await has(chief.window, articleId);
    await has(editor.window, articleId);
    const approved = await openArrivedText(chief.window, articleId);
    chief.line.isCut = true;
    const decisionId = await propose(chief.window, articleId, 'approve', approved.fingerprint());
    await chief.window.until(
      'articles.detail',
      { articleId },
      ({ row }) => row.projectedState === 'published' && row.state === 'in-review',
    );
    const edited = await openArrivedText(editor.window, articleId);
    expect(edited.mayEdit).toBe(true);
    await edited.write((doc) => titleText(doc).insert(0, 'Đã sửa: '));
    await quiet(editor.window);
    await editor.window.until(
      'articles.detail',
      { articleId },
      ({ row }) => row.fingerprint === edited.fingerprint(),
    );
    chief.line.isCut = false;
    await chief.window.must('connection.retry', {});
    const { row, decisions } = await chief.window.until(
      'articles.detail',
      { articleId },
      (one) => one.row.earlierApprovalId !== null,
    );
    expect(row).toMatchObject({
      earlierApprovalId: decisionId,
      state: 'in-review',
      projectedState: 'in-review',
      problem: 'content-changed',
    });
    expect(decisions.at(-1)).toMatchObject({
      id: decisionId,
      action: 'approve',
      status: 'refused',
      verdictCode: 'content-changed',
    });
    const { items } = await chief.window.look('outbox.list', {});
    expect(items[0]).toMatchObject({
      kind: 'decision',
      action: 'approve',
      state: 'refused',
      code: 'content-changed',
    });
    const difference = await chief.window.must('decisions.compare', { articleId, decisionId });
    expect(difference).toMatchObject({
      equal: false,
      fields: [{ id: 'title', before: 'Thông báo', after: 'Đã sửa: Thông báo' }],
    });
    await approved.reload();
    await propose(chief.window, articleId, 'approve', approved.fingerprint());
    const published = await stateOf(chief.window, articleId, 'published');
    expect(published.row).toMatchObject({ earlierApprovalId: null, problem: null });
  });
});

describe('decisions taken offline', () => {
  it('are judged on the text that they were taken on: words taken away before, words written after', async () => {
    const writer = await deskOf('dau-moi.sct');
    const articleId = await declaredArticle(writer.window, 'Bỏ một chữ');
    const text = await openText(writer.window, articleId);
    await propose(writer.window, articleId, 'submit', text.fingerprint());
    await stateOf(writer.window, articleId, 'submitted');
    await running.shift()?.stop();

    const head = await deskOf('lanh-dao.sct');
    await has(head.window, articleId);
    const shortened = await openArrivedText(head.window, articleId);
    head.line.isCut = true;
    await shortened.write((doc) => titleText(doc).delete(0, 3));
    const endorsement = await propose(head.window, articleId, 'endorse', shortened.fingerprint());
    head.line.isCut = false;
    await head.window.must('connection.retry', {});
    const endorsed = await stateOf(head.window, articleId, 'endorsed');
    expect(endorsed.decisions.find(({ id }) => id === endorsement)).toMatchObject({ status: 'accepted' });
    await running.shift()?.stop();

    const editor = await deskOf('bien-tap-vien-1');
    await has(editor.window, articleId);
    const passed = await openArrivedText(editor.window, articleId);
    editor.line.isCut = true;
    await propose(editor.window, articleId, 'pass', passed.fingerprint());
    await passed.write((doc) => titleText(doc).insert(0, 'Sửa sau khi chuyển: '));
    editor.line.isCut = false;
    await editor.window.must('connection.retry', {});
    const { row } = await editor.window.until(
      'articles.detail',
      { articleId },
      (one) => one.row.fingerprint === passed.fingerprint(),
    );
    expect(row).toMatchObject({ state: 'in-review', problem: null });
  });
});

describe('a bad line', () => {
  it('that loses answers leaves everything there once', async () => {
    const desk = await deskOf('dau-moi.stc');
    let lost = 0;
    desk.line.loseAnswer = (path) =>
      path.startsWith('/api/sync/') && path !== '/api/sync/stream' && lost++ % 2 === 0;
    const articleId = await declaredArticle(desk.window, 'Đường truyền kém');
    const text = await openText(desk.window, articleId);
    for (let n = 0; n < 5; n += 1) await text.write((doc) => titleText(doc).insert(0, `${n} `));
    await propose(desk.window, articleId, 'submit', text.fingerprint());
    await stateOf(desk.window, articleId, 'submitted');
    expect(lost).toBeGreaterThan(4);
    desk.line.loseAnswer = null;
    await quiet(desk.window);
    const { items } = await desk.window.look('outbox.list', {});
    expect(
      items.filter((item) => item.articleId === articleId).every((item) => item.state === 'accepted'),
    ).toBe(true);
  });

  it('when all is exchanged there is no request but the stream', async () => {
    const desk = await deskOf('dau-moi.stp');
    const articleId = await declaredArticle(desk.window, 'Yên lặng');
    const text = await openText(desk.window, articleId);
    await propose(desk.window, articleId, 'submit', text.fingerprint());
    await stateOf(desk.window, articleId, 'submitted');
    await quiet(desk.window);
    await desk.engine.settled();
    // The portal's own look for events that were lost comes every three seconds.
    await new Promise((resolve) => setTimeout(resolve, 4500));
    const before = desk.line.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(desk.line.requests.slice(before)).toEqual([]);
    expect(desk.line.requests.filter((one) => one === 'POST /api/sync/decisions')).toHaveLength(2);
  });
});

describe('attached files', () => {
  it('reach the portal, hold back a submission until they are there, and come to another desk', async () => {
    const desk = await deskOf('dau-moi.sxd');
    const articleId = await declaredArticle(desk.window, 'Có tệp đính kèm');
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(5_000_000)]);
    const uploadId = newId('upload');
    const entry = { name: 'Quyết định.pdf', type: 'application/pdf' };
    let fails = 1;
    desk.line.loseAnswer = (path) => path.startsWith('/api/files/uploads/') && fails-- > 0;
    await desk.window.must('files.begin', { uploadId, articleId, ...entry, size: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += 1_000_000) {
      await desk.window.must('files.chunk', {
        uploadId,
        offset,
        bytes: new Uint8Array(bytes.subarray(offset, offset + 1_000_000)),
      });
    }
    const done = await desk.window.must('files.finish', { uploadId });
    const text = await openText(desk.window, articleId);
    await text.write((doc) => filesMap(doc).set('f1', { ...done, ...entry, role: 'attachment', label: '' }));
    await propose(desk.window, articleId, 'submit', text.fingerprint());
    await stateOf(desk.window, articleId, 'submitted');
    const detail = await desk.window.until(
      'articles.detail',
      { articleId },
      ({ files }) => files[0]?.storedAt != null,
    );
    expect(detail.files[0]).toMatchObject({ here: true, sentBytes: bytes.length });
    const head = await deskOf('lanh-dao.sxd');
    await has(head.window, articleId);
    const piece = await head.window.must('files.read', { articleId, sha256: done.sha256, offset: 4_000_000 });
    expect(Buffer.compare(Buffer.from(piece.bytes), bytes.subarray(4_000_000))).toBe(0);
  });
});
