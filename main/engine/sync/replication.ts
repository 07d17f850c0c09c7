import type { RxCollection, RxReplicationWriteToMasterRow, WithDeleted } from 'rxdb';
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication';
import { Subject } from 'rxjs';
import { Type } from 'typebox';
import { Nullable, Strict } from '../../../domain/contracts/define.ts';
import { Checkpoint, PushReply } from '../../../domain/contracts/portalApi.ts';
import { SYNCED, SYNCED_COLLECTIONS, type SyncedCollection } from '../../../domain/contracts/rows.ts';
import type { DeskDatabase } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { PortalApi } from './api.ts';
import { type Link, Stopped } from './link.ts';
import { createOverlooked } from './overlooked.ts';
import { PortalFailure } from './portalClient.ts';
import { bare, fromPortal, isPortalRow, isSameRow, NEVER_SENT_HERE, withIndexed } from './rows.ts';

type Row = Record<string, unknown>;
type PushRow = RxReplicationWriteToMasterRow<Row>;

/** What became of pushed rows. */
export interface PushOutcome {
  readonly collection: SyncedCollection;
  readonly accepted: readonly string[];
  /** The portal has these too, in a state of its own that RxDB writes: verdicts, mostly. */
  readonly answered: readonly string[];
  readonly refused: readonly { readonly id: string; readonly code: string; readonly ref: string }[];
}

export interface Replication {
  /** Looks for changes of the portal in these collections, or in all. */
  resync(collections?: readonly string[]): void;
  /** Ids of rows that are on their way now. */
  sending(): ReadonlySet<string>;
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
  readonly isOwn: (row: Readonly<Record<string, unknown>>) => Promise<boolean>;
  /** Resolves when the declarations of these articles have been answered: nothing of an article goes before its declaration. */
  readonly declared: (articleIds: ReadonlySet<string>) => Promise<void>;
  /** Records the outcome durably, before the rows count as sent. */
  readonly onPushed: (outcome: PushOutcome) => Promise<void>;
  readonly onSending: () => void;
}

const PULL_ROWS = 200;
const PUSH_ROWS = 100;
const PUSH_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 2000;
/** Slow lines need their time for a large push. */
const PUSH_TIMEOUT_MS = 120_000;

const PullReply = Strict({ documents: Type.Array(Type.Unknown()), checkpoint: Nullable(Checkpoint) });

/** Starts the exchange of every synced collection with the portal. Runs until stopped; failures wait on the link and are tried again. */
export function startReplication(options: ReplicationOptions): Replication {
  const { database, log } = options;
  const onItsWay = new Set<string>();
  const streams = new Map<SyncedCollection, Subject<'RESYNC'>>();
  const states: RxReplicationState<Row, Checkpoint>[] = [];

  for (const name of SYNCED_COLLECTIONS) {
    const stream = new Subject<'RESYNC'>();
    streams.set(name, stream);
    // The rows of the collections have different types; here each is a record whose shape was checked.
    const collection = database[name] as unknown as RxCollection<Row>;
    const overlooked = SYNCED[name].push ? createOverlooked(collection, name, options.now) : null;
    const state = replicateRxCollection<Row, Checkpoint>({
      replicationIdentifier: options.identifier,
      collection,
      live: true,
      waitForLeadership: false,
      toggleOnDocumentVisible: false,
      retryTime: RETRY_MS,
      pull: {
        batchSize: PULL_ROWS,
        stream$: stream,
        handler: async (checkpoint, limit) => {
          const page = await pull(options, name, checkpoint, limit);
          overlooked?.told(page.documents);
          return page;
        },
        modifier: async (row: Row) => {
          const sent = (await options.isOwn(row)) ? options.now() : NEVER_SENT_HERE;
          return withIndexed(name, fromPortal(name, row, sent)) as WithDeleted<Row>;
        },
      },
      ...(SYNCED[name].push
        ? {
            push: {
              batchSize: PUSH_ROWS,
              handler: (rows: PushRow[]) => push(options, name, rows, onItsWay),
              // Where its own notes are lost RxDB takes what it pulled for something written here.
              modifier: (row: Row) =>
                row.held === true || row.sent === NEVER_SENT_HERE ? null : bare(name, row),
            },
          }
        : {}),
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
  }

  return {
    resync(collections) {
      for (const [name, stream] of streams) {
        if (!collections || collections.includes(name)) stream.next('RESYNC');
      }
    },
    sending: () => onItsWay,
    inSync: async () => {
      await Promise.all(states.map((state) => state.awaitInSync()));
    },
    stop: async () => {
      await Promise.all(states.map(end));
      for (const stream of streams.values()) stream.complete();
    },
  };
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

async function pull(
  { api, link }: ReplicationOptions,
  collection: SyncedCollection,
  checkpoint: Checkpoint | undefined,
  limit: number,
) {
  const from = checkpoint ?? { sequence: 0, id: '' };
  const query = new URLSearchParams({ sequence: String(from.sequence), id: from.id, limit: String(limit) });
  return link.run(async (signal) => {
    const reply = await api
      .json(PullReply, { path: `/api/sync/${collection}?${query}`, signal })
      .catch((error: unknown) => {
        throw error instanceof PortalFailure ? error.asPassing() : error;
      });
    const documents = reply.documents.filter((row) => isPortalRow(collection, row));
    if (documents.length !== reply.documents.length) throw new PortalFailure('portal-garbage', 200);
    return { documents: documents as WithDeleted<Row>[], checkpoint: reply.checkpoint ?? checkpoint };
  });
}

async function push(
  options: ReplicationOptions,
  collection: SyncedCollection,
  rows: PushRow[],
  onItsWay: Set<string>,
): Promise<WithDeleted<Row>[]> {
  // RxDB pushes the portal's own state back after it resolved a conflict with it.
  const news = rows.filter(
    ({ newDocumentState, assumedMasterState: known }) =>
      !known || !isSameRow(collection, newDocumentState, known),
  );
  const ordered = news.sort((a, b) => orderOf(a) - orderOf(b));
  if (ordered.length === 0) return [];
  if (collection !== 'decisions') {
    await options.declared(new Set(ordered.map((row) => String(row.newDocumentState.articleId))));
  }
  const conflicts: WithDeleted<Row>[] = [];
  for (const slice of slices(ordered)) {
    const ids = slice.map((row) => String(row.newDocumentState.id));
    for (const id of ids) onItsWay.add(id);
    options.onSending();
    try {
      conflicts.push(...(await pushSlice(options, collection, slice)));
    } finally {
      for (const id of ids) onItsWay.delete(id);
      options.onSending();
    }
  }
  return conflicts;
}

async function pushSlice(
  options: ReplicationOptions,
  collection: SyncedCollection,
  slice: readonly PushRow[],
): Promise<WithDeleted<Row>[]> {
  const { api, link, log } = options;
  const body = {
    rows: slice.map(({ newDocumentState, assumedMasterState }) => ({
      newDocumentState,
      // A row that was held was never at the portal.
      ...(assumedMasterState ? { assumedMasterState } : {}),
    })),
  };
  let reply: PushReply;
  try {
    reply = await link.run(async (signal) => {
      const path = `/api/sync/${collection}`;
      const answer = await api.json(PushReply, {
        method: 'POST',
        path,
        json: body,
        signal,
        timeoutMs: PUSH_TIMEOUT_MS,
      });
      if (!answer.conflicts.every((row) => isPortalRow(collection, row)))
        throw new PortalFailure('portal-garbage', 200);
      return answer;
    });
  } catch (error) {
    if (error instanceof Stopped) throw new Error('stopped');
    if (!(error instanceof PortalFailure)) throw error;
    log('warn', 'sync.push-refused', {
      collection,
      rows: slice.length,
      code: error.code,
      status: error.status,
    });
    if (slice.length > 1) return (await eachAlone(options, collection, slice)).flat();
    reply = {
      conflicts: [],
      refused: slice.map((row) => ({ id: String(row.newDocumentState.id), code: error.code })),
    };
  }
  const refused = reply.refused.map((one) => ({
    id: one.id,
    code: one.code.slice(0, 60),
    ref: one.ref ?? '',
  }));
  // RxDB writes the portal's state of conflicting rows itself, unless it says the same.
  const answered = reply.conflicts.map((row) => String(row.id));
  const held = new Set([...refused.map((one) => one.id), ...answered]);
  const accepted = slice.map((row) => String(row.newDocumentState.id)).filter((id) => !held.has(id));
  await options.onPushed({ collection, accepted, answered, refused });
  return reply.conflicts as WithDeleted<Row>[];
}

/** One row that the portal can't stand must not keep the others back. */
async function eachAlone(
  options: ReplicationOptions,
  collection: SyncedCollection,
  slice: readonly PushRow[],
): Promise<WithDeleted<Row>[][]> {
  const conflicts: WithDeleted<Row>[][] = [];
  for (const row of slice) conflicts.push(await pushSlice(options, collection, [row]));
  return conflicts;
}

const orderOf = ({ newDocumentState: row }: PushRow): number =>
  typeof row.position === 'number' ? row.position : typeof row.at === 'number' ? row.at : 0;

function slices(rows: readonly PushRow[]): PushRow[][] {
  const result: PushRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const { update, content } = row.newDocumentState;
    const size =
      500 +
      (typeof update === 'string' ? update.length : 0) +
      (typeof content === 'string' ? content.length : 0);
    const last = result.at(-1);
    if (last && bytes + size <= PUSH_BYTES) {
      last.push(row);
      bytes += size;
    } else {
      result.push([row]);
      bytes = size;
    }
  }
  return result;
}
