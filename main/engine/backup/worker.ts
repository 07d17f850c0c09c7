import { parentPort, workerData } from 'node:worker_threads';
import { startDailyBackups } from '../store/index.ts';
import type { BackupMessage, BackupWork } from './backups.ts';

/** Takes the daily backups of one store in a thread of its own: SQLite's checks would hold up the engine. Ends when told anything. */
const { path, key, lookMs } = workerData as BackupWork;
const tell = (message: BackupMessage) => parentPort?.postMessage(message);
const stop = startDailyBackups({
  path,
  key,
  ...(lookMs === undefined ? {} : { lookMs }),
  onBackup: ({ takenAt, sizeInBytes }) => tell({ kind: 'taken', takenAt, sizeInBytes }),
  onError: (error) => {
    const { code, message } = error as { code?: unknown; message?: unknown };
    tell({ kind: 'failed', code: String(code ?? 'unknown'), message: String(message).slice(0, 500) });
  },
});
parentPort?.once('message', () => void stop().then(() => process.exit()));
