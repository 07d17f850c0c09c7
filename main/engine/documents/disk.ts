import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../durableFile.ts';
import { describe, type Log } from '../log.ts';
import { diskCode } from '../refused.ts';

/** Whether the disk takes what is written. Everything that writes tells it how it went. */
export interface Disk {
  lastSavedAt(): number | null;
  /** Since when writing fails; null when the last write succeeded. */
  unsavedSince(): number | null;
  /** Something of the person was saved. */
  saved(): void;
  /** A write went through. */
  worked(): void;
  failed(error: unknown): void;
  /** Runs a write of the person's work and notes how it went. Throws what it throws. */
  write<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

const PROBE_MS = 5000;

/**
 * Watches over the disk of one store. While it takes nothing, tries every few seconds whether it does again.
 * `onRecovered` is called then: what gave up on a failed write can begin anew.
 */
export function createDisk(options: {
  /** Where to try. */
  readonly folder: string;
  readonly now: () => number;
  readonly log: Log;
  readonly onChange: () => void;
  readonly onRecovered: () => void;
  readonly probeMs?: number;
}): Disk {
  const { now, log, onChange } = options;
  let lastSavedAt: number | null = null;
  let unsavedSince: number | null = null;
  let timer: NodeJS.Timeout | null = null;

  const worked = () => {
    if (unsavedSince === null) return;
    unsavedSince = null;
    if (timer) clearInterval(timer);
    timer = null;
    log('info', 'disk.recovered');
    onChange();
    options.onRecovered();
  };

  const probe = async () => {
    const path = join(options.folder, 'disk-probe');
    try {
      await writeDurably(path, 'x'.repeat(64 * 1024));
      await rm(path, { force: true });
      worked();
    } catch {
      // Not yet.
    }
  };

  const disk: Disk = {
    lastSavedAt: () => lastSavedAt,
    unsavedSince: () => unsavedSince,
    saved() {
      lastSavedAt = now();
      worked();
      onChange();
    },
    worked,
    failed(error) {
      if (diskCode(error) === null) return;
      log('error', 'disk.write-failed', describe(error));
      if (unsavedSince === null) {
        unsavedSince = now();
        timer = setInterval(() => void probe(), options.probeMs ?? PROBE_MS);
        timer.unref();
      }
      onChange();
    },
    write: async (work) => {
      try {
        const value = await work();
        disk.saved();
        return value;
      } catch (error) {
        disk.failed(error);
        throw error;
      }
    },
    stop() {
      if (timer) clearInterval(timer);
    },
  };
  return disk;
}
