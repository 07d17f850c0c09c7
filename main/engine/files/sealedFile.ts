import { createCipheriv, createDecipheriv, createHash, type Hash, hkdfSync, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/**
 * A sealed file: a header, then the plain bytes in chunks, each AES-256-GCM under a key derived for this one file from a random
 * salt. A chunk's nonce is its number and whether it is the last; its associated data is the salt. The header holds SHA-256 and size of
 * the plain bytes, sealed under another key derived from the same salt, so it binds the chunks to what the file is asked for. So chunks
 * can be neither changed, moved, swapped between files, dropped nor cut off, and any range can be read by itself.
 */
const MAGIC = Buffer.from('SOANFIL1');
const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 32;
const TAG_BYTES = 16;
const FACTS_BYTES = 40;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + FACTS_BYTES + TAG_BYTES;
export const CHUNK_BYTES = 256 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const NO_NONCE = Buffer.alloc(12);

interface FileKeys {
  readonly salt: Uint8Array;
  readonly head: Uint8Array;
  readonly chunks: Uint8Array;
}

function keysOf(key: Uint8Array, salt: Uint8Array): FileKeys {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', key, salt, `soan file ${purpose}`, 32));
  return { salt, head: derive('head'), chunks: derive('chunks') };
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

function seal(key: Uint8Array, nonce: Uint8Array, about: Uint8Array, bytes: Uint8Array): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(about);
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, nonce: Uint8Array, about: Uint8Array, sealed: Uint8Array): Buffer | null {
  if (sealed.byteLength < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(about);
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES));
  const bytes = decipher.update(sealed.subarray(0, sealed.byteLength - TAG_BYTES));
  try {
    decipher.final();
    return bytes;
  } catch {
    return null;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; )
    done += (await handle.write(bytes, done, bytes.byteLength - done, at + done)).bytesWritten;
}

/** Fewer bytes than asked for at the end of the file. */
async function readUpTo(handle: FileHandle, length: number, at: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Writes a sealed file from front to back; one chunk is in memory at a time. */
export class SealedWriter {
  readonly #handle: FileHandle;
  readonly #keys: FileKeys;
  readonly #hash: Hash = createHash('sha256');
  /** Sealed only when more comes: the last chunk is marked. */
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #filled = 0;
  #number = 0;
  received = 0;

  constructor(handle: FileHandle, key: Uint8Array) {
    this.#handle = handle;
    this.#keys = keysOf(key, randomBytes(SALT_BYTES));
  }

  /** After a rejection the same bytes may be given again: nothing of them counts. */
  async write(bytes: Uint8Array): Promise<void> {
    const before = { filled: this.#filled, number: this.#number, chunk: Buffer.from(this.#chunk) };
    try {
      for (let at = 0; at < bytes.byteLength; ) {
        if (this.#filled === CHUNK_BYTES) await this.#flush(false);
        const piece = bytes.subarray(at, at + CHUNK_BYTES - this.#filled);
        this.#chunk.set(piece, this.#filled);
        this.#filled += piece.byteLength;
        at += piece.byteLength;
      }
    } catch (error) {
      this.#filled = before.filled;
      this.#number = before.number;
      this.#chunk.set(before.chunk);
      throw error;
    }
    this.#hash.update(bytes);
    this.received += bytes.byteLength;
  }

  /** Writes the last chunk and the header. The file is not synced. */
  async finish(): Promise<{ readonly sha256: string; readonly size: number }> {
    await this.#flush(true);
    const sha256 = this.#hash.digest();
    const facts = Buffer.alloc(FACTS_BYTES);
    facts.set(sha256);
    facts.writeBigUInt64BE(BigInt(this.received), 32);
    const { salt, head } = this.#keys;
    const start = Buffer.concat([MAGIC, salt]);
    await writeAll(this.#handle, Buffer.concat([start, seal(head, NO_NONCE, start, facts)]), 0);
    return { sha256: sha256.toString('hex'), size: this.received };
  }

  async #flush(isLast: boolean): Promise<void> {
    const { chunks, salt } = this.#keys;
    const sealed = seal(chunks, nonceOf(this.#number, isLast), salt, this.#chunk.subarray(0, this.#filled));
    await writeAll(this.#handle, sealed, HEADER_BYTES + this.#number * SEALED_CHUNK_BYTES);
    this.#number += 1;
    this.#filled = 0;
  }
}

/** A sealed file that has begun to be read. */
export interface SealedReader {
  /** Of the plain bytes. */
  readonly size: number;
  /** Plain bytes of a range, as far as there are any; null when a chunk is not what was written. */
  read(offset: number, length: number): Promise<Uint8Array | null>;
}

/** Null when the file is not whole, not of this key, or not the one asked for. */
export async function openSealed(
  handle: FileHandle,
  key: Uint8Array,
  sha256: string,
): Promise<SealedReader | null> {
  const header = await readUpTo(handle, HEADER_BYTES, 0);
  const start = header.subarray(0, MAGIC.length + SALT_BYTES);
  if (header.byteLength < HEADER_BYTES || !start.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const keys = keysOf(key, start.subarray(MAGIC.length));
  const facts = open(keys.head, NO_NONCE, start, header.subarray(start.byteLength));
  if (facts?.subarray(0, 32).toString('hex') !== sha256) return null;
  const size = Number(facts.readBigUInt64BE(32));
  const count = Math.max(1, Math.ceil(size / CHUNK_BYTES));
  const stat = await handle.stat();
  if (stat.size !== HEADER_BYTES + size + count * TAG_BYTES) return null;

  const chunkAt = async (number: number): Promise<Buffer | null> => {
    const sealed = await readUpTo(handle, SEALED_CHUNK_BYTES, HEADER_BYTES + number * SEALED_CHUNK_BYTES);
    return open(keys.chunks, nonceOf(number, number === count - 1), keys.salt, sealed);
  };
  return {
    size,
    async read(offset, length) {
      const end = Math.min(size, offset + length);
      if (offset >= end) return new Uint8Array(0);
      const bytes = new Uint8Array(end - offset);
      for (let number = Math.floor(offset / CHUNK_BYTES); number * CHUNK_BYTES < end; number += 1) {
        const chunk = await chunkAt(number);
        if (!chunk) return null;
        const from = Math.max(offset, number * CHUNK_BYTES);
        const to = Math.min(end, (number + 1) * CHUNK_BYTES);
        bytes.set(chunk.subarray(from - number * CHUNK_BYTES, to - number * CHUNK_BYTES), from - offset);
      }
      return bytes;
    },
  };
}
