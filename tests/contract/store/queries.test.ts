import { join } from 'node:path';
import type { MangoQuery } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite, type StoreKey } from '../../../main/engine/store/index.ts';
import { explainQuery } from '../../../main/engine/store/query.ts';
import {
  type AnyDoc,
  asStored,
  type Doc,
  freshName,
  type Instance,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
  updateRow,
} from './harness.ts';
import { Random, randomDocument, randomQuery, randomSchema, type Wildness } from './random.ts';

afterAll(removeFolders);

async function compare(memory: Instance, ours: Instance, query: MangoQuery<AnyDoc>, label: string) {
  let expected: Doc[];
  let expectedCount: number;
  try {
    expected = (await memory.query(prepare(memory, query))).documents;
    expectedCount = (await memory.count(prepare(memory, query))).count;
  } catch (error) {
    // What RxDB itself refuses (a regular expression that does not parse …) must not hang or answer here.
    await expect(ours.query(prepare(ours, query)), `${label}: ${String(error)}`).rejects.toThrow();
    return { sql: false, rows: 0 };
  }
  const found = (await ours.query(prepare(ours, query))).documents;
  const message = `${label} ${JSON.stringify(query)}`;
  expect(
    found.map(({ id }) => id),
    message,
  ).toEqual(expected.map(({ id }) => id));
  expect(found, message).toEqual(expected);
  expect((await ours.count(prepare(ours, query))).count, `count of ${message}`).toBe(expectedCount);
  const { matcher, sortInScript } = explainQuery(
    ours.internals.table,
    ours.schema as never,
    prepare(ours, query),
  );
  return { sql: !matcher && !sortInScript, rows: found.length };
}

async function writeBoth(memory: Instance, ours: Instance, rows: Parameters<Instance['bulkWrite']>[0]) {
  const results = [await memory.bulkWrite(rows, 'fuzz'), await ours.bulkWrite(rows, 'fuzz')];
  expect(results[1]?.error.map(({ documentId, status }) => [documentId, status])).toEqual(
    results[0]?.error.map(({ documentId, status }) => [documentId, status]),
  );
}

/** One schema, its documents, and queries with every index forced in turn, with writes, cleanup and reopening between. */
async function fuzzRound(seed: number, wildness: Wildness, queries: number, key: StoreKey | undefined) {
  const random = new Random(seed);
  const schema = randomSchema(random);
  const path = join(makeFolder(), 'fuzz.db');
  const database = freshName();
  const memory = await openInstance(getRxStorageMemory(), schema);
  let ours = await openInstance(getRxStorageSqlite({ path, key }), schema, { database });
  const current = new Map<string, Doc>();
  let serial = 0;
  const insert = (count: number) =>
    Array.from({ length: count }, () => {
      const data = randomDocument(random, `id${serial++}`, wildness);
      const document = asStored(data, { lwt: 1000 + random.int(50), deleted: random.chance(0.1) });
      current.set(document.id, document);
      return { document };
    });
  await writeBoth(memory, ours, insert(30 + random.int(60)));
  const indexes = [undefined, ...((memory.schema.indexes ?? []) as string[][])];
  let done = 0;
  let bySql = 0;
  let rows = 0;
  while (done < queries) {
    const query = randomQuery(random, wildness);
    for (const index of indexes) {
      const { sql, rows: found } = await compare(
        memory,
        ours,
        index ? { ...query, index } : query,
        `seed ${seed}/${done}`,
      );
      done++;
      bySql += sql ? 1 : 0;
      rows += found;
    }
    if (random.chance(0.3)) {
      const previous = random.pick([...current.values()]);
      const change = randomDocument(random, previous.id, wildness);
      const row = updateRow(previous, change, { deleted: random.chance(0.2), lwt: 1000 + random.int(50) });
      current.set(previous.id, row.document as Doc);
      await writeBoth(memory, ours, [row, ...insert(random.int(3))]);
    }
    if (random.chance(0.03)) {
      for (const instance of [memory, ours]) await instance.cleanup(0);
      for (const [id, document] of current) if (document._deleted) current.delete(id);
    }
    if (random.chance(0.03)) {
      await ours.close();
      ours = await openInstance(getRxStorageSqlite({ path, key }), schema, { database });
    }
  }
  await Promise.all([memory.close(), ours.close()]);
  return { done, bySql, rows };
}

const QUERIES = Number(process.env.STORE_FUZZ_QUERIES ?? 1800);
const SEED = Number(process.env.STORE_FUZZ_SEED ?? 20250901);

describe.each(stores)('random queries answer as RxDB memory storage does: $name', ({ key }) => {
  it.each(['tame', 'wild', 'odd'] as const)('%s documents', { timeout: 600_000 }, async (wildness) => {
    const total = { done: 0, bySql: 0, rows: 0 };
    for (let round = 0; total.done < QUERIES / 3; round++) {
      const result = await fuzzRound(SEED + round, wildness, 60, key);
      total.done += result.done;
      total.bySql += result.bySql;
      total.rows += result.rows;
    }
    expect(total.rows).toBeGreaterThan(total.done);
    // The comparison would say little if SQL had answered nothing by itself.
    if (wildness === 'tame') expect(total.bySql).toBeGreaterThan(total.done / 10);
    console.info(
      `${wildness}: ${total.done} queries, ${total.bySql} by SQL alone, ${total.rows} documents compared`,
    );
  });
});
