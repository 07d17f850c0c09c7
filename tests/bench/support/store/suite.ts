import type { PerformanceTestResult } from 'rxdb/plugins/test-utils';

/** The operations of RxDB's performance suite, in its order; milliseconds each. */
export const OPERATIONS = [
  'first insert',
  'bulk insert',
  'find all by id',
  '50 serial inserts',
  '50 serial finds',
  'query all',
  '4 parallel queries',
  '4 counts',
] as const;
export type Operation = (typeof OPERATIONS)[number];
export type Times = Record<Operation, number>;

export const BATCHES = 6;
export const SERIAL = 50;
export const PARALLEL = 4;

/** What a round is asked for: documents written, and rest between operations as RxDB's suite takes it. */
export interface Order {
  readonly documents: number;
  readonly runs: number;
  readonly waitMs: number;
}

/** RxDB's configuration for an order. Access to properties of documents in memory is left out: no storage takes part in it. */
export const configOf = ({ documents, runs, waitMs }: Order) => ({
  runs,
  docsAmount: documents,
  insertBatches: BATCHES,
  serialDocsAmount: SERIAL,
  parallelQueryAmount: PARALLEL,
  waitBetweenTests: waitMs,
  testPropertyAccess: false,
  log: false,
});

/** RxDB's result by our names of its operations. */
export function timesOf(result: PerformanceTestResult, { documents }: Order): Times {
  const named: Record<Operation, string> = {
    'first insert': 'time-to-first-insert',
    'bulk insert': `insert-documents-${documents / BATCHES}`,
    'find all by id': `find-by-ids-${documents}`,
    '50 serial inserts': `serial-inserts-${SERIAL}`,
    '50 serial finds': `serial-find-by-id-${SERIAL}`,
    'query all': 'find-by-query',
    '4 parallel queries': `find-by-query-parallel-${PARALLEL}`,
    '4 counts': '4x-count',
  };
  const times = {} as Times;
  for (const operation of OPERATIONS) {
    const value = result[named[operation]];
    if (typeof value !== 'number') throw new Error(`RxDB's suite gave no figure for ${named[operation]}`);
    times[operation] = value;
  }
  return times;
}
