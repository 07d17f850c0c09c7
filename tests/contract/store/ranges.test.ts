import { join } from 'node:path';
import type { PreparedQuery, RxJsonSchema } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type AnyDoc,
  asStored,
  freshName,
  makeFolder,
  openInstance,
  removeFolders,
  storageAt,
  stores,
} from './harness.ts';
import { Random } from './random.ts';

const RANGES = 6000;
const LOWEST = Number.MIN_SAFE_INTEGER;
const HIGHEST = '\uffff';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 4 },
    text: { type: 'string', maxLength: 4 },
    digit: { type: 'integer', minimum: 0, maximum: 9, multipleOf: 1 },
    part: { type: 'number', minimum: -1, maximum: 1.5, multipleOf: 0.5 },
    flag: { type: 'boolean' },
  },
  required: ['id'],
  indexes: [
    ['text', 'digit', 'flag'],
    ['digit', 'text'],
    ['flag', 'part', 'digit'],
    ['part', 'id', 'text'],
  ],
};

const values: Readonly<Record<string, readonly unknown[]>> = {
  _deleted: [true, false],
  id: ['a', 'b', 'c1', 'đ', '😀'],
  text: ['', 'a', 'ab', 'a b', 'a\t', 'ă', '\ue000', '😀'],
  digit: [0, 1, 5, 9],
  part: [-1, -0.5, 0, 1, 1.5],
  flag: [true, false],
};
const strangers = [LOWEST, LOWEST, HIGHEST, HIGHEST, null, 'a ', 7, true, -99, 99, undefined];

const fieldOf = (document: AnyDoc, field: string) =>
  field === '_meta.lwt' ? document._meta.lwt : document[field];

describe.each(stores)(
  'every range of a query plan holds the documents that memory storage finds: $name',
  ({ sealed }) => {
    afterAll(removeFolders);

    it('random bounds, exclusive and inclusive', async () => {
      const random = new Random(sealed ? 4 : 3);
      const memory = await openInstance(getRxStorageMemory(), schema);
      const path = join(makeFolder(), 'ranges.db');
      const ours = await openInstance(storageAt(path, sealed), schema, { database: freshName() });
      const rows = Array.from({ length: 150 }, (_, i) => {
        const pick = (field: string) => random.pick(values[field] ?? []);
        const document = {
          id: `${random.pick(['a', 'b', 'đ', '😀'])}${i % 100 || ''}`,
          text: pick('text'),
          digit: pick('digit'),
        };
        return {
          document: asStored(
            { ...document, part: pick('part'), flag: pick('flag') },
            { deleted: random.chance(0.4) },
          ),
        };
      }).filter(({ document }, i, all) => all.findIndex((other) => other.document.id === document.id) === i);
      for (const instance of [memory, ours])
        expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);

      let found = 0;
      for (let i = 0; i < RANGES; i++) {
        const index = random.pick(memory.schema.indexes as string[][]);
        const bound = (field: string) =>
          random.chance(0.35) ? random.pick(strangers) : random.pick(values[field] ?? [1000, LOWEST]);
        // A document's own values make ranges of one point.
        const own = random.pick(rows).document as AnyDoc;
        const startKeys = random.chance(0.2) ? index.map((field) => fieldOf(own, field)) : index.map(bound);
        // Equal beginnings make ranges that are neither empty nor everything.
        const same = random.int(index.length + 1);
        const endKeys = index.map((field, at) => (at < same ? startKeys[at] : bound(field)));
        const prepared = {
          query: { selector: {}, sort: [{ id: 'asc' }], skip: 0 },
          queryPlan: {
            index,
            startKeys,
            endKeys,
            inclusiveStart: random.chance(0.6),
            inclusiveEnd: random.chance(0.6),
            sortSatisfiedByIndex: true,
            selectorSatisfiedByIndex: true,
          },
        } as unknown as PreparedQuery<AnyDoc>;
        const expected = (await memory.query(prepared)).documents.map(({ id }) => id);
        const label = JSON.stringify(prepared.queryPlan);
        expect(
          (await ours.query(prepared)).documents.map(({ id }) => id),
          label,
        ).toEqual(expected);
        expect((await ours.count(prepared)).count, label).toBe(expected.length);
        found += expected.length;
      }
      expect(found).toBeGreaterThan(10_000);
      await Promise.all([memory.close(), ours.close()]);
    });
  },
);
