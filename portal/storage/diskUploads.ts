import { randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore as TusStore } from '@tus/file-store';
import { isCode } from './dataFolder.ts';
import { type AnnouncedUpload, HEAD_BYTES, type Uploads } from './storedFiles.ts';

/** Beside the bytes of each upload, what was announced of it. */
const ANNOUNCED = '.json';
/** The library does not say why a write failed. */
const ROOM_FOR_A_PIECE = 4 * 1024 * 1024;

/** Uploads that grow in a folder. */
export class DiskUploads implements Uploads {
  readonly tus: TusStore;
  readonly #folder: string;
  readonly #take: (path: string, sha256: string) => Promise<boolean>;

  /** `take` puts a file in its place in the store if it has that SHA-256. */
  constructor(folder: string, take: (path: string, sha256: string) => Promise<boolean>) {
    this.#folder = folder;
    this.#take = take;
    this.tus = new TusStore({ directory: folder });
  }

  newName(): string {
    return randomBytes(16).toString('hex');
  }

  async announced(id: string): Promise<AnnouncedUpload | null> {
    const record = await this.tus.configstore.get(id);
    return record ? { metadata: record.metadata ?? {}, size: record.size ?? 0 } : null;
  }

  async offsetOf(id: string): Promise<number | null> {
    const found = await stat(this.#pathOf(id)).catch(() => null);
    return found?.isFile() ? found.size : null;
  }

  async head(id: string): Promise<Uint8Array> {
    const handle = await open(this.#pathOf(id), 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  adopt(id: string, sha256: string): Promise<boolean> {
    return this.#take(this.#pathOf(id), sha256);
  }

  async drop(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
    await rm(this.#pathOf(id) + ANNOUNCED, { force: true });
  }

  async list(): Promise<{ id: string; touchedAt: number }[]> {
    const touched = new Map<string, number>();
    for (const name of await readdir(this.#folder)) {
      const id = name.endsWith(ANNOUNCED) ? name.slice(0, -ANNOUNCED.length) : name;
      const found = await stat(join(this.#folder, name)).catch(() => null);
      if (found) touched.set(id, Math.max(found.mtimeMs, touched.get(id) ?? 0));
    }
    return [...touched].map(([id, touchedAt]) => ({ id, touchedAt }));
  }

  async hasRoomFor(sizeInBytes: number): Promise<boolean> {
    const disk = await statfs(this.#folder);
    return disk.bavail * disk.bsize >= sizeInBytes;
  }

  async isFull(error: unknown): Promise<boolean> {
    return isCode(error, 'ENOSPC') || !(await this.hasRoomFor(ROOM_FOR_A_PIECE));
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }
}
