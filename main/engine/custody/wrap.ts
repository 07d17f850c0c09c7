import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
  type ScryptOptions,
  scrypt,
} from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Strict } from '../../../domain/contracts/define.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOCK_SIZE = 8;
/** scrypt's N for new wraps: 128 MB and about half a second for each guess. */
export const SCRYPT_COST = 2 ** 17;
/** A file that asks for more is no file of ours: 1 GB. */
const MAX_COST = 2 ** 20;

/** A key sealed under a password. */
export const PasswordWrap = Strict({
  kdf: Type.Literal('scrypt'),
  cost: Type.Integer({ minimum: 2, maximum: MAX_COST }),
  salt: Type.String(),
  sealed: Type.String(),
});
export type PasswordWrap = Static<typeof PasswordWrap>;

/** A key for one purpose, from the data key of a desk. */
export const deriveKey = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `soan desk ${purpose}`, KEY_BYTES));

/** Seals bytes; `about` is needed to open them. Base64 of nonce, tag and ciphertext. The nonce is random: for keys that seal little. */
export function sealBytes(key: Uint8Array, bytes: Uint8Array, about: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** Reverse of {@link sealBytes}; null with another key, about something else, or when it was changed. */
export function openBytes(key: Uint8Array, sealed: string, about: string): Uint8Array | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.byteLength < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}

/** Seals a key under a password (scrypt, AES-256-GCM). */
export async function wrapByPassword(
  key: Uint8Array,
  password: string,
  about: string,
  cost: number,
): Promise<PasswordWrap> {
  const salt = randomBytes(32);
  const under = await stretch(password, salt, cost);
  return {
    kdf: 'scrypt',
    cost,
    salt: salt.toString('base64'),
    sealed: sealBytes(under, key, `password ${about}`),
  };
}

/** The key; null when the password is another one. */
export async function unwrapByPassword(
  wrap: PasswordWrap,
  password: string,
  about: string,
): Promise<Uint8Array | null> {
  if ((wrap.cost & (wrap.cost - 1)) !== 0) return null;
  const under = await stretch(password, Buffer.from(wrap.salt, 'base64'), wrap.cost);
  return openBytes(under, wrap.sealed, `password ${about}`);
}

function stretch(password: string, salt: Uint8Array, cost: number): Promise<Uint8Array> {
  const options: ScryptOptions = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 256 * BLOCK_SIZE * cost };
  return new Promise((resolve, reject) => {
    // The same letters typed on another keyboard may come composed otherwise.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
