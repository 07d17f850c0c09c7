import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MangoQuery, RxJsonSchema } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite, rotateKey, takeBackup } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Doc,
  type Instance,
  insertAll,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
  updateRow,
} from './harness.ts';
import { Random } from './random.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    unit: { type: 'string', maxLength: 20 },
    title: { type: 'string' },
    shelf: { type: 'string' },
  },
  required: ['id', 'unit', 'title', 'shelf'],
  indexes: ['unit'],
};
const ROWS = 3200;
const sealedSort = ['title', 'shelf'];
const GONE = 'Đã xoá hẳn';
const live = { _deleted: { $eq: false } };

/** Titles that begin alike in many ways: for 3, 12, 48 letters and whole. */
function documents(random: Random): AnyDoc[] {
  const alike = ['Kế hoạch', 'Kế hoạch tổ chức hội nghị sơ kết sáu tháng đầu năm và phương hướng', ''];
  return Array.from({ length: ROWS }, (_, at) => ({
    id: `bài${at}`,
    unit: `u${at % 7}`,
    title: `${random.pick(alike)}${random.chance(0.3) ? random.int(50) : ''}${random.pick(['', '😀', '\uffee', ' '])}`,
    shelf: random.pick(['', 'a', 'b']),
  }));
}

afterAll(removeFolders);

describe.each(stores)('sorting by texts that no index has: $name', ({ key }) => {
  const path = join(makeFolder(), 'order.db');
  const open = (sorts: readonly string[] = sealedSort) =>
    openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk', sealedSort: sorts });

  async function both(): Promise<{ ours: Instance; memory: Instance; stored: Doc[] }> {
    const [ours, memory] = [await open(), await openInstance(getRxStorageMemory(), schema)];
    const all = documents(new Random(1));
    const stored = await insertAll(ours, all);
    await insertAll(memory, all);
    return { ours, memory, stored };
  }
  /** What lies in the blocks of a plain file. */
  function readable(): string {
    const db = new DatabaseSync(path, { readOnly: true });
    const blocks = db.prepare('SELECT CAST(data AS TEXT) AS data FROM t1_order').all();
    db.close();
    if (!key) expect(JSON.stringify(blocks)).toContain('Khác');
    return JSON.stringify(blocks);
  }
  const ids = async (of: Instance, query: MangoQuery<AnyDoc>): Promise<string[]> =>
    (await of.query(prepare(of, query))).documents.map((document: Doc) => document.id as string);
  async function expectSame(ours: Instance, memory: Instance, skips: readonly number[]): Promise<void> {
    for (const selector of [live, { ...live, unit: { $eq: 'u3' } }, { ...live, unit: { $eq: 'u9' } }]) {
      for (const sort of [
        [{ title: 'asc' }],
        [{ title: 'desc' }, { id: 'desc' }],
        [{ shelf: 'desc' }, { title: 'asc' }],
      ]) {
        const whole = await ids(memory, { selector, sort: sort as never });
        for (const skip of skips)
          expect(await ids(ours, { selector, sort: sort as never, skip, limit: 40 }), `from ${skip}`).toEqual(
            whole.slice(skip, skip + 40),
          );
      }
    }
  }

  it('gives every window as memory storage does, after changes, deletions, cleanup and a new opening', async () => {
    const { ours, memory, stored } = await both();
    await expectSame(ours, memory, [0, 39, 990, 1500, 2411, 3170, 3190, 3300]);
    const changes = stored.slice(0, 300).map((document, at) => {
      if (at % 3 === 0) return updateRow(document, { title: GONE }, { deleted: true, lwt: 1000 });
      return updateRow(document, at % 3 === 1 ? { title: `Khác ${at}` } : { unit: 'u3' });
    });
    for (const one of [ours, memory])
      expect((await one.bulkWrite(structuredClone(changes), 'test')).error).toEqual([]);
    for (const one of [ours, memory]) while (!(await one.cleanup(0)));
    await expectSame(ours, memory, [0, 1200, 3070]);
    expect(readable()).not.toContain(GONE);
    const [again] = await Promise.all([ours.close().then(() => open()), memory]);
    await expectSame(again, memory, [0, 1200]);
    await insertAll(again, [{ id: 'mới', unit: 'u3', title: '!', shelf: '' }]);
    expect(
      (await ids(again, { selector: live, sort: [{ title: 'asc' }], skip: 700, limit: 3000 })).length,
    ).toBeGreaterThan(2000);
    await again.close();
  });

  it('rebuilds the table for other fields, and takes what is no text by way of the documents', async () => {
    const ours = await open([]);
    expect(ours.internals.table.order).toBeUndefined();
    await ours.close();
    const again = await open();
    const memory = await openInstance(getRxStorageMemory(), schema);
    for (const document of await again
      .query(prepare(again, { selector: {} }))
      .then((found) => found.documents))
      await memory.bulkWrite([{ document: document as Doc }], 'test');
    await expectSame(again, memory, [0, 1100]);
    for (const one of [again, memory])
      await insertAll(one, [
        { id: 'không', unit: 'u3', title: 7 as never, shelf: 'b' },
        { id: 'thiếu', unit: 'u3' },
      ]);
    await expectSame(again, memory, [0, 1100]);
    await again.remove();
    const { db } = (await open()).internals.table.connection;
    expect(db.prepare("SELECT COUNT(*) AS n FROM sqlite_schema WHERE name LIKE '%order'").get()).toEqual({
      n: 1,
    });
  });

  it('is damage where a block is not what was written, for the list and for a backup', async () => {
    const damaged = join(makeFolder(), 'damaged.db');
    const ours = await openInstance(getRxStorageSqlite({ path: damaged, key }), schema, {
      database: 'desk',
      sealedSort,
    });
    await insertAll(ours, documents(new Random(2)).slice(0, 100));
    const { db } = ours.internals.table.connection;
    const list: MangoQuery<AnyDoc> = { selector: live, sort: [{ title: 'asc' }], limit: 5 };
    db.exec('UPDATE t1_order SET data = (SELECT data FROM t1_order WHERE block = 1) WHERE block = 2');
    await expect(ids(ours, list)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(takeBackup({ path: damaged, key })).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    db.exec('DELETE FROM t1_order WHERE block = 2');
    await expect(ids(ours, list)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await ours.close();
  });
});

it('the texts are sealed anew with the documents when the key changes', async () => {
  const path = join(makeFolder(), 'rotate.db');
  const [one, two] = [1, 2].map((version) => ({ version, bytes: new Uint8Array(32).fill(version) }));
  if (!one || !two) return;
  const openWith = (current: typeof one) =>
    openInstance(getRxStorageSqlite({ path, key: { current } }), schema, { database: 'desk', sealedSort });
  const list: MangoQuery<AnyDoc> = { selector: live, sort: [{ title: 'asc' }], limit: 50 };
  const before = await openWith(one);
  await insertAll(before, documents(new Random(3)).slice(0, 500));
  const { documents: expected } = await before.query(prepare(before, list));
  expect(await rotateKey({ path, to: two, restMs: 0 })).toBe(true);
  await before.close();
  const after = await openWith(two);
  const { db } = after.internals.table.connection;
  expect(db.prepare('SELECT DISTINCT hex(substr(data, 2, 4)) AS version FROM t1_order').all()).toEqual([
    { version: '00000002' },
  ]);
  expect((await after.query(prepare(after, list))).documents).toEqual(expected);
  await after.close();
});
