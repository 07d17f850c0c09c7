import { join } from 'node:path';
import type { MangoQuery, RxJsonSchema } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
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
    id: { type: 'string', maxLength: 20 },
    title: { type: 'string', maxLength: 60 },
    due: { type: 'integer', minimum: 0, maximum: 9999, multipleOf: 1 },
    unit: { type: 'object', properties: { name: { type: 'string', maxLength: 30 } } },
    done: { type: 'boolean' },
    mixed: {},
    tags: { type: 'array' },
  },
  required: ['id'],
  indexes: ['title', 'due', ['unit.name', 'due'], ['done', 'title']],
};

const documents = [
  {
    id: 'a1',
    title: 'Đơn thư',
    due: 10,
    unit: { name: 'Sở Y tế' },
    done: true,
    mixed: 1,
    tags: ['ưu tiên', 'mới'],
  },
  { id: 'a2', title: 'đơn thư', due: 9, unit: { name: 'Sở Tư pháp' }, done: false, mixed: 'một', tags: [] },
  {
    id: 'a3',
    title: 'Đơn thư 2',
    due: 0,
    unit: { name: '' },
    done: true,
    mixed: null,
    tags: [{ n: 1 }, { n: 5 }],
  },
  { id: 'a4', title: 'hòa giải', due: 100, unit: {}, done: false, mixed: [1, 'một'], tags: ['mới'] },
  { id: 'a5', title: 'hoà giải', due: 9999, unit: { name: null }, mixed: { x: { y: 2 } } },
  {
    id: 'a6',
    title: 'hòa giải'.normalize('NFD'),
    due: 7,
    unit: { name: 'Sở Y tế' },
    done: true,
    mixed: true,
  },
  { id: 'a7', due: 9, unit: { name: 'Ủy ban' }, done: true },
  { id: 'a8', title: '', unit: { name: 'Uỷ ban' }, done: false, mixed: 0 },
  { id: 'a9', title: null, due: null, mixed: '' },
  { id: '😀', title: '😀 vui', due: 3, unit: { name: '\ue001' }, done: true, mixed: false },
  { id: '\ue000', title: '\uf000 riêng', due: 3, unit: { name: '😀' }, done: false, mixed: -1 },
];

let deep: AnyDoc = { due: { $gte: 5 } };
for (let i = 0; i < 100; i++) deep = i % 2 ? { $and: [deep, {}] } : { $or: [deep] };

const table: [string, MangoQuery<AnyDoc>][] = [
  ['everything', { selector: {} }],
  ['a title', { selector: { title: 'Đơn thư' } }],
  ['a title in the other Unicode form', { selector: { title: 'hòa giải'.normalize('NFD') } }],
  ['an empty title is not a missing one', { selector: { title: '' } }],
  ['no title', { selector: { title: null } }],
  ['no title, by existence', { selector: { title: { $exists: false } } }],
  ['titles below', { selector: { title: { $lt: 'hoà' } } }],
  ['titles above, astral included', { selector: { title: { $gte: 'đ' } } }],
  ['titles between, other order', { selector: { title: { $gt: 'A', $lt: 'z' } }, sort: [{ due: 'desc' }] }],
  ['a number and a type that is not one', { selector: { due: { $gt: '5' } } }],
  ['small numbers, missing not among them', { selector: { due: { $lt: 9 }, done: { $exists: true } } }],
  [
    'small numbers, null and missing not among them',
    { selector: { due: { $lte: 3 } }, sort: [{ title: 'asc' }] },
  ],
  ['numbers out of bounds', { selector: { due: { $gt: -5, $lt: 1e9 } }, sort: [{ 'unit.name': 'desc' }] }],
  ['a nested name', { selector: { 'unit.name': 'Sở Y tế' } }],
  ['a nested name, none', { selector: { 'unit.name': { $in: ['', null] } } as never }],
  ['a nested object', { selector: { unit: { name: 'Ủy ban' } } as never }],
  ['done', { selector: { done: true }, sort: [{ title: 'desc' }] }],
  ['not done', { selector: { done: { $ne: true } } }],
  ['mixed equal', { selector: { mixed: 1 } }],
  ['mixed above 0', { selector: { mixed: { $gt: 0 } } }],
  ['mixed above a text', { selector: { mixed: { $gte: '' } } }],
  ['sorted by mixed', { selector: {}, sort: [{ mixed: 'asc' }] }],
  ['sorted by mixed, backwards, a part', { selector: {}, sort: [{ mixed: 'desc' }], skip: 2, limit: 4 }],
  ['a type', { selector: { mixed: { $type: 'string' } } }],
  ['array size', { selector: { tags: { $size: 1 } } }],
  ['array element', { selector: { tags: 'mới' } }],
  ['array element by condition', { selector: { tags: { $elemMatch: { n: { $gt: 3 } } } } }],
  ['regular expression', { selector: { title: { $regex: '^[Đđ]ơn' } } }],
  ['regular expression, ignoring case', { selector: { title: { $regex: '^ĐƠN', $options: 'i' } } }],
  ['not a regular expression', { selector: { title: { $not: { $regex: 'đơn' } } } }],
  ['remainders', { selector: { due: { $mod: [2, 1] } } }],
  ['in a list of texts', { selector: { title: { $in: ['hoà giải', '😀 vui', 'x'] } } }],
  ['in a list of mixed', { selector: { due: { $in: [9, null, 'a', 100] } } }],
  ['in nothing', { selector: { title: { $in: [] } } }],
  ['not in', { selector: { title: { $nin: ['hoà giải', null] } } }],
  ['in 10,000 ids', { selector: { id: { $in: Array.from({ length: 10_000 }, (_, i) => `a${i}`) } } }],
  ['alternatives', { selector: { $or: [{ title: { $lt: 'Đ' } }, { due: 9 }, { 'unit.name': 'Ủy ban' }] } }],
  ['alternatives, one without index', { selector: { $or: [{ mixed: 'một' }, { due: 9 }] } }],
  ['none of', { selector: { $nor: [{ title: { $gt: 'a' } }, { due: 9 }] } }],
  ['a hundred levels', { selector: deep }],
  ['by id, backwards, a part', { selector: {}, sort: [{ id: 'desc' }], skip: 1, limit: 3 }],
  ['limit 0', { selector: {}, limit: 0 }],
  ['skip past the end', { selector: {}, skip: 50, limit: 5 }],
  ['two directions', { selector: {}, sort: [{ due: 'desc' }, { title: 'asc' }] }],
];

describe.each(stores)('queries over text, missing fields, null and mixed types: $name', ({ key }) => {
  let memory: Instance;
  let ours: Instance;

  beforeAll(async () => {
    memory = await openInstance(getRxStorageMemory(), schema);
    ours = await openInstance(getRxStorageSqlite({ path: join(makeFolder(), 'table.db'), key }), schema);
    for (const instance of [memory, ours]) await insertAll(instance, documents);
    return () => Promise.all([memory.close(), ours.close()]).then(() => undefined);
  });
  afterAll(removeFolders);

  const ids = async (instance: Instance, query: MangoQuery<AnyDoc>) => {
    const { documents: found } = await instance.query(prepare(instance, query));
    return found.map(({ id }) => id);
  };

  it.each(table)('%s', async (_, query) => {
    for (const index of [undefined, ...(memory.schema.indexes as string[][])]) {
      const planned = index ? { ...query, index } : query;
      const label = String(index);
      expect(await ids(ours, planned), label).toEqual(await ids(memory, planned));
      const count = await memory.count(prepare(memory, planned));
      expect((await ours.count(prepare(ours, planned))).count, label).toBe(count.count);
    }
  });

  it('an index that the schema does not have', async () => {
    const query = { selector: {}, index: ['_deleted', 'title', 'due', 'id'] };
    await expect(ours.query(prepare(ours, query))).rejects.toMatchObject({ code: 'STORE_NO_INDEX' });
  });
});
