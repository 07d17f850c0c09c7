import { afterAll, describe, expect, it } from 'vitest';
import { fuzz } from './fuzzing.ts';
import { removeFolders, stores } from './harness.ts';

/** On plain files; a fifth as many again on sealed ones, where another form of payload is read but SQL is the same. */
const QUERIES = Number(process.env.STORE_FUZZ_QUERIES ?? 50_000);
const SEED = Number(process.env.STORE_FUZZ_SEED ?? 20250901);

afterAll(removeFolders);

describe.each(stores)('random queries answer as RxDB memory storage and mingo do: $name', ({ sealed }) => {
  const queries = sealed ? QUERIES / 5 : QUERIES;

  it.each([
    ['tame', 0.4],
    ['wild', 0.4],
    ['odd', 0.2],
  ] as const)('%s documents', { timeout: 900_000 }, async (wildness, share) => {
    const report = await fuzz({
      queries: Math.ceil(queries * share),
      seed: sealed ? SEED + 1_000_000 : SEED,
      wildness,
      sealed,
    });
    expect(report.differences).toEqual([]);
    expect(report.documents).toBeGreaterThan(report.queries);
    // The comparison would say little if SQL had answered nothing by itself, or if mingo had never to agree.
    if (wildness === 'tame') expect(report.bySql).toBeGreaterThan(report.queries / 15);
    if (wildness === 'tame') expect(report.asMingo).toBeGreaterThan(report.queries / 4);
    console.info(wildness, report);
  });
});
