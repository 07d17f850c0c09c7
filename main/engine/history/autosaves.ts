import type * as Y from 'yjs';
import type { SnapshotRow } from '../../../domain/contracts/rows.ts';
import { containedIn, loadDoc } from '../../../domain/document/index.ts';
import type { DeskDatabase, LocalUpdate } from '../database.ts';

/** After such a pause, writing again is another sitting. */
const SITTING_MS = 10 * 60_000;

/** The text as it stood at the end of a sitting of one person. */
export interface Autosave {
  /** Of the last update of the sitting, or of the snapshot. */
  readonly id: string;
  readonly at: number;
  /** Null for what the portal gathered of many. */
  readonly authorId: string | null;
}

/** What the store still has of an article one by one: the portal's snapshot, and the updates that are not in it, as they were written. */
export interface Trail {
  readonly snapshot: SnapshotRow | null;
  readonly rows: readonly LocalUpdate[];
}

const SNAPSHOT_ID = 'snapshot';

export async function readTrail(database: DeskDatabase, articleId: string): Promise<Trail> {
  // In this order nothing can fall between the two (`documents/stored.ts`).
  const found = await database.updates.find({ selector: { articleId }, sort: [{ at: 'asc' }] }).exec();
  const snapshot = (await database.snapshots.findOne(articleId).exec())?.toJSON() as SnapshotRow | undefined;
  const all = found.map((row) => row.toJSON() as LocalUpdate).filter((row) => row.dismissed === 0);
  const isOld = snapshot ? containedIn(loadDoc([bytesOf(snapshot.state)])) : () => false;
  const rows = all
    .filter((row) => !isOld(bytesOf(row.update)))
    .sort((a, b) => a.at - b.at || a.order - b.order || (a.id < b.id ? -1 : 1));
  return { snapshot: snapshot ?? null, rows };
}

/** Where the sittings ended, oldest first. */
export function autosavesOf({ snapshot, rows }: Trail): Autosave[] {
  const found: Autosave[] = snapshot ? [{ id: SNAPSHOT_ID, at: snapshot.madeAt, authorId: null }] : [];
  rows.forEach((row, index) => {
    const next = rows[index + 1];
    const goesOn = next && next.authorId === row.authorId && next.at - row.at < SITTING_MS;
    if (!goesOn) found.push({ id: row.id, at: row.at, authorId: row.authorId });
  });
  return found;
}

/** The document with everything up to an autosave; null when that is no longer known one by one. */
export function documentAt({ snapshot, rows }: Trail, id: string): Y.Doc | null {
  const base = snapshot ? [bytesOf(snapshot.state)] : [];
  if (id === SNAPSHOT_ID) return snapshot ? loadDoc(base) : null;
  const last = rows.findIndex((row) => row.id === id);
  return last === -1
    ? null
    : loadDoc([...base, ...rows.slice(0, last + 1).map((row) => bytesOf(row.update))]);
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
