import { describe, expect, it } from 'vitest';
import { uploadThroughCuts } from './uploading.ts';

/** The piece that the desk sends at once. */
const PIECE_BYTES = 2 * 1024 * 1024;

describe('an upload that is cut again and again', () => {
  it('goes on each time where the portal stands, and sends no more than one piece twice for a cut', async () => {
    const report = await uploadThroughCuts({ megabytes: 30, cuts: 10, timeoutMs: 240_000 });
    expect(report).toMatchObject({ isStored: true, cuts: 10, refused: [] });
    expect(report.extraPerCut).toBeLessThan(PIECE_BYTES);
  }, 300_000);
});
