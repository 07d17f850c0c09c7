import type { Fault } from './desk.ts';
import { type Plan, planSession, runSession } from './session.ts';

/** What many sessions came to. */
export interface Tally {
  seeds: number;
  operations: number;
  undos: number;
  /** Sessions in which documents with the same updates were not equal, or not what was stored. */
  diverged: number;
  /** Sessions in which an editor went on showing something else than its document. */
  unhealed: number;
  /** Sessions with any other fault. */
  otherwise: number;
  /** Sessions in which an editor had to be healed, and how often that was. */
  healedSessions: number;
  healings: number;
  /** Errors in the editor's updates that the binding caught. */
  caught: number;
  /** The first plans that failed, each with the kind of its first fault. */
  failures: { plan: Plan; kind: Fault['kind'] }[];
}

const MOST_FAILURES = 5;
const DIVERGED: ReadonlySet<Fault['kind']> = new Set([
  'documents differ',
  'stored updates differ',
  'reload differs',
]);

export const emptyTally = (): Tally => ({
  seeds: 0,
  operations: 0,
  undos: 0,
  diverged: 0,
  unhealed: 0,
  otherwise: 0,
  healedSessions: 0,
  healings: 0,
  caught: 0,
  failures: [],
});

/** Runs the sessions of seeds `from`, `from + by`, … below `to`. */
export function runSeeds(options: {
  readonly from: number;
  readonly to: number;
  readonly by?: number;
  readonly editors: number;
}): Promise<Tally> {
  const { from, to, by = 1, editors } = options;
  const count = Math.max(0, Math.ceil((to - from) / by));
  return runSessions(Array.from({ length: count }, (_, at) => ({ seed: from + at * by, editors })));
}

/** Runs these sessions. */
export async function runSessions(
  sessions: readonly { readonly seed: number; readonly editors: number }[],
): Promise<Tally> {
  const tally = emptyTally();
  for (const { seed, editors } of sessions) {
    const plan = planSession(seed, editors);
    const { faults, healed, caught, edits, undos } = await runSession(plan);
    tally.seeds += 1;
    tally.operations += edits;
    tally.undos += undos;
    tally.healings += healed;
    tally.healedSessions += healed > 0 ? 1 : 0;
    tally.caught += caught;
    const kinds = faults.map(({ kind }) => kind);
    const [first] = kinds;
    if (first === undefined) continue;
    if (kinds.some((kind) => DIVERGED.has(kind))) tally.diverged += 1;
    else if (kinds.includes('unhealed')) tally.unhealed += 1;
    else tally.otherwise += 1;
    if (tally.failures.length < MOST_FAILURES) tally.failures.push({ plan, kind: first });
  }
  return tally;
}

/** Adds what another process counted. */
export function addTally(a: Tally, b: Tally): Tally {
  return {
    seeds: a.seeds + b.seeds,
    operations: a.operations + b.operations,
    undos: a.undos + b.undos,
    diverged: a.diverged + b.diverged,
    unhealed: a.unhealed + b.unhealed,
    otherwise: a.otherwise + b.otherwise,
    healedSessions: a.healedSessions + b.healedSessions,
    healings: a.healings + b.healings,
    caught: a.caught + b.caught,
    failures: [...a.failures, ...b.failures].slice(0, MOST_FAILURES),
  };
}

/** The result in one line. */
export function summary(tally: Tally): string {
  const rate = ((tally.healedSessions * 100) / Math.max(1, tally.seeds)).toFixed(2);
  const others = tally.otherwise > 0 ? `, other faults ${tally.otherwise}` : '';
  return `seeds ${tally.seeds}, diverged ${tally.diverged}, unhealed ${tally.unhealed}${others}, rate before healing ${rate} %`;
}
