import { describe, expect, it } from 'vitest';
import { ONCE_FAILED } from './onceFailed.ts';
import { runSeeds, summary } from './runs.ts';
import { planSession, runSession } from './session.ts';
import { describeFailure, shrink } from './shrink.ts';

const SEEDS = Number(process.env.BINDING_SEEDS ?? 150);
const FIRST_SEED = Number(process.env.BINDING_SEED ?? 1);

describe('people writing in one body at once', () => {
  it.each([2, 3])(
    `${SEEDS} sessions of %i editors end equal and healed`,
    { timeout: 600_000 },
    async (editors) => {
      const tally = await runSeeds({ from: FIRST_SEED, to: FIRST_SEED + SEEDS, editors });
      const failures = [];
      for (const { plan, kind } of tally.failures) failures.push(describeFailure(await shrink(plan, kind)));
      expect(failures).toEqual([]);
      console.info(`${editors} editors: ${summary(tally)}`);
      // Sessions in which little was done would prove little.
      expect(tally.operations).toBeGreaterThan(SEEDS * 40);
      expect(tally.undos).toBeGreaterThan(SEEDS * 4);
      expect(tally.healedSessions).toBeLessThan(SEEDS * 0.05);
    },
  );

  it('the same seed is the same session', async () => {
    const runs = [await runSession(planSession(7, 3)), await runSession(planSession(7, 3))];
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.story.length).toBeGreaterThan(40);
  });
});

describe('sessions that once failed', () => {
  it.each(ONCE_FAILED)('seed $seed of $editors editors: $what', async ({ seed, editors }) => {
    const { faults } = await runSession(planSession(seed, editors));
    expect(faults).toEqual([]);
  });
});
