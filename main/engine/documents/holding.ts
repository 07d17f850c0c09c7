import type { DeskDatabase, LocalDecision } from '../database.ts';
import { statusOf } from '../decisions/project.ts';
import { LEFT_DESK } from './departures.ts';

/** Keeps on this machine what was not declared, and lets it go once it is (TB21 Điều 5.2, 14.1; VP17 15.1). */
export interface Holding {
  /** After the declaration was written: text and files of the article may leave. */
  release(articleId: string): Promise<void>;
  /** The portal refused the declaration: what it did not take stays here again, until another declaration. */
  hold(articleId: string): Promise<void>;
  /** Carries on where a crash or a full disk stopped either of the two. */
  reconcile(): Promise<void>;
}

export function createHolding(database: DeskDatabase): Holding {
  const release = async (articleId: string) => {
    for (const collection of [database.updates, database.files]) {
      const rows = await collection.find({ selector: { articleId } }).exec();
      const held = rows.filter((row) => row.held);
      await Promise.all(held.map((row) => row.incrementalPatch({ held: false })));
    }
  };

  const isDeclared = async (articleId: string): Promise<boolean> => {
    if (await database.articles.findOne(articleId).exec()) return true;
    const rows = await database.decisions.find({ selector: { articleId } }).exec();
    return rows.some(
      (row) => row.action === 'declare' && statusOf(row.toJSON() as LocalDecision) !== 'refused',
    );
  };

  const hold = async (articleId: string) => {
    if (await isDeclared(articleId)) return;
    for (const collection of [database.updates, database.files]) {
      const rows = await collection.find({ selector: { articleId } }).exec();
      const loose = rows.filter(
        (row) => row.code !== LEFT_DESK && (row.code !== '' || (!row.held && row.sent === 0)),
      );
      await Promise.all(loose.map((row) => row.incrementalPatch({ held: true, sent: 0, code: '', ref: '' })));
    }
  };

  return {
    release,
    hold,
    reconcile: async () => {
      const waiting = await database.updates.find({ selector: { sent: 0 } }).exec();
      const refused = await database.updates.find({ selector: { code: { $gt: '' } } }).exec();
      const files = await database.files.find({ selector: { sent: 0 } }).exec();
      const ids = new Set([...waiting, ...refused, ...files].map((row) => row.articleId));
      for (const articleId of ids) {
        if (await isDeclared(articleId)) await release(articleId);
        else await hold(articleId);
      }
    },
  };
}
