import type * as Y from 'yjs';
import { loadDoc } from '../../../domain/document/index.ts';
import type { Db } from '../../../portal/storage/database.ts';
import { articleRow, decisionRow, directoryRow, fileRow, updateRow } from '../../../portal/sync/rows.ts';

/** Everything that the portal holds, read straight from its database. */
export async function readTruth(db: Db) {
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
    const doc = loadDoc(updates.filter((row) => row.article_id === articleId).map((row) => row.content));
    docs.set(articleId, doc);
    return doc;
  };
  return {
    articles,
    updates,
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
