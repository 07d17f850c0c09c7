import { prepareQuery } from 'rxdb';
import type { DeskDatabase } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { FileStore } from './fileStore.ts';

/** Removes the bytes of files whose last row has gone. */
export interface Collector {
  /** Rows of files have gone; by their ids. */
  gone(rowIds: Iterable<string>): void;
  /** What a crash left of rows that went before: to be called at the start, before anything is attached. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Length of a SHA-256 in hex, at the end of a row's id. */
const DIGEST_LENGTH = 64;
const AGAIN_MS = 2_000;
const PAGE = 500;

/**
 * Only what had a row is ever removed: the bytes of a store that was begun afresh, or set back to a backup, stay where they are.
 */
export function createCollector(options: {
  readonly database: DeskDatabase;
  readonly store: Pick<FileStore, 'remove'>;
  /** Whether a file is in its place whose row is just being written. */
  readonly isReceiving: () => boolean;
  readonly log: Log;
}): Collector {
  const { database, store, isReceiving, log } = options;
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  const removeOne = async (sha256: string) => {
    const named = await database.files.findOne({ selector: { sha256 } }).exec();
    if (named) waiting.delete(sha256);
    else if (!isReceiving()) {
      waiting.delete(sha256);
      await store.remove(sha256);
    }
  };

  const work = async () => {
    for (const sha256 of [...waiting]) {
      if (isStopped) return;
      await removeOne(sha256);
    }
    if (waiting.size === 0 || isStopped || timer) return;
    timer = setTimeout(() => {
      timer = null;
      start();
    }, AGAIN_MS);
    timer.unref();
  };
  const start = () => {
    running = running
      .then(work)
      .catch((error: unknown) => log('error', 'files.not-collected', describe(error)));
  };

  const gone = (rowIds: Iterable<string>) => {
    for (const id of rowIds) waiting.add(id.slice(-DIGEST_LENGTH));
    if (waiting.size > 0) start();
  };

  /** Ids of rows that have gone, page by page; until they are cleaned up they stay as such. */
  const goneRows = async function* () {
    const { storageInstance, schema } = database.files;
    for (let skip = 0; ; skip += PAGE) {
      const { documents } = await storageInstance.query(
        prepareQuery(schema.jsonSchema, {
          selector: { _deleted: { $eq: true } },
          sort: [{ id: 'asc' }],
          skip,
          limit: PAGE,
        }),
      );
      yield documents.map((row) => row.id);
      if (documents.length < PAGE) return;
    }
  };

  return {
    gone,
    sweep: async () => {
      for await (const ids of goneRows()) gone(ids);
      await running;
    },
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
