import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { StoreError } from './errors.ts';
import { deriveKey, type KeyVersion } from './seal.ts';

/**
 * A sealed backup: a header, then the database file in chunks, each AES-256-GCM under a key derived for this one
 * backup. A chunk's nonce is its number and whether it is the last; its associated data is the header. So
 * chunks can be neither changed, moved, dropped nor cut off.
 */
const MAGIC = 'SOANBKP1';
const CIPHER = 'aes-256-gcm';
const HEADER_BYTES = 44;
const SALT_BYTES = 32;
const TAG_BYTES = 16;
const CHUNK_BYTES = 256 * 1024;

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

/** Key version of a sealed backup, undefined for any other file. */
export function sealedWith(path: string): number | undefined {
  const handle = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const isWhole = readSync(handle, header, 0, HEADER_BYTES, 0) === HEADER_BYTES;
    return isWhole && header.toString('latin1', 0, 8) === MAGIC ? header.readUInt32BE(8) : undefined;
  } finally {
    closeSync(handle);
  }
}

/** Pieces of a file, the last one marked; an empty file is one empty piece. */
function* pieces(path: string, from: number, size: number): Generator<{ bytes: Buffer; isLast: boolean }> {
  const handle = openSync(path, 'r');
  try {
    const read = (at: number): Buffer => {
      const buffer = Buffer.alloc(size);
      let filled = 0;
      for (;;) {
        const count = readSync(handle, buffer, filled, size - filled, at + filled);
        filled += count;
        if (count === 0 || filled === size) return buffer.subarray(0, filled);
      }
    };
    let at = from;
    let bytes = read(at);
    for (;;) {
      at += bytes.length;
      const next = bytes.length === size ? read(at) : Buffer.alloc(0);
      yield { bytes, isLast: next.length === 0 };
      if (next.length === 0) return;
      bytes = next;
    }
  } finally {
    closeSync(handle);
  }
}

/** The bytes of a sealed backup of the file at `path`. */
export function* sealFile(path: string, { version, bytes: key }: KeyVersion): Generator<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  const salt = randomBytes(SALT_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32BE(version, 8);
  header.set(salt, 12);
  yield header;
  const derived = deriveKey(key, salt, 'backup');
  let number = 0;
  for (const { bytes, isLast } of pieces(path, 0, CHUNK_BYTES)) {
    const cipher = createCipheriv(CIPHER, derived, nonceOf(number++, isLast), { authTagLength: TAG_BYTES });
    cipher.setAAD(header);
    const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
    yield Buffer.concat([text, cipher.getAuthTag()]);
  }
}

/** Reverse of {@link sealFile}; throws `STORE_NO_BACKUP` at the first byte that is not what was sealed. */
export function* openFile(path: string, keys: readonly KeyVersion[]): Generator<Buffer> {
  const header = Buffer.concat([...head(path)]);
  const key = keys.find(({ version }) => version === header.readUInt32BE(8));
  if (!key) {
    throw new StoreError('STORE_WRONG_KEY', `${path}: sealed with key version ${header.readUInt32BE(8)}`);
  }
  const derived = deriveKey(key.bytes, header.subarray(12), 'backup');
  let number = 0;
  for (const { bytes, isLast } of pieces(path, HEADER_BYTES, CHUNK_BYTES + TAG_BYTES)) {
    const text = bytes.subarray(0, Math.max(0, bytes.length - TAG_BYTES));
    try {
      const nonce = nonceOf(number++, isLast);
      const decipher = createDecipheriv(CIPHER, derived, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(header);
      decipher.setAuthTag(bytes.subarray(text.length));
      const plain = decipher.update(text);
      decipher.final();
      yield plain;
    } catch (error) {
      throw new StoreError('STORE_NO_BACKUP', `${path}: not what was sealed, or not with this key`, error);
    }
  }
}

function* head(path: string): Generator<Buffer> {
  for (const { bytes } of pieces(path, 0, HEADER_BYTES)) {
    if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) {
      throw new StoreError('STORE_NO_BACKUP', `${path}: no sealed backup`);
    }
    yield bytes;
    return;
  }
}

/** The bytes of a plain file. */
export function* readPlain(path: string): Generator<Buffer> {
  for (const { bytes } of pieces(path, 0, CHUNK_BYTES)) yield bytes;
}
