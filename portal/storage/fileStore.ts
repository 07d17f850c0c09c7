import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolder, syncFolder } from './durableFolder.ts';

/** Attached files by the SHA-256 of their bytes: `files/ab/cdef…`. What stands there is whole and synced to disk. */
export class FileStore {
  /** Where uploads grow until they are whole; on the same disk as the store, so that a rename moves them. */
  readonly uploadsFolder: string;
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'files');
    this.uploadsFolder = join(dataFolder, 'uploads');
  }

  async open(): Promise<void> {
    await makeFolder(this.#folder);
    await makeFolder(this.uploadsFolder);
  }

  /** Size in bytes, or null if the store does not have it. */
  async sizeOf(sha256: string): Promise<number | null> {
    const found = await stat(this.#pathOf(sha256)).catch(() => null);
    return found?.isFile() ? found.size : null;
  }

  /** Bytes `start` to `end`, both included; all of them without a range. */
  read(sha256: string, range?: { readonly start: number; readonly end: number }): Readable {
    return createReadStream(this.#pathOf(sha256), range ?? {});
  }

  /**
   * Takes a finished file of `uploadsFolder` into the store: syncs it, compares its SHA-256, moves it, syncs the folder.
   * False, and the file left where it is, if its bytes are others.
   */
  async adopt(path: string, sha256: string): Promise<boolean> {
    const handle = await open(path, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
    if ((await sha256Of(path)) !== sha256) return false;
    const target = this.#pathOf(sha256);
    await makeFolder(dirname(target));
    await rename(path, target);
    await syncFolder(dirname(target));
    return true;
  }

  #pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}
