import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { makeFolder, syncFolder } from '../durableFile.ts';

const MAGIC = Buffer.from('SOANSI01');
const NONCE = 12;
const TAG = 16;
/** Sealed or opened in one go: about a millisecond. */
const PIECE = 1024 * 1024;
const NAME = /^(?:manifest|segment-\d+|texts-\d+)$/;
const TEMPORARY = /^\.[0-9a-f]{16}\.part$/;

/**
 * Files that hold nothing in the clear: AES-256-GCM under a key of their own, derived from the caller's. The name of a file
 * is sealed with it, so that one can't stand in for another.
 */
export interface Vault {
  list(): Promise<readonly string[]>;
  /** Writes a file whole, synced and renamed. Rejects with the system's error. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Undefined when there is none; null when it is damaged or under another key. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined | null>;
  remove(name: string): Promise<void>;
  /** A file of sealed records; gives where each stands, in order. `about` says what each is and is needed to read it. */
  writeRecords(
    name: string,
    records: readonly { about: string; bytes: Uint8Array }[],
  ): Promise<readonly (readonly [offset: number, length: number])[]>;
  /** Null when it can't be read. */
  readRecord(name: string, about: string, offset: number, length: number): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** Opens the folder; throws a RangeError for a key that is not of 32 bytes. What was left half-written is removed. */
export async function openVault(folder: string, key: Uint8Array): Promise<Vault> {
  if (key.byteLength !== 32) throw new RangeError('the key of the search index must have 32 bytes');
  const secret = Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), 'soan search index 1', 32));
  await makeFolder(folder);
  for (const name of await readdir(folder))
    if (TEMPORARY.test(name)) await rm(join(folder, name), { force: true });
  const handles = new Map<string, Promise<Awaited<ReturnType<typeof open>>>>();

  const forget = async (name: string) => {
    const handle = handles.get(name);
    handles.delete(name);
    await handle?.then((one) => one.close()).catch(() => undefined);
  };

  const put = async (name: string, fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>) => {
    const temporary = join(folder, `.${randomBytes(8).toString('hex')}.part`);
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await fill(async (bytes) => {
          for (let at = 0; at < bytes.byteLength; )
            at += (await handle.write(bytes, at, bytes.byteLength - at)).bytesWritten;
        });
        await handle.sync();
      } finally {
        await handle.close();
      }
      await forget(name);
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  };

  return {
    list: async () => (await readdir(folder)).filter((name) => NAME.test(name)),

    write: (name, parts) =>
      put(name, async (write) => {
        const nonce = randomBytes(NONCE);
        const cipher = createCipheriv('aes-256-gcm', secret, nonce);
        cipher.setAAD(Buffer.concat([MAGIC, Buffer.from(name)]));
        await write(Buffer.concat([MAGIC, nonce]));
        for (const part of parts) {
          for (let at = 0; at < part.byteLength; at += PIECE)
            await write(cipher.update(part.subarray(at, at + PIECE)));
        }
        await write(Buffer.concat([cipher.final(), cipher.getAuthTag()]));
      }),

    read: async (name) => {
      let sealed: Buffer;
      try {
        sealed = await readFile(join(folder, name));
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null;
      }
      const head = MAGIC.length + NONCE;
      const size = sealed.byteLength - head - TAG;
      if (size < 0 || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return null;
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(MAGIC.length, head));
      decipher.setAAD(Buffer.concat([MAGIC, Buffer.from(name)]));
      decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG));
      const plain = new Uint8Array(size);
      for (let at = 0; at < size; at += PIECE) {
        const end = Math.min(size, at + PIECE);
        plain.set(decipher.update(sealed.subarray(head + at, head + end)), at);
        await breathe();
      }
      try {
        decipher.final();
        return plain;
      } catch {
        return null;
      }
    },

    remove: async (name) => {
      await forget(name);
      await rm(join(folder, name), { force: true });
    },

    writeRecords: async (name, records) => {
      const places: (readonly [number, number])[] = [];
      await put(name, async (write) => {
        let offset = 0;
        let gathered: Uint8Array[] = [];
        let size = 0;
        for (const { about, bytes } of records) {
          const nonce = randomBytes(NONCE);
          const cipher = createCipheriv('aes-256-gcm', secret, nonce);
          cipher.setAAD(Buffer.from(`${name}\n${about}`));
          const body = cipher.update(bytes);
          cipher.final();
          const length = NONCE + body.byteLength + TAG;
          gathered.push(nonce, body, cipher.getAuthTag());
          places.push([offset, length]);
          offset += length;
          size += length;
          if (size >= PIECE) {
            await write(Buffer.concat(gathered));
            gathered = [];
            size = 0;
          }
        }
        await write(Buffer.concat(gathered));
      });
      return places;
    },

    readRecord: async (name, about, offset, length) => {
      try {
        let handle = handles.get(name);
        if (!handle) {
          handle = open(join(folder, name), 'r');
          handles.set(name, handle);
          handle.catch(() => handles.delete(name));
        }
        const sealed = new Uint8Array(length);
        const { bytesRead } = await (await handle).read(sealed, 0, length, offset);
        if (bytesRead < length || length < NONCE + TAG) return null;
        const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, NONCE));
        decipher.setAAD(Buffer.from(`${name}\n${about}`));
        decipher.setAuthTag(sealed.subarray(length - TAG));
        return Buffer.concat([decipher.update(sealed.subarray(NONCE, length - TAG)), decipher.final()]);
      } catch {
        return null;
      }
    },

    close: async () => {
      for (const name of [...handles.keys()]) await forget(name);
    },
  };
}
