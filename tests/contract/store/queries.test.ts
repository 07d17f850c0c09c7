import { afterAll, describe, expect, it } from 'vitest';
import { fuzz } from './fuzzing.ts';
import { removeFolders } from './harness.ts';

const QUERIES = Number(process.env.STORE_FUZZ_QUERIES ?? 50_000);
const SEED = Number(process.env.STORE_FUZZ_SEED ?? 20250901);

afterAll(removeFolders);

describe('random queries answer as RxDB memory storage and mingo do', () => {
  it.each([
    ['tame', 0.4],
    ['wild', 0.4],
    ['odd', 0.2],
  ] as const)('%s documents', { timeout: 900_000 }, async (wildness, share) => {
    const report = await fuzz({ queries: Math.ceil(QUERIES * share), seed: SEED, wildness });
    expect(report.differences).toEqual([]);
    expect(report.documents).toBeGreaterThan(report.queries);
    // The comparison would say little if SQL had answered nothing by itself, or if mingo had never to agree.
    if (wildness === 'tame') expect(report.bySql).toBeGreaterThan(report.queries / 15);
    if (wildness === 'tame') expect(report.asMingo).toBeGreaterThan(report.queries / 4);
    console.info(wildness, report);
  });
});
