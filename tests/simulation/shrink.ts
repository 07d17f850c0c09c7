import type { SeedResult, SeedTask } from './runSeed.ts';

/**
 * Leaves out steps of a failing history as long as it still fails in the same way. Stops when nothing more can be left out, or after
 * `attempts` runs.
 */
export async function shrink(
  run: (task: SeedTask) => Promise<SeedResult>,
  task: SeedTask,
  failed: SeedResult,
  attempts: number,
): Promise<{ readonly steps: readonly number[]; readonly result: SeedResult }> {
  const oracle = failed.failure?.oracle;
  const last = failed.failedIn;
  let steps = failed.planned.filter((index) => last === null || index <= last);
  let result = failed;
  let left = attempts;
  for (let size = Math.ceil(steps.length / 2); size >= 1 && left > 0; ) {
    let isSmaller = false;
    for (let at = steps.length; at > 0 && left > 0; at -= size) {
      const without = steps.filter((_, index) => index < at - size || index >= at);
      if (without.length === steps.length) continue;
      left -= 1;
      const tried = await run({ ...task, only: without });
      if (tried.failure?.oracle !== oracle) continue;
      steps = without;
      result = tried;
      isSmaller = true;
    }
    if (!isSmaller || size > steps.length) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return { steps, result };
}
