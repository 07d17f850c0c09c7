import { FILE_UPLOADS_PATH } from '../../../domain/contracts/portalApi.ts';
import type { PortalApi } from '../sync/api.ts';
import type { Link } from '../sync/link.ts';
import { failureOf, PortalFailure } from '../sync/portalClient.ts';
import type { FileStore } from './fileStore.ts';

export interface UploadTask {
  readonly sha256: string;
  readonly size: number;
  readonly articleId: string;
  readonly name: string;
  readonly type: string;
}

export interface TusOptions {
  readonly api: PortalApi;
  readonly link: Link;
  readonly store: FileStore;
  /** Where a begun upload goes on; survives a restart. */
  readonly places: {
    get(sha256: string): string | undefined;
    set(sha256: string, place: string | null): Promise<void>;
  };
  readonly onProgress: (sha256: string, sentBytes: number) => void;
  /** The portal has no room for the file; asked again after a while, with growing pauses. Rejects when stopped. */
  readonly whenFull: (sha256: string, tries: number) => Promise<void>;
}

const PIECE_BYTES = 2 * 1024 * 1024;
const MOST_TRIES = 3;
const PIECE_TIMEOUT_MS = 120_000;
const TUS = { 'tus-resumable': '1.0.0' } as const;
/** The portal has no room: a state of this upload, not of the line. */
const FULL = Symbol('full');
const FULL_STATUS = 507;

const fileQuery = ({ sha256, articleId }: Pick<UploadTask, 'sha256' | 'articleId'>): string =>
  `/api/files/${sha256}?${new URLSearchParams({ articleId })}`;

/**
 * Sends one file by tus 1.0, from the byte that the portal has. Only the portal's store is believed: it is done when
 * `HEAD` by hash says so. Throws {@link PortalFailure}: `file-vanished` when the bytes are not here, `file-damaged`
 * when the portal keeps finding another hash, or the portal's refusal.
 */
export async function uploadFile(options: TusOptions, task: UploadTask): Promise<void> {
  let beginnings = 0;
  let standstills = 0;
  let fullTries = 0;
  let furthest = -1;
  for (;;) {
    if (await isStored(options, task)) {
      await options.places.set(task.sha256, null);
      options.onProgress(task.sha256, task.size);
      return;
    }
    // A line may be cut as often as it likes: only what brings no byte further counts.
    const begun = await findBegun(options, task);
    if (begun && begun.offset > furthest) standstills = 0;
    else if (begun) standstills += 1;
    else beginnings += 1;
    if (beginnings > MOST_TRIES || standstills > MOST_TRIES) throw new PortalFailure('file-damaged', 422);
    const place = begun?.place ?? (await begin(options, task));
    const offset = begun?.offset ?? 0;
    furthest = offset;
    const sent = place === FULL ? FULL : await sendFrom(options, task, place, offset);
    if (sent === FULL) {
      // Nobody's fault, and nothing else has to wait for it.
      beginnings -= begun ? 0 : 1;
      standstills = 0;
      await options.whenFull(task.sha256, fullTries);
      fullTries += 1;
    } else if (sent === 'whole') await options.places.set(task.sha256, null);
  }
}

const isStored = ({ api, link }: TusOptions, task: UploadTask): Promise<boolean> =>
  link.run(async (signal) => {
    const response = await api.raw({ method: 'HEAD', path: fileQuery(task), signal });
    if (response.status === 404) return false;
    if (!response.ok) throw failureOf(response, null);
    return true;
  });

/** An upload that was begun before and where it stands; null when the portal has forgotten it. */
function findBegun(
  { api, link, places }: TusOptions,
  task: UploadTask,
): Promise<{ place: string; offset: number } | null> {
  const place = places.get(task.sha256);
  if (place === undefined) return Promise.resolve(null);
  return link.run(async (signal) => {
    const response = await api.raw({ method: 'HEAD', path: place, headers: TUS, signal });
    if (response.status === 404 || response.status === 410 || response.status === 403) return null;
    if (!response.ok) throw failureOf(response, null);
    const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
    const isSane = Number.isSafeInteger(offset) && offset >= 0 && offset <= task.size;
    return isSane ? { place, offset } : null;
  });
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

async function begin({ api, link, places }: TusOptions, task: UploadTask): Promise<string | typeof FULL> {
  const { sha256, articleId, name, type, size } = task;
  const metadata = Object.entries({ sha256, articleId, filename: name, filetype: type })
    .map(([key, value]) => `${key} ${encode(value)}`)
    .join(',');
  const headers = { ...TUS, 'upload-length': String(size), 'upload-metadata': metadata };
  const place = await link.run(async (signal) => {
    const response = await api.raw({ method: 'POST', path: FILE_UPLOADS_PATH, headers, signal });
    if (response.status === FULL_STATUS) return FULL;
    if (response.status !== 201) throw await refusalOf(response);
    const location = response.headers.get('location');
    const path = location === null ? null : pathOf(location);
    if (path === null) throw new PortalFailure('portal-garbage', response.status);
    return path;
  });
  if (place !== FULL) await places.set(sha256, place);
  return place;
}

/** The path under our portal that a Location names, whatever host a proxy wrote into it; null when it is no upload. */
function pathOf(location: string): string | null {
  const url = URL.canParse(location, 'http://portal') ? new URL(location, 'http://portal') : null;
  const at = url?.pathname.indexOf(`${FILE_UPLOADS_PATH}/`) ?? -1;
  return url && at >= 0 ? url.pathname.slice(at) : null;
}

/** `lost` when the portal stands elsewhere or has forgotten the upload: the caller looks again. */
async function sendFrom(
  { api, link, store, onProgress }: TusOptions,
  task: UploadTask,
  place: string,
  from: number,
): Promise<'whole' | 'lost' | typeof FULL> {
  let offset = from;
  onProgress(task.sha256, offset);
  while (offset < task.size) {
    const piece = await store.read(task.sha256, offset, PIECE_BYTES);
    if (!piece || piece.byteLength === 0) throw new PortalFailure('file-vanished', 409);
    const at = offset;
    let isAgain = false;
    const next = await link.run(async (signal) => {
      // The portal may have kept a part of what was cut: asking costs less than sending it twice.
      if (isAgain) return null;
      isAgain = true;
      const headers = {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(at),
      };
      const request = {
        method: 'PATCH',
        path: place,
        body: piece,
        headers,
        signal,
        timeoutMs: PIECE_TIMEOUT_MS,
      } as const;
      const response = await api.raw(request);
      if ([404, 409, 410].includes(response.status)) return null;
      if (response.status === FULL_STATUS) return FULL;
      if (!response.ok) throw await refusalOf(response);
      const stands = Number(response.headers.get('upload-offset') ?? Number.NaN);
      if (!Number.isSafeInteger(stands) || stands <= at || stands > task.size) {
        throw new PortalFailure('portal-garbage', response.status);
      }
      return stands;
    });
    if (next === null) return 'lost';
    if (next === FULL) return FULL;
    offset = next;
    onProgress(task.sha256, offset);
  }
  return 'whole';
}

async function refusalOf(response: Response): Promise<PortalFailure> {
  const text = await response.text().catch(() => '');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  // tus itself answers in plain text; a refusal of ours is JSON.
  if (body === undefined && response.status >= 400 && response.status < 500) {
    return new PortalFailure(response.status === 413 ? 'file-too-large' : 'bad-request', response.status);
  }
  return failureOf(response, body);
}
