import { insertedText } from '../../../domain/document/index.ts';
import type { DeskDatabase, LocalFile, LocalUpdate, StoredDeskRow } from '../database.ts';
import type { KeptRow } from '../desk/derive.ts';
import { emptied } from './covering.ts';
import type { Registry } from './registry.ts';
import type { UpdateTally } from './tally.ts';

/** Code of own work on an article that has left this desk. */
export const LEFT_DESK = 'left-desk';

/** Takes from this desk everything of articles that its person may not see any more. */
export interface Departures {
  /** The portal's row has gone. Run in the article's turn. */
  depart(articleId: string): Promise<void>;
  /** It may be seen again. */
  returned(articleId: string): void;
  /** It went while this engine ran: windows may still bring the last words of somebody. */
  hasLeft(articleId: string): boolean;
}

export interface DeparturesOptions {
  readonly database: DeskDatabase;
  readonly registry: Registry;
  readonly tallies: UpdateTally;
  readonly now: () => number;
}

/**
 * Text, snapshot, decisions, files and their bytes go; the row of the lists and the entry of the search follow from that. What the person wrote here
 * and the portal has not taken is no property of the article: it is kept aside, readable, with a code that the outbox
 * explains, and never sent by itself.
 */
export function createDepartures(options: DeparturesOptions): Departures {
  const { database, registry, tallies, now } = options;
  const left = new Set<string>();

  const keepText = async (articleId: string, rows: readonly LocalUpdate[]) => {
    const desk = await database.desk.findOne(articleId).exec();
    const title = ((desk?.toJSON() as StoredDeskRow | undefined)?.row as KeptRow | undefined)?.title ?? '';
    const text = insertedText(rows.map((row) => Buffer.from(row.update, 'base64')));
    return { title, text };
  };

  const departUpdates = async (articleId: string) => {
    const docs = await database.updates.find({ selector: { articleId }, sort: [{ at: 'asc' }] }).exec();
    const isKept = (row: LocalUpdate) => row.sent === 0 || row.code !== '';
    const kept = docs.filter((doc) => isKept(doc.toJSON() as LocalUpdate));
    const aside =
      kept.length === 0
        ? null
        : await keepText(
            articleId,
            kept.map((doc) => doc.toJSON() as LocalUpdate),
          );
    await Promise.all(
      docs.map((doc) => {
        if (!kept.includes(doc)) return doc.incrementalModify(emptied);
        const mark = { sent: now(), code: LEFT_DESK, ref: '', held: false };
        return doc.incrementalPatch({ ...mark, aside: doc === kept[0] ? aside : null });
      }),
    );
  };

  const departDecisions = async (articleId: string) => {
    const docs = await database.decisions.find({ selector: { articleId } }).exec();
    await Promise.all(
      docs.map((doc) =>
        doc.sent === 0 || doc.code !== ''
          ? doc.incrementalPatch({ sent: now(), code: LEFT_DESK, ref: '', content: null, stateVector: null })
          : doc.incrementalModify((row) => ({ ...row, content: null, stateVector: null, _deleted: true })),
      ),
    );
  };

  const departFiles = async (articleId: string) => {
    const docs = await database.files.find({ selector: { articleId } }).exec();
    for (const doc of docs) {
      const row = doc.toJSON() as LocalFile;
      if (row.sent === 0 || row.code !== '') {
        await doc.incrementalPatch({ sent: now(), code: LEFT_DESK, ref: '' });
        continue;
      }
      // The bytes follow their last row (`files/collect.ts`).
      await doc.incrementalModify((one) => ({ ...one, _deleted: true }));
    }
  };

  return {
    depart: async (articleId) => {
      if (await database.articles.findOne(articleId).exec()) return;
      left.add(articleId);
      await departUpdates(articleId);
      const snapshot = await database.snapshots.findOne(articleId).exec();
      await snapshot?.incrementalModify((row) => ({ ...row, state: '', _deleted: true }));
      await departDecisions(articleId);
      await departFiles(articleId);
      tallies.settle(articleId);
      registry.drop(articleId);
    },
    returned: (articleId) => void left.delete(articleId),
    hasLeft: (articleId) => left.has(articleId),
  };
}
