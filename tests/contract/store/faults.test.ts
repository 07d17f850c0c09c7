import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { getRxStorageSqlite, StoreError, type StoreKey } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  insertAll,
  insertRow,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, text: { type: 'string' } },
  required: ['id', 'text'],
};

let key: StoreKey | undefined;
const open = (path: string, busyTimeoutMs = 50) =>
  openInstance(getRxStorageSqlite({ path, key, busyTimeoutMs }), schema, { database: 'desk' });

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  return (error as StoreError).code;
}

afterAll(removeFolders);

/** Root may write anywhere: then attempts that must fail are made as "nobody". */
const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Not where the repository lies in a folder that only root may enter. */
function canTryAsNobody(): boolean {
  return spawnSync(process.execPath, ['--check', import.meta.filename], asNobody).status === 0;
}

describe.each(stores)('faults have stable codes and leave everything as it was: $name', (store) => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    key = store.key;
    folder = makeFolder();
    path = join(folder, 'desk.db');
    const instance = await open(path);
    await insertAll(
      instance,
      Array.from({ length: 300 }, (_, i) => ({ id: `a${i}`, text: 'Nội dung '.repeat(50) })),
    );
    await instance.close();
  });

  const damages: [string, (file: string) => void][] = [
    ['garbage', (file) => writeFileSync(file, Buffer.alloc(50_000, 'rác'))],
    ['empty', (file) => truncateSync(file, 0)],
    ['cut to its header', (file) => truncateSync(file, 512)],
    ['cut in half', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2))],
    ['a page overwritten', (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 8192, 16384))],
  ];
  it.each(damages)('a damaged file, %s: STORE_DAMAGED, not a byte changed', async (_, damage) => {
    damage(path);
    const before = readFileSync(path);
    expect(await codeOf(open(path))).toBe('STORE_DAMAGED');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(await codeOf(open(path))).toBe('STORE_DAMAGED');
  });

  it('a log whose database is gone: STORE_DAMAGED instead of a new empty database', async () => {
    writeFileSync(`${path}-wal`, Buffer.alloc(5000, 1));
    rmSync(path);
    expect(await codeOf(open(path))).toBe('STORE_DAMAGED');
    expect(existsSync(path)).toBe(false);
  });

  it('opens again once a good file is back', async () => {
    const good = readFileSync(path);
    truncateSync(path, 700);
    expect(await codeOf(open(path))).toBe('STORE_DAMAGED');
    writeFileSync(path, good);
    const instance = await open(path);
    expect(await instance.findDocumentsById(['a7'], false)).toHaveLength(1);
    await instance.close();
  });

  it("another application's database: STORE_NOT_OURS; a later format: STORE_TOO_NEW", async () => {
    const other = join(folder, 'other.db');
    new DatabaseSync(other).exec('CREATE TABLE t (a); PRAGMA application_id = 7');
    expect(await codeOf(open(other))).toBe('STORE_NOT_OURS');
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(await codeOf(open(path))).toBe('STORE_TOO_NEW');
  });

  it('a missing folder: STORE_NO_FOLDER', async () => {
    expect(await codeOf(open(join(folder, 'none', 'desk.db')))).toBe('STORE_NO_FOLDER');
  });

  it('a lock held by another connection: STORE_LOCKED at open and at writing, then all is well', async () => {
    const instance = await open(path);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await codeOf(instance.bulkWrite([insertRow({ id: 'new', text: 'x' })], 'test'))).toBe(
      'STORE_LOCKED',
    );
    await instance.close();
    expect(await codeOf(open(path))).toBe('STORE_LOCKED');
    other.exec('ROLLBACK');
    other.close();
    const again = await open(path);
    expect(await again.findDocumentsById(['new'], true)).toEqual([]);
    await insertAll(again, [{ id: 'new', text: 'x' }]);
    await again.close();
  });

  it('a full disk: STORE_FULL, nothing of the call is written or announced, reading goes on', async () => {
    const instance = await open(path);
    const { db } = instance.internals.table.connection;
    const announced: unknown[] = [];
    instance.changeStream().subscribe((bulk) => announced.push(bulk));
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    db.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const rows = Array.from({ length: 200 }, (_, i) => insertRow({ id: `b${i}`, text: 'x'.repeat(1000) }));
    expect(await codeOf(instance.bulkWrite(rows, 'test'))).toBe('STORE_FULL');
    expect(announced).toEqual([]);
    expect((await instance.query(prepare(instance, {}))).documents).toHaveLength(300);
    db.exec('PRAGMA max_page_count = 1000000');
    expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);
    expect((await instance.query(prepare(instance, {}))).documents).toHaveLength(500);
    await instance.close();
  });

  it('a document that JSON or SQLite cannot take fails its call whole', async () => {
    const instance = await open(path);
    const circular: AnyDoc = { id: 'loop', text: 'x' };
    circular.self = circular;
    const rows = [insertRow({ id: 'fine', text: 'x' }), insertRow(circular)];
    await expect(instance.bulkWrite(rows, 'test')).rejects.toThrow();
    expect(await instance.findDocumentsById(['fine'], true)).toEqual([]);
    await insertAll(instance, [{ id: 'fine', text: 'x' }]);
    await instance.close();
  });

  it('a closed instance: STORE_CLOSED', async () => {
    const instance = await open(path);
    await instance.close();
    expect(await codeOf(instance.findDocumentsById(['a'], false))).toBe('STORE_CLOSED');
    expect(await codeOf(instance.bulkWrite([], 'test'))).toBe('STORE_CLOSED');
  });

  it.skipIf(!canTryAsNobody())(
    'a read-only folder, with and without a database in it: STORE_READ_ONLY',
    () => {
      const store = join(import.meta.dirname, 'readOnlyProbe.ts');
      const empty = makeFolder();
      chmodSync(empty, 0o555);
      chmodSync(path, 0o444);
      chmodSync(folder, 0o555);
      for (const file of [path, join(empty, 'desk.db')]) {
        const result = spawnSync(process.execPath, [store, file], { encoding: 'utf8', ...asNobody });
        expect(result.stdout.trim(), result.stderr).toBe('STORE_READ_ONLY');
      }
      chmodSync(folder, 0o755);
      chmodSync(empty, 0o755);
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  it('leaves no temporary files, and syncs as the durability promise needs', async () => {
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    const instance = await open(copy);
    const { db } = instance.internals.table.connection;
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
    await instance.close();
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'copy.db-checked', 'desk.db', 'desk.db-checked']);
  });

  it('rebuilds the columns when the indexes of a schema changed, and keeps documents and attachments', async () => {
    const data = new Blob(['một'], { type: 'text/plain' });
    const file = { data, type: 'text/plain', length: 4, digest: 'd' };
    const before = { ...schema, attachments: {} };
    const rebuilt = join(folder, 'rebuilt.db');
    const openWith = (wanted: RxJsonSchema<AnyDoc>) =>
      openInstance(getRxStorageSqlite({ path: rebuilt, key }), wanted, { database: 'desk' });
    const first = await openWith(before);
    await insertAll(first, [
      { id: 'a', text: 'b', _attachments: { file } },
      { id: 'b', text: 'a' },
    ]);
    const all = await first.findDocumentsById(['a', 'b'], false);
    await first.close();
    const text = { type: 'string', maxLength: 30 };
    const second = await openWith({
      ...before,
      properties: { ...before.properties, text },
      indexes: ['text'],
    });
    const sorted = prepare(second, {
      selector: {},
      sort: [{ text: 'asc' }],
      index: ['_deleted', 'text', 'id'],
    });
    expect((await second.query(sorted)).documents.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(await second.findDocumentsById(['a', 'b'], false)).toEqual(all);
    expect(await (await second.getAttachmentData('a', 'file', 'd')).text()).toBe('một');
    await second.close();
  });
});
