import {
  addRxStorageMultiInstanceSupport,
  ensureRxStorageInstanceParamsAreCorrect,
  RXDB_VERSION,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import { newestGoodBackup } from './backupList.ts';
import { acquireConnection, releaseConnection, type SlowQuery } from './connection.ts';
import { StoreError } from './errors.ts';
import { SqliteStorageInstance, type StoreInstanceOptions, type StoreInternals } from './instance.ts';
import type { StoreKey } from './seal.ts';
import { openTable } from './table.ts';

export {
  type BackupOptions,
  type DailyBackupOptions,
  isBackupDue,
  restoreBackup,
  startDailyBackups,
  takeBackup,
} from './backup.ts';
export { checkBackup, listBackups, newestGoodBackup } from './backupList.ts';
export type { SlowQuery } from './connection.ts';
export { type BackupInfo, type DamageFacts, StoreError, type StoreErrorCode } from './errors.ts';
export { SqliteStorageInstance, type StoreInstanceOptions, type StoreInternals } from './instance.ts';
export { type RotateOptions, type RotateProgress, rotateKey } from './rotate.ts';
export type { KeyRing, KeyVersion, StoreKey } from './seal.ts';

export type StoreOptions = {
  /** The database file; its folder must exist. Storages of one path share one connection. */
  readonly path: string;
  /**
   * Seals documents and attachments. It belongs to the file from its creation on: `STORE_NEEDS_KEY`,
   * `STORE_NOT_SEALED` and `STORE_WRONG_KEY` say that it was opened otherwise.
   */
  readonly key?: StoreKey | undefined;
  /** Where to look for backups when the file is damaged. Default: `backups` beside it. */
  readonly backupFolder?: string;
  /** How long to wait for another process's lock before `STORE_LOCKED`; the process is blocked meanwhile. */
  readonly busyTimeoutMs?: number;
  /** Told of every statement of a query that took at least `slowQueryMs`. */
  readonly onSlowQuery?: (query: SlowQuery) => void;
  /** Default 100. */
  readonly slowQueryMs?: number;
  /** Told whenever something is found damaged while the file is open. Others go on working; the next opening checks everything. */
  readonly onDamage?: (error: StoreError) => void;
};

const STORAGE_NAME = 'soan-sqlite';

/**
 * RxDB's storage on `node:sqlite`: one file, one table per collection version, one writing connection in the
 * process. A write that was answered is committed (WAL, `synchronous=FULL`).
 *
 * Nothing is opened before the first collection; then `createStorageInstance` rejects with a StoreError if
 * the file is damaged, locked, read-only or not ours, or the key is not its own. A damaged file is never changed or
 * deleted; the error names the newest good backup (`damage.backup`).
 */
export function getRxStorageSqlite(options: StoreOptions): RxStorage<StoreInternals, StoreInstanceOptions> {
  const { path, key, backupFolder, busyTimeoutMs = 5000, onSlowQuery, slowQueryMs = 100, onDamage } = options;
  const acquire = () => {
    try {
      return acquireConnection(path, busyTimeoutMs, key);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'STORE_DAMAGED') throw error;
      const backup = newestGoodBackup(path, key, backupFolder);
      throw new StoreError('STORE_DAMAGED', error.detail, error, { ...error.damage, backup });
    }
  };
  return {
    name: STORAGE_NAME,
    rxdbVersion: RXDB_VERSION,
    async createStorageInstance<T>(params: RxStorageInstanceCreationParams<T, StoreInstanceOptions>) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      const connection = acquire();
      if (onDamage) connection.damageListeners.add(onDamage);
      try {
        const { databaseName: database, collectionName: collection, schema } = params;
        const name = { database, collection, version: schema.version };
        const table = await openTable(connection, name, schema, params.options);
        const instance = new SqliteStorageInstance<T>(params, table, onSlowQuery, slowQueryMs);
        addRxStorageMultiInstanceSupport(STORAGE_NAME, params, instance);
        return instance;
      } catch (error) {
        releaseConnection(connection);
        throw error;
      }
    },
  };
}
