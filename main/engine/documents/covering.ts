import { containedIn, loadDoc } from '../../../domain/document/index.ts';
import type { DeskDatabase, LocalUpdate } from '../database.ts';
import { NEVER_SENT_HERE } from '../sync/rows.ts';

/** How long the last text of this desk that the portal took stays, so that the outbox can say so. */
const SHOWN_MS = 24 * 3_600_000;

export interface CoveringOptions {
  readonly database: DeskDatabase;
  readonly deskId: string;
  readonly now: () => number;
}

/**
 * Lets go of the updates of an article that its snapshot contains, each looked at by itself: every insertion and every deletion. What
 * the portal has not taken stays whatever the snapshot says. Run in the article's turn. Returns how many went.
 */
export async function dropCovered(options: CoveringOptions, articleId: string): Promise<number> {
  const { database, deskId } = options;
  const snapshot = await database.snapshots.findOne(articleId).exec();
  if (!snapshot) return 0;
  const rows = await database.updates.find({ selector: { articleId } }).exec();
  const taken = rows.filter((row) => row.sent > 0 && row.code === '');
  const doc = loadDoc([Buffer.from(snapshot.state, 'base64')]);
  const isContained = containedIn(doc);
  const covered = taken.filter((row) => isContained(Buffer.from(row.update, 'base64')));
  doc.destroy();
  const since = options.now() - SHOWN_MS;
  const own = covered.filter((row) => row.deskId === deskId && row.sent > Math.max(since, NEVER_SENT_HERE));
  const shown = own.reduce<(typeof own)[number] | null>((a, b) => (a && a.sent >= b.sent ? a : b), null);
  const leaving = covered.filter((row) => row !== shown);
  await Promise.all(leaving.map((row) => row.incrementalModify(emptied)));
  return leaving.length;
}

/** A row that has gone, without its bytes: until it is cleaned away it takes no room. */
export const emptied = (row: LocalUpdate): LocalUpdate & { _deleted: boolean } => ({
  ...row,
  update: '',
  _deleted: true,
});
