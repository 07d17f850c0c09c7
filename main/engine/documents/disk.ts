import { describe, type Log } from '../log.ts';
import { diskCode } from '../refused.ts';

/** Whether the disk takes what is written. */
export interface Disk {
  lastSavedAt(): number | null;
  /** Since when writing fails; null when the last write succeeded. */
  unsavedSince(): number | null;
  /** Runs a write and notes how it went. Throws what it throws. */
  write<T>(work: () => Promise<T>): Promise<T>;
}

export function createDisk(options: { now: () => number; log: Log; onChange: () => void }): Disk {
  let lastSavedAt: number | null = null;
  let unsavedSince: number | null = null;
  return {
    lastSavedAt: () => lastSavedAt,
    unsavedSince: () => unsavedSince,
    write: async (work) => {
      try {
        const value = await work();
        lastSavedAt = options.now();
        unsavedSince = null;
        options.onChange();
        return value;
      } catch (error) {
        if (diskCode(error) !== null) {
          unsavedSince ??= options.now();
          options.log('error', 'disk.write-failed', describe(error));
          options.onChange();
        }
        throw error;
      }
    },
  };
}
