import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Strict } from '../../../domain/contracts/define.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import { openBytes, sealBytes } from '../custody/wrap.ts';
import type { DeskDatabase, LocalFile } from '../database.ts';
import { readJson, writeDurably } from '../durableFile.ts';
import { describe, type Log } from '../log.ts';
import type { PortalApi } from '../sync/api.ts';
import { type Link, Stopped } from '../sync/link.ts';
import { failureOf, PortalFailure } from '../sync/portalClient.ts';
import type { FileStore } from './fileStore.ts';
import { uploadFile } from './tus.ts';

/** Bytes of files on their way to the portal and from it. */
export interface Transfers {
  /** Looks for files that wait. */
  pump(): void;
  /** Somebody wants it now: what stands still tries again at once. */
  retry(): void;
  /** Ids of file rows whose bytes are on their way now. */
  sending(): ReadonlySet<string>;
  sentBytes(sha256: string): number;
  /** Why an upload that is under way stands still, a code; null while it goes on. */
  stalledBy(sha256: string): string | null;
  /** Makes sure that the bytes are here. Codes: `file-unknown`, `portal-unreachable`, `file-damaged`, `not-signed-in`. */
  fetch(articleId: string, sha256: string, size: number): Promise<Result<void>>;
  stop(): void;
}

export interface TransfersOptions {
  readonly database: DeskDatabase;
  readonly store: FileStore;
  readonly folder: string;
  /** Of what is noted beside the store, 32 bytes. */
  readonly key: Uint8Array;
  readonly api: PortalApi;
  readonly link: Link;
  readonly log: Log;
  readonly personId: string;
  /** Name of a file as its article calls it. */
  readonly nameOf: (file: LocalFile) => Promise<string>;
  readonly onChange: (articleId: string) => void;
  /** First pause while the portal has no room; shorter in tests. */
  readonly fullPauseMs?: number | undefined;
  /** The portal has the bytes: its row says so by now. */
  readonly onStored: () => void;
}

const AT_ONCE = 2;
const SILENCE_MS = 30_000;
const FULL_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
const CODES: Readonly<Record<string, string>> = {
  'too-large': 'file-too-large',
  'portal-garbage': 'bad-request',
};

export async function createTransfers(options: TransfersOptions): Promise<Transfers> {
  const { database, store, link, log } = options;
  const under = new Set<string>();
  const done = new Set<string>();
  const progress = new Map<string, number>();
  const full = new Set<string>();
  const stopping = new AbortController();
  const wakers = new Set<() => void>();
  const fetching = new Map<string, Promise<Result<void>>>();
  const places = await openPlaces(join(options.folder, 'uploads.json'), options.key);
  let pumping: Promise<void> = Promise.resolve();
  let isStopped = false;

  const note = async (row: LocalFile, code: string) => {
    const found = await database.files.findOne(row.id).exec();
    await found?.incrementalPatch({ code, ref: '' });
    options.onChange(row.articleId);
  };

  const send = async (row: LocalFile) => {
    const { sha256, articleId, size, type } = row;
    try {
      const name = await options.nameOf(row);
      const onProgress = (hash: string, sentBytes: number) => {
        progress.set(hash, sentBytes);
        full.delete(hash);
        options.onChange(articleId);
      };
      const whenFull = async (hash: string, tries: number) => {
        full.add(hash);
        options.onChange(articleId);
        const pauseMs = Math.min(
          (options.fullPauseMs ?? FULL_PAUSE_MS) * 2 ** Math.min(tries, 8),
          LONGEST_PAUSE_MS,
        );
        const asked = new Promise<void>((resolve) => wakers.add(resolve));
        const paused = pause(pauseMs, undefined, { signal: stopping.signal, ref: false });
        await Promise.race([asked, paused]).catch(() => {
          throw new Stopped();
        });
      };
      if ((await store.sizeOf(sha256)) !== size) throw new PortalFailure('file-vanished', 409);
      await uploadFile({ ...options, places, onProgress, whenFull }, { sha256, articleId, size, type, name });
      done.add(row.id);
      options.onStored();
    } catch (error) {
      if (error instanceof Stopped || isStopped) return;
      log('warn', 'files.upload-failed', describe(error));
      if (error instanceof PortalFailure) await note(row, CODES[error.code] ?? error.code);
      else done.add(row.id);
    } finally {
      under.delete(row.id);
      full.delete(sha256);
      options.onChange(articleId);
      pump();
    }
  };

  const look = async () => {
    if (isStopped || under.size >= AT_ONCE) return;
    const rows = await database.files.find({ selector: { sent: { $gt: 0 }, code: '' } }).exec();
    const waiting = rows
      .map((row) => row.toJSON() as LocalFile)
      .filter((row) => row.addedBy === options.personId && !row.held && row.storedAt === null)
      .filter((row) => !under.has(row.id) && !done.has(row.id));
    for (const row of waiting.slice(0, AT_ONCE - under.size)) {
      under.add(row.id);
      void send(row).catch((error: unknown) => log('error', 'files.upload-bug', describe(error)));
    }
  };

  function pump() {
    if (isStopped) return;
    pumping = pumping
      .then(look)
      .catch((error: unknown) => log('error', 'files.pump-failed', describe(error)));
  }

  const fetchOnce = async (articleId: string, sha256: string, size: number): Promise<Result<void>> => {
    try {
      return await link.once((signal) => download(options, articleId, sha256, size, signal));
    } catch (error) {
      if (error instanceof Stopped) return refuse('portal-unreachable');
      if (!(error instanceof PortalFailure)) throw error;
      if (error.status === 404 || error.status === 403) return refuse('file-unknown');
      if (error.status === 401) return refuse('not-signed-in');
      return refuse(error.code === 'file-damaged' ? error.code : 'portal-unreachable');
    }
  };

  return {
    pump,
    retry: () => {
      for (const wake of wakers) wake();
      wakers.clear();
      pump();
    },
    sending: () => under,
    sentBytes: (sha256) => progress.get(sha256) ?? 0,
    stalledBy: (sha256) => (full.has(sha256) ? 'portal-full' : null),
    fetch: async (articleId, sha256, size) => {
      if ((await store.sizeOf(sha256)) !== null) return ok(undefined);
      let running = fetching.get(sha256);
      if (!running) {
        running = fetchOnce(articleId, sha256, size).finally(() => fetching.delete(sha256));
        fetching.set(sha256, running);
      }
      return running;
    },
    stop: () => {
      isStopped = true;
      stopping.abort();
    },
  };
}

/** Brings a file into the store; what has another hash or size never gets there. */
async function download(
  { api, store }: TransfersOptions,
  articleId: string,
  sha256: string,
  size: number,
  signal: AbortSignal,
): Promise<Result<void>> {
  const response = await api.raw({
    path: `/api/files/${sha256}?${new URLSearchParams({ articleId })}`,
    signal,
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel().catch(() => undefined);
    if (response.status === 404 || response.status === 403)
      throw new PortalFailure('file-unknown', response.status);
    throw failureOf(response, null);
  }
  const hash = createHash('sha256');
  const file = await store.incoming();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await readOrGiveUp(reader);
      if (done) break;
      hash.update(value);
      await file.write(value);
      if (file.received() > size) break;
    }
    if (file.received() < size) throw new PortalFailure('portal-unreachable');
    if (file.received() !== size || hash.digest('hex') !== sha256)
      throw new PortalFailure('file-damaged', 422);
    await file.finish();
    return ok(undefined);
  } catch (error) {
    reader.cancel().catch(() => undefined);
    await file.abort();
    throw error;
  }
}

/** The next piece; `portal-unreachable` when the line breaks or nothing comes for a while. */
async function readOrGiveUp(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('silence')), SILENCE_MS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (cause) {
    throw new PortalFailure('portal-unreachable', 0, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Where begun uploads go on, by hash; sealed, because a hash tells which file it is. What can't be read is begun again. */
async function openPlaces(path: string, key: Uint8Array) {
  const found = await readJson(path);
  const known = new Map<string, string>();
  const sealed = Value.Check(SealedPlaces, found) ? openBytes(key, found.sealed, UPLOADS) : null;
  if (sealed) {
    const places: unknown = JSON.parse(Buffer.from(sealed).toString());
    if (Value.Check(Places, places))
      for (const [sha256, place] of Object.entries(places)) known.set(sha256, place);
  }
  let saving: Promise<void> = Promise.resolve();
  return {
    get: (sha256: string) => known.get(sha256),
    set: (sha256: string, place: string | null): Promise<void> => {
      if (known.get(sha256) === (place ?? undefined)) return Promise.resolve();
      if (place === null) known.delete(sha256);
      else known.set(sha256, place);
      const next = saving.then(() => writeDurably(path, sealedPlaces(key, known)));
      saving = next.catch(() => undefined);
      return next;
    },
  };
}

const UPLOADS = 'uploads';
const SealedPlaces = Strict({ sealed: Type.String() });
const Places = Type.Record(Type.String(), Type.String());
const sealedPlaces = (key: Uint8Array, places: ReadonlyMap<string, string>): string => {
  const text = JSON.stringify(Object.fromEntries(places));
  return JSON.stringify({ sealed: sealBytes(key, Buffer.from(text), UPLOADS) });
};
