import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StoreTrouble } from '../../domain/contracts/index.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import { type Custody, type DeskKey, folderOf } from './custody/custody.ts';
import { DATABASE_FILE, storeKey } from './database.ts';
import { syncFolder } from './durableFile.ts';
import { describe, type Log } from './log.ts';
import { diskCode } from './refused.ts';
import type { SignedIn } from './session/session.ts';
import {
  listBackups,
  newestGoodBackup,
  restoreBackup,
  StoreError,
  type StoreErrorCode,
} from './store/index.ts';
import type { Workspace } from './workspace.ts';

/** Opens and closes the desk of who is signed in, and knows what keeps it closed. */
export interface DeskKeeper {
  workspace(): Workspace | null;
  /** Somebody is signed in, but only their password opens the desk. */
  isLocked(): boolean;
  trouble(): StoreTrouble | null;
  /** Opens the desk of this person and closes any other. A store that can't be opened becomes {@link trouble}; bugs reject. */
  switchTo(signedIn: SignedIn | null): Promise<void>;
  retry(): Promise<void>;
  restore(takenAt: number): Promise<Result<void>>;
  startAfresh(): Promise<Result<void>>;
  stop(): Promise<void>;
}

const CODES: Readonly<Partial<Record<StoreErrorCode, StoreTrouble['code']>>> = {
  STORE_DAMAGED: 'store-damaged',
  STORE_NOT_OURS: 'store-damaged',
  STORE_WRONG_KEY: 'store-wrong-key',
  STORE_NEEDS_KEY: 'store-wrong-key',
  STORE_NOT_SEALED: 'store-not-sealed',
  STORE_TOO_NEW: 'store-too-new',
  STORE_LOCKED: 'store-locked',
  STORE_READ_ONLY: 'store-read-only',
  STORE_FULL: 'disk-full',
};
const REPLACEABLE: ReadonlySet<StoreTrouble['code']> = new Set([
  'store-damaged',
  'store-wrong-key',
  'store-not-sealed',
]);
/** Of a SQLite database: the file, its log and what belongs to it. */
const PARTS = ['', '-wal', '-shm', '-journal'];

export function createDeskKeeper(options: {
  readonly userData: string;
  readonly custody: Custody;
  readonly log: Log;
  readonly open: (folder: string, signedIn: SignedIn, key: DeskKey) => Promise<Workspace>;
  /** After every change of what is open. */
  readonly onChange: () => void;
}): DeskKeeper {
  const { userData, custody, log } = options;
  let signedIn: SignedIn | null = null;
  let openFolder: string | null = null;
  let workspace: Workspace | null = null;
  let locked = false;
  let trouble: StoreTrouble | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };
  const folder = () => signedIn && folderOf(userData, signedIn.portalUrl, signedIn.person.id);

  const close = async () => {
    const former = workspace;
    workspace = null;
    openFolder = null;
    locked = false;
    trouble = null;
    await former?.stop();
  };

  const tryOpen = async () => {
    const place = folder();
    if (!signedIn || place === null || isStopped) return;
    const key = await custody.keyOf(place);
    locked = key === null;
    trouble = null;
    if (!key) return;
    try {
      workspace = await options.open(place, signedIn, key);
      openFolder = place;
    } catch (error) {
      const found = troubleOf(error, place, key);
      if (!found) throw error;
      log('error', 'desk.not-opened', describe(error));
      trouble = found;
    }
  };

  const switchTo = async (next: SignedIn | null) => {
    signedIn = next;
    if (isStopped) return;
    if (workspace && folder() === openFolder) workspace.retry();
    else {
      await close();
      await tryOpen();
    }
    options.onChange();
  };

  /** Replaces the store by what `work` puts there, and opens it. Positions counted in the store must not be counted again. */
  const replace = (work: (path: string, key: DeskKey) => Promise<void>): Promise<Result<void>> =>
    inTurn(async () => {
      const place = folder();
      const key = place === null ? null : await custody.keyOf(place);
      if (place === null || !key || !trouble || !REPLACEABLE.has(trouble.code)) return refuse('bad-request');
      try {
        await custody.nextGeneration(place);
        await work(join(place, DATABASE_FILE), key);
        // Of another time than the store, and built anew from it.
        await rm(join(place, 'search'), { recursive: true, force: true });
      } catch (error) {
        log('error', 'desk.not-replaced', describe(error));
        const isBackups = error instanceof StoreError && UNUSABLE.has(error.code);
        const code = isBackups ? 'backup-unusable' : diskCode(error);
        if (code === null) throw error;
        return refuse(code);
      }
      await tryOpen();
      options.onChange();
      return ok(undefined);
    });

  return {
    workspace: () => workspace,
    isLocked: () => locked,
    trouble: () => trouble,
    switchTo: (next) => inTurn(() => switchTo(next)),
    retry: () =>
      inTurn(async () => {
        if (!workspace) await tryOpen();
        options.onChange();
      }),
    restore: (takenAt) =>
      replace(async (path, key) => {
        const backup = listBackups(path).find((one) => one.takenAt === takenAt);
        if (!backup) throw new StoreError('STORE_NO_BACKUP', `${path}: none of ${takenAt}`);
        const moved = await restoreBackup({ path, key: storeKey(key), backup: backup.path });
        log('warn', 'desk.restored', { takenAt, moved: moved.map((one) => basename(one)) });
      }),
    startAfresh: () =>
      replace(async (path) => {
        const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
        for (const part of PARTS)
          if (existsSync(path + part)) await rename(path + part, `${path}.damaged-${stamp}${part}`);
        await syncFolder(dirname(path));
        log('warn', 'desk.begun-afresh', { stamp });
      }),
    stop: () => {
      isStopped = true;
      return inTurn(close);
    },
  };
}

const UNUSABLE: ReadonlySet<StoreErrorCode> = new Set([
  'STORE_NO_BACKUP',
  'STORE_DAMAGED',
  'STORE_WRONG_KEY',
  'STORE_NEEDS_KEY',
]);

function troubleOf(error: unknown, folder: string, key: DeskKey): StoreTrouble | null {
  const fromStore = error instanceof StoreError ? CODES[error.code] : undefined;
  const code = fromStore ?? diskCode(error);
  if (code === null) return null;
  const path = join(folder, DATABASE_FILE);
  const isReplaceable = REPLACEABLE.has(code);
  const backup = isReplaceable ? newestGoodBackup(path, storeKey(key)) : undefined;
  return {
    code,
    folder: basename(folder),
    backup: backup ? { takenAt: backup.takenAt, sizeInBytes: backup.sizeInBytes } : null,
    mayStartAfresh: isReplaceable,
  };
}
