import type { Declaration } from '../../../domain/contracts/rows.ts';
import type { Aside, DeskDatabase, LocalUpdate } from '../database.ts';
import { NEVER_SENT_HERE } from '../sync/rows.ts';

/** What this desk knows of an article's updates without reading their bytes. */
export interface ArticleTally {
  /** Not taken by the portal yet, by id: size in characters, and when written. */
  readonly waiting: Map<string, { readonly size: number; readonly at: number; readonly authorId: string }>;
  /** Last update written or received here. */
  savedAt: number | null;
  /** Last update of this desk that the portal took, as far back as was asked for. */
  takenAt: number | null;
  /** Updates that the portal refused. */
  readonly refused: Map<
    string,
    {
      readonly code: string;
      readonly ref: string;
      readonly at: number;
      readonly size: number;
      readonly aside: Aside | null;
    }
  >;
  /** For an article made here and not declared: what its declaration will say. */
  opens: { readonly declaration: Declaration; readonly createdBy: string } | null;
}

export interface UpdateTally {
  get(articleId: string): ArticleTally | undefined;
  all(): ReadonlyMap<string, ArticleTally>;
  /** Takes a row in its new state. */
  note(row: LocalUpdate): void;
  /** The article has gone from this desk: what it made here is past, what was kept aside stays. */
  settle(articleId: string): void;
  /** The row has gone from this desk. */
  forget(row: LocalUpdate): void;
}

/** Counts the updates that wait, once from the store and then change by change. */
export async function createUpdateTally(
  database: DeskDatabase,
  options: { readonly deskId: string; readonly takenSince: number },
): Promise<UpdateTally> {
  const tallies = new Map<string, ArticleTally>();
  const note = (row: LocalUpdate) => {
    let tally = tallies.get(row.articleId);
    if (!tally) {
      // From elsewhere: nothing waits, and most articles never have anything else.
      if (row.sent === NEVER_SENT_HERE && row.code === '') return;
      tally = { waiting: new Map(), savedAt: null, takenAt: null, refused: new Map(), opens: null };
      tallies.set(row.articleId, tally);
    }
    const size = row.update.length;
    tally.savedAt = Math.max(tally.savedAt ?? 0, row.at);
    if (row.sent === 0) tally.waiting.set(row.id, { size, at: row.at, authorId: row.authorId });
    else tally.waiting.delete(row.id);
    if (row.code !== '' && row.dismissed === 0)
      tally.refused.set(row.id, {
        code: row.code,
        ref: row.ref,
        at: row.sent,
        size,
        aside: row.aside,
      });
    else tally.refused.delete(row.id);
    if (row.sent > 0 && row.code === '' && row.deskId === options.deskId && row.sent !== NEVER_SENT_HERE)
      tally.takenAt = Math.max(tally.takenAt ?? 0, row.sent);
    if (row.opens && row.sent === 0) tally.opens = { declaration: row.opens, createdBy: row.authorId };
  };
  const waiting = await database.updates.find({ selector: { sent: 0 } }).exec();
  const refused = await database.updates.find({ selector: { code: { $gt: '' } } }).exec();
  const recent = await database.updates.find({ selector: { sent: { $gt: options.takenSince } } }).exec();
  for (const row of [...recent, ...waiting, ...refused]) note(row.toJSON() as LocalUpdate);
  return {
    get: (articleId) => tallies.get(articleId),
    all: () => tallies,
    note,
    settle: (articleId) => {
      const tally = tallies.get(articleId);
      if (!tally) return;
      tally.opens = null;
      tally.takenAt = null;
    },
    forget: (row) => {
      tallies.get(row.articleId)?.waiting.delete(row.id);
      tallies.get(row.articleId)?.refused.delete(row.id);
    },
  };
}
