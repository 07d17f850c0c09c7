/**
 * Stable codes of everything the store can refuse.
 *
 * - `STORE_DAMAGED` the file is not a whole database, or a row is not what was written; nothing was changed or deleted
 * - `STORE_NEEDS_KEY` the file is sealed and no key was given
 * - `STORE_WRONG_KEY` the key is not the file's, or a key version it needs is missing
 * - `STORE_NOT_SEALED` a key was given for a file made without one
 * - `STORE_NO_BACKUP` the backup to restore is missing, not whole or not openable with the key
 * - `STORE_FULL` the disk (or the quota) is full; the write was rolled back
 * - `STORE_READ_ONLY` the file or its folder can't be written
 * - `STORE_LOCKED` another process held the file longer than the busy timeout
 * - `STORE_NO_FOLDER` the folder of the path does not exist, or is a file
 * - `STORE_NOT_OURS` a database of another application
 * - `STORE_TOO_NEW` written by a later version of the store
 * - `STORE_TOO_BIG` a document over SQLite's limit of one row
 * - `STORE_IO` the medium reported an error
 * - `STORE_SQLITE_TOO_OLD` SQLite before 3.51.3, whose WAL reset can corrupt a database
 * - `STORE_SCHEMA_IN_USE` the collection is open with a different schema
 * - `STORE_CLOSED` the instance was closed, or its collection removed
 * - `STORE_NO_INDEX` the query was planned for an index that the schema does not have
 * - `STORE_QUERY_REFUSED` a selector nested too deep, or whose regular expressions ran over their time
 * - `STORE_NO_ATTACHMENT` no attachment of that name and digest
 * - `STORE_FAILED` anything else SQLite reported; see `cause`
 */
export type StoreErrorCode =
  | 'STORE_DAMAGED'
  | 'STORE_NEEDS_KEY'
  | 'STORE_WRONG_KEY'
  | 'STORE_NOT_SEALED'
  | 'STORE_NO_BACKUP'
  | 'STORE_FULL'
  | 'STORE_READ_ONLY'
  | 'STORE_LOCKED'
  | 'STORE_NO_FOLDER'
  | 'STORE_NOT_OURS'
  | 'STORE_TOO_NEW'
  | 'STORE_TOO_BIG'
  | 'STORE_IO'
  | 'STORE_SQLITE_TOO_OLD'
  | 'STORE_SCHEMA_IN_USE'
  | 'STORE_CLOSED'
  | 'STORE_NO_INDEX'
  | 'STORE_QUERY_REFUSED'
  | 'STORE_NO_ATTACHMENT'
  | 'STORE_FAILED';

/** A backup of a store's file. */
export type BackupInfo = {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  readonly sizeInBytes: number;
  /** The key version that opens it; undefined for a plain one. */
  readonly keyVersion: number | undefined;
};

/** Where damage was found, and what is there to go back to. */
export type DamageFacts = {
  /** Set when it is one row that is damaged. */
  readonly collection?: string;
  readonly documentId?: string;
  /** Set when the file could not be opened: the newest backup that was checked and found whole, if any. */
  readonly backup?: BackupInfo | undefined;
};

/** What every function of the store throws or rejects with; `code` is stable, `message` is for logs. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly detail: string;
  /** Of `STORE_DAMAGED` only. */
  readonly damage: DamageFacts | undefined;

  constructor(code: StoreErrorCode, detail: string, cause?: unknown, damage?: DamageFacts) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.damage = damage;
  }
}

const CODE_BY_SQLITE: Readonly<Record<number, StoreErrorCode>> = {
  3: 'STORE_READ_ONLY',
  5: 'STORE_LOCKED',
  6: 'STORE_LOCKED',
  8: 'STORE_READ_ONLY',
  10: 'STORE_IO',
  11: 'STORE_DAMAGED',
  13: 'STORE_FULL',
  14: 'STORE_IO',
  18: 'STORE_TOO_BIG',
  26: 'STORE_DAMAGED',
};

const CODE_BY_ERRNO: Readonly<Record<string, StoreErrorCode>> = {
  EACCES: 'STORE_READ_ONLY',
  EPERM: 'STORE_READ_ONLY',
  EROFS: 'STORE_READ_ONLY',
  ENOSPC: 'STORE_FULL',
  EDQUOT: 'STORE_FULL',
  ENOENT: 'STORE_NO_FOLDER',
  ENOTDIR: 'STORE_NO_FOLDER',
  EEXIST: 'STORE_NO_FOLDER',
  EIO: 'STORE_IO',
  ERR_STRING_TOO_LONG: 'STORE_TOO_BIG',
};

/** Turns what node:sqlite or node:fs threw into a StoreError; errors that are neither come back unchanged. */
export function toStoreError(error: unknown, doing: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  // What V8 throws when JSON gets longer than a string may be; it has no code.
  if (error instanceof RangeError && error.message === 'Invalid string length') {
    return new StoreError('STORE_TOO_BIG', `${doing}: ${error.message}`, error);
  }
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') {
    const known = CODE_BY_SQLITE[errcode & 0xff] ?? 'STORE_FAILED';
    return new StoreError(known, `${doing}: ${error.message}`, error);
  }
  const known = typeof code === 'string' ? CODE_BY_ERRNO[code] : undefined;
  return known ? new StoreError(known, `${doing}: ${error.message}`, error) : error;
}

/** Runs `work`; whatever it throws passes through {@link toStoreError}. */
export function withStoreErrors<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, doing);
  }
}
