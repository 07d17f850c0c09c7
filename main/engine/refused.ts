import type { Refusal } from '../../domain/lib/result.ts';

/** An expected failure on its way up to the door, which answers it with its code. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(code: string, more: Omit<Refusal, 'code'> = {}) {
    super(code);
    this.refusal = { code, ...more };
  }
}

const FULL = new Set(['STORE_FULL', 'ENOSPC', 'EDQUOT']);
const DISK = new Set([
  'STORE_READ_ONLY',
  'STORE_LOCKED',
  'STORE_NO_FOLDER',
  'STORE_TOO_BIG',
  'STORE_IO',
  'STORE_FAILED',
  'STORE_CLOSED',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOENT',
  'ENOTDIR',
]);

/** Code of an error that the disk or the store gave: `disk-full`, `not-saved` or `store-damaged`; null for any other. */
export function diskCode(error: unknown): 'disk-full' | 'not-saved' | 'store-damaged' | null {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return null;
  if (FULL.has(code)) return 'disk-full';
  if (code === 'STORE_DAMAGED') return 'store-damaged';
  return DISK.has(code) ? 'not-saved' : null;
}

/** The refusal that an error stands for; null when it is a bug. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refused) return error.refusal;
  const code = diskCode(error);
  return code === null ? null : { code };
}
