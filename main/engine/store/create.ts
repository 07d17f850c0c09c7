import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './errors.ts';
import { META_TABLE, writeSealing } from './meta.ts';
import type { StoreKey } from './seal.ts';

/** "Soan" in ASCII: marks the file as ours. */
export const APPLICATION_ID = 0x536f616e;
/** Raised when the tables of the file change shape. */
export const FORMAT_VERSION = 2;

const REGISTRY = `
CREATE TABLE collections (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  database TEXT NOT NULL,
  collection TEXT NOT NULL,
  version INTEGER NOT NULL,
  layout TEXT NOT NULL,
  marks TEXT NOT NULL DEFAULT '',
  UNIQUE (database, collection, version)
) STRICT`;

/** Makes what the folder lists durable: files created or renamed in it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Creates the database beside its place and moves it there whole, so that a file found at the path is
 * always a complete database and an empty or short one is damage. Does nothing if the file exists.
 * With a key the file is a sealed one. Two processes may call it at once: the first one's file stays.
 */
export function createDatabaseFile(path: string, key?: StoreKey): void {
  if (existsSync(path)) return;
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) {
    throw new StoreError('STORE_DAMAGED', `${path} is missing but its write-ahead log is there`);
  }
  const fresh = `${path}.${process.pid}.new`;
  const discard = () => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(fresh + suffix, { force: true });
  };
  discard();
  try {
    closeSync(openSync(fresh, 'wx', 0o600));
    const db = new DatabaseSync(fresh);
    try {
      db.exec(`PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}; ${REGISTRY}; ${META_TABLE};`);
      if (key) writeSealing(db, key);
    } finally {
      db.close();
    }
    const handle = openSync(fresh, 'r+');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    place(fresh, path);
    syncFolder(dirname(path));
  } finally {
    discard();
  }
}

function place(fresh: string, path: string): void {
  try {
    linkSync(fresh, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    // File systems without hard links (FAT, some network shares) refuse with one of these.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
    if (!existsSync(path)) renameSync(fresh, path);
  }
}

/** A restored database waits under this name until the damaged one is out of its way. */
export const restoredName = (path: string): string => `${path}.restored`;

/**
 * Puts a restored database in its place, if one waits; what is there is moved aside, nothing is deleted. May be
 * interrupted at any moment and called again. Answers where it moved what was there.
 */
export function finishRestore(path: string): string[] {
  const restored = restoredName(path);
  if (!existsSync(restored)) return [];
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const moved: string[] = [];
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (!existsSync(path + suffix)) continue;
    const aside = `${path}.damaged-${stamp}${suffix}`;
    renameSync(path + suffix, aside);
    moved.push(aside);
  }
  syncFolder(dirname(path));
  renameSync(restored, path);
  syncFolder(dirname(path));
  return moved;
}
