import { describe, expect, it } from 'vitest';
import { runChaos } from './chaos.ts';

describe('desks, two portals and PostgreSQL as real processes', () => {
  it('lose no acknowledged word and no decision while any of them is killed and the line is spoiled', async () => {
    const report = await runChaos({ rounds: 10, seed: 20_171_026 });
    expect(report).toMatchObject({ lost: [], faults: [] });
    expect(report.acknowledged).toBeGreaterThan(15);
  }, 600_000);
});
