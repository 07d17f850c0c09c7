import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import {
  API_VERSION,
  API_VERSION_HEADER,
  ErrorBody,
  GZIP_FILE,
  OLDEST_PORTAL,
} from '../../../domain/contracts/portalApi.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Why the portal gave no usable answer. `code` is of the table of error codes. */
export class PortalFailure extends Error {
  override readonly name = 'PortalFailure';
  readonly code: string;
  readonly ref: string | null;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** How long the portal asks to wait. */
  readonly retryAfterMs: number | null;

  constructor(
    code: string,
    status = 0,
    more: { ref?: string | undefined; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(code, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = status;
    this.ref = more.ref ?? null;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }

  /** This failure for a request that must pass one day: a refusal of it is a fault of the portal. */
  asPassing(): PortalFailure {
    const isAboutPerson =
      this.status === 401 || this.code === 'account-inactive' || this.code === 'desk-too-old';
    const isRefusal = !this.isPassing && !isAboutPerson;
    return isRefusal ? new PortalFailure('portal-error', 500, { cause: this }) : this;
  }

  /** Whether the same request may pass later by itself. */
  get isPassing(): boolean {
    return (
      this.status === 0 ||
      this.status === 429 ||
      this.status >= 500 ||
      this.code === 'portal-garbage' ||
      this.code === 'portal-too-old'
    );
  }
}

export interface PortalRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  /** Whether a long `json` may go compressed. */
  readonly folds?: boolean;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const compress = promisify(gzip);
const unfold = promisify(gunzip);
/** Shorter bodies go as they are, in characters. */
const FOLDED_FROM = 1024;
const TIMEOUT_MS = 30_000;
const MAX_REPLY_BYTES = 256 * 1024 * 1024;
/** Unfolded here rather than by HTTP: within a limit, and in few large pieces instead of many small ones. */
const ACCEPT = `application/json, ${GZIP_FILE}`;
const UNFOLDING = { maxOutputLength: MAX_REPLY_BYTES, chunkSize: 512 * 1024 };

export interface PortalClient {
  readonly url: string;
  /** The answer as it comes, whatever its status. Throws `portal-unreachable`. Without time limit once headers are there. */
  raw(request: PortalRequest): Promise<Response>;
  /** JSON of the given shape. Throws {@link PortalFailure}: `portal-unreachable`, `portal-error` (5xx), `portal-garbage`, or the portal's own code. */
  json<T extends TSchema>(reply: T, request: PortalRequest): Promise<Static<T>>;
}

/** Asks one portal. No state besides its address; never retries. */
export function createPortalClient(url: string, fetch: Fetch): PortalClient {
  const send = async (request: PortalRequest, signal: AbortSignal | undefined): Promise<Response> => {
    const headers: Record<string, string> = {
      [API_VERSION_HEADER]: String(API_VERSION),
      ...request.headers,
    };
    if (request.token !== undefined) headers.authorization = `Bearer ${request.token}`;
    if (request.json !== undefined) headers['content-type'] = 'application/json';
    const text = request.json === undefined ? null : JSON.stringify(request.json);
    const isFolded = request.folds === true && text !== null && text.length >= FOLDED_FROM;
    if (isFolded) headers['content-encoding'] = 'gzip';
    const body = isFolded ? await compress(text) : (text ?? request.body);
    let response: Response;
    try {
      response = await fetch(url + request.path, {
        method: request.method ?? 'GET',
        headers,
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        ...(body === undefined ? {} : { body: body as Exclude<RequestInit['body'], undefined> }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      throw new PortalFailure('portal-unreachable', 0, { cause });
    }
    const version = response.headers.get(API_VERSION_HEADER);
    if (version !== null && !(Number(version) >= OLDEST_PORTAL)) {
      await response.body?.cancel().catch(() => undefined);
      throw new PortalFailure('portal-too-old', response.status);
    }
    return response;
  };

  return {
    url,
    raw: async (request) => {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), request.timeoutMs ?? TIMEOUT_MS);
      const signal = request.signal ? AbortSignal.any([request.signal, limit.signal]) : limit.signal;
      try {
        return await send(request, signal);
      } finally {
        clearTimeout(timer);
      }
    },
    json: async (reply, request) => {
      const limit = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
      const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
      const response = await send({ ...request, headers: { accept: ACCEPT, ...request.headers } }, signal);
      const value = parse(await readText(response));
      if (!response.ok) throw failureOf(response, value);
      if (!Value.Check(reply, value)) throw new PortalFailure('portal-garbage', response.status);
      return value as Static<typeof reply>;
    },
  };
}

async function readText(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) > MAX_REPLY_BYTES) {
    throw new PortalFailure('portal-garbage', response.status);
  }
  const isFolded = response.headers.get('content-type') === GZIP_FILE;
  let body: ArrayBuffer;
  try {
    if (!isFolded) return await response.text();
    body = await response.arrayBuffer();
  } catch (cause) {
    // The connection broke in the middle of the answer.
    throw new PortalFailure('portal-unreachable', 0, { cause });
  }
  try {
    return (await unfold(body, UNFOLDING)).toString();
  } catch (cause) {
    throw new PortalFailure('portal-garbage', response.status, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The failure that an answer with an error status stands for. */
export function failureOf(response: Response, body: unknown): PortalFailure {
  const status = response.status;
  const wait = Number(response.headers.get('retry-after'));
  const retryAfterMs = Number.isFinite(wait) && wait > 0 ? Math.min(wait, 3600) * 1000 : null;
  const told = Value.Check(ErrorBody, body) ? body : null;
  if (status >= 500) return new PortalFailure('portal-error', status, { retryAfterMs });
  if (status === 429) return new PortalFailure('rate-limited', status, { retryAfterMs });
  if (status === 426) return new PortalFailure('desk-too-old', status);
  if (told) return new PortalFailure(told.code, status, { ref: told.ref });
  // An answer without our error body comes from something else: a captive portal, a proxy, a wrong address.
  return new PortalFailure(status === 401 ? 'not-signed-in' : 'portal-garbage', status);
}
