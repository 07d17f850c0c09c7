import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { DiskUploads } from './diskUploads.ts';
import { makeFolder, syncFolder } from './durableFolder.ts';
import { type ByteRange, placeOf, type StoredFiles } from './storedFiles.ts';

/** Files on disk, `files/ab/cdef…`. What stands there is whole and synced. */
export class FileStore implements StoredFiles {
  readonly uploads: DiskUploads;
  readonly #folder: string;
  readonly #uploadsFolder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'files');
    // On the same disk as the store, so that a rename moves what is whole.
    this.#uploadsFolder = join(dataFolder, 'uploads');
    this.uploads = new DiskUploads(this.#uploadsFolder, (path, sha256) => this.#take(path, sha256));
  }

  async open(): Promise<void> {
    await makeFolder(this.#folder);
    await makeFolder(this.#uploadsFolder);
  }

  async sizeOf(sha256: string): Promise<number | null> {
    const found = await stat(this.#pathOf(sha256)).catch(() => null);
    return found?.isFile() ? found.size : null;
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    return createReadStream(this.#pathOf(sha256), range ?? {});
  }

  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if ((await this.sizeOf(sha256)) !== null) return sha256;
    const path = join(this.#uploadsFolder, `put.${sha256}`);
    const handle = await open(path, 'w');
    await handle.writeFile(bytes).finally(() => handle.close());
    if (!(await this.#take(path, sha256))) throw new Error('the disk gave other bytes back');
    return sha256;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  async *list(): AsyncGenerator<{ readonly sha256: string; readonly since: number }> {
    for (const first of await readdir(this.#folder)) {
      for (const rest of await readdir(join(this.#folder, first)).catch(() => [])) {
        const sha256 = first + rest;
        if (!/^[0-9a-f]{64}$/.test(sha256)) continue;
        const found = await stat(this.#pathOf(sha256)).catch(() => null);
        // The time of the rename: the bytes may be older.
        if (found) yield { sha256, since: Math.max(found.mtimeMs, found.ctimeMs) };
      }
    }
  }

  /** Syncs a file, compares its SHA-256, moves it, syncs the folder. False, and the file left where it is, if its bytes are others. */
  async #take(path: string, sha256: string): Promise<boolean> {
    const handle = await open(path, 'r+');
    await handle.datasync().finally(() => handle.close());
    if ((await sha256Of(path)) !== sha256) return false;
    const target = this.#pathOf(sha256);
    await makeFolder(dirname(target));
    await rename(path, target);
    await syncFolder(dirname(target));
    return true;
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, placeOf(sha256));
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}
