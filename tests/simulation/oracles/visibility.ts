import { gunzipSync } from 'node:zlib';
import type { Db } from '../../../portal/storage/database.ts';
import type { FetchRequest } from '../desk/messages.ts';
import { Failure } from '../failure.ts';
import type { Answer } from '../portal.ts';

/** Who an article is for, written down a second time and in another way than the product does. */
export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly unit: string;
  readonly active: boolean;
}
interface Article {
  readonly id: string;
  readonly unit: string;
  readonly channel: string;
  readonly state: string;
  readonly wasSubmitted: boolean;
  readonly isPublic: boolean;
}

const READERS: Readonly<Record<string, (person: Person, article: Article) => boolean>> = {
  liaison: (person, article) => person.unit === article.unit,
  'unit-head': (person, article) => person.unit === article.unit,
  editor: (_, article) => article.wasSubmitted || article.channel === 'en',
  'editor-in-chief': (_, article) => article.wasSubmitted || article.channel === 'en',
  administrator: (_, article) => article.wasSubmitted || article.channel === 'en',
  // What is public stays public while it is corrected.
  translator: (_, { channel, state, isPublic }) =>
    channel === 'en' || isPublic || ['approved', 'published'].includes(state),
};

export const isFor = (person: Person, article: Article): boolean =>
  person.active && person.roles.some((role) => READERS[role]?.(person, article) ?? false);

export async function readPerson(db: Db, personId: string): Promise<Person> {
  const row = await db
    .selectFrom('people')
    .select(['id', 'roles', 'unit_id', 'active'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow();
  return { id: row.id, roles: row.roles, unit: row.unit_id, active: row.active };
}

export async function readArticles(db: Db, ids: readonly string[] | null): Promise<Map<string, Article>> {
  let query = db
    .selectFrom('articles')
    .select(['id', 'unit_id', 'channel', 'state', 'submitted_at', 'public_path']);
  if (ids) query = query.where('id', 'in', [...ids, '']);
  const rows = await query.execute();
  return new Map(
    rows.map(({ id, unit_id: unit, channel, state, submitted_at: submittedAt, public_path: path }) => [
      id,
      { id, unit, channel, state, wasSubmitted: submittedAt !== null, isPublic: path !== null },
    ]),
  );
}

const PULL = /^\/api\/sync\/(articles|updates|decisions|files|snapshots)\?/;
const FILE = /^\/api\/files\/[0-9a-f]{64}\?articleId=([^&]+)/;

/**
 * Looks at whatever the portal sends, at the moment it sends it: no row of an article that the person may not see, except that it is gone,
 * and then without content.
 */
export async function checkAnswer(
  db: Db,
  person: Person,
  request: FetchRequest,
  answer: Answer,
): Promise<void> {
  if (answer.status !== 200) return;
  const file = request.method === 'GET' ? FILE.exec(request.path) : null;
  if (file) {
    const articleId = decodeURIComponent(file[1] ?? '');
    const article = (await readArticles(db, [articleId])).get(articleId);
    if (!article || !isFor(person, article))
      throw new Failure('visibility', `${person.id} was given bytes of a file of ${articleId}`);
    return;
  }
  const collection = PULL.exec(request.path)?.[1];
  const isPush = request.method === 'POST' && request.path.startsWith('/api/sync/');
  if (!collection && !isPush) return;
  const body = JSON.parse(textOf(answer.body)) as Record<string, Record<string, unknown>[]>;
  const rows = (collection ? body.documents : body.conflicts) ?? [];
  if (rows.length === 0) return;
  const articleOf = (row: Record<string, unknown>) =>
    String(collection === 'articles' ? row.id : row.articleId);
  const articles = await readArticles(db, [...new Set(rows.map(articleOf))]);
  for (const row of rows) {
    const article = articles.get(articleOf(row));
    if ([row.actorId, row.authorId, row.addedBy].includes(person.id)) continue;
    if (article && isFor(person, article)) continue;
    const isEmpty =
      row._deleted === true && !row.title && !row.update && !row.content && !row.state && !row.reason;
    if (isEmpty) continue;
    const why = article ? `${article.state} of ${article.unit}` : 'not declared';
    throw new Failure(
      'visibility',
      `${person.id} (${person.roles.join('+')} of ${person.unit}) was sent ${collection ?? request.path} ${String(row.id)} of ${articleOf(row)}, ${why}`,
    );
  }
}

/** Bodies go as they are or as gzip. */
function textOf(body: Uint8Array): string {
  const isFolded = body[0] === 0x1f && body[1] === 0x8b;
  return (isFolded ? gunzipSync(body) : Buffer.from(body)).toString();
}

/** What is held back does not leave the machine: no row that says so, and no bytes of a file before the declaration. */
export function checkRequest(request: FetchRequest, isDeclared: (articleId: string) => boolean): void {
  if (request.method !== 'POST' || !request.body) return;
  if (!/^\/api\/sync\/(updates|files)$/.test(request.path)) return;
  const { rows } = JSON.parse(textOf(request.body)) as {
    rows: { newDocumentState: Record<string, unknown> }[];
  };
  for (const { newDocumentState: row } of rows) {
    const articleId = String(row.articleId);
    if (row.held === true || !isDeclared(articleId))
      throw new Failure('secrecy', `${String(row.id)} of ${articleId} left its desk before it was declared`);
  }
}
