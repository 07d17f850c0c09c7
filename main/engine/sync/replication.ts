import type { RxCollection, WithDeleted } from 'rxdb';
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication';
import { Subject } from 'rxjs';
import { Type } from 'typebox';
import { Nullable, Strict } from '../../../domain/contracts/define.ts';
import { Checkpoint } from '../../../domain/contracts/portalApi.ts';
import { SYNCED, SYNCED_COLLECTIONS, type SyncedCollection } from '../../../domain/contracts/rows.ts';
import type { DeskDatabase } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { PortalApi } from './api.ts';
import { loadFirst } from './firstLoad.ts';
import type { Link } from './link.ts';
import { createOverlooked } from './overlooked.ts';
import { PortalFailure } from './portalClient.ts';
import {
  arePortalRows,
  type FromPortal,
  fromPortal,
  NEVER_SENT_HERE,
  takenFromPortal,
  withIndexed,
} from './rows.ts';

type Row = Record<string, unknown>;
export interface Replication {
  /** Looks for changes of the portal in these collections, or in all. */
  resync(collections?: readonly string[]): void;
  /** Resolves when all that was there is exchanged. For tests. */
  inSync(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicationOptions {
  readonly database: DeskDatabase;
  /** Names the portal and the person: another portal starts from nothing. */
  readonly identifier: string;
  readonly api: PortalApi;
  readonly link: Link;
  readonly log: Log;
  readonly now: () => number;
  /** Whether a row was sent from here. */
  readonly isOwn: (row: Readonly<Record<string, unknown>>) => Promise<boolean> | boolean;
  /** Sends what waits here; resolves when it is answered. `outgoing.ts` says what goes and in which order. */
  readonly send: () => Promise<void>;
  /** Rows of a first load come in: what can wait should. */
  readonly onFirstRows: () => void;
}

const PULL_ROWS = 200;
const FEWEST_PULL_ROWS = 25;
/** What fails sooner without an answer had no line at all; a shorter page would not have come through either. */
const OFF_MS = 500;
const RETRY_MS = 2000;
/** Rows are checked by the schema of their collection. */
const PullReply = Strict({
  documents: Type.Unknown(),
  checkpoint: Nullable(Checkpoint),
  more: Type.Optional(Type.Boolean()),
});

/**
 * Starts the exchange of every synced collection with the portal. Runs until stopped; failures wait on the link and are tried again. RxDB's replication pulls; without a
 * push of its own it keeps no second copy of each row. What goes out is found by its own marks, so that nothing but them says what the portal has.
 */
export function startReplication(options: ReplicationOptions): Replication {
  const { database, log } = options;
  const streams = new Map<SyncedCollection, Subject<'RESYNC'>>();
  const states: RxReplicationState<Row, Checkpoint>[] = [];
  const loads: Promise<void>[] = [];
  const stopping = new AbortController();
  const sender = sendUnsent(options, stopping.signal);

  for (const name of SYNCED_COLLECTIONS) {
    const stream = new Subject<'RESYNC'>();
    const empty = rememberEmptyPages();
    streams.set(name, stream);
    // The rows of the collections have different types; here each is a record whose shape was checked.
    const collection = database[name] as unknown as RxCollection<Row>;
    const overlooked = SYNCED[name].push ? createOverlooked(collection, name, options.now) : null;
    const pull = createPull(options, name);
    const state = replicateRxCollection<Row, Checkpoint>({
      replicationIdentifier: options.identifier,
      collection,
      live: true,
      autoStart: false,
      waitForLeadership: false,
      toggleOnDocumentVisible: false,
      retryTime: RETRY_MS,
      pull: {
        batchSize: PULL_ROWS,
        stream$: stream,
        handler: async (checkpoint, limit) => {
          const { more, ...page } = await pull(empty.start(checkpoint), limit);
          empty.note(checkpoint, page);
          overlooked?.told(page.documents);
          // RxDB takes a page that is not full for the last one.
          if (more) setImmediate(() => stream.next('RESYNC'));
          return page;
        },
        modifier: async (row: Row) =>
          (await asStored(options, name, [row], fromPortal))[0] as WithDeleted<Row>,
      },
    });
    state.error$.subscribe((error) => {
      const causes = (error.parameters as { errors?: { message?: string }[] } | undefined)?.errors ?? [];
      if (causes.some((cause) => cause.message === 'stopped')) return;
      log('warn', 'sync.error', {
        collection: name,
        ...describe(error),
        causes: causes.map((cause) => cause.message),
      });
      // What could not be stored is asked for again: the checkpoint did not move.
      setTimeout(() => stream.next('RESYNC'), RETRY_MS).unref();
    });
    state.active$.subscribe((isActive) => {
      if (!isActive)
        overlooked?.settle().catch((error: unknown) => log('warn', 'sync.overlooked', describe(error)));
    });
    states.push(state);
    if (SYNCED[name].push) sender.follow(collection);
    const load = loadFirst({
      name,
      state,
      // The rows of its pages are its own.
      stored: (rows) => asStored(options, name, rows, takenFromPortal),
      pull,
      signal: stopping.signal,
      onRows: options.onFirstRows,
    }).catch((error: unknown) => {
      // RxDB goes on from the last page that was stored.
      if (!stopping.signal.aborted)
        log('warn', 'sync.first-load-failed', { collection: name, ...describe(error) });
    });
    loads.push(load);
    // What keeps it from starting is told by `error$`.
    load.then(() => (stopping.signal.aborted ? undefined : state.start())).catch(() => undefined);
  }
  sender.look();

  return {
    resync(collections) {
      for (const [name, stream] of streams) {
        if (!collections || collections.includes(name)) stream.next('RESYNC');
      }
    },
    inSync: async () => {
      await Promise.all(states.map((state) => state.awaitInSync()));
      await options.send().catch(() => undefined);
      await Promise.all(states.map((state) => state.awaitInSync()));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([...loads, ...states.map(end)]);
      for (const stream of streams.values()) stream.complete();
    },
  };
}

/** Sends rows that wait as soon as they are written, and again while they can't be marked as sent. */
function sendUnsent({ send, log }: ReplicationOptions, signal: AbortSignal) {
  let timer: NodeJS.Timeout | null = null;
  const look = () => {
    send().catch((error: unknown) => {
      if (signal.aborted || timer) return;
      log('warn', 'sync.not-sent', describe(error));
      timer = setTimeout(() => {
        timer = null;
        if (!signal.aborted) look();
      }, RETRY_MS);
      timer.unref();
    });
  };
  return {
    look,
    follow(collection: RxCollection<Row>): void {
      const subscription = collection.eventBulks$.subscribe(({ events }) => {
        const waits = events.some(
          ({ operation, documentData: row }) => operation !== 'DELETE' && row.sent === 0 && row.held !== true,
        );
        if (waits && !signal.aborted) look();
      });
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
    },
  };
}

/** Rows of the portal as this desk stores them. */
async function asStored(
  { isOwn, now }: ReplicationOptions,
  name: SyncedCollection,
  rows: readonly Row[],
  made: FromPortal,
): Promise<readonly Row[]> {
  const stored = (row: Row, isFromHere: boolean) =>
    withIndexed(name, made(name, row, isFromHere ? now() : NEVER_SENT_HERE));
  if (!SYNCED[name].push) return rows.map((row) => stored(row, false));
  const owned = rows.map(isOwn);
  // Thousands that need no look into the store are told without a promise each.
  const told = owned.every((one) => typeof one === 'boolean') ? owned : await Promise.all(owned);
  return rows.map((row, place) => stored(row, told[place] === true));
}

/** Ends one replication, also one that broke on a failed write: then RxDB's own cancel stops half-way. */
async function end(state: RxReplicationState<Row, Checkpoint>): Promise<void> {
  try {
    await state.cancel();
  } catch {
    for (const subscription of state.subs) subscription.unsubscribe();
    // RxDB cancels once more when the collection closes, and would fail once more.
    state.subjects.canceled.next(true);
    await state.metaInstance?.close().catch(() => undefined);
  }
}

/**
 * Pages of one collection, asked for until the portal has answered. After a failure less is asked for, and after a success a little more again: over a
 * weak line a whole page may never come through in the time that a request has. A page that was cut so says that there is more.
 */
function createPull({ api, link }: ReplicationOptions, collection: SyncedCollection) {
  let most = Number.POSITIVE_INFINITY;
  return (checkpoint: Checkpoint | undefined, limit: number) =>
    link.run(async (signal) => {
      const asked = Math.min(limit, most);
      const startedAt = performance.now();
      const query = new URLSearchParams({ limit: String(asked) });
      for (const [key, value] of Object.entries(checkpoint ?? {})) query.set(key, String(value));
      const reply = await api
        .json(PullReply, { path: `/api/sync/${collection}?${query}`, signal })
        .catch((error: unknown) => {
          const isOff =
            error instanceof PortalFailure && error.status === 0 && performance.now() - startedAt < OFF_MS;
          if (!isOff) most = Math.max(FEWEST_PULL_ROWS, Math.floor(asked / 2));
          throw error instanceof PortalFailure ? error.asPassing() : error;
        });
      const { documents } = reply;
      if (!Array.isArray(documents) || !arePortalRows(collection, documents))
        throw new PortalFailure('portal-garbage', 200);
      if (documents.length === asked) most += FEWEST_PULL_ROWS;
      return {
        documents: documents as WithDeleted<Row>[],
        checkpoint: reply.checkpoint ?? checkpoint,
        more: reply.more === true || (asked < limit && documents.length === asked),
      };
    });
}

/**
 * RxDB keeps a checkpoint only together with rows. Where a page had none, the place that was reached is remembered here, so that what the
 * person may not see is not walked through again at every look.
 */
function rememberEmptyPages() {
  let from = '';
  let reached: Checkpoint | undefined;
  const keyOf = (checkpoint: Checkpoint | undefined) => JSON.stringify(checkpoint ?? null);
  return {
    start: (checkpoint: Checkpoint | undefined) =>
      keyOf(checkpoint) === from ? (reached ?? checkpoint) : checkpoint,
    note: (
      asked: Checkpoint | undefined,
      page: { documents: unknown[]; checkpoint: Checkpoint | undefined },
    ) => {
      from = page.documents.length === 0 ? keyOf(asked) : '';
      reached = page.checkpoint;
    },
  };
}
