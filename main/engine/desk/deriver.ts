import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import { idsOf, type StoredDeskRow } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { Topics } from '../topics.ts';
import { type DeriveContext, deriveRows } from './derive.ts';

/** Keeps the `desk` collection true to what it is made of. */
export interface Deriver {
  /** At the start: what waits here is in the lists when this resolves, the rest follows in the background. */
  open(): Promise<void>;
  /** These articles changed. */
  changed(articleIds: Iterable<string>): void;
  /** Everything may have changed: rules, people, or nobody knows. Done in the background. */
  changedAll(): Promise<void>;
  /** Much is being written: rows that nobody waits for are made when it pauses. */
  giveWay(): void;
  /** Resolves when this article's row is up to date. */
  settle(articleId: string): Promise<void>;
  /** Resolves when all rows are up to date. */
  settleAll(): Promise<void>;
  stop(): Promise<void>;
}

const GATHER_MS = 20;
const BATCH = 50;
/** It rests in short pauses: so many when it is told to give way, and so many at most before the next batch, so that the lists fill on a slow line too. */
const REST_MS = 20;
const RESTS = 15;
const MOST_RESTS = 100;

export function createDeriver(options: { context: DeriveContext; topics: Topics; log: Log }): Deriver {
  const { context, topics, log } = options;
  const { database } = context;
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  /** Somebody waits for these. */
  const urgent = new Set<string>();
  const waiters: (() => void)[] = [];
  let restsLeft = 0;
  const current = new Set<string>();

  const isSame = (known: StoredDeskRow, next: StoredDeskRow) =>
    known.inTranslation === next.inTranslation && JSON.stringify(known.row) === JSON.stringify(next.row);

  const derive = async (articleIds: readonly string[]) => {
    const [rows, before] = await Promise.all([
      deriveRows(context, articleIds),
      database.desk.findByIds([...articleIds]).exec(),
    ]);
    const changed: StoredDeskRow[] = [];
    for (const articleId of articleIds) {
      const next = rows.get(articleId);
      const known = before.get(articleId);
      if (!next && known) {
        await known.remove();
        topics.emit('desk', `article:${articleId}`);
      }
      if (!next || (known && isSame(known.toJSON() as StoredDeskRow, next))) continue;
      changed.push(next);
      // Whether the Vietnamese one still lacks English depends on this one being there.
      if (!known && next.sourceId !== '') dirty.add(next.sourceId);
    }
    if (changed.length === 0) return;
    const { error } = await database.desk.bulkUpsert(changed);
    if (error[0]) throw new Error(`desk row not written: status ${error[0].status}`);
    topics.emit('desk');
  };

  const deriveNext = async () => {
    const wanted = [...urgent].filter((id) => dirty.has(id));
    const batch = (wanted.length > 0 ? wanted : [...dirty]).slice(0, BATCH);
    for (const articleId of batch) {
      dirty.delete(articleId);
      urgent.delete(articleId);
      current.add(articleId);
    }
    try {
      await derive(batch);
    } catch (error) {
      // The rows stay as they were: lists may be behind, nothing is lost. The next change tries again.
      log('error', 'desk.derive-failed', { articles: batch.length, ...describe(error) });
    }
    current.clear();
    for (const resolve of waiters.splice(0)) resolve();
  };

  const rest = async () => {
    for (let n = 0; n < MOST_RESTS && restsLeft > 0 && urgent.size === 0 && !isStopped; n += 1) {
      restsLeft -= 1;
      await pause(REST_MS);
    }
  };

  const work = async () => {
    while (dirty.size > 0 && !isStopped) {
      await rest();
      await deriveNext();
      await breathe();
    }
  };

  const run = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    running = running.then(work);
    return running;
  };

  const waitingHere = () =>
    [...context.tallies.all()].filter(([, tally]) => tally.waiting.size > 0).map(([id]) => id);

  return {
    async open() {
      for (const articleId of waitingHere()) dirty.add(articleId);
      await run();
      await this.changedAll();
    },
    changed(articleIds) {
      for (const articleId of articleIds) {
        dirty.add(articleId);
        topics.emit(`article:${articleId}`);
      }
      if (dirty.size > 0 && !isStopped) timer ??= setTimeout(run, GATHER_MS);
    },
    async changedAll() {
      const ids = await Promise.all([idsOf(database.articles), idsOf(database.desk)]);
      this.changed([...waitingHere(), ...ids.flat()]);
    },
    giveWay() {
      restsLeft = RESTS;
    },
    async settle(articleId) {
      while (!isStopped && (dirty.has(articleId) || current.has(articleId))) {
        const step = new Promise<void>((resolve) => waiters.push(resolve));
        if (dirty.has(articleId)) urgent.add(articleId);
        void run();
        await step;
      }
    },
    async settleAll() {
      await run();
    },
    async stop() {
      // What a whole rebuild left over is done again at the next start; the last few changes are soon done.
      if (dirty.size <= BATCH) await run();
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
