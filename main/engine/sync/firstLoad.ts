import { setImmediate as breathe } from 'node:timers/promises';
import { type BulkWriteRow, type RxDocumentData, type RxStorageInstance, now as writtenNow } from 'rxdb';
import type { RxReplicationState } from 'rxdb/plugins/replication';
import type { Checkpoint } from '../../../domain/contracts/portalApi.ts';
import type { SyncedCollection } from '../../../domain/contracts/rows.ts';
import { isSameRow } from './rows.ts';

type Row = Record<string, unknown>;
type Stored = RxDocumentData<Row>;
type Instance = RxStorageInstance<Row, unknown, unknown>;
type State = RxReplicationState<Row, Checkpoint>;

/** Rows of the portal, checked. */
export interface Page {
  readonly documents: readonly Row[];
  readonly checkpoint: Checkpoint | undefined;
  /** There is more: the page was cut because of its size. */
  readonly more: boolean;
}

export interface FirstLoadOptions {
  readonly name: SyncedCollection;
  /** The replication that goes on from here; not started yet. */
  readonly state: State;
  readonly pull: (checkpoint: Checkpoint | undefined, limit: number) => Promise<Page>;
  /** Rows as this desk stores them; may change and give back those of a page. */
  readonly stored: (rows: readonly Row[]) => Promise<readonly Row[]>;
  readonly signal: AbortSignal;
  /** Rows come in: what can wait should. */
  readonly onRows: () => void;
  /** Milliseconds since some moment, to see how quick line and disk are. */
  readonly elapsed?: () => number;
}

/** A page grows from the fewest to the most rows as long as the line and this machine are quick with it, and shrinks when they are not. */
const FEWEST_ROWS = 500;
const MOST_ROWS = 2500;
const QUICK_LINE_MS = 1000;
const QUICK_DISK_MS = 100;
const SLOW_MS = 5000;
/** Turns of the event loop until a request is on its way: then the portal works while the disk has this thread. */
const TURNS_TO_LEAVE = 4;
/** What at most is asked for again after an interruption, besides the last page. */
const ROWS_PER_CHECKPOINT = 4000;

/**
 * Fills a collection to which the portal has given nothing yet: a page is written while the next is on its way, in one transaction, and no row is compared with what was here
 * unless there was one. The checkpoint is written after the rows that it stands for, so what was interrupted goes on behind the last whole page. It
 * is RxDB's own: its replication goes on from there. Resolves at the end of the feed, or when stopped; rejects when the disk does not take it.
 */
export async function loadFirst(options: FirstLoadOptions): Promise<void> {
  const { state, pull, signal, elapsed = () => performance.now() } = options;
  const timed = async <T>(coming: Promise<T>): Promise<readonly [T, number]> => {
    const startedAt = elapsed();
    const value = await coming;
    return [value, elapsed() - startedAt];
  };
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const notes = await openNotes(state);
  try {
    const begun = await notes.begun();
    if (begun === 'ended' || signal.aborted) return;
    let rows = FEWEST_ROWS;
    let diskMs = 0;
    let next = timed(pull(begun, rows));
    for (let unnoted = 0; ; ) {
      const arrived = await Promise.race([next, stopped]);
      if (arrived === null || signal.aborted) return;
      const [page, lineMs] = arrived;
      const isLast = page.documents.length < rows && !page.more;
      if (!isLast) {
        if (lineMs > SLOW_MS) rows = Math.max(FEWEST_ROWS, Math.floor(rows / 2));
        else if (lineMs < QUICK_LINE_MS && diskMs < QUICK_DISK_MS) rows = Math.min(MOST_ROWS, 2 * rows);
        next = timed(pull(page.checkpoint, rows));
        // Heard of when it is its turn.
        next.catch(() => undefined);
        for (let turn = 0; turn < TURNS_TO_LEAVE; turn += 1) await breathe();
      }
      options.onRows();
      const [lastAt, writtenMs] = await timed(write(options, page.documents));
      diskMs = writtenMs;
      unnoted += page.documents.length;
      if (page.checkpoint && (isLast || unnoted >= ROWS_PER_CHECKPOINT)) {
        await notes.reached(page.checkpoint, isLast, lastAt);
        unnoted = 0;
      }
      if (isLast) return;
    }
  } finally {
    await notes.close();
  }
}

/** Writes rows past RxDB's replication, as it would write them. Returns the time of writing. */
async function write({ name, state, stored }: FirstLoadOptions, rows: readonly Row[]): Promise<number> {
  const { storageInstance, database } = state.collection;
  const instance = storageInstance.originalStorageInstance as unknown as Instance;
  const _meta = { lwt: writtenNow() };
  if (rows.length === 0) return _meta.lwt;
  // Made for this write alone: nobody else has these rows.
  const asStored = (row: Row, height: number) =>
    Object.assign(row, { _meta, _rev: `${height}-${database.token}`, _attachments: {} }) as unknown as Stored;
  const documents = (await stored(rows)).map((row) => asStored(row, 1));
  const { error } = await instance.bulkWrite(
    documents.map((document) => ({ document })),
    CONTEXT,
  );
  const again: BulkWriteRow<Row>[] = [];
  for (const { status, documentId, documentInDb, writeRow } of error as Refused[]) {
    if (status !== 409 || !documentInDb)
      throw new Error(`${name} ${documentId} not written: status ${status}`);
    if (isSameRow(name, documentInDb, writeRow.document)) continue;
    const height = Number.parseInt(documentInDb._rev, 10) + 1;
    again.push({ previous: documentInDb, document: asStored(writeRow.document, height) });
  }
  if (again.length === 0) return _meta.lwt;
  const second = await instance.bulkWrite(again, CONTEXT);
  const problem = second.error[0];
  // Written here in this very moment: asked for again.
  if (problem) throw new Error(`${name} ${problem.documentId} not written: status ${problem.status}`);
  return _meta.lwt;
}

const CONTEXT = 'first-load';

interface Refused {
  readonly status: number;
  readonly documentId: string;
  readonly documentInDb?: Stored;
  readonly writeRow: { readonly document: Stored };
}

interface Note {
  readonly id: string;
  readonly isCheckpoint: '1';
  readonly itemId: 'down' | 'up';
  readonly checkpointData: object;
}

/** RxDB's notes on how far a replication has come. A note of ours that is not the last one says so: the load goes on from it. */
async function openNotes({ collection: { database }, metaInfoPromise }: State) {
  const { collectionName, schema } = await metaInfoPromise;
  const instance = (await database.storage.createStorageInstance({
    databaseName: database.name,
    collectionName,
    databaseInstanceToken: database.token,
    multiInstance: database.multiInstance,
    options: {},
    schema: schema as never,
    devMode: false,
  })) as unknown as RxStorageInstance<Note, unknown, unknown>;

  const find = async (ids: readonly string[]) => {
    const notes = await instance.findDocumentsById([...ids], true);
    return new Map(notes.map((note) => [note.id, note]));
  };
  /** Writes notes together. */
  const put = async (notes: Pick<Note, 'itemId' | 'checkpointData'>[], meta: object) => {
    const before = await find(notes.map(({ itemId }) => idOf(itemId)));
    const rows = notes.map(({ itemId, checkpointData }) => {
      const previous = before.get(idOf(itemId));
      const height = previous ? Number.parseInt(previous._rev, 10) + 1 : 1;
      const document = {
        id: idOf(itemId),
        isCheckpoint: '1',
        itemId,
        checkpointData,
        _deleted: false,
        _attachments: {},
        _meta: { lwt: writtenNow(), ...meta },
        _rev: `${height}-${database.token}`,
      } as RxDocumentData<Note>;
      return previous ? { previous, document } : { document };
    });
    const { error } = await instance.bulkWrite(rows, CONTEXT);
    if (error[0]) throw new Error(`checkpoint not written: status ${error[0].status}`);
  };

  return {
    /** Where an interrupted load stopped; undefined where none has begun; `ended` where there is nothing to load. */
    async begun(): Promise<Checkpoint | undefined | 'ended'> {
      const note = (await find([idOf('down')])).get(idOf('down'));
      if (!note || note._deleted) return undefined;
      return IS_LOADING in note._meta ? (note.checkpointData as Checkpoint) : 'ended';
    },
    /** `lastAt`: time of writing of the rows; RxDB would look through all of them for something to send. */
    async reached(checkpoint: Checkpoint, isLast: boolean, lastAt: number): Promise<void> {
      const down = { itemId: 'down', checkpointData: checkpoint } as const;
      const up = { itemId: 'up', checkpointData: { id: '', lwt: lastAt + 0.01 } } as const;
      if (isLast) await put([up, down], {});
      else await put([down], { [IS_LOADING]: 1 });
    },
    close: () => instance.close(),
  };
}

const IS_LOADING = 'loading';
const idOf = (itemId: Note['itemId']): string => `${itemId}|1`;
