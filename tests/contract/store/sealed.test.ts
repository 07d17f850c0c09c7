import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { getRxStorageSqlite, type StoreError, type StoreKey } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Instance,
  insertAll,
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
  attachments: {},
};

const open = (path: string, key?: StoreKey, collection = 'items') =>
  openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk', collection });

const errorOf = async (attempt: Promise<unknown>): Promise<StoreError | undefined> =>
  attempt.then(
    () => undefined,
    (error: StoreError) => error,
  );
const codeOf = async (attempt: Promise<unknown>) => (await errorOf(attempt))?.code;

const keyOf = (fill: number, version = 1) => ({ version, bytes: new Uint8Array(32).fill(fill) });

const file = (text: string) => ({
  data: new Blob([text], { type: 'text/plain' }),
  type: 'text/plain',
  length: text.length,
  digest: `sha-${text}`,
});

let path: string;
let instance: Instance;

afterAll(removeFolders);

async function fill(key: StoreKey | undefined) {
  path = join(makeFolder(), 'desk.db');
  instance = await open(path, key);
  await insertAll(instance, [
    { id: 'a', state: 'draft', text: 'Nội dung thứ nhất', _attachments: { 'phụ lục.txt': file('một') } },
    { id: 'b', state: 'draft', text: 'Nội dung thứ hai', _attachments: { 'phụ lục.txt': file('hai') } },
  ]);
  await instance.close();
}

/** Changes the file behind the store's back. */
function tamper(sql: string, ...params: (string | number | Uint8Array)[]): unknown[] {
  const db = new DatabaseSync(path);
  const rows = db.prepare(sql).all(...params);
  db.close();
  return rows;
}

describe('the key belongs to the file', () => {
  beforeEach(() => fill(testKey));

  it('without a key: STORE_NEEDS_KEY; with another: STORE_WRONG_KEY; then the right one opens', async () => {
    const before = readFileSync(path);
    expect(await codeOf(open(path))).toBe('STORE_NEEDS_KEY');
    expect(await codeOf(open(path, keyOf(8).bytes))).toBe('STORE_WRONG_KEY');
    expect(await codeOf(open(path, { current: keyOf(7, 2) }))).toBe('STORE_WRONG_KEY');
    expect(readFileSync(path).equals(before)).toBe(true);
    instance = await open(path, testKey);
    expect(await instance.findDocumentsById(['a', 'b'], false)).toHaveLength(2);
    await instance.close();
  });

  it('a plain file with a key: STORE_NOT_SEALED', async () => {
    await fill(undefined);
    expect(await codeOf(open(path, testKey))).toBe('STORE_NOT_SEALED');
  });

  it('is asked for again by every collection of an open file', async () => {
    instance = await open(path, testKey);
    expect(await codeOf(open(path, undefined, 'other'))).toBe('STORE_NEEDS_KEY');
    expect(await codeOf(open(path, keyOf(9).bytes, 'other'))).toBe('STORE_WRONG_KEY');
    expect(await codeOf(open(path, { current: keyOf(9, 2) }, 'other'))).toBe('STORE_WRONG_KEY');
    const other = await open(path, testKey, 'other');
    await Promise.all([instance.close(), other.close()]);
  });

  it.each([
    ['31 bytes', new Uint8Array(31)],
    ['version 0', { current: keyOf(7, 0) }],
    ['a version twice', { current: keyOf(7), former: [keyOf(8)] }],
  ])('refuses %s', async (_, key) => {
    expect(await codeOf(open(join(makeFolder(), 'new.db'), key))).toBe('STORE_WRONG_KEY');
  });

  it('a damaged check value is damage, not a wrong key', async () => {
    tamper("UPDATE meta SET value = zeroblob(40) WHERE name = 'check/1'");
    expect(await codeOf(open(path, testKey))).toBe('STORE_DAMAGED');
  });

  it('seals what it is given anew each time, and keeps only listed fields in columns', async () => {
    instance = await open(path, testKey);
    await insertAll(instance, [{ id: 'c', state: 'draft', text: 'Nội dung thứ nhất' }]);
    await instance.close();
    const rows = tamper('SELECT * FROM t1') as Record<string, unknown>[];
    const nonces = rows.map(({ data }) => Buffer.from(data as Uint8Array).toString('hex', 5, 17));
    expect(new Set(nonces).size).toBe(3);
    expect(Object.keys(rows[0] ?? {})).toEqual(['key', 'id', 'rev', 'sum', 'c1', 'c2', 'c3', 'data']);
    expect(JSON.stringify(rows.map((row) => ({ ...row, data: '' })))).not.toContain('Nội dung');
    const files = tamper('SELECT * FROM t1_files') as Record<string, unknown>[];
    expect(new Set(files.map(({ name }) => Buffer.from(name as Uint8Array).toString('hex'))).size).toBe(2);
    expect(files.map(({ type, digest }) => [type, digest])).toEqual([
      ['', ''],
      ['', ''],
    ]);
  });

  it('a payload moved to another document, collection or attachment does not open', async () => {
    instance = await open(path, testKey, 'other');
    await insertAll(instance, [{ id: 'a', state: 'draft', text: 'khác', _attachments: { x: file('ba') } }]);
    await instance.close();
    tamper("UPDATE t1 SET data = (SELECT data FROM t1 WHERE id = 'b') WHERE id = 'a'");
    tamper("UPDATE t1_files SET data = (SELECT data FROM t1_files WHERE id = 'b') WHERE id = 'a'");
    instance = await open(path, testKey);
    expect(await codeOf(instance.findDocumentsById(['a'], false))).toBe('STORE_DAMAGED');
    expect(await codeOf(instance.getAttachmentData('a', 'phụ lục.txt', 'sha-một'))).toBe('STORE_DAMAGED');
    await instance.close();
    tamper("UPDATE t1 SET data = (SELECT data FROM t2 WHERE id = 'a') WHERE id = 'a'");
    // Else it would not be opened at all.
    rmSync(`${path}-suspect`);
    instance = await open(path, testKey);
    expect(await codeOf(instance.findDocumentsById(['a'], false))).toBe('STORE_DAMAGED');
    expect(await instance.findDocumentsById(['b'], false)).toHaveLength(1);
    await instance.close();
  });
});

describe.each(stores)('a row changed behind our back: $name', ({ key }) => {
  beforeEach(() => fill(key));

  const flip = (table: string, id: string) => {
    const [row] = tamper(`SELECT CAST(data AS BLOB) AS data FROM ${table} WHERE id = ?`, id) as {
      data: Uint8Array;
    }[];
    const data = Buffer.from(row?.data ?? []);
    const at = data.length - 2;
    data[at] = (data[at] ?? 0) ^ 1;
    const cast = key || table.endsWith('_files') ? '?' : 'CAST(? AS TEXT)';
    tamper(`UPDATE ${table} SET data = ${cast} WHERE id = ?`, data, id);
  };

  it('is STORE_DAMAGED by name wherever it is read, and harms no other row', async () => {
    flip('t1', 'a');
    instance = await open(path, key);
    const query = prepare(instance, { selector: { state: 'draft' } });
    for (const attempt of [instance.findDocumentsById(['a'], true), instance.query(query)]) {
      const error = await errorOf(attempt);
      expect(error?.code).toBe('STORE_DAMAGED');
      expect(error?.damage).toEqual({ collection: 'items version 0', documentId: 'a' });
    }
    expect(await codeOf(instance.getChangedDocumentsSince?.(10) ?? Promise.resolve())).toBe('STORE_DAMAGED');
    expect(await instance.findDocumentsById(['b'], false)).toHaveLength(1);
    await instance.close();
  });

  it('attachments as well', async () => {
    flip('t1_files', 'a');
    instance = await open(path, key);
    expect(await codeOf(instance.getAttachmentData('a', 'phụ lục.txt', 'sha-một'))).toBe('STORE_DAMAGED');
    expect(await (await instance.getAttachmentData('b', 'phụ lục.txt', 'sha-hai')).text()).toBe('hai');
    await instance.close();
  });

  it('250 bits of the file flipped, one at a time: an error with a code or the right answer', async () => {
    const good = readFileSync(path);
    const expected = new Map([
      ['a', 'Nội dung thứ nhất'],
      ['b', 'Nội dung thứ hai'],
    ]);
    let errors = 0;
    let seed = 1;
    for (let i = 0; i < 250; i++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const bytes = Buffer.from(good);
      const at = seed % good.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (i % 8));
      writeFileSync(path, bytes);
      try {
        const opened = await open(path, key);
        try {
          const found = await opened.findDocumentsById(['a', 'b'], false);
          for (const { id, text } of found) expect(text, `byte ${at}`).toBe(expected.get(id));
          // A damaged index can hide a row from the quick check at open, but not from the one of each backup.
          if (found.length < 2)
            expect(tamper('PRAGMA integrity_check')).not.toEqual([{ integrity_check: 'ok' }]);
        } finally {
          await opened.close();
        }
      } catch (error) {
        expect((error as StoreError).code, `byte ${at}: ${String(error)}`).toMatch(/^STORE_/);
        errors++;
      }
    }
    expect(errors).toBeGreaterThan(0);
  });
});
