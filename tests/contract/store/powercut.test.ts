import { describe, expect, it } from 'vitest';
import { runCuts } from './powercut/cuts.ts';

const CUTS = Number(process.env.STORE_CUTS ?? 600);

describe('power cuts', () => {
  it(`${CUTS} cuts: everything answered is there, whole, and the database is sound`, {
    timeout: 900_000,
  }, async () => {
    const report = await runCuts({ cuts: CUTS, seed: 20250901 });
    expect(report.examples).toEqual([]);
    expect(report).toMatchObject({ cuts: CUTS, cutsWithLoss: 0, cutsWithTear: 0, cutsWithDamage: 0 });
    // A workload that wrote little, or a recorder that saw no syncs, would prove nothing.
    expect(report.answers).toBeGreaterThan(CUTS * 20);
    expect(report.syncs).toBeGreaterThan(report.recordings * 100);
  });

  it('the control with synchronous=NORMAL loses answered writes, so the cuts reach what is not synced', {
    timeout: 300_000,
  }, async () => {
    const report = await runCuts({ cuts: 300, seed: 7, synchronous: 'NORMAL' });
    expect(report.cutsWithLoss).toBeGreaterThan(0);
    // NORMAL gives up durability, not integrity.
    expect(report).toMatchObject({ cutsWithTear: 0, cutsWithDamage: 0 });
  });
});
