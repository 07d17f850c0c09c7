import { parentPort, workerData } from 'node:worker_threads';
import { takeBackup } from '../store/index.ts';
import type { BackupMessage, BackupWork } from './backups.ts';

/** Takes one backup of a store and ends: SQLite's checks would hold up the engine. */
const { path, key } = workerData as BackupWork;
const tell = (message: BackupMessage) => parentPort?.postMessage(message);
takeBackup({ path, key }).then(
  (backup) => tell({ kind: 'taken', backup }),
  (error: { readonly code?: unknown; readonly message?: unknown }) => {
    const { code, message } = error;
    tell({ kind: 'failed', code: String(code ?? 'unknown'), message: String(message).slice(0, 500) });
  },
);
