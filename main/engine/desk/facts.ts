import type { ArticleRow, Declaration } from '../../../domain/contracts/rows.ts';
import type { DeskDatabase, LocalDecision, LocalFile } from '../database.ts';
import { isPending } from '../decisions/project.ts';
import type { ArticleTally, UpdateTally } from '../documents/tally.ts';

/** Everything this desk has of one article, before anything is made of it. */
export interface Facts {
  /** The portal's row, or one made of the declaration while the portal has none for this desk. */
  readonly row: ArticleRow;
  /** The portal has it. */
  readonly isAtPortal: boolean;
  /** Its author declared it, here or at the portal: nothing is held back any more. */
  readonly isDeclared: boolean;
  /** In the order in which they were proposed. */
  readonly decisions: readonly LocalDecision[];
  /** This desk's own proposals without verdict. */
  readonly pending: readonly LocalDecision[];
  readonly files: readonly LocalFile[];
  readonly tally: ArticleTally | undefined;
}

/** Reads the facts of some articles, with few queries for many; those that this desk does not have are left out. */
export async function readFacts(
  database: DeskDatabase,
  tallies: UpdateTally,
  deskId: string,
  articleIds: readonly string[],
): Promise<ReadonlyMap<string, Facts>> {
  const among = { articleId: { $in: [...articleIds] } };
  const [rows, decisionRows, fileRows] = await Promise.all([
    database.articles.findByIds([...articleIds]).exec(),
    database.decisions.find({ selector: among, sort: [{ proposedAt: 'asc' }] }).exec(),
    database.files.find({ selector: among }).exec(),
  ]);
  const decisions = byArticle(decisionRows.map((row) => row.toJSON() as LocalDecision));
  const files = byArticle(fileRows.map((row) => row.toJSON() as LocalFile));
  // Own declarations stay when an article leaves the desk, its text does not.
  const rowless = articleIds.filter((id) => !rows.has(id) && decisions.has(id));
  const withText = new Set<string>();
  for (const articleId of rowless) {
    const one = await database.updates.findOne({ selector: { articleId, code: '' } }).exec();
    if (one) withText.add(articleId);
  }
  const found = new Map<string, Facts>();
  for (const articleId of articleIds) {
    const facts = factsOf(deskId, articleId, {
      row: rows.get(articleId)?.toJSON() as ArticleRow | undefined,
      decisions: decisions.get(articleId) ?? [],
      files: files.get(articleId) ?? [],
      tally: tallies.get(articleId),
      hasText: withText.has(articleId),
    });
    if (facts) found.set(articleId, facts);
  }
  return found;
}

function byArticle<T extends { readonly articleId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.articleId);
    if (group) group.push(row);
    else groups.set(row.articleId, [row]);
  }
  return groups;
}

function factsOf(
  deskId: string,
  articleId: string,
  {
    hasText,
    ...read
  }: Pick<Facts, 'decisions' | 'files' | 'tally'> & {
    readonly row: ArticleRow | undefined;
    readonly hasText: boolean;
  },
): Facts | undefined {
  const { decisions, tally } = read;
  const pending = decisions.filter((decision) => isPending(decision, deskId));
  if (read.row) return { ...read, row: read.row, pending, isAtPortal: true, isDeclared: true };
  // Taken, but the portal's row has not come down yet.
  const taken = decisions.find(
    (one) =>
      hasText &&
      one.action === 'declare' &&
      one.deskId === deskId &&
      one.status === 'accepted' &&
      one.code === '',
  );
  const waiting = pending.find((one) => one.action === 'declare');
  const declared = taken ?? waiting;
  const declaration = declared?.declaration ?? tally?.opens?.declaration;
  const createdBy = declared?.actorId ?? tally?.opens?.createdBy;
  if (!declaration || createdBy === undefined) return undefined;
  const row = draftRow(articleId, declaration, createdBy);
  return { ...read, row, pending, isAtPortal: false, isDeclared: taken !== undefined };
}

/** The row of an article that the portal does not know. */
function draftRow(id: string, declaration: Declaration, createdBy: string): ArticleRow {
  const { unitId, channel, categoryId, sourceArticleId, createdAt } = declaration;
  return {
    id,
    unitId,
    channel,
    categoryId,
    sourceArticleId,
    counterpartId: sourceArticleId,
    title: '',
    summary: '',
    state: 'draft',
    version: 0,
    fingerprint: null,
    contributors: [],
    createdBy,
    createdAt,
    updatedAt: createdAt,
    submittedAt: null,
    publishedAt: null,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  };
}
