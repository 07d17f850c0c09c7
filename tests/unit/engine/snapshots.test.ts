import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeState, fingerprint, loadDoc, readContent, titleText } from '../../../domain/document/index.ts';
import { folderOf } from '../../../main/engine/custody/custody.ts';
import { type LocalUpdate, openDatabase, storageAt } from '../../../main/engine/database.ts';
import type { KeyRing } from '../../../main/engine/store/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal, type FakePortal, LIAISON } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

/** Of each desk, by its file. */
const keys = new Map<string, KeyRing>();

async function declaredDesk() {
  const portal = createFakePortal();
  const started = await startEngine({
    fetch: portal.fetch,
    storage: (path, key) => {
      keys.set(dirname(path), key);
      return storageAt(path, key);
    },
  });
  const { window, engine } = started;
  await window.must('session.signIn', { account: 'liaison', password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const text = await openText(window, articleId);
  await text.write(writeWhole('Một đoạn.'));
  await propose(window, articleId, 'declare', null);
  portal.put('articles', articleRow(articleId));
  await window.until('connection.state', {}, (state) => state.waiting === 0);
  await engine.settled();
  return { portal, ...started, articleId, text };
}

/** The rows of the desk's store, read when the engine has ended. */
async function storedUpdates(userData: string): Promise<LocalUpdate[]> {
  const nothing = () => undefined;
  const folder = folderOf(userData, 'http://127.0.0.1:1', LIAISON.id);
  const key = keys.get(folder);
  if (!key) throw new Error('no key was seen');
  const database = await openDatabase({ folder, key, now: Date.now, onWorked: nothing, onFailed: nothing });
  const rows = (await database.updates.find().exec()).map((row) => row.toJSON() as LocalUpdate);
  await database.close();
  return rows;
}

function snapshotOf(portal: FakePortal, articleId: string, count: number) {
  const rows = portal.rowsOf('updates').slice(0, count);
  const doc = loadDoc(rows.map((row) => Buffer.from(String(row.update), 'base64')));
  return {
    id: articleId,
    articleId,
    madeAt: 1,
    updates: count,
    through: count,
    fingerprint: fingerprint(readContent(doc)),
    state: Buffer.from(encodeState(doc)).toString('base64'),
  };
}

describe('a snapshot of the portal', () => {
  it('takes the place of the updates that it covers, and the text stays the same', async () => {
    const { portal, engine, window, userData, articleId, text } = await declaredDesk();
    for (let n = 0; n < 30; n += 1) await text.write((doc) => titleText(doc).insert(0, 'x'));
    await window.until('connection.state', {}, (state) => state.waiting === 0);
    const print = text.fingerprint();
    portal.put('snapshots', snapshotOf(portal, articleId, 20));
    await engine.settled();
    await engine.stop();
    const kept = await storedUpdates(userData);
    // Twelve came after; of the covered ones the last that the portal took stays for the outbox.
    expect(kept.length).toBeLessThanOrEqual(13);
    expect(kept.length).toBeGreaterThanOrEqual(12);
    const again = await startEngine({ fetch: portal.fetch, userData });
    expect((await openText(again.window, articleId)).fingerprint()).toBe(print);
    const { items } = await again.window.look('outbox.list', {});
    expect(items.find(({ kind }) => kind === 'text')).toMatchObject({ state: 'accepted' });
    await again.engine.settled();
    expect(portal.rowsOf('updates')).toHaveLength(32);
    await again.engine.stop();
  });

  it('never takes the place of what the portal has not answered', async () => {
    const { portal, engine, window, userData, articleId, text } = await declaredDesk();
    // The portal takes it, and the answer is lost each time.
    const fetch = portal.fetch;
    portal.intercept = async ({ method, path, body }) => {
      if (method !== 'POST' || path !== '/api/sync/updates') return null;
      portal.intercept = null;
      await fetch(`http://x${path}`, { method, body, headers: { authorization: 'Bearer access-1' } });
      portal.intercept = (request) =>
        request.path === '/api/sync/updates' && request.method === 'POST'
          ? new Response('', { status: 500 })
          : null;
      throw new TypeError('lost');
    };
    await text.write((doc) => titleText(doc).insert(0, 'chưa nghe trả lời '), 'unheard');
    await window.until('connection.state', {}, (state) => state.problem !== null);
    await expect.poll(() => portal.rowsOf('updates').length).toBe(3);
    portal.put('snapshots', snapshotOf(portal, articleId, 3));
    await window.must('connection.retry', {});
    await window.until('connection.state', {}, (state) => state.waiting === 1);
    await engine.stop();
    expect((await storedUpdates(userData)).find((row) => row.id === 'unheard')).toMatchObject({ sent: 0 });
    portal.intercept = null;
    const again = await startEngine({ fetch: portal.fetch, userData });
    await again.window.until('connection.state', {}, (state) => state.online && state.waiting === 0);
    expect((await openText(again.window, articleId)).fingerprint()).toBe(text.fingerprint());
    await again.engine.stop();
  });

  it('is all that a new desk needs, with what came after; an open window is told what it brings', async () => {
    const { portal, engine, articleId, text } = await declaredDesk();
    await engine.stop();
    const other = await startEngine({ fetch: portal.fetch });
    const snapshot = snapshotOf(portal, articleId, 2);
    portal.put('snapshots', snapshot);
    portal.intercept = ({ method, path }) =>
      method === 'GET' && path.startsWith('/api/sync/updates')
        ? Response.json({ documents: [], checkpoint: null })
        : null;
    await other.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await other.window.until('articles.detail', { articleId }, ({ row }) => row.id === articleId);
    await other.engine.settled();
    expect((await openText(other.window, articleId)).fingerprint()).toBe(text.fingerprint());
    const doc = loadDoc([Buffer.from(snapshot.state, 'base64')], 4242);
    titleText(doc).insert(0, 'Từ máy khác: ');
    portal.put('snapshots', {
      ...snapshot,
      through: 3,
      updates: 3,
      state: Buffer.from(encodeState(doc)).toString('base64'),
    });
    await expect.poll(() => other.window.announcements.length).toBe(1);
    const { doc: reopened } = await openText(other.window, articleId);
    expect(titleText(reopened).toString()).toBe('Từ máy khác: Bài');
    await other.engine.stop();
  });
});

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
