import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { titleText } from '../../../domain/document/index.ts';
import type { EngineOptions } from '../../../main/engine/engine.ts';
import { newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakePortal, type FakePortal } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

const all = { view: 'all', sort: 'title', offset: 0, count: 20 } as const;

async function start(portal: FakePortal, options: Partial<EngineOptions> = {}) {
  const desk = await startEngine({ fetch: portal.fetch, ...options });
  onTestFinished(() => desk.engine.stop());
  return desk;
}
type Desk = Awaited<ReturnType<typeof start>>;

const folderIn = async (userData: string): Promise<string> =>
  join(userData, 'desks', (await readdir(join(userData, 'desks')))[0] ?? '');

async function create(window: TestWindow, title: string): Promise<string> {
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title });
  return articleId;
}

/** What the portal derives when it has taken the declaration. */
function publishRow(portal: FakePortal, id: string, title: string, state = 'draft') {
  portal.put('articles', {
    id,
    unitId: 'unit-a',
    channel: 'vi',
    categoryId: 'other',
    sourceArticleId: null,
    counterpartId: null,
    title,
    summary: '',
    state,
    version: 0,
    fingerprint: null,
    contributors: ['liaison'],
    createdBy: 'liaison',
    createdAt: 1,
    updatedAt: Date.now(),
    submittedAt: null,
    publishedAt: null,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  });
}

async function send(desk: Desk, portal: FakePortal, articleId: string, title: string) {
  await propose(desk.window, articleId, 'declare', null);
  await desk.engine.settled();
  publishRow(portal, articleId, title);
  await desk.window.until('articles.detail', { articleId }, ({ row }) => !row.local);
  await desk.engine.settled();
}

async function append(window: TestWindow, articleId: string, words: string) {
  const text = await openText(window, articleId);
  await text.write((doc) => titleText(doc).insert(titleText(doc).length, words));
}

const titleAt = async (window: TestWindow, articleId: string): Promise<string> => {
  const text = await openText(window, articleId);
  return titleText(text.doc).toString();
};

/** Waits for a backup that the thread has taken and proved. */
async function backedUp(desk: Desk): Promise<void> {
  await expect
    .poll(() => desk.lines.filter((line) => line.event === 'backup.taken').length, { timeout: 15_000 })
    .toBeGreaterThan(0);
}

async function damage(folder: string): Promise<void> {
  const path = join(folder, 'desk.sqlite');
  const bytes = await readFile(path);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 64);
  await writeFile(path, bytes);
}

describe('the daily backup', () => {
  it('is taken beside the engine, opens only with the desk’s key, and is not taken again the same day', {
    timeout: 40_000,
  }, async () => {
    const portal = createFakePortal();
    const desk = await start(portal, { backupLookMs: 50 });
    await desk.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await create(desk.window, 'Bản sao có chữ này');
    await backedUp(desk);
    const folder = join(await folderIn(desk.userData), 'backups');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.backup'));
    expect(names).toHaveLength(1);
    expect((await readFile(join(folder, names[0] ?? ''))).subarray(0, 8).toString()).toBe('SOANBKP1');
    // A stop ends the thread too.
    await desk.engine.stop();
    expect(desk.lines.filter((line) => line.event.startsWith('backup.')).map((line) => line.event)).toEqual([
      'backup.taken',
    ]);
  });

  it('is not taken within the first minutes unless asked for', async () => {
    const portal = createFakePortal();
    const desk = await start(portal);
    await desk.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await desk.window.until('directory.all', {}, (directory) => directory.profile !== null);
    expect(desk.lines.some((line) => line.event.startsWith('backup.'))).toBe(false);
  });
});

/** One row that is not what was written; its table is found by an id that begins so. */
async function damageRow(folder: string, articleId: string): Promise<void> {
  const db = new DatabaseSync(join(folder, 'desk.sqlite'), { timeout: 5_000 });
  try {
    const tables = db
      .prepare("SELECT 't' || number AS name FROM collections WHERE collection = 'desk'")
      .all();
    const [table] = tables.map(({ name }) => String(name));
    const { changes } = db.prepare(`UPDATE ${table} SET data = zeroblob(200) WHERE id = ?`).run(articleId);
    expect(changes).toBe(1);
  } finally {
    db.close();
  }
}

/** As if the newest backup were two days old. */
async function ageBackups(folder: string): Promise<void> {
  const backups = join(folder, 'backups');
  const old = new Date(Date.now() - 2 * 86_400_000).toISOString().replaceAll(/[-:.]/g, '');
  for (const name of await readdir(backups)) {
    if (name.endsWith('.backup'))
      await rename(join(backups, name), join(backups, `desk.sqlite.${old}.backup`));
  }
}

describe('damage met while the desk is open', () => {
  it.each(['a list', 'the daily backup'])(
    'by %s is told, stops nobody, and the next start offers the backup',
    {
      timeout: 60_000,
    },
    async (by) => {
      const portal = createFakePortal();
      const first = await start(portal, { backupLookMs: 1_000 });
      await first.window.must('session.signIn', { account: 'liaison', password: 'right' });
      const articleId = await create(first.window, 'Bài có dòng hỏng');
      await first.engine.settled();
      await backedUp(first);
      await first.engine.stop();
      const folder = await folderIn(first.userData);

      const second = await start(portal, { userData: first.userData, backupLookMs: 1_000 });
      await second.engine.settled();
      expect((await second.window.look('store.trouble', {})).damagedSince).toBeNull();
      await damageRow(folder, articleId);
      if (by === 'the daily backup') {
        await ageBackups(folder);
        const failed = () => second.lines.filter(({ event }) => event === 'backup.failed').length;
        await expect.poll(failed, { timeout: 15_000 }).toBeGreaterThan(0);
      } else await second.window.look('articles.list', all).catch(() => undefined);
      await second.window.until('store.trouble', {}, ({ damagedSince }) => damagedSince !== null);
      expect((await second.window.look('store.trouble', {})).trouble).toBeNull();
      await create(second.window, 'Việc vẫn tiếp tục');
      await second.engine.stop();

      const third = await start(portal, { userData: first.userData });
      const { trouble } = await third.window.look('store.trouble', {});
      expect(trouble?.code).toBe('store-damaged');
      await third.window.must('store.restore', { takenAt: trouble?.backup?.takenAt ?? 0 });
      expect(await third.window.look('store.trouble', {})).toEqual({ trouble: null, damagedSince: null });
      expect(await titleAt(third.window, articleId)).toBe('Bài có dòng hỏng');
    },
  );
});

describe('a damaged store', () => {
  it('goes back to its backup, and everything that the portal has comes again', {
    timeout: 90_000,
  }, async () => {
    const portal = createFakePortal();
    const first = await start(portal, { backupLookMs: 100_000 });
    const { window } = first;
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    await window.until('directory.all', {}, (directory) => directory.profile !== null);
    const sent = await create(window, 'Đã gửi trước');
    await send(first, portal, sent, 'Đã gửi trước');
    const later = await create(window, 'Khai báo sau bản sao');
    const half = await create(window, 'Khai báo tới nơi, chữ thì chưa');
    await first.engine.stop();

    const second = await start(portal, { userData: first.userData, backupLookMs: 1_000 });
    await backedUp(second);
    // From here on the backup knows nothing.
    await append(second.window, sent, ', thêm sau bản sao');
    await send(second, portal, later, 'Khai báo sau bản sao');
    await append(second.window, later, ', cũng thêm');
    const newer = await create(second.window, 'Làm sau bản sao');
    const text = await openText(second.window, newer);
    await text.write(writeWhole('Thân bài làm sau bản sao'));
    await send(second, portal, newer, 'Làm sau bản sao');
    const unsent = await create(second.window, 'Chưa gửi bao giờ');
    await second.engine.settled();
    const positions = portal.rowsOf('decisions').map((row) => Number(row.position));
    const rowsBefore = portal.rowsOf('updates').map((row) => JSON.stringify(row));
    await second.engine.stop();

    const folder = await folderIn(first.userData);
    await damage(folder);
    const third = await start(portal, { userData: first.userData });
    const { trouble } = await third.window.look('store.trouble', {});
    expect(trouble).toMatchObject({ code: 'store-damaged', mayStartAfresh: true });
    expect(trouble?.backup?.sizeInBytes).toBeGreaterThan(10_000);
    expect((await third.window.look('articles.list', all)).total).toBe(0);
    expect(await third.window.refusal('store.restore', { takenAt: 1 })).toMatchObject({
      code: 'backup-unusable',
    });
    await third.window.must('store.restore', { takenAt: trouble?.backup?.takenAt ?? 0 });
    expect(await third.window.look('store.trouble', {})).toEqual({ trouble: null, damagedSince: null });

    // Proposed before anything has come back.
    const fresh = await create(third.window, 'Làm sau khi khôi phục');
    await propose(third.window, fresh, 'declare', null);
    publishRow(portal, half, 'Khai báo tới nơi, chữ thì chưa');
    await third.window.until('articles.list', all, ({ total }) => total === 5);
    await expect
      .poll(() => portal.rowsOf('updates').some((row) => row.articleId === half), { timeout: 10_000 })
      .toBe(true);
    await third.window.until(
      'outbox.list',
      {},
      ({ items }) =>
        items.length > 6 && items.every(({ state }) => state === 'accepted' || state === 'waiting-at-portal'),
      20_000,
    );
    await third.engine.settled();
    expect(await titleAt(third.window, sent)).toBe('Đã gửi trước, thêm sau bản sao');
    expect(await titleAt(third.window, later)).toBe('Khai báo sau bản sao, cũng thêm');
    expect((await openText(third.window, newer)).content().body.length).toBeGreaterThan(0);
    const { rows } = await third.window.look('articles.list', all);
    expect(rows.filter((row) => row.local || row.pendingUpdates > 0).map((row) => row.title)).toEqual([]);
    expect(rows.map((row) => row.id)).not.toContain(unsent);

    // The portal has nothing twice and nothing changed, and no place in the order was given again.
    expect(
      portal
        .rowsOf('updates')
        .map((row) => JSON.stringify(row))
        .slice(0, rowsBefore.length),
    ).toEqual(rowsBefore);
    const after = portal.rowsOf('decisions').map((row) => Number(row.position));
    expect(Math.min(...after.slice(positions.length))).toBeGreaterThan(Math.max(...positions));
    expect(new Set(after).size).toBe(after.length);

    const left = await readdir(folder);
    expect(left.filter((name) => name.startsWith('desk.sqlite.damaged-'))).not.toEqual([]);
  });

  it('without a backup is moved aside only when the person says so, and the portal’s comes again', {
    timeout: 40_000,
  }, async () => {
    const portal = createFakePortal();
    const first = await start(portal);
    await first.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await first.window.until('directory.all', {}, (directory) => directory.profile !== null);
    const sent = await create(first.window, 'Cổng đã có');
    await send(first, portal, sent, 'Cổng đã có');
    const position = Number(portal.rowsOf('decisions')[0]?.position);
    await first.engine.stop();
    const folder = await folderIn(first.userData);
    await damage(folder);
    const damaged = await readFile(join(folder, 'desk.sqlite'));

    const second = await start(portal, { userData: first.userData });
    expect(await second.window.look('store.trouble', {})).toMatchObject({
      trouble: { code: 'store-damaged', backup: null, mayStartAfresh: true },
    });
    await second.window.must('store.retry', {});
    expect((await second.window.look('store.trouble', {})).trouble?.code).toBe('store-damaged');
    await second.window.must('store.startAfresh', { confirmed: true });
    expect(await second.window.look('store.trouble', {})).toEqual({ trouble: null, damagedSince: null });
    await second.window.until('articles.list', all, ({ total }) => total === 1);
    await second.engine.settled();
    expect(await titleAt(second.window, sent)).toBe('Cổng đã có');
    const aside = (await readdir(folder)).find((name) => /^desk\.sqlite\.damaged-[^-]+$/.test(name)) ?? '';
    expect((await readFile(join(folder, aside))).equals(damaged)).toBe(true);
    const fresh = await create(second.window, 'Bài mới');
    await propose(second.window, fresh, 'declare', null);
    await second.engine.settled();
    expect(Number(portal.rowsOf('decisions').at(-1)?.position)).toBeGreaterThan(position + 1_000);
    // Nothing is replaced that is not broken.
    expect((await second.window.refusal('store.startAfresh', { confirmed: true })).code).toBe('bad-request');
  });

  it('with a damaged backup says so, and changes nothing', { timeout: 40_000 }, async () => {
    const portal = createFakePortal();
    const first = await start(portal, { backupLookMs: 1_000 });
    await first.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await backedUp(first);
    await first.engine.stop();
    const folder = await folderIn(first.userData);
    await damage(folder);
    const second = await start(portal, { userData: first.userData });
    const { trouble } = await second.window.look('store.trouble', {});
    const backups = (await readdir(join(folder, 'backups'))).filter((name) => name.endsWith('.backup'));
    const backup = join(folder, 'backups', backups[0] ?? '');
    const bytes = await readFile(backup);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(backup, bytes);
    const args = { takenAt: trouble?.backup?.takenAt ?? 0 };
    expect((await second.window.refusal('store.restore', args)).code).toBe('backup-unusable');
    expect((await second.window.look('store.trouble', {})).trouble).toMatchObject({ code: 'store-damaged' });
    expect((await readdir(folder)).some((name) => name.includes('.damaged-'))).toBe(false);
  });
});
