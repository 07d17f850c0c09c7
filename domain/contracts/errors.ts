/**
 * Every code that a person or another program may meet, once. The portal adds the HTTP status; the sentences are in
 * `assets/strings` under `error.<code>`.
 */
export const ERROR_STATUS = {
  // asking
  'bad-request': 400,
  'not-found': 404,
  'timed-out': 504,
  internal: 500,
  'rate-limited': 429,
  'too-large': 413,
  'not-supported': 501,
  // who
  'not-signed-in': 401,
  'wrong-password': 401,
  'wrong-password-here': 401,
  'former-password': 409,
  'former-password-wrong': 401,
  'key-missing': 409,
  'session-expired': 401,
  'account-inactive': 403,
  forbidden: 403,
  'wrong-role': 403,
  'wrong-unit': 403,
  // the portal as a desk sees it
  'portal-unreachable': 503,
  'portal-error': 502,
  'portal-garbage': 502,
  'desk-too-old': 426,
  'portal-too-old': 502,
  'offline-too-long': 403,
  // the local disk
  'disk-full': 507,
  'store-damaged': 500,
  'store-locked': 423,
  'store-read-only': 500,
  'store-wrong-key': 500,
  'store-not-sealed': 500,
  'store-too-new': 500,
  'backup-unusable': 500,
  'not-saved': 500,
  // documents
  'malformed-update': 400,
  'article-unknown': 404,
  'article-exists': 409,
  'left-desk': 410,
  'article-open': 409,
  'reservation-day': 400,
  'category-unknown': 400,
  'source-not-approved': 409,
  'unit-ended': 409,
  // decisions
  'not-declared': 409,
  'already-declared': 409,
  'wrong-state': 409,
  'reason-required': 400,
  'content-changed': 409,
  'fingerprint-mismatch': 400,
  incomplete: 409,
  'four-eyes': 403,
  'not-delegable': 403,
  'unknown-action': 400,
  'decision-conflict': 409,
  // files
  'file-type-refused': 415,
  'file-too-large': 413,
  'file-empty': 400,
  'file-vanished': 409,
  'file-damaged': 422,
  'file-unknown': 404,
  'portal-full': 507,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
export const ERROR_CODES = Object.keys(ERROR_STATUS) as readonly ErrorCode[];
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code);
