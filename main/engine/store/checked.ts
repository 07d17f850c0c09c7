import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './create.ts';

/** However often it was closed well, a file is checked as a whole after so long. */
const VALID_MS = 7 * 24 * 3_600_000;

/**
 * A note beside the file: that it was whole when its last user closed it, and what the system said of it then. Whatever changes the file
 * afterwards, by any program, changes one of these. Advice only: without the note, or with another one, the file is checked.
 */
const notePath = (path: string): string => `${path}-checked`;

function identity(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * When the file was last checked as a whole, in ms since 1970, if it was closed well after that and nobody has touched it since; otherwise
 * undefined. A log beside the file means that it was not closed. The note is taken away: whoever opens the file owes a new one.
 */
export function takeCheckedNote(path: string): number | undefined {
  const note = notePath(path);
  try {
    const text = readFileSync(note, 'utf8');
    rmSync(note);
    const { file, checkedAt } = JSON.parse(text) as { file?: unknown; checkedAt?: unknown };
    if (
      typeof checkedAt !== 'number' ||
      existsSync(`${path}-wal`) ||
      file !== identity(path) ||
      isSuspect(path)
    )
      return undefined;
    const ageMs = Date.now() - checkedAt;
    return ageMs >= 0 && ageMs < VALID_MS ? checkedAt : undefined;
  } catch {
    return undefined;
  }
}

/** Notes that the file, closed just now by its last user, is whole as of the check at `checkedAt`. */
export function leaveCheckedNote(path: string, checkedAt: number): void {
  try {
    if (existsSync(`${path}-wal`) || isSuspect(path)) return;
    writeFileSync(notePath(path), JSON.stringify({ file: identity(path), checkedAt }), { mode: 0o600 });
  } catch {
    // Without it the next opening takes longer, that is all.
  }
}

/** A mark beside a file in which damage was met: by a reader, or by a backup in another thread or process. */
const suspectPath = (path: string): string => `${path}-suspect`;

/** Whether the file has to be looked at as a whole, with every row, before it is used again. */
export const isSuspect = (path: string): boolean => existsSync(suspectPath(path));

/** Notes, synced, that damage was met in the file. Whoever opens it next checks all of it. */
export function markSuspect(path: string): void {
  try {
    rmSync(notePath(path), { force: true });
    if (isSuspect(path)) return;
    const handle = openSync(suspectPath(path), 'w', 0o600);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    syncFolder(dirname(path));
  } catch {
    // A medium that does not even take this is found by the next check.
  }
}

/** Every row was looked at and is whole. */
export const clearSuspect = (path: string): void => rmSync(suspectPath(path), { force: true });
