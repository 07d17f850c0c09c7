import type * as Y from 'yjs';
import { loadDoc } from '../../../domain/document/index.ts';
import type { DeskDatabase } from '../database.ts';

/**
 * The text of an article as the store has it: the portal's snapshot and every update beside it. The updates are read first: what a
 * snapshot covers goes only after the snapshot has come, so nothing can fall between the two.
 */
export async function loadStored(database: DeskDatabase, articleId: string): Promise<Y.Doc> {
  const updates = await database.updates.find({ selector: { articleId }, sort: [{ at: 'asc' }] }).exec();
  const snapshot = await database.snapshots.findOne(articleId).exec();
  const parts = [
    ...(snapshot ? [snapshot.state] : []),
    ...updates.filter((row) => row.dismissed === 0).map((row) => row.update),
  ];
  return loadDoc(parts.map((part) => Buffer.from(part, 'base64')));
}
