import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openFile, readPlain, sealedWith } from './backupFile.ts';
import { checkIdentity, quickCheck } from './connection.ts';
import { type BackupInfo, StoreError } from './errors.ts';
import { keyVersions, type StoreKey } from './seal.ts';

const ENDING = '.backup';
const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** Where backups of a file lie unless another folder is given. */
export const defaultBackupFolder = (path: string): string => join(dirname(path), 'backups');

export function backupName(path: string, takenAt: number): string {
  return `${basename(path)}.${new Date(takenAt).toISOString().replaceAll(/[-:.]/g, '')}${ENDING}`;
}

function takenAt(path: string, name: string): number {
  const start = `${basename(path)}.`;
  if (!name.startsWith(start) || !name.endsWith(ENDING)) return Number.NaN;
  const parts = STAMP.exec(name.slice(start.length, -ENDING.length));
  if (!parts) return Number.NaN;
  const [, year, month, day, hour, minute, second, ms] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** Backups of a file, newest first. All of them were checked when they were taken; see {@link checkBackup}. */
export function listBackups(path: string, folder: string = defaultBackupFolder(path)): BackupInfo[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const found: BackupInfo[] = [];
  for (const name of names) {
    const at = takenAt(path, name);
    if (Number.isNaN(at)) continue;
    const file = join(folder, name);
    const size = statSync(file).size;
    found.push({ path: file, takenAt: at, sizeInBytes: size, keyVersion: sealedWith(file) });
  }
  return found.sort((a, b) => b.takenAt - a.takenAt);
}

/** The bytes of the database that a backup holds. */
export function backupContent(path: string, key: StoreKey | undefined): Generator<Buffer> {
  const version = sealedWith(path);
  if (version === undefined) return readPlain(path);
  if (!key) throw new StoreError('STORE_NEEDS_KEY', path);
  return openFile(path, keyVersions(key));
}

/** Throws unless the backup is whole: every byte of a sealed one authenticated, SQLite's check of a plain one. */
export function checkBackup(path: string, key: StoreKey | undefined): void {
  if (sealedWith(path) !== undefined) {
    const bytes = backupContent(path, key);
    while (!bytes.next().done);
    return;
  }
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkIdentity(db, path);
    quickCheck(db, path);
  } finally {
    db.close();
  }
}

/** The newest backup that is still whole and opens with the key; undefined if there is none. */
export function newestGoodBackup(path: string, key?: StoreKey, folder?: string): BackupInfo | undefined {
  try {
    return listBackups(path, folder).find((backup) => {
      try {
        checkBackup(backup.path, key);
        return true;
      } catch {
        return false;
      }
    });
  } catch {
    return undefined;
  }
}
