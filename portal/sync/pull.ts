import type { Static } from 'typebox';
import type { Checkpoint, PullQuery, SyncedCollection } from '../../domain/contracts/index.ts';
import { type Actor, maySee } from '../../domain/workflow/index.ts';
import type { Db } from '../storage/database.ts';
import { articleRow, BLANK, decisionRow, directoryRow, fileRow, updateRow } from './rows.ts';

type Whose = Parameters<typeof maySee>[1];

/** A row of the feed with what decides who may see it. */
interface Found {
  readonly id: string;
  readonly sequence: number;
  /** Null: belongs to no article that is declared. */
  readonly article: (Whose & { readonly publishedAt: number | null }) | null;
  /** Whose own proposal it is: shown to that person even if the article never came to be. */
  readonly ownerId: string | null;
  readonly document: Record<string, unknown>;
}

export interface Pulled {
  readonly documents: (Record<string, unknown> & { _deleted: boolean })[];
  readonly checkpoint: Checkpoint | null;
}

/**
 * The rows after a checkpoint that this person's desk may hold, at most `limit`. Fewer than `limit` only at the end
 * of the feed. Rows that the person may not see are passed over; what may have been on the desk before goes out as
 * deleted, without its content.
 */
export async function pull(
  db: Db,
  organisationId: string,
  actor: Actor,
  collection: SyncedCollection,
  query: Static<typeof PullQuery>,
): Promise<Pulled> {
  const documents: Pulled['documents'] = [];
  let checkpoint: Checkpoint | null = query.sequence > 0 ? { sequence: query.sequence, id: query.id } : null;
  while (documents.length < query.limit) {
    const wanted = query.limit - documents.length;
    const found = await READERS[collection](db, organisationId, checkpoint?.sequence ?? 0, wanted);
    for (const row of found) {
      const sight = sightOf(actor, row);
      if (sight === 'whole') documents.push({ ...row.document, _deleted: false });
      if (sight === 'gone') documents.push({ ...row.document, ...BLANK[collection], _deleted: true });
    }
    const last = found.at(-1);
    if (last) checkpoint = { sequence: last.sequence, id: last.id };
    if (found.length < wanted) break;
  }
  return { documents, checkpoint };
}

function sightOf(actor: Actor, row: Found): 'whole' | 'gone' | 'none' {
  if (row.ownerId === actor.id) return 'whole';
  if (row.article === null) return row.ownerId === null ? 'whole' : 'none';
  if (maySee(actor, row.article)) return 'whole';
  const mayHaveSeen =
    row.article.publishedAt !== null && maySee(actor, { ...row.article, state: 'published', submittedAt: 0 });
  return mayHaveSeen ? 'gone' : 'none';
}

type Reader = (db: Db, organisationId: string, after: number, limit: number) => Promise<Found[]>;

const whose = (row: {
  a_unit_id: string | null;
  a_channel: 'vi' | 'en' | null;
  a_state: Whose['state'] | null;
  a_submitted_at: number | null;
  a_public_path: string | null;
  a_published_at: number | null;
}): Found['article'] =>
  row.a_unit_id === null || row.a_channel === null || row.a_state === null
    ? null
    : {
        unitId: row.a_unit_id,
        channel: row.a_channel,
        state: row.a_state,
        submittedAt: row.a_submitted_at,
        publicPath: row.a_public_path,
        publishedAt: row.a_published_at,
      };

const WHOSE = [
  'articles.unit_id as a_unit_id',
  'articles.channel as a_channel',
  'articles.state as a_state',
  'articles.submitted_at as a_submitted_at',
  'articles.public_path as a_public_path',
  'articles.published_at as a_published_at',
] as const;

const READERS: Readonly<Record<SyncedCollection, Reader>> = {
  async articles(db, organisationId, after, limit) {
    const rows = await db
      .selectFrom('articles')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      sequence: row.sequence,
      article: {
        unitId: row.unit_id,
        channel: row.channel,
        state: row.state,
        submittedAt: row.submitted_at,
        publicPath: row.public_path,
        publishedAt: row.published_at,
      },
      ownerId: null,
      document: articleRow(row),
    }));
  },
  async updates(db, organisationId, after, limit) {
    const rows = await db
      .selectFrom('updates')
      .leftJoin('articles', (join) =>
        join
          .onRef('articles.organisation_id', '=', 'updates.organisation_id')
          .onRef('articles.id', '=', 'updates.article_id'),
      )
      .selectAll('updates')
      .select(WHOSE)
      .where('updates.organisation_id', '=', organisationId)
      .where('updates.sequence', '>', after)
      .orderBy('updates.sequence')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      sequence: row.sequence,
      article: whose(row),
      ownerId: null,
      document: updateRow(row),
    }));
  },
  async decisions(db, organisationId, after, limit) {
    const rows = await db
      .selectFrom('decisions')
      .leftJoin('articles', (join) =>
        join
          .onRef('articles.organisation_id', '=', 'decisions.organisation_id')
          .onRef('articles.id', '=', 'decisions.article_id'),
      )
      .selectAll('decisions')
      .select(WHOSE)
      .where('decisions.organisation_id', '=', organisationId)
      .where('decisions.sequence', '>', after)
      .orderBy('decisions.sequence')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      sequence: row.sequence,
      article: whose(row),
      ownerId: row.actor_id,
      document: decisionRow(row),
    }));
  },
  async files(db, organisationId, after, limit) {
    const rows = await db
      .selectFrom('files')
      .leftJoin('articles', (join) =>
        join
          .onRef('articles.organisation_id', '=', 'files.organisation_id')
          .onRef('articles.id', '=', 'files.article_id'),
      )
      .selectAll('files')
      .select(WHOSE)
      .where('files.organisation_id', '=', organisationId)
      .where('files.sequence', '>', after)
      .orderBy('files.sequence')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      sequence: row.sequence,
      article: whose(row),
      ownerId: null,
      document: fileRow(row),
    }));
  },
  async directory(db, organisationId, after, limit) {
    const rows = await db
      .selectFrom('directory')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      sequence: row.sequence,
      article: null,
      ownerId: null,
      document: directoryRow(row),
    }));
  },
};
