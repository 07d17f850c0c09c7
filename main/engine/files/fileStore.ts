import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '../durableFile.ts';

/** A file on its way in: bytes in order, then its place under its SHA-256. */
export interface IncomingFile {
  readonly received: () => number;
  write(bytes: Uint8Array): Promise<void>;
  /** Syncs, and puts it in its place. The hash is of all that was written. */
  finish(): Promise<{ readonly sha256: string; readonly size: number }>;
  abort(): Promise<void>;
}

/** Bytes of attached files by their SHA-256. Equal files are one. Where encryption will be put in. */
export interface FileStore {
  /** Size in bytes; null when it is not here. */
  sizeOf(sha256: string): Promise<number | null>;
  /** At most `length` bytes from `offset`. Null when it is not here. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | null>;
  incoming(): Promise<IncomingFile>;
  /** Removes what nothing names any more. */
  remove(sha256: string): Promise<void>;
}

/** Opens the store in a folder and removes what was left half-way. */
export async function openFileStore(folder: string): Promise<FileStore> {
  const incomingFolder = join(folder, 'incoming');
  await makeFolder(incomingFolder);
  for (const name of await readdir(incomingFolder)) await rm(join(incomingFolder, name), { force: true });
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2));

  const place = async (temporary: string, sha256: string) => {
    const path = pathOf(sha256);
    const parent = join(folder, sha256.slice(0, 2));
    if ((await mkdir(parent, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(folder);
    await rename(temporary, path);
    await syncFolder(parent);
  };

  return {
    sizeOf: async (sha256) => {
      try {
        return (await stat(pathOf(sha256))).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    read: async (sha256, offset, length) => {
      let handle: FileHandle;
      try {
        handle = await open(pathOf(sha256), 'r');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
      try {
        const { size } = await handle.stat();
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, offset);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    incoming: async () => {
      const temporary = join(incomingFolder, `${randomBytes(12).toString('hex')}.part`);
      return createIncoming(await open(temporary, 'wx', 0o600), temporary, place);
    },
  };
}

function createIncoming(
  handle: FileHandle,
  temporary: string,
  place: (temporary: string, sha256: string) => Promise<void>,
): IncomingFile {
  const hash: Hash = createHash('sha256');
  let received = 0;
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    received: () => received,
    write: async (bytes) => {
      for (let at = 0; at < bytes.byteLength; ) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at, received + at);
        at += bytesWritten;
      }
      hash.update(bytes);
      received += bytes.byteLength;
    },
    finish: async () => {
      await handle.sync();
      await close();
      const sha256 = hash.digest('hex');
      await place(temporary, sha256);
      return { sha256, size: received };
    },
    abort: async () => {
      await close();
      await rm(temporary, { force: true });
    },
  };
}
