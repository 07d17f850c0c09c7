import { type Ground, gatherCrew } from '../crew.ts';
import type { SeedResult } from '../runSeed.ts';
import { FAULTS, type Fault } from './faults.ts';

/** Histories short enough to run many, long enough to reach every part. */
const DESKS = 5;
const STEPS = 70;

/**
 * Plants each fault and runs seeds, from the first on, until one fails. Gives 0 when every fault was found within
 * `seeds`, 1 otherwise.
 */
export async function findPlanted(options: {
  readonly ground: Ground;
  readonly jobs: number;
  readonly seeds: number;
  /** Parts of the names of those to try; all if empty. */
  readonly names: readonly string[];
  readonly say: (line: string) => void;
}): Promise<number> {
  const { names, say } = options;
  const chosen = FAULTS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  let found = 0;
  for (const fault of chosen) {
    const startedAt = performance.now();
    const failed = await firstFailure(fault, options);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    if (failed) found += 1;
    const verdict = failed
      ? `found by seed ${failed.seed}: ${failed.failure?.reason.slice(0, 160)}`
      : `NOT FOUND in ${options.seeds} seeds`;
    say(`${fault.name} (${fault.file}): ${verdict} (${seconds} s)`);
  }
  say(`${found} of ${chosen.length} planted faults found`);
  return found === chosen.length ? 0 : 1;
}

async function firstFailure(
  fault: Fault,
  { ground, jobs, seeds }: { ground: Ground; jobs: number; seeds: number },
): Promise<SeedResult | null> {
  const crew = await gatherCrew(ground, jobs, fault);
  const failed: SeedResult[] = [];
  let next = 0;
  const work = async () => {
    while (failed.length === 0 && next < seeds) {
      next += 1;
      const result = await crew.run({
        seed: next,
        desks: DESKS,
        steps: fault.steps ?? STEPS,
        moves: fault.moves === true,
        gathers: fault.gathers === true,
      });
      if (result.failure && result.failure.oracle !== 'harness') failed.push(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  await crew.end();
  return failed.sort((a, b) => a.seed - b.seed)[0] ?? null;
}
