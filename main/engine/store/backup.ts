import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, backup as sqliteBackup } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import { readPlain, sealFile } from './backupFile.ts';
import { backupContent, backupName, defaultBackupFolder, listBackups } from './backupList.ts';
import { markSuspect } from './checked.ts';
import { checkIdentity, isOpenHere, quickCheck, realPlace } from './connection.ts';
import { finishRestore, restoredName, syncFolder } from './create.ts';
import { type BackupInfo, StoreError, toStoreError } from './errors.ts';
import { checkKey } from './meta.ts';
import { keyVersions, type StoreKey } from './seal.ts';
import { checkIndexes, checkRows } from './verify.ts';

export type BackupOptions = {
  /** The database file. */
  readonly path: string;
  /** The key of a sealed file, and former ones while it or its backups need them. */
  readonly key?: StoreKey | undefined;
  /** Default: `backups` beside the file. */
  readonly folder?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

const DAY_MS = 86_400_000;
const KEPT_DAYS = 7;
const LEFT_BEHIND_MS = 3_600_000;
const PAGES_AT_ONCE = 200;

/**
 * Copies the database while it is in use (SQLite's online backup from one snapshot; writers go on), checks the
 * copy (SQLite's integrity check, every row and attachment against its checksum or seal), seals the whole of it if
 * the database is sealed, reads that back, and only then gives it its name. Then removes backups older than 7 days, but never
 * the newest. Rejects with `STORE_DAMAGED` if the database holds a damaged row: older backups stay, and the next opening checks the whole file.
 */
export async function takeBackup(options: BackupOptions): Promise<BackupInfo> {
  const { path, key, now = Date.now, folder = defaultBackupFolder(path) } = options;
  try {
    await makeBackupFolder(folder);
    await removeLeftBehind(path, folder, now());
    const takenAt = now();
    const name = backupName(path, takenAt);
    const copy = join(folder, `.${name}.part`);
    const sealed = join(folder, `.${name}.sealed.part`);
    try {
      await copyDatabase(path, copy);
      const isSealed = await checkCopy(copy, key);
      const whole = isSealed && key ? await sealCopy(copy, sealed, key) : copy;
      await syncFile(whole);
      await rename(whole, join(folder, name));
      syncFolder(folder);
    } finally {
      for (const left of [copy, `${copy}-journal`, `${copy}-wal`, `${copy}-shm`, sealed]) {
        await rm(left, { force: true });
      }
    }
    await prune(path, folder, takenAt);
    const taken = listBackups(path, folder).find((backup) => backup.takenAt === takenAt);
    if (!taken) throw new StoreError('STORE_NO_BACKUP', join(folder, name));
    return taken;
  } catch (error) {
    const typed = toStoreError(error, `backing up ${path}`);
    if (typed instanceof StoreError && typed.code === 'STORE_DAMAGED') markSuspect(path);
    throw typed;
  }
}

export type DailyBackupOptions = BackupOptions & {
  readonly onBackup?: (backup: BackupInfo) => void;
  /** Told why a backup failed; it is tried again at the next look. */
  readonly onError?: (error: unknown) => void;
  /** Takes one, in another thread say. Default: {@link takeBackup} in this one. */
  readonly take?: () => Promise<BackupInfo>;
  /** How often to look whether one is due, in milliseconds. Default: half an hour; the first look is after a tenth of it. */
  readonly lookMs?: number;
};

/** Takes a backup whenever the newest is a day old; keeps no process alive. Answers how to stop. */
export function startDailyBackups(options: DailyBackupOptions): () => Promise<void> {
  const { onBackup, onError, take = () => takeBackup(options), lookMs = 1_800_000, now = Date.now } = options;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  const look = () => {
    if (isRunning) return;
    isRunning = true;
    running = (async () => {
      try {
        if (!isBackupDue(options.path, now(), options.folder)) return;
        const taken = await take();
        onBackup?.(taken);
      } catch (error) {
        onError?.(error);
      } finally {
        isRunning = false;
      }
    })();
  };
  const first = setTimeout(look, lookMs / 10);
  const timer = setInterval(look, lookMs);
  first.unref();
  timer.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
    return running;
  };
}

/** Whether the newest backup is a day old, or lies a day in the future because the clock was put back. */
export function isBackupDue(path: string, now: number, folder?: string): boolean {
  const newest = listBackups(path, folder)[0];
  return !newest || Math.abs(now - newest.takenAt) >= DAY_MS;
}

/**
 * Puts a backup in the place of a damaged database. The damaged file and its log are moved aside, never deleted; answers
 * where to. The backup is checked first: `STORE_NO_BACKUP`, `STORE_DAMAGED`, `STORE_NEEDS_KEY` or `STORE_WRONG_KEY`
 * leave everything as it was. Interrupted, it is either not begun or ended by the next open. `STORE_LOCKED` while
 * this process has the database open; other processes must have let go of it, too.
 */
export async function restoreBackup(
  options: Pick<BackupOptions, 'path' | 'key'> & { readonly backup: string },
): Promise<string[]> {
  const { key, backup } = options;
  try {
    const path = realPlace(options.path);
    if (isOpenHere(path)) throw new StoreError('STORE_LOCKED', `${path} is open`);
    if (!existsSync(backup)) throw new StoreError('STORE_NO_BACKUP', backup);
    const copy = `${path}.restoring`;
    try {
      await write(copy, backupContent(backup, key));
      await checkCopy(copy, key);
      await syncFile(copy);
      await rename(copy, restoredName(path));
      syncFolder(dirname(path));
    } finally {
      for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(copy + suffix, { force: true });
    }
    return finishRestore(path);
  } catch (error) {
    throw toStoreError(error, `restoring ${options.path}`);
  }
}

async function makeBackupFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) syncFolder(dirname(folder));
}

/** Unfinished copies of a process that was killed. */
async function removeLeftBehind(path: string, folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`.${basename(path)}.`) || !name.includes('.part')) continue;
    const file = join(folder, name);
    const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (Math.abs(now - changedAt) > LEFT_BEHIND_MS) await rm(file, { force: true });
  }
}

/** From one snapshot, by a connection of its own, so that writers neither wait nor make it begin anew. */
async function copyDatabase(path: string, copy: string): Promise<void> {
  if (!existsSync(path)) throw new StoreError('STORE_DAMAGED', `${path} is missing`);
  const source = new DatabaseSync(path, { timeout: 5000 });
  try {
    source.exec('PRAGMA query_only = ON; BEGIN');
    source.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    const file = await open(copy, 'wx', 0o600);
    await file.close();
    await sqliteBackup(source, copy, { rate: PAGES_AT_ONCE });
  } finally {
    if (source.isTransaction) source.exec('ROLLBACK');
    source.close();
  }
}

/** Throws unless the copy is a whole database of ours that opens with the key; whether it is sealed. */
async function checkCopy(copy: string, key: StoreKey | undefined): Promise<boolean> {
  const db = new DatabaseSync(copy, { timeout: 5000, defensive: true });
  try {
    checkIdentity(db, copy);
    // One file, without a log beside it.
    db.exec('PRAGMA temp_store = MEMORY; PRAGMA journal_mode = DELETE');
    quickCheck(db, copy);
    await checkIndexes(db, copy);
    const sealer = checkKey(db, copy, key);
    await checkRows(db, sealer);
    return sealer !== undefined;
  } finally {
    db.close();
  }
}

async function sealCopy(copy: string, sealed: string, key: StoreKey): Promise<string> {
  const [current] = keyVersions(key);
  if (!current) return copy;
  await write(sealed, sealFile(copy, current));
  const [before, after] = [await digest(readPlain(copy)), await digest(backupContent(sealed, key))];
  if (before !== after) throw new StoreError('STORE_IO', `${sealed} reads otherwise than it was written`);
  return sealed;
}

async function digest(bytes: Iterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of bytes) {
    hash.update(piece);
    await breathe();
  }
  return hash.digest('hex');
}

async function write(path: string, bytes: Iterable<Buffer>): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    for (const piece of bytes) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function prune(path: string, folder: string, now: number): Promise<void> {
  for (const backup of listBackups(path, folder).slice(1)) {
    if (backup.takenAt < now - KEPT_DAYS * DAY_MS) await rm(backup.path, { force: true });
  }
}
