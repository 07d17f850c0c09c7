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

/** Reads the facts of an article; undefined when this desk does not have it. */
export async function readFacts(
  database: DeskDatabase,
  tallies: UpdateTally,
  deskId: string,
  articleId: string,
): Promise<Facts | undefined> {
  const [found, decisionRows, fileRows] = await Promise.all([
    database.articles.findOne(articleId).exec(),
    database.decisions.find({ selector: { articleId }, sort: [{ proposedAt: 'asc' }] }).exec(),
    database.files.find({ selector: { articleId } }).exec(),
  ]);
  const decisions = decisionRows.map((row) => row.toJSON() as LocalDecision);
  const files = fileRows.map((row) => row.toJSON() as LocalFile);
  const tally = tallies.get(articleId);
  const pending = decisions.filter((decision) => isPending(decision, deskId));
  const base = { decisions, pending, files, tally };
  if (found) return { ...base, row: found.toJSON() as ArticleRow, isAtPortal: true, isDeclared: true };
  // Taken, but the portal's row has not come down yet.
  const taken = decisions.find(
    (one) =>
      one.action === 'declare' && one.deskId === deskId && one.status === 'accepted' && one.code === '',
  );
  const waiting = pending.find((one) => one.action === 'declare');
  const declared = taken ?? waiting;
  const declaration = declared?.declaration ?? tally?.opens?.declaration;
  const createdBy = declared?.actorId ?? tally?.opens?.createdBy;
  if (!declaration || createdBy === undefined) return undefined;
  return {
    ...base,
    row: draftRow(articleId, declaration, createdBy),
    isAtPortal: false,
    isDeclared: taken !== undefined,
  };
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
