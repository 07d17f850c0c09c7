import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, type Log } from '../log.ts';
import { type BackupInfo, type KeyRing, type StoreErrorCode, startDailyBackups } from '../store/index.ts';

/** What the thread is given. */
export interface BackupWork {
  readonly path: string;
  readonly key: KeyRing;
}

export type BackupMessage =
  | { readonly kind: 'taken'; readonly backup: BackupInfo }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const DAMAGED: StoreErrorCode = 'STORE_DAMAGED';
const STOP_MS = 2_000;

/**
 * Starts threads on one store. From source they run their module; in the app its bundle, read by this thread because only that is sure to reach into the
 * archive, and read now because an update may put another archive in its place while the app runs.
 */
function threadsFor(workerData: BackupWork): () => Worker {
  const options = { workerData, name: 'soan-backup' };
  if (import.meta.filename.endsWith('.ts'))
    return () => new Worker(join(import.meta.dirname, 'worker.ts'), options);
  const code = readFileSync(join(import.meta.dirname, 'backup.cjs'), 'utf8');
  return () => new Worker(code, { ...options, eval: true });
}

/** Rejects with the thread's own error, or with `code` and message of what it told. */
async function answerOf(worker: Worker): Promise<BackupInfo> {
  const message = await new Promise<BackupMessage>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread ended without a backup')));
  });
  if (message.kind === 'taken') return message.backup;
  throw Object.assign(new Error(message.message), { code: message.code });
}

/**
 * Keeps the daily backup of a store that is open; each is taken in a thread of its own, which is there only so long. Looks every `lookMs` (half an hour)
 * and first after a tenth of it, so not while the app starts and much comes in. Progress and failures go to the log; `onDamage` is told when the
 * store turned out damaged. Answers how to stop; a backup under way is given up after two seconds.
 */
export function keepBackups(
  { lookMs, ...work }: BackupWork & { readonly lookMs?: number | undefined },
  log: Log,
  onDamage: () => void,
): () => Promise<void> {
  let startThread: () => Worker;
  try {
    startThread = threadsFor(work);
  } catch (error) {
    // An app without its backup code still opens what was written.
    log('error', 'backup.not-started', describe(error));
    return async () => undefined;
  }
  let worker: Worker | null = null;
  let isStopped = false;
  const stop = startDailyBackups({
    ...work,
    ...(lookMs === undefined ? {} : { lookMs }),
    take: async () => {
      worker = startThread();
      worker.unref();
      try {
        return await answerOf(worker);
      } finally {
        worker = null;
      }
    },
    onBackup: ({ takenAt, sizeInBytes }) => log('info', 'backup.taken', { takenAt, sizeInBytes }),
    onError: (error) => {
      if (isStopped) return;
      log('error', 'backup.failed', describe(error));
      if ((error as { code?: unknown }).code === DAMAGED) onDamage();
    },
  });

  return async () => {
    isStopped = true;
    const timer = setTimeout(() => void worker?.terminate(), STOP_MS);
    await stop();
    clearTimeout(timer);
  };
}
