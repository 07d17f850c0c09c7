import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import { StoreError } from './errors.ts';

/** One data key. `version` 1 … 4,294,967,295, higher for a later key; `bytes` 32 random bytes. */
export type KeyVersion = { readonly version: number; readonly bytes: Uint8Array };

/** The key that new writes are sealed with, and those that older rows may still be sealed with. */
export type KeyRing = { readonly current: KeyVersion; readonly former?: readonly KeyVersion[] };

/** A key ring, or 32 bytes, which are version 1. */
export type StoreKey = KeyRing | Uint8Array;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TAG_OPTIONS = { authTagLength: TAG_BYTES };
const FORM = 1;
/** Form and key version: equal for all that one key sealed. */
const MARK_BYTES = 5;
const NONCE_AT = MARK_BYTES;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const TEXT_AT = TAG_AT + TAG_BYTES;
const NONCES_DRAWN = 512;

/** All versions of a key, the current one first; `STORE_WRONG_KEY` for anything that can't be a key. */
export function keyVersions(key: StoreKey): KeyVersion[] {
  const ring = key instanceof Uint8Array ? { current: { version: 1, bytes: key } } : key;
  const versions = [ring.current, ...(ring.former ?? [])];
  const seen = new Set<number>();
  for (const { version, bytes } of versions) {
    if (!Number.isInteger(version) || version < 1 || version > 0xffffffff || seen.has(version)) {
      throw new StoreError('STORE_WRONG_KEY', `key version ${version} is no version, or given twice`);
    }
    if (!(bytes instanceof Uint8Array) || bytes.length !== KEY_BYTES) {
      throw new StoreError('STORE_WRONG_KEY', `key version ${version} must be ${KEY_BYTES} bytes`);
    }
    seen.add(version);
  }
  return versions;
}

/** A key for one purpose and file (`salt`), so that no two files share a space of nonces. */
export function deriveKey(bytes: Uint8Array, salt: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', bytes, salt, `soan store ${purpose}`, KEY_BYTES)));
}

type Derived = { readonly bytes: Uint8Array; readonly rows: KeyObject; readonly names: KeyObject };

/**
 * Seals and opens what one file keeps: AES-256-GCM under keys derived for that file.
 *
 * Sealed bytes are: form (1), key version (4, big-endian), nonce (12), tag (16), ciphertext. The nonce is random:
 * the chance that two of 2^32 writes under one key share theirs is 2^-33 (NIST SP 800-38D 8.3 allows no more); ten
 * writes a second reach that number after 13 years.
 */
export class Sealer {
  /** Asked which versions the file knows when a payload has one that is not known here. */
  versionsInUse: () => readonly number[] = () => [];
  private readonly salt: Uint8Array;
  private readonly keys = new Map<number, Derived>();
  private mark: Buffer = Buffer.alloc(MARK_BYTES);
  private currentVersion = 0;
  private nonces: Buffer = Buffer.alloc(0);
  private nonceAt = 0;

  constructor(salt: Uint8Array) {
    this.salt = salt;
  }

  get current(): number {
    return this.currentVersion;
  }

  get versions(): number[] {
    return [...this.keys.keys()];
  }

  has(version: number): boolean {
    return this.keys.has(version);
  }

  /** Learns a key; `STORE_WRONG_KEY` if its version is known with other bytes. */
  add({ version, bytes }: KeyVersion): void {
    const known = this.keys.get(version);
    if (known) {
      if (timingSafeEqual(known.bytes, bytes)) return;
      throw new StoreError('STORE_WRONG_KEY', `key version ${version} is another key`);
    }
    this.keys.set(version, {
      bytes: Uint8Array.from(bytes),
      rows: deriveKey(bytes, this.salt, 'rows'),
      names: deriveKey(bytes, this.salt, 'names'),
    });
  }

  forget(version: number): void {
    this.keys.delete(version);
  }

  /** The key itself, for a backup of the file. */
  keyBytes(version: number): Uint8Array {
    return this.key(version).bytes;
  }

  /** From now on seals with this version. */
  use(version: number): void {
    if (version === this.currentVersion) return;
    this.key(version);
    this.currentVersion = version;
    this.mark = markOf(version);
  }

  seal(plain: string | Uint8Array, about: string): Buffer {
    const { rows } = this.key(this.currentVersion);
    const nonce = this.nonce();
    const cipher = createCipheriv(CIPHER, rows, nonce, TAG_OPTIONS);
    cipher.setAAD(Buffer.from(about));
    const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
    cipher.final();
    const sealed = Buffer.allocUnsafe(TEXT_AT + text.length);
    sealed.set(this.mark, 0);
    sealed.set(nonce, NONCE_AT);
    sealed.set(cipher.getAuthTag(), TAG_AT);
    sealed.set(text, TEXT_AT);
    return sealed;
  }

  /**
   * What was sealed; undefined if it was changed since, or was sealed about something else. `STORE_WRONG_KEY` if the
   * file has gone on to a key that was not given here.
   */
  open(sealed: unknown, about: string): Buffer | undefined {
    if (!(sealed instanceof Uint8Array) || sealed.length < TEXT_AT || sealed[0] !== FORM) return undefined;
    const version = versionOf(sealed);
    const key = this.keys.get(version);
    if (!key) {
      // Another process went on to a key that was not given here: that is no damage.
      if (this.versionsInUse().includes(version)) this.key(version);
      return undefined;
    }
    try {
      const nonce = sealed.subarray(NONCE_AT, TAG_AT);
      const decipher = createDecipheriv(CIPHER, key.rows, nonce, TAG_OPTIONS);
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(sealed.subarray(TAG_AT, TEXT_AT));
      const plain = decipher.update(sealed.subarray(TEXT_AT));
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }

  /** A name that tells nothing of what it stands for. */
  hide(version: number, name: string): Buffer {
    return createHmac('sha256', this.key(version).names).update(name).digest();
  }

  private key(version: number): Derived {
    const key = this.keys.get(version);
    if (!key) throw new StoreError('STORE_WRONG_KEY', `key version ${version} was not given`);
    return key;
  }

  private nonce(): Buffer {
    if (this.nonceAt >= this.nonces.length) {
      this.nonces = randomFillSync(Buffer.alloc(NONCES_DRAWN * NONCE_BYTES));
      this.nonceAt = 0;
    }
    const at = this.nonceAt;
    this.nonceAt += NONCE_BYTES;
    return this.nonces.subarray(at, at + NONCE_BYTES);
  }
}

/** The first bytes of everything that a key version sealed. */
export function markOf(version: number): Buffer {
  const mark = Buffer.alloc(MARK_BYTES);
  mark[0] = FORM;
  mark.writeUInt32BE(version, 1);
  return mark;
}

/** Key version of sealed bytes. */
export function versionOf(sealed: Uint8Array): number {
  return new DataView(sealed.buffer, sealed.byteOffset, MARK_BYTES).getUint32(1);
}
