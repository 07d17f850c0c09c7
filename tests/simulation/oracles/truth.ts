import { type Selectable, sql } from 'kysely';
import type * as Y from 'yjs';
import { loadDoc } from '../../../domain/document/index.ts';
import type { Db } from '../../../portal/storage/database.ts';
import type { Database } from '../../../portal/storage/tables.ts';
import { articleRow, decisionRow, directoryRow, fileRow, updateRow } from '../../../portal/sync/rows.ts';

type UpdateRecord = Selectable<Database['updates']>;

/** A number may become visible after higher ones: this far back is looked once more. */
const LATE_ARRIVALS = 300;

/** The updates that the portal took, in the order in which it took them; it may put a snapshot in their place later. */
export class History {
  readonly #rows = new Map<string, UpdateRecord>();
  #last = 0;

  get rows(): readonly UpdateRecord[] {
    return [...this.#rows.values()].sort((a, b) => a.arrival - b.arrival);
  }

  async look(db: Db): Promise<void> {
    const known = [...this.#rows.values()].filter(({ arrival }) => arrival > this.#last - LATE_ARRIVALS);
    const rows = await db
      .selectFrom('updates')
      .selectAll()
      .where('arrival', '>', this.#last - LATE_ARRIVALS)
      .where(sql<boolean>`id <> all(${known.map(({ id }) => id)}::text[])`)
      .orderBy('arrival')
      .execute();
    for (const row of rows) this.#rows.set(row.id, row);
    this.#last = Math.max(this.#last, rows.at(-1)?.arrival ?? 0);
  }
}

/** Everything that the portal holds, read straight from its database, and every update that it ever took. */
export async function readTruth(db: Db, history: History) {
  await history.look(db);
  const taken = history.rows;
  const [articles, updates, decisions, files, directory, stored, people, publications] = await Promise.all([
    db.selectFrom('articles').selectAll().orderBy('id').execute(),
    db.selectFrom('updates').selectAll().orderBy('arrival').execute(),
    db.selectFrom('decisions').selectAll().orderBy('arrival').execute(),
    db.selectFrom('files').selectAll().orderBy('id').execute(),
    db.selectFrom('directory').selectAll().orderBy('id').execute(),
    db.selectFrom('stored_files').selectAll().execute(),
    db.selectFrom('people').select(['id', 'roles', 'unit_id', 'active']).execute(),
    db.selectFrom('publications').selectAll().execute(),
  ]);
  const docs = new Map<string, Y.Doc>();
  const docOf = (articleId: string): Y.Doc => {
    const known = docs.get(articleId);
    if (known) return known;
    const doc = loadDoc(taken.filter((row) => row.article_id === articleId).map((row) => row.content));
    docs.set(articleId, doc);
    return doc;
  };
  return {
    articles,
    taken,
    decisions,
    files,
    stored,
    people,
    publications,
    docOf,
    /** Rows as the contract has them, by collection. */
    rows: {
      articles: articles.map(articleRow),
      updates: updates.map(updateRow),
      decisions: decisions.map(decisionRow),
      files: files.map(fileRow),
      directory: directory.map(directoryRow),
    } as Readonly<Record<string, readonly ({ readonly id: string } & Record<string, unknown>)[]>>,
  };
}
export type Truth = Awaited<ReturnType<typeof readTruth>>;
