import type { SyncedCollection } from '../../domain/contracts/index.ts';
import type { maySee } from '../../domain/workflow/index.ts';
import type { Db } from '../storage/database.ts';
import { articleRow, decisionRow, directoryRow, fileRow, snapshotRow, updateRow } from './rows.ts';

export type Whose = Parameters<typeof maySee>[1] & { readonly publishedAt: number | null };

/** A row of the feed with what decides who may see it. */
export interface Found {
  readonly id: string;
  /** The article that the row belongs to, unless it is the article. */
  readonly articleId: string | null;
  readonly sequence: number;
  /** Null: belongs to no article that is declared. */
  readonly article: Whose | null;
  /** Whose own proposal it is: shown to that person even if the article never came to be. */
  readonly ownerId: string | null;
  /** Of its content, in characters. */
  readonly size: number;
  /** The row as a desk gets it. */
  readonly document: () => object;
}

interface FeedReader {
  /** Rows after a place, in their order. */
  read(db: Db, organisationId: string, after: number, limit: number): Promise<Found[]>;
  /** How many are read at once as long as it is not known that they are light. */
  readonly pageRows: number;
}

const WHOSE = [
  'articles.unit_id as a_unit_id',
  'articles.channel as a_channel',
  'articles.state as a_state',
  'articles.submitted_at as a_submitted_at',
  'articles.public_path as a_public_path',
  'articles.published_at as a_published_at',
] as const;

const whose = (row: {
  a_unit_id: string | null;
  a_channel: 'vi' | 'en' | null;
  a_state: Whose['state'] | null;
  a_submitted_at: number | null;
  a_public_path: string | null;
  a_published_at: number | null;
}): Whose | null =>
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

const base64Size = (bytes: Buffer | null): number => Math.ceil(((bytes?.byteLength ?? 0) * 4) / 3);

export const READERS: Readonly<Record<SyncedCollection, FeedReader>> = {
  articles: {
    pageRows: 500,
    async read(db, organisationId, after, limit) {
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
        articleId: null,
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
        size: row.title.length + row.summary.length,
        document: () => articleRow(row),
      }));
    },
  },
  snapshots: {
    pageRows: 10,
    async read(db, organisationId, after, limit) {
      const rows = await db
        .selectFrom('snapshots')
        .leftJoin('articles', (join) =>
          join
            .onRef('articles.organisation_id', '=', 'snapshots.organisation_id')
            .onRef('articles.id', '=', 'snapshots.article_id'),
        )
        .selectAll('snapshots')
        .select(WHOSE)
        .where('snapshots.organisation_id', '=', organisationId)
        .where('snapshots.sequence', '>', after)
        .orderBy('snapshots.sequence')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        articleId: row.article_id,
        sequence: row.sequence,
        article: whose(row),
        ownerId: null,
        size: base64Size(row.content),
        document: () => snapshotRow(row),
      }));
    },
  },
  updates: {
    pageRows: 200,
    async read(db, organisationId, after, limit) {
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
        articleId: row.article_id,
        sequence: row.sequence,
        article: whose(row),
        ownerId: null,
        size: base64Size(row.content),
        document: () => updateRow(row),
      }));
    },
  },
  decisions: {
    pageRows: 50,
    async read(db, organisationId, after, limit) {
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
        articleId: row.article_id,
        sequence: row.sequence,
        article: whose(row),
        ownerId: row.actor_id,
        size: base64Size(row.content),
        document: () => decisionRow(row),
      }));
    },
  },
  files: {
    pageRows: 500,
    async read(db, organisationId, after, limit) {
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
        articleId: row.article_id,
        sequence: row.sequence,
        article: whose(row),
        ownerId: null,
        size: 0,
        document: () => fileRow(row),
      }));
    },
  },
  directory: {
    pageRows: 500,
    async read(db, organisationId, after, limit) {
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
        articleId: null,
        sequence: row.sequence,
        article: null,
        ownerId: null,
        size: 0,
        document: () => directoryRow(row),
      }));
    },
  },
};
