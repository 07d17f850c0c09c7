import { describe, expect, it } from 'vitest';
import { CannotMount, type Variant } from './troubles.ts';
import { type StoreKind, type UploadReport, uploadThroughCuts } from './uploading.ts';

/** The piece that the desk sends at once. */
const PIECE_BYTES = 2 * 1024 * 1024;

describe('an upload that is cut again and again', () => {
  it('goes on each time where the portal stands, and sends no more than one piece twice for a cut', async () => {
    const report = await uploadThroughCuts({ megabytes: 30, cuts: 10, timeoutMs: 240_000 });
    expect(report).toMatchObject({ isStored: true, cuts: 10, refused: [], falseSuccesses: 0 });
    expect(report.extraPerCut).toBeLessThan(PIECE_BYTES);
  }, 300_000);

  // The others run by the long command; what they are about is tested in tests/integration/portal/uploads.test.ts too.
  const rows: [Variant, StoreKind][] = [
    ['finish-fails', 'disk'],
    ['expiry', 's3'],
    ['full', 'disk'],
    ['full', 's3'],
  ];
  it.each(rows)(
    '%s, files on %s: no success without the object in the store',
    async (variant, store) => {
      let report: UploadReport;
      try {
        report = await uploadThroughCuts({ megabytes: 16, cuts: 4, timeoutMs: 240_000, variant, store });
      } catch (error) {
        // Only where nobody may mount a small disk; continuous integration may.
        if (error instanceof CannotMount) return;
        throw error;
      }
      expect(report).toMatchObject({ isStored: true, wasTroubled: true, falseSuccesses: 0, refused: [] });
    },
    300_000,
  );
});
