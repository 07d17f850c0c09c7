import { ERROR_STATUS, type ErrorBody, type ErrorCode, isErrorCode } from '../domain/contracts/index.ts';
import { type Language, sentence } from './public/sentences.ts';

/** An expected refusal, answered with its code, a sentence in the caller's language, and the status of the table. */
export class PortalError extends Error {
  readonly code: ErrorCode;
  readonly ref: string | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, more: { ref?: string; detail?: Readonly<Record<string, unknown>> } = {}) {
    super(code);
    this.code = code;
    this.ref = more.ref;
    this.detail = more.detail;
  }

  get statusCode(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The body of an error answer. */
export function errorBody(error: PortalError, language: Language): ErrorBody {
  return {
    code: error.code,
    message: sentence(language, `error.${error.code}`),
    ...(error.ref === undefined ? {} : { ref: error.ref }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  };
}

/** PostgreSQL's codes for values that no column takes: U+0000 in text or JSON, numbers beyond the column. */
const NOT_STORABLE: ReadonlySet<string> = new Set(['22021', '22P05', '22003', '22P02']);

/** What any thrown thing means to the caller: framework errors get a code of ours, bugs become `internal`. */
export function toPortalError(error: unknown): PortalError {
  if (error instanceof PortalError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new PortalError('too-large');
  if (NOT_STORABLE.has(code)) return new PortalError('bad-request');
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') return new PortalError('disk-full');
  if (error instanceof Error && 'validation' in error && error.validation)
    return new PortalError('bad-request', { detail: { reason: error.message.slice(0, 300) } });
  if (isErrorCode(code)) return new PortalError(code);
  if (status === 404) return new PortalError('not-found');
  if (status === 413) return new PortalError('too-large');
  if (status === 429) return new PortalError('rate-limited');
  if (status >= 400 && status < 500) return new PortalError('bad-request');
  return new PortalError('internal');
}
