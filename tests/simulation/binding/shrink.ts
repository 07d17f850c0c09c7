import type { Fault } from './desk.ts';
import { type Outcome, type Plan, runSession } from './session.ts';

const MOST_RUNS = 600;

/** A session with fewer steps that fails in the same way. */
export interface Shrunk {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** Leaves out steps, in halves, quarters and so on down to single ones, as long as a fault of the same kind remains. */
export async function shrink(plan: Plan, kind: Fault['kind']): Promise<Shrunk> {
  let best: Shrunk = { plan, outcome: await runSession(plan) };
  let runs = 0;
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.plan.steps.length && runs < MOST_RUNS; ) {
      const steps = best.plan.steps.filter((_, at) => at < from || at >= from + size);
      const outcome = await runSession({ ...plan, steps });
      runs += 1;
      if (outcome.faults.some((fault) => fault.kind === kind)) best = { plan: { ...plan, steps }, outcome };
      else from += size;
    }
  }
  return best;
}

/** A failing session as a person reads it: what was seen, then only the steps that it needs. */
export function describeFailure({ plan, outcome }: Shrunk): string {
  return [
    `seed ${plan.seed}, ${plan.editors} editors, ${plan.steps.length} steps:`,
    ...outcome.story.map((line) => `  ${line}`),
    ...outcome.faults.slice(0, 3).map(({ kind, detail }) => `  ${kind}: ${detail.slice(0, 2000)}`),
  ].join('\n');
}
