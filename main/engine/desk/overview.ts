import { setImmediate as breathe } from 'node:timers/promises';
import type { ArticleState } from '../../../domain/regulations/index.ts';
import type { DeskDatabase, StoredDeskRow } from '../database.ts';
import { isFinished, type KeptRow } from './derive.ts';

/** What counting needs of an article. */
export interface Brief {
  readonly unitId: string;
  readonly categoryId: string;
  readonly channel: KeptRow['channel'];
  readonly state: ArticleState;
  readonly due: string | null;
  /** Null while nothing of it is public. */
  readonly publishedAt: number | null;
  readonly isFinished: boolean;
  readonly mine: boolean;
}

/** Every row of the desk in short, in memory: what is counted over all of them at once. */
export interface Overview {
  all(): Promise<ReadonlyMap<string, Brief>>;
  stop(): void;
}

const PAGE = 500;

const briefOf = (stored: StoredDeskRow): Brief => {
  const row = stored.row as unknown as KeptRow;
  return {
    unitId: row.unitId,
    categoryId: row.categoryId,
    channel: row.channel,
    state: row.projectedState,
    due: row.due?.date ?? null,
    publishedAt: row.publicPath === null ? null : row.publishedAt,
    isFinished: isFinished(row),
    mine: row.mine && !isFinished(row),
  };
};

/** Reads the rows once, when first asked, in pages that let others in between; afterwards follows their changes. */
export function createOverview({ desk }: DeskDatabase): Overview {
  const briefs = new Map<string, Brief>();
  let reading: Promise<void> | null = null;
  /** Changed while the rows were read: what the pages say of them is older. */
  let changed: Set<string> | null = null;
  const subscription = desk.eventBulks$.subscribe(
    ({ events }: { events: readonly { operation: string; documentData: unknown }[] }) => {
      if (reading === null) return;
      for (const { operation, documentData } of events) {
        const row = documentData as StoredDeskRow;
        changed?.add(row.id);
        if (operation === 'DELETE') briefs.delete(row.id);
        else briefs.set(row.id, briefOf(row));
      }
    },
  );

  const read = async () => {
    const since = new Set<string>();
    changed = since;
    for (let after = ''; ; ) {
      const page = await desk
        .find({ selector: { id: { $gt: after } }, sort: [{ id: 'asc' }], limit: PAGE })
        .exec();
      for (const one of page)
        if (!since.has(one.id)) briefs.set(one.id, briefOf(one.toJSON() as StoredDeskRow));
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = last.id;
      await breathe();
    }
    changed = null;
  };

  return {
    async all() {
      reading ??= read();
      try {
        await reading;
      } catch (error) {
        // The next who asks reads again.
        reading = null;
        briefs.clear();
        throw error;
      }
      return briefs;
    },
    stop: () => subscription.unsubscribe(),
  };
}
