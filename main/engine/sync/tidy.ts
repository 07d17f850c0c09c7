import { setImmediate as breathe } from 'node:timers/promises';
import type { RxCollection } from 'rxdb';
import { SYNCED_COLLECTIONS } from '../../../domain/contracts/rows.ts';
import type { DeskDatabase } from '../database.ts';
import { describe, type Log } from '../log.ts';

/** Takes rows that were deleted out of the store. */
export interface Tidy {
  /** Resolves when no deleted row is left. For tests. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** From the first deletion on: what a snapshot covers goes in many small steps. */
const GATHER_MS = 10_000;

/**
 * Rows that are deleted stay in the store as tombstones; here nobody needs them: deletions come from the portal or follow from it, and none is sent. Text that a snapshot
 * covers, articles that left and rows of the lists are taken out soon after, and their room is used again or given back. A
 * desk that was away meets their ids again only where the portal sends the rows anew.
 */
export function createTidy(options: {
  readonly database: DeskDatabase;
  readonly log: Log;
  readonly gatherMs?: number | undefined;
}): Tidy {
  const { database, log, gatherMs = GATHER_MS } = options;
  const collections = [...SYNCED_COLLECTIONS, 'desk' as const].map(
    (name) => database[name] as unknown as RxCollection,
  );
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  const work = async () => {
    for (const { storageInstance } of collections) {
      while (!isStopped && !(await storageInstance.cleanup(0))) await breathe();
      await breathe();
    }
  };
  const run = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    running = running.then(work).catch((error: unknown) => {
      // What is left over goes with the next.
      if (!isStopped) log('warn', 'tidy.not-done', describe(error));
    });
    return running;
  };
  const soon = () => {
    if (isStopped) return;
    timer ??= setTimeout(() => void run(), gatherMs);
    timer.unref();
  };
  const subscriptions = collections.map(({ eventBulks$ }) =>
    eventBulks$.subscribe(({ events }) => {
      if (events.some(({ operation }) => operation === 'DELETE')) soon();
    }),
  );
  // What the last run of the engine left over.
  soon();

  return {
    settled: run,
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.unsubscribe();
      await running;
    },
  };
}
