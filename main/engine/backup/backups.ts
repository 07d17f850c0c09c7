import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, type Log } from '../log.ts';
import type { KeyRing, StoreErrorCode } from '../store/index.ts';

/** What the thread is given. */
export interface BackupWork {
  readonly path: string;
  readonly key: KeyRing;
  readonly lookMs?: number | undefined;
}

export type BackupMessage =
  | { readonly kind: 'taken'; readonly takenAt: number; readonly sizeInBytes: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const DAMAGED: StoreErrorCode = 'STORE_DAMAGED';
const STOP_MS = 2_000;
const AGAIN_MS = 1_800_000;

/** From source the thread runs its module; in the app its bundle, read by this thread because only that is sure to reach into the archive. */
function startThread(workerData: BackupWork): Worker {
  const options = { workerData, name: 'soan-backup' };
  if (import.meta.filename.endsWith('.ts'))
    return new Worker(join(import.meta.dirname, 'worker.ts'), options);
  const code = readFileSync(join(import.meta.dirname, 'backup.cjs'), 'utf8');
  return new Worker(code, { ...options, eval: true });
}

/**
 * Keeps the daily backup of a store that is open, in a thread of its own; looks first after a tenth of `lookMs` (three minutes), so not
 * while the app starts. Progress and failures go to the log; `onDamage` is told when the store turned out damaged. Answers how to stop; a backup under way is given up after two seconds.
 */
export function keepBackups(work: BackupWork, log: Log, onDamage: () => void): () => Promise<void> {
  let worker: Worker | null = null;
  let again: NodeJS.Timeout | null = null;
  let isStopped = false;

  const start = () => {
    try {
      worker = startThread(work);
    } catch (error) {
      log('error', 'backup.not-started', describe(error));
      return;
    }
    worker.unref();
    worker.on('message', (message: BackupMessage) => {
      if (message.kind === 'taken') {
        const { takenAt, sizeInBytes } = message;
        log('info', 'backup.taken', { takenAt, sizeInBytes });
      } else {
        log('error', 'backup.failed', { code: message.code, error: message.message });
        if (message.code === DAMAGED) onDamage();
      }
    });
    worker.on('error', (error) => log('error', 'backup.thread-failed', describe(error)));
    worker.once('exit', () => {
      worker = null;
      if (isStopped) return;
      again = setTimeout(start, AGAIN_MS);
      again.unref();
    });
  };
  start();

  return async () => {
    isStopped = true;
    if (again) clearTimeout(again);
    const running = worker;
    if (!running) return;
    const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    running.postMessage('stop');
    const timer = setTimeout(() => void running.terminate(), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
}
