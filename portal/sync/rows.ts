import type { Selectable } from 'kysely';
import type {
  ArticleRow,
  DecisionRow,
  DirectoryRow,
  FileRow,
  SnapshotRow,
  UpdateRow,
} from '../../domain/contracts/index.ts';
import type {
  ArticleTable,
  DecisionTable,
  DirectoryTable,
  FileTable,
  SnapshotTable,
  UpdateTable,
} from '../storage/tables.ts';

/** Between PostgreSQL's rows and those of the contract. */

const base64 = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('base64'));

export function articleRow(row: Selectable<ArticleTable>): ArticleRow {
  return {
    id: row.id,
    unitId: row.unit_id,
    channel: row.channel,
    categoryId: row.category_id,
    sourceArticleId: row.source_article_id,
    counterpartId: row.counterpart_id,
    title: row.title,
    summary: row.summary,
    state: row.state,
    version: row.version,
    fingerprint: row.fingerprint,
    contributors: row.contributors,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    submittedAt: row.submitted_at,
    publishedAt: row.published_at,
    publishedFingerprint: row.published_fingerprint,
    publicPath: row.public_path,
    due: row.due,
    reason: row.reason,
    reservations: row.reservations.length === 0 ? null : row.reservations,
  };
}

export function updateRow(row: Selectable<UpdateTable>): UpdateRow {
  return {
    id: row.id,
    articleId: row.article_id,
    authorId: row.author_id,
    deskId: row.desk_id,
    at: row.at,
    held: false,
    update: row.content.toString('base64'),
  };
}

export function snapshotRow(row: Selectable<SnapshotTable>): SnapshotRow {
  return {
    id: row.id,
    articleId: row.article_id,
    madeAt: row.made_at,
    updates: row.updates,
    through: row.through,
    fingerprint: row.fingerprint,
    state: row.content.toString('base64'),
  };
}

export function decisionRow(row: Selectable<DecisionTable>): DecisionRow {
  return {
    id: row.id,
    articleId: row.article_id,
    action: row.action,
    actorId: row.actor_id,
    deskId: row.desk_id,
    position: row.position,
    proposedAt: row.proposed_at,
    fingerprint: row.fingerprint,
    content: base64(row.content),
    stateVector: base64(row.state_vector),
    reason: row.reason,
    declaration: row.declaration,
    status: row.status,
    verdictCode: row.verdict_code,
    verdictRef: row.verdict_ref,
    verdictAt: row.verdict_at,
    stateAfter: row.state_after,
    version: row.version,
    onBehalfOf: row.on_behalf_of,
  };
}

export function fileRow(row: Selectable<FileTable>): FileRow {
  return {
    id: row.id,
    articleId: row.article_id,
    sha256: row.sha256,
    size: row.size,
    type: row.type,
    addedBy: row.added_by,
    at: row.at,
    held: false,
    storedAt: row.stored_at,
  };
}

export function directoryRow(row: Selectable<DirectoryTable>): DirectoryRow {
  return { id: row.id, kind: row.kind, data: row.data };
}
