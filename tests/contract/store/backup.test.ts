import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  checkBackup,
  getRxStorageSqlite,
  isBackupDue,
  listBackups,
  newestGoodBackup,
  restoreBackup,
  rotateKey,
  type StoreError,
  startDailyBackups,
  takeBackup,
} from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Instance,
  insertAll,
  insertRow,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
  testKey,
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    state: { type: 'string', maxLength: 20 },
    text: { type: 'string' },
  },
  required: ['id', 'state', 'text'],
  indexes: ['state'],
};
const DAY = 86_400_000;
const START = Date.parse('2025-09-01T08:00:00Z');
const article = (i: number) => ({
  id: `a${i}`,
  state: `trạng-thái-${i % 3}`,
  text: `Nội dung ${i} `.repeat(30),
});

const errorOf = async (attempt: Promise<unknown>): Promise<StoreError | undefined> =>
  attempt.then(
    () => undefined,
    (error: StoreError) => error,
  );
const codeOf = async (attempt: Promise<unknown>) => (await errorOf(attempt))?.code;

afterAll(removeFolders);

describe.each(stores)('backups: $name', ({ key }) => {
  let path: string;
  let instance: Instance;

  const open = () => openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk' });
  const backup = (now = START) => takeBackup({ path, key, now: () => now });
  const count = async () => (await instance.query(prepare(instance, {}))).documents.length;

  beforeEach(async () => {
    path = join(makeFolder(), 'desk.db');
    instance = await open();
    await insertAll(
      instance,
      Array.from({ length: 2000 }, (_, i) => article(i)),
    );
    return () => instance.close();
  });

  it('are taken while writing goes on, hold one moment, and leave nothing else behind', async () => {
    let isDone = false;
    const taking = backup().finally(() => {
      isDone = true;
    });
    let written = 0;
    for (; !isDone || written < 5; written++) {
      const rows = [
        insertRow({ ...article(0), id: `x${written}` }),
        insertRow({ ...article(0), id: `y${written}` }),
      ];
      expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);
      await wait(1);
    }
    const taken = await taking;
    expect(taken).toMatchObject({ takenAt: START, keyVersion: key ? 1 : undefined });
    expect(readdirSync(dirname(taken.path))).toEqual(['desk.db.20250901T080000000Z.backup']);
    expect(listBackups(path)).toEqual([taken]);
    checkBackup(taken.path, key);
    await instance.close();
    await restoreBackup({ path, key, backup: taken.path });
    instance = await open();
    const restored = await count();
    expect(restored).toBeGreaterThanOrEqual(2000);
    expect(restored).toBeLessThan(2000 + 2 * written);
    expect((await instance.findDocumentsById(['x0'], false)).length).toBe(
      (await instance.findDocumentsById(['y0'], false)).length,
    );
  });

  it('once a day, for 7 days, and the newest for ever', async () => {
    expect(isBackupDue(path, START)).toBe(true);
    for (let day = 0; day < 10; day++) await backup(START + day * DAY);
    const days = () => listBackups(path).map(({ takenAt }) => (takenAt - START) / DAY);
    expect(days()).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
    expect(isBackupDue(path, START + 9.5 * DAY)).toBe(false);
    expect(isBackupDue(path, START + 10 * DAY)).toBe(true);
    await backup(START + 100 * DAY);
    expect(days()).toEqual([100]);
    expect(isBackupDue(path, START)).toBe(true);
  });

  it('by themselves', async () => {
    let now = START;
    const errors: unknown[] = [];
    const stop = startDailyBackups({
      path,
      key,
      now: () => now,
      lookMs: 20,
      onError: (error) => errors.push(error),
    });
    while (listBackups(path).length === 0) await wait(10);
    await wait(100);
    expect(listBackups(path)).toHaveLength(1);
    now += DAY;
    while (listBackups(path).length === 1) await wait(10);
    await stop();
    expect(errors).toEqual([]);
  });

  it('damage at open names the newest good one; restoring moves the damaged file aside', async () => {
    const older = await backup();
    await insertAll(instance, [article(5000)]);
    const newer = await backup(START + DAY);
    await instance.close();
    writeFileSync(path, readFileSync(path).fill(0xa5, 8192, 16384));
    writeFileSync(`${path}-wal`, 'rest of a log');
    const damaged = readFileSync(path);
    const first = await errorOf(open());
    expect([first?.code, first?.damage?.backup]).toEqual(['STORE_DAMAGED', newer]);
    expect(readFileSync(path).equals(damaged)).toBe(true);

    const rotten = readFileSync(newer.path);
    rotten[60_000] = (rotten[60_000] ?? 0) ^ 1;
    rotten.fill(0x5a, 8192, 12288);
    writeFileSync(newer.path, rotten);
    expect((await errorOf(open()))?.damage?.backup).toEqual(older);
    expect(await codeOf(restoreBackup({ path, key, backup: newer.path }))).toMatch(
      /STORE_(NO_BACKUP|DAMAGED)/,
    );
    expect(readFileSync(path).equals(damaged)).toBe(true);

    const moved = await restoreBackup({ path, key, backup: older.path });
    expect(moved.map((name) => name.replace(/^.*damaged-\w+/, ''))).toEqual(['', '-wal', '-shm']);
    expect(readFileSync(moved[0] ?? '').equals(damaged)).toBe(true);
    instance = await open();
    expect(await count()).toBe(2000);
    await insertAll(instance, [article(6000)]);
  });

  it('a file that lost its end, and one that is gone with its log there', async () => {
    const { path: from } = await backup();
    await instance.close();
    truncateSync(path, 6000);
    expect((await errorOf(open()))?.damage?.backup?.path).toBe(from);
    renameSync(path, `${path}.away`);
    writeFileSync(`${path}-wal`, 'rest of a log');
    expect((await errorOf(open()))?.damage?.backup?.path).toBe(from);
    await restoreBackup({ path, key, backup: from });
    instance = await open();
    expect(await count()).toBe(2000);
  });

  it('a restoration that was interrupted is ended by the next open', async () => {
    const { path: from } = await backup();
    await insertAll(instance, [article(5000)]);
    await instance.close();
    await restoreBackup({ path, key, backup: from });
    // As if the machine had stopped after the damaged file was moved and before its log was.
    renameSync(path, `${path}.restored`);
    writeFileSync(`${path}-wal`, 'rest of a log');
    instance = await open();
    expect(await count()).toBe(2000);
    expect(
      readdirSync(dirname(path)).some((name) => name.endsWith('Z-wal') && name.includes('.damaged-')),
    ).toBe(true);
  });

  it('a damaged row makes no backup, and the older ones stay', async () => {
    await backup();
    await instance.close();
    const db = new DatabaseSync(path);
    db.exec("UPDATE t1 SET data = (SELECT data FROM t1 WHERE id = 'a2') WHERE id = 'a1'");
    db.close();
    instance = await open();
    const error = await errorOf(backup(START + 30 * DAY));
    expect([error?.code, error?.damage?.documentId]).toEqual(['STORE_DAMAGED', 'a1']);
    expect(listBackups(path).map(({ takenAt }) => takenAt)).toEqual([START]);
    expect(readdirSync(join(dirname(path), 'backups'))).toHaveLength(1);
  });

  it('refusals: open here, missing, no folder, not a backup', async () => {
    const { path: from } = await backup();
    expect(await codeOf(restoreBackup({ path, key, backup: from }))).toBe('STORE_LOCKED');
    await instance.close();
    expect(await codeOf(restoreBackup({ path, key, backup: `${from}x` }))).toBe('STORE_NO_BACKUP');
    writeFileSync(`${from}x`, 'not a database at all');
    expect(await codeOf(restoreBackup({ path, key, backup: `${from}x` }))).toMatch(/STORE_/);
    expect(existsSync(`${path}.restoring`)).toBe(false);
    const folder = join(dirname(path), 'a file');
    writeFileSync(folder, '');
    expect(await codeOf(takeBackup({ path, key, folder }))).toMatch(/STORE_/);
    expect(newestGoodBackup(path, key, folder)).toBeUndefined();
    mkdirSync(join(dirname(path), 'empty'));
    expect(listBackups(path, join(dirname(path), 'empty'))).toEqual([]);
    instance = await open();
    expect(await count()).toBe(2000);
  });
});

describe('a sealed backup', () => {
  let path: string;
  let instance: Instance;

  beforeEach(async () => {
    path = join(makeFolder(), 'desk.db');
    instance = await openInstance(getRxStorageSqlite({ path, key: testKey }), schema, { database: 'desk' });
    await insertAll(
      instance,
      Array.from({ length: 1500 }, (_, i) => article(i)),
    );
    return () => instance.close();
  });

  it('shows not even the columns of indexes, and no name of a collection', async () => {
    const { path: from } = await takeBackup({ path, key: testKey });
    const bytes = readFileSync(from);
    for (const mark of ['trạng-thái', 'items', 'SQLite format']) {
      expect(bytes.includes(mark), mark).toBe(false);
    }
    await instance.close();
    expect(readFileSync(path).includes('trạng-thái')).toBe(true);
  });

  it('changed, cut off, pieces exchanged, another key: refused', async () => {
    const { path: from } = await takeBackup({ path, key: testKey });
    const good = readFileSync(from);
    const piece = 256 * 1024 + 16;
    expect(good.length).toBeGreaterThan(44 + 2 * piece);
    const swapped = Buffer.concat([
      good.subarray(0, 44),
      good.subarray(44 + piece, 44 + 2 * piece),
      good.subarray(44, 44 + piece),
      good.subarray(44 + 2 * piece),
    ]);
    const flipped = Buffer.from(good);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    for (const bad of [
      swapped,
      flipped,
      good.subarray(0, 44 + piece),
      good.subarray(0, -1),
      good.subarray(0, 44),
    ]) {
      writeFileSync(from, bad);
      expect(() => checkBackup(from, testKey)).toThrow('STORE_NO_BACKUP');
    }
    writeFileSync(from, good);
    checkBackup(from, testKey);
    expect(() => checkBackup(from, new Uint8Array(32))).toThrow('STORE_NO_BACKUP');
    expect(() => checkBackup(from, { current: { version: 4, bytes: new Uint8Array(32) } })).toThrow(
      'STORE_WRONG_KEY',
    );
    expect(() => checkBackup(from, undefined)).toThrow('STORE_NEEDS_KEY');
    expect(newestGoodBackup(path)).toBeUndefined();
  });

  it('of before a change of the key opens with the former one, and the change can be made again', async () => {
    const one = { version: 1, bytes: testKey as Uint8Array };
    const two = { version: 2, bytes: new Uint8Array(32).fill(2) };
    const before = await takeBackup({ path, key: testKey, now: () => START });
    await rotateKey({ path, to: two });
    const after = await takeBackup({ path, key: { current: two }, now: () => START + 1 });
    expect([before.keyVersion, after.keyVersion]).toEqual([1, 2]);
    await instance.close();
    await restoreBackup({ path, key: { current: two, former: [one] }, backup: before.path });
    const key = { current: two, former: [one] };
    instance = await openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk' });
    expect(await rotateKey({ path })).toBe(true);
    expect(await instance.findDocumentsById(['a3'], false)).toHaveLength(1);
  });
});
