import { join } from 'node:path';
import type { RxJsonSchema } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Doc,
  type Instance,
  insertAll,
  insertRow,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  updateRow,
} from './harness.ts';
import { Random } from './random.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 100 },
    unit: { type: 'string', maxLength: 20 },
    text: { type: 'string' },
  },
  required: ['id', 'unit'],
  indexes: ['unit'],
};

afterAll(removeFolders);

describe('input at the limits', () => {
  let path: string;
  let instance: Instance;
  const open = () => openInstance(getRxStorageSqlite({ path }), schema, { database: 'desk' });

  beforeEach(async () => {
    path = join(makeFolder(), 'desk.db');
    instance = await open();
    return () => instance.close();
  });

  it('ids of any UTF-16 units are kept apart, found, changed and deleted, also after reopening', async () => {
    const random = new Random(11);
    const unitOf = () =>
      random.pick([
        () => random.int(0x20),
        () => 0x20 + random.int(0x60),
        () => 0xd800 + random.int(0x800),
        () => 0xe000 + random.int(0x2000),
        () => random.int(0x10000),
        () => random.pick([0, 0x20, 0x22, 0x27, 0x5c, 0xfeff, 0xfffe, 0xffff]),
      ])();
    const ids = new Set(['\u0000', '__proto__', "';--", '\ud800', '\udc00', 'hòa', 'hòa'.normalize('NFD')]);
    while (ids.size < 2000) {
      ids.add(Array.from({ length: 1 + random.int(6) }, () => String.fromCharCode(unitOf())).join(''));
    }
    const stored = await insertAll(
      instance,
      [...ids].map((id, i) => ({ id, unit: `u${i % 7}`, text: String(i) })),
    );
    await instance.close();
    instance = await open();
    expect(await instance.findDocumentsById([...ids], false)).toEqual(stored);
    const ours = (id: string) =>
      instance.query(prepare(instance, { selector: { id: { $eq: id } } })).then(({ documents }) => documents);
    for (const document of stored.slice(0, 300)) expect(await ours(document.id)).toEqual([document]);
    const some = stored.filter((_, i) => i % 3 === 0);
    const rows = some.map((document, i) => updateRow(document, { text: 'x' }, { deleted: i % 2 === 0 }));
    expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);
    const left = await instance.findDocumentsById([...ids], false);
    expect(left).toHaveLength(2000 - rows.filter(({ document }) => document._deleted).length);
    expect(
      (await instance.bulkWrite([insertRow({ id: some[1]?.id, unit: 'u' })], 'test')).error,
    ).toMatchObject([{ status: 409 }]);
  });

  const nested = (kind: string, depth: number): AnyDoc => {
    let selector: AnyDoc = kind === '$not' ? { $eq: 'b' } : { unit: { $eq: 'b' } };
    for (let i = 0; i < depth; i++) selector = { [kind]: kind === '$not' ? selector : [selector] };
    return kind === '$not' ? { unit: selector } : selector;
  };
  it.each(['$and', '$or', '$nor', '$not'])(
    'a selector of 100 nested %s is answered as by memory storage',
    async (kind) => {
      const memory = await openInstance(getRxStorageMemory(), schema);
      const documents = ['a', 'b', 'c'].map((unit) => ({ id: unit, unit }));
      await insertAll(memory, documents);
      await insertAll(instance, documents);
      for (const depth of [99, 100]) {
        const query = { selector: nested(kind, depth) };
        const startedAt = performance.now();
        const found = (await instance.query(prepare(instance, query))).documents.map(({ id }: Doc) => id);
        expect(performance.now() - startedAt).toBeLessThan(1000);
        expect(found).toEqual(
          (await memory.query(prepare(memory, query))).documents.map(({ id }: Doc) => id),
        );
      }
      await memory.close();
    },
  );

  it.each(['$and', '$not'])('a selector of 50,000 nested %s is an error at once', async (kind) => {
    const startedAt = performance.now();
    await expect(
      (async () => instance.query(prepare(instance, { selector: nested(kind, 50_000) })))(),
    ).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('a regular expression that blows up ends with STORE_QUERY_REFUSED, and the store goes on', async () => {
    await insertAll(instance, [
      { id: 'long', unit: 'a', text: `${'a'.repeat(60)}!` },
      { id: 'short', unit: 'a', text: 'a' },
    ]);
    const bad = { selector: { text: { $regex: '^(\\w+\\s?)*$' } } };
    const startedAt = performance.now();
    await expect(instance.query(prepare(instance, bad))).rejects.toMatchObject({
      code: 'STORE_QUERY_REFUSED',
    });
    await expect(instance.count(prepare(instance, bad))).rejects.toMatchObject({
      code: 'STORE_QUERY_REFUSED',
    });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await insertAll(instance, [{ id: 'next', unit: 'b' }]);
    const good = { selector: { text: { $regex: '^a$' } } };
    expect((await instance.query(prepare(instance, good))).documents).toHaveLength(1);
    await instance.close();
    instance = await open();
    expect(await instance.findDocumentsById(['next'], false)).toHaveLength(1);
  });

  it('a document longer than a string may be: STORE_TOO_BIG, and nothing of its call is there', async () => {
    const rows = [
      insertRow({ id: 'before', unit: 'a' }),
      insertRow({ id: 'huge', unit: 'a', text: 'x'.repeat(0x1fffffe8 - 10) }),
      insertRow({ id: 'after', unit: 'a' }),
    ];
    await expect(instance.bulkWrite(rows, 'test')).rejects.toMatchObject({ code: 'STORE_TOO_BIG' });
    expect(await instance.findDocumentsById(['before', 'huge', 'after'], true)).toEqual([]);
    await insertAll(instance, [{ id: 'before', unit: 'a' }]);
  });

  it("a row over SQLite's limit: STORE_TOO_BIG, and nothing of its call is there", async () => {
    const { db } = instance.internals.table.connection;
    db.limits.length = 100_000;
    const rows = [
      insertRow({ id: 'before', unit: 'a' }),
      insertRow({ id: 'big', unit: 'a', text: 'ờ'.repeat(50_000) }),
    ];
    await expect(instance.bulkWrite(rows, 'test')).rejects.toMatchObject({ code: 'STORE_TOO_BIG' });
    expect(await instance.findDocumentsById(['before', 'big'], true)).toEqual([]);
    await insertAll(instance, [{ id: 'before', unit: 'a', text: 'ờ'.repeat(20_000) }]);
  });
});
