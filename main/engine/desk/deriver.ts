import { setImmediate as breathe } from 'node:timers/promises';
import type { StoredDeskRow } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { Topics } from '../topics.ts';
import { type DeriveContext, deriveRow } from './derive.ts';

/** Keeps the `desk` collection true to what it is made of. */
export interface Deriver {
  /** These articles changed. */
  changed(articleIds: Iterable<string>): void;
  /** Everything may have changed: rules, people, or nobody knows. Done in the background. */
  changedAll(): Promise<void>;
  /** Resolves when this article's row is up to date. */
  settle(articleId: string): Promise<void>;
  /** Resolves when all rows are up to date. */
  settleAll(): Promise<void>;
  stop(): Promise<void>;
}

const GATHER_MS = 20;
const BATCH = 25;

export function createDeriver(options: { context: DeriveContext; topics: Topics; log: Log }): Deriver {
  const { context, topics, log } = options;
  const { database } = context;
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  const deriveOne = async (articleId: string) => {
    const [next, before] = await Promise.all([
      deriveRow(context, articleId),
      database.desk.findOne(articleId).exec(),
    ]);
    if (!next) {
      await before?.remove();
      if (before) topics.emit('desk', `article:${articleId}`);
      return;
    }
    const known = before?.toJSON() as StoredDeskRow | undefined;
    if (
      known &&
      JSON.stringify(known.row) === JSON.stringify(next.row) &&
      known.inTranslation === next.inTranslation
    )
      return;
    const { error } = await database.desk.bulkUpsert([next]);
    if (error[0]) throw new Error(`desk row not written: status ${error[0].status}`);
    // Whether the Vietnamese one still lacks English depends on this one being there.
    if (!known && next.sourceId !== '') dirty.add(next.sourceId);
    topics.emit('desk');
  };

  const work = async () => {
    while (dirty.size > 0 && !isStopped) {
      const batch = [...dirty].slice(0, BATCH);
      for (const articleId of batch) dirty.delete(articleId);
      for (const articleId of batch) {
        try {
          await deriveOne(articleId);
        } catch (error) {
          // The row stays as it was: lists may be behind, nothing is lost. The next change tries again.
          log('error', 'desk.derive-failed', { articleId, ...describe(error) });
        }
      }
      await breathe();
    }
  };

  const run = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    running = running.then(work);
    return running;
  };

  return {
    changed(articleIds) {
      for (const articleId of articleIds) {
        dirty.add(articleId);
        topics.emit(`article:${articleId}`);
      }
      if (dirty.size > 0 && !isStopped) timer ??= setTimeout(run, GATHER_MS);
    },
    async changedAll() {
      const rows = await Promise.all([database.articles.find().exec(), database.desk.find().exec()]);
      const waiting = [...context.tallies.all()]
        .filter(([, tally]) => tally.waiting.size > 0)
        .map(([id]) => id);
      this.changed([...waiting, ...rows.flat().map((row) => row.id)]);
    },
    async settle(articleId) {
      if (dirty.has(articleId)) await run();
      else await running;
    },
    async settleAll() {
      await run();
    },
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
