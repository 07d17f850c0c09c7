import { describe, expect, it } from 'vitest';
import { stores } from './harness.ts';
import { runCuts } from './powercut/cuts.ts';

const CUTS = Number(process.env.STORE_CUTS ?? 600);
const CONTROL_CUTS = 300;

describe.each(stores)('power cuts: $name', ({ sealed }) => {
  // Most of them plain: what reaches the disk and when is the same, only the bytes differ.
  const cuts = Math.ceil(CUTS / (sealed ? 3 : 1.5));

  it(`${cuts} cuts: everything answered is there, whole, and the database is sound`, {
    timeout: 900_000,
  }, async () => {
    const report = await runCuts({ cuts, seed: 20250901, sealed });
    expect(report.examples).toEqual([]);
    expect(report).toMatchObject({ cuts, cutsWithLoss: 0, cutsWithTear: 0, cutsWithDamage: 0 });
    // A workload that wrote little, or a recorder that saw no syncs, would prove nothing.
    expect(report.answers).toBeGreaterThan(cuts * 20);
    expect(report.syncs).toBeGreaterThan(report.recordings * 100);
  });

  it('the control with synchronous=NORMAL loses answered writes, so the cuts reach what is not synced', {
    timeout: 300_000,
  }, async () => {
    const report = await runCuts({ cuts: CONTROL_CUTS / 2, seed: 7, sealed, synchronous: 'NORMAL' });
    expect(report.cutsWithLoss).toBeGreaterThan(0);
    // NORMAL gives up durability, not integrity.
    expect(report).toMatchObject({ cutsWithTear: 0, cutsWithDamage: 0 });
  });
});
