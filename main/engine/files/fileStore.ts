import { createHmac, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveKey } from '../custody/wrap.ts';
import { makeFolder, syncFolder } from '../durableFile.ts';
import { openSealed, type SealedReader, SealedWriter } from './sealedFile.ts';

/** A file on its way in: bytes in order, then its place under its SHA-256. */
export interface IncomingFile {
  readonly received: () => number;
  write(bytes: Uint8Array): Promise<void>;
  /** Syncs, and puts it in its place. The hash is of all that was written. */
  finish(): Promise<{ readonly sha256: string; readonly size: number }>;
  abort(): Promise<void>;
}

/**
 * Bytes of attached files by their SHA-256, sealed (`sealedFile.ts`), under names that do not tell it. Equal files are one. A file that is
 * not what was written is moved aside when it is met, and is not here any more.
 */
export interface FileStore {
  /** Size in bytes; null when it is not here. */
  sizeOf(sha256: string): Promise<number | null>;
  /** At most `length` bytes from `offset`. Null when it is not here, or not whole. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | null>;
  incoming(): Promise<IncomingFile>;
  /** Removes what nothing names any more. */
  remove(sha256: string): Promise<void>;
}

/** Opens the store in a folder and removes what was left half-way. */
export async function openFileStore(folder: string, key: Uint8Array): Promise<FileStore> {
  const incomingFolder = join(folder, 'incoming');
  const names = deriveKey(key, 'file names');
  const contents = deriveKey(key, 'file contents');
  await makeFolder(incomingFolder);
  for (const name of await readdir(incomingFolder)) await rm(join(incomingFolder, name), { force: true });
  const placeOf = (sha256: string) => {
    const name = createHmac('sha256', names).update(sha256).digest('hex');
    const parent = join(folder, name.slice(0, 2));
    return { parent, path: join(parent, name.slice(2)) };
  };

  const place = async (temporary: string, sha256: string) => {
    const { parent, path } = placeOf(sha256);
    if ((await mkdir(parent, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(folder);
    await rename(temporary, path);
    await syncFolder(parent);
  };

  /** Null when it is not here; what is damaged is moved aside, so that it can come again. */
  const using = async <T>(
    sha256: string,
    use: (file: SealedReader) => T | null | Promise<T | null>,
  ): Promise<T | null> => {
    const { path } = placeOf(sha256);
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    let result: T | null;
    try {
      const file = await openSealed(handle, contents, sha256);
      result = file && (await use(file));
    } finally {
      await handle.close();
    }
    if (result === null) await rename(path, `${path}.damaged-${Date.now()}`).catch(() => undefined);
    return result;
  };

  return {
    sizeOf: (sha256) => using(sha256, (file) => file.size),
    read: (sha256, offset, length) => using(sha256, (file) => file.read(offset, length)),
    remove: (sha256) => rm(placeOf(sha256).path, { force: true }),
    incoming: async () => {
      const temporary = join(incomingFolder, `${randomBytes(12).toString('hex')}.part`);
      const handle = await open(temporary, 'wx', 0o600);
      return createIncoming(handle, new SealedWriter(handle, contents), temporary, place);
    },
  };
}

function createIncoming(
  handle: FileHandle,
  writer: SealedWriter,
  temporary: string,
  place: (temporary: string, sha256: string) => Promise<void>,
): IncomingFile {
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    received: () => writer.received,
    write: (bytes) => writer.write(bytes),
    finish: async () => {
      const written = await writer.finish();
      await handle.sync();
      await close();
      await place(temporary, written.sha256);
      return written;
    },
    abort: async () => {
      await close();
      await rm(temporary, { force: true });
    },
  };
}
