import { join } from 'node:path';
import type { MangoQuery, RxJsonSchema } from 'rxdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite, type SlowQuery } from '../../../main/engine/store/index.ts';
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
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    state: { type: 'string', maxLength: 20 },
    unit: { type: 'string', maxLength: 20 },
    due: { type: 'number', minimum: 0, maximum: 1e13, multipleOf: 1 },
    title: { type: 'string' },
  },
  required: ['id', 'state', 'unit', 'due'],
  indexes: ['due', ['state', 'due'], ['unit', 'state']],
};

const live = { _deleted: { $eq: false } };

describe.each(stores)('queries use the indexes: $name', ({ key }) => {
  let instance: Instance;
  const slow: SlowQuery[] = [];

  beforeAll(async () => {
    const path = join(makeFolder(), 'plans.db');
    const storage = getRxStorageSqlite({
      path,
      key,
      slowQueryMs: 0,
      onSlowQuery: (query) => slow.push(query),
    });
    instance = await openInstance(storage, schema);
    const documents = Array.from({ length: 500 }, (_, i) => ({
      id: `a${String(i).padStart(3, '0')}`,
      state: ['draft', 'submitted', 'published'][i % 3],
      unit: `u${i % 7}`,
      due: (i * 7919) % 1000,
      title: `Tin số ${i}`,
    }));
    await insertAll(instance, documents);
    return async () => {
      await instance.close();
      removeFolders();
    };
  });
  afterAll(removeFolders);

  const explain = (query: MangoQuery<AnyDoc>) =>
    explainQuery(instance.internals.table, instance.schema as never, prepare(instance, query));

  const cases: [string, MangoQuery<AnyDoc>, { seek: RegExp; matcher: boolean; sortStep: boolean }][] = [
    [
      'equality and the index order',
      {
        selector: { ...live, state: { $eq: 'draft' } } as never,
        sort: [{ state: 'asc' }, { due: 'asc' }],
        index: ['_deleted', 'state', 'due', 'id'],
      },
      { seek: /SEARCH .* USING INDEX \S+ \(c\d+=\? AND c\d+=\?/, matcher: false, sortStep: false },
    ],
    [
      'a range, newest first, without reading all',
      { selector: { ...live, due: { $gte: 100, $lt: 300 } } as never, sort: [{ due: 'desc' }], limit: 50 },
      { seek: /SEARCH .* USING INDEX .*c\d+>\? AND c\d+<\?/, matcher: false, sortStep: true },
    ],
    [
      'a list of ids',
      { selector: { ...live, id: { $in: ['a001', 'a002'] } } as never },
      { seek: /SEARCH .* USING INDEX/, matcher: false, sortStep: false },
    ],
    [
      'a field without index: the rest of the selector narrows, the matcher finishes',
      { selector: { ...live, state: { $eq: 'draft' }, title: { $regex: '7$' } } as never },
      { seek: /SEARCH .* USING INDEX \S+ \(c\d+=\? AND c\d+=\?/, matcher: true, sortStep: false },
    ],
  ];

  it.each(cases)('%s', async (_, query, { seek, matcher, sortStep }) => {
    const plan = explain(query);
    expect(plan.steps[0]).toMatch(seek);
    expect(plan.matcher).toBe(matcher);
    expect(plan.sortInScript).toBe(false);
    expect(plan.steps.some((step) => /^USE TEMP B-TREE FOR ORDER BY/.test(step))).toBe(false);
    expect(plan.steps.some((step) => /TEMP B-TREE/.test(step))).toBe(sortStep);
    expect(plan.steps.every((step) => !/^SCAN t\d/.test(step))).toBe(true);
  });

  it('reads only the rows it returns, and tells of slow statements', async () => {
    slow.length = 0;
    const query = { selector: live, sort: [{ due: 'desc' }], limit: 10, skip: 5 } as never;
    const { documents } = await instance.query(prepare(instance, query));
    expect(documents).toHaveLength(10);
    expect(slow).toHaveLength(1);
    expect(slow[0]).toMatchObject({ collection: 'items', rowsRead: 10 });
    expect(slow[0]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('stops reading once a filtered query has its limit', async () => {
    slow.length = 0;
    const query = {
      selector: { ...live, title: { $regex: 'Tin' } },
      sort: [{ due: 'asc' }],
      limit: 5,
    } as never;
    expect((await instance.query(prepare(instance, query))).documents).toHaveLength(5);
    expect(slow[0]?.rowsRead).toBe(5);
  });

  it('counts over the index alone, and says when it could not', async () => {
    const satisfied = { selector: { ...live, state: { $eq: 'draft' } } } as never;
    expect(await instance.count(prepare(instance, satisfied))).toEqual({ count: 167, mode: 'fast' });
    const filtered = { selector: { ...live, title: { $regex: '7$' } } } as never;
    expect(await instance.count(prepare(instance, filtered))).toEqual({ count: 50, mode: 'slow' });
  });
});
