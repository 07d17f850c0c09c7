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
 * `onRecovered` is called then: what gave up on a failed write can begin anew. A disk that is nearly full takes one write and
 * not the next, so it is called only when no write has failed for as long as one try waits for the next.
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
  let recovering: NodeJS.Timeout | null = null;
  const probeMs = options.probeMs ?? PROBE_MS;

  const worked = () => {
    if (unsavedSince === null) return;
    unsavedSince = null;
    if (timer) clearInterval(timer);
    timer = null;
    onChange();
    recovering = setTimeout(() => {
      recovering = null;
      log('info', 'disk.recovered');
      options.onRecovered();
    }, probeMs);
    recovering.unref();
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
      if (recovering) clearTimeout(recovering);
      recovering = null;
      if (unsavedSince === null) {
        unsavedSince = now();
        timer = setInterval(() => void probe(), probeMs);
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
      if (recovering) clearTimeout(recovering);
    },
  };
  return disk;
}
