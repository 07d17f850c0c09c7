/**
 * `npm run bench store [-- --rounds 40 --large-rounds 8 --sizes 3000,30000 --runs 40]`: RxDB's own performance suite on our store, plain and
 * encrypted, beside the same work by hand on `node:sqlite`, RxDB's memory storage, and Dexie and localstorage in Chromium, all in one run.
 * `ours alone` are the same calls of the storage without RxDB in front. Every round runs every contender once, each round beginning with another, so that other work on the machine hits all alike. Prints tables, then the targets
 * with what was reached, then one line of JSON.
 */
import { parseArgs } from 'node:util';
import { averageOfTimeValues } from 'rxdb/plugins/test-utils';
import { type Contender, openField } from './support/store/contenders.ts';
import { syncTimes } from './support/store/disk.ts';
import { OPERATIONS, type Operation, type Order, type Times } from './support/store/suite.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    'large-rounds': { type: 'string', default: '8' },
    sizes: { type: 'string', default: '3000,30000' },
    runs: { type: 'string', default: '40' },
    wait: { type: 'string', default: '100' },
  },
});
const SIZES = values.sizes.split(',').map(Number);
const RUNS = Number(values.runs);
const WAIT_MS = Number(values.wait);

/** RxDB's paid SQLite storage on node:sqlite, as its makers publish it (rxdb.info, RxStorage performance): 3,000 documents, 40 runs. */
const PAID: Times = {
  'first insert': 5.2,
  'bulk insert': 8.62,
  'find all by id': 26.41,
  '50 serial inserts': 10.84,
  '50 serial finds': 2.67,
  'query all': 19.68,
  '4 parallel queries': 20.38,
  '4 counts': 2.01,
};
const OURS = 'ours';
const SEALED = 'ours, encrypted';
const ALONE = 'ours alone';
const HAND = 'by hand';
const MEMORY = 'memory';
const DEXIE = 'Dexie';

const syncs: number[] = [];
const syncFigures = () => {
  const sorted = syncs.toSorted((one, other) => one - other);
  return { leastMs: round2(sorted[0] ?? 0), medianMs: round2(sorted[sorted.length >> 1] ?? 0) };
};

interface Measured {
  readonly documents: number;
  readonly rounds: number;
  /** By contender; a text where it could not do it. */
  readonly times: Record<string, Times | string>;
}

const round2 = (value: number): number => Math.round(value * 100) / 100;
const geometricMean = (numbers: readonly number[]): number =>
  Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
const ratios = (above: Times, below: Times): number[] => OPERATIONS.map((name) => above[name] / below[name]);

/** RxDB's rule: the mean of the best 5 %, and at least of one. */
const byRule = (rounds: readonly Times[]): Times =>
  Object.fromEntries(
    OPERATIONS.map((name) => [
      name,
      round2(
        averageOfTimeValues(
          rounds.map((times) => times[name]),
          95,
        ),
      ),
    ]),
  ) as Times;

async function measureAll(contenders: readonly Contender[], order: Order, rounds: number): Promise<Measured> {
  const taken = new Map<string, Times[]>(contenders.map(({ name }) => [name, []]));
  const failed = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    syncs.push(...syncTimes());
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length];
      if (!contender || failed.has(contender.name)) continue;
      try {
        taken.get(contender.name)?.push(await contender.measure(order));
      } catch (error) {
        const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
        failed.set(contender.name, message);
      }
    }
    process.stderr.write(`\r${order.documents} documents: round ${round + 1} of ${rounds} `);
  }
  process.stderr.write('\n');
  const times = contenders.map(({ name }) => [name, failed.get(name) ?? byRule(taken.get(name) ?? [])]);
  return { documents: order.documents, rounds, times: Object.fromEntries(times) };
}

function show({ documents, rounds, times }: Measured): void {
  console.log(
    `\n${documents} documents, ms, mean of the best 5 % of ${rounds} rounds (bulk insert: ${documents / 6} documents)`,
  );
  const held = Object.entries(times).filter(
    (entry): entry is [string, Times] => typeof entry[1] !== 'string',
  );
  const rows = OPERATIONS.map((name) => [name, Object.fromEntries(held.map(([who, of]) => [who, of[name]]))]);
  console.table(Object.fromEntries(rows));
  for (const [who, of] of Object.entries(times))
    if (typeof of === 'string') console.log(`${who} can't: ${of}`);
}

interface Verdict {
  readonly target: string;
  readonly reached: string;
  readonly pass: boolean;
}

const total = (times: Times): number => OPERATIONS.reduce((sum, name) => sum + times[name], 0);

/** What RxDB adds: its own work is nobody's storage. */
function aside({ documents, times }: Measured): string {
  const [ours, hand, memory] = [times[OURS], times[HAND], times[MEMORY]];
  if (typeof ours !== 'object' || typeof hand !== 'object' || typeof memory !== 'object') return '';
  const share = (of: Times) =>
    `${geometricMean(ratios(of, hand)).toFixed(2)}× by hand in geometric mean, ${(total(of) / total(hand)).toFixed(2)}× in total`;
  return `${documents}: through RxDB ours takes ${share(ours)}; RxDB with nothing to store on, in memory, ${share(memory)}`;
}

const worst = (numbers: readonly number[], pick: (...numbers: number[]) => number): string => {
  const number = pick(...numbers);
  return `${number.toFixed(2)} (${OPERATIONS[numbers.indexOf(number)]})`;
};

function judge({ documents, times }: Measured): Verdict[] {
  const of = (name: string): Times => {
    const found = times[name];
    if (typeof found !== 'object') throw new Error(`${name}: ${found ?? 'not measured'}`);
    return found;
  };
  const dexie = ratios(of(DEXIE), of(OURS));
  const hand = ratios(of(ALONE), of(HAND));
  const sealed = ratios(of(SEALED), of(OURS));
  const line = (target: string, reached: string, pass: boolean) => ({
    target: `${documents}: ${target}`,
    reached,
    pass,
  });
  return [
    line(
      'Dexie takes at least 5× our time, geometric mean',
      geometricMean(dexie).toFixed(2),
      geometricMean(dexie) >= 5,
    ),
    line(
      'no operation slower than Dexie: least ratio ≥ 1',
      worst(dexie, Math.min),
      dexie.every((ratio) => ratio >= 1),
    ),
    line(
      'the storage alone at most 1.6× by hand, geometric mean',
      `${geometricMean(hand).toFixed(2)}, worst ${worst(hand, Math.max)}`,
      geometricMean(hand) <= 1.6,
    ),
    line(
      'encrypted at most 1.5× plain, geometric mean',
      `${geometricMean(sealed).toFixed(2)}, worst ${worst(sealed, Math.max)}`,
      geometricMean(sealed) <= 1.5,
    ),
  ];
}

const field = await openField();
try {
  const measured: Measured[] = [];
  for (const [number, documents] of SIZES.entries()) {
    const rounds = Number(number === 0 ? values.rounds : values['large-rounds']);
    const result = await measureAll(field.contenders, { documents, runs: 1, waitMs: WAIT_MS }, rounds);
    show(result);
    measured.push(result);
  }
  const verdicts = measured.flatMap(judge);
  const ours = field.contenders.find(({ name }) => name === OURS);
  if (!ours) throw new Error('nothing of ours was measured');
  const byPaidRule = await ours.measure({ documents: 3000, runs: RUNS, waitMs: WAIT_MS });
  console.log(`\n3000 documents, ms, RxDB's suite and rule as they are, ${RUNS} runs`);
  console.table(
    Object.fromEntries(
      OPERATIONS.map((name: Operation) => [
        name,
        { ours: byPaidRule[name], 'paid SQLite storage (published)': PAID[name] },
      ]),
    ),
  );
  const paid = ratios(byPaidRule, PAID);
  verdicts.push({
    target: 'no row slower than the published paid storage: greatest ratio ≤ 1',
    reached: worst(paid, Math.max),
    pass: paid.every((ratio) => ratio <= 1),
  });
  for (const { target, reached, pass } of verdicts)
    console.log(`${pass ? 'pass' : 'FAIL'}  ${target}: ${reached}`);
  for (const result of measured) console.log(aside(result));
  const sync = syncFigures();
  console.log(
    `a write of 4 KB and its sync took this disk ${sync.medianMs} ms (median), ${sync.leastMs} ms at best; 50 serial inserts of ours wait for 50, Dexie's for none`,
  );
  const { node, sqlite } = process.versions;
  console.log(
    JSON.stringify({
      bench: 'store',
      versions: { node, sqlite, chromium: field.chromium },
      sync,
      measured,
      byPaidRule: { runs: RUNS, ours: byPaidRule, published: PAID },
      verdicts,
    }),
  );
} finally {
  await field.close();
}
