import { join } from 'node:path';
import type { MangoQuery, RxJsonSchema } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { explainQuery } from '../../../main/engine/store/query.ts';
import {
  type AnyDoc,
  type Instance,
  insertAll,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
  updateRow,
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    unit: { type: 'string', maxLength: 20 },
    sent: { type: 'number', minimum: 0, maximum: 1e13, multipleOf: 1 },
    order: { type: 'number', minimum: 0, maximum: 1e13, multipleOf: 1 },
    code: { type: 'string', maxLength: 20 },
  },
  required: ['id', 'unit', 'sent', 'order', 'code'],
  indexes: ['unit', ['sent', 'order'], 'code'],
};
const settled = { sent: 1, code: '' };
const live = { _deleted: { $eq: false } };

/** Nearly all came from elsewhere; some wait, some were sent at a time, some were refused. */
const documents: AnyDoc[] = Array.from({ length: 600 }, (_, at) => ({
  id: `r${String(at).padStart(3, '0')}`,
  unit: `u${at % 5}`,
  sent: at % 20 === 3 ? 0 : at % 50 === 7 ? 1000 + at : 1,
  order: at % 20 === 3 ? at : 0,
  code: at % 100 === 7 ? 'not-declared' : '',
}));

const queries: readonly [string, MangoQuery<AnyDoc>, RegExp][] = [
  ['what waits', { selector: { ...live, sent: 0 }, sort: [{ order: 'asc' }] }, /INDEX t1_i1 /],
  ['what was sent at a time', { selector: { ...live, sent: { $gt: 1 } } }, /INDEX t1_i1 /],
  ['what was refused', { selector: { ...live, code: { $gt: '' } } }, /INDEX t1_i2 /],
  [
    'what was taken at a time, for which the planner has the other index',
    { selector: { ...live, sent: { $gt: 1 }, code: '' } },
    /INDEX t1_i1 /,
  ],
  ['what is settled', { selector: { ...live, sent: 1 } }, /^(?!.*INDEX t1_i[12] )/],
  ['what is settled or not', { selector: { ...live, sent: { $gte: 1 } } }, /^(?!.*INDEX t1_i[12] )/],
  ['without a code', { selector: { ...live, code: '' } }, /^(?!.*INDEX t1_i[12] )/],
];

afterAll(removeFolders);

describe.each(stores)('indexes without what is settled: $name', ({ key }) => {
  const path = join(makeFolder(), 'settled.db');
  const open = (options: { settled?: typeof settled } = { settled }) =>
    openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk', ...options });
  const ids = async (instance: Instance, query: MangoQuery<AnyDoc>) =>
    (await instance.query(prepare(instance, query))).documents.map((document) => document.id);

  it('serve what is not, and nothing is missed in what they can not serve', async () => {
    const [ours, memory] = [await open(), await openInstance(getRxStorageMemory(), schema)];
    const stored = await insertAll(ours, documents);
    await insertAll(memory, documents);
    // Some settle, others wait once more.
    const changed = [3, 7, 10, 23].map((at) => {
      const document = stored[at];
      if (!document) throw new Error('no such row');
      return updateRow(document, { ...documents[at], sent: at === 10 ? 0 : 1, code: '' });
    });
    for (const one of [ours, memory]) expect((await one.bulkWrite(changed, 'test')).error).toEqual([]);
    const compare = async (instance: Instance) => {
      for (const [name, query, steps] of queries) {
        const plan = explainQuery(
          instance.internals.table,
          instance.schema as never,
          prepare(instance, query),
        );
        if (steps) expect(plan.steps.join('\n'), name).toMatch(steps);
        expect(await ids(instance, query), name).toEqual(await ids(memory, query));
      }
    };
    await compare(ours);
    const { db } = ours.internals.table.connection;
    const made =
      "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('t1_i1', 't1_i2') AND sql LIKE '% WHERE c%<>%'";
    expect(db.prepare(made).get()).toEqual({ n: 2 });

    await ours.close();
    const again = await open();
    await compare(again);
    await again.close();

    // Asked for otherwise the table is made anew, with all in its indexes.
    const whole = await open({});
    for (const [name, query] of queries)
      expect(await ids(whole, query), name).toEqual(await ids(memory, query));
    expect(whole.internals.table.layout.unsettled).toEqual([]);
    await whole.close();
  });
});
