import { MAX_ATTACHMENT_BYTES } from '../../domain/content/index.ts';
import type { FileRow } from '../../domain/contracts/index.ts';
import { mayContribute } from '../../domain/workflow/index.ts';
import { subjectOf } from '../decisions/judge.ts';
import { withCase } from './openCase.ts';
import { byArticle, type Push } from './pushRequest.ts';
import { fileRow } from './rows.ts';

/**
 * Takes the rows that say which files an article names; the bytes come beside them. Codes: `not-declared`,
 * `forbidden`, `bad-request`, `file-too-large`. Two desks may name the same bytes: the first row stays.
 */
export async function pushFiles(request: Push, rows: readonly FileRow[]): Promise<void> {
  const sound: FileRow[] = [];
  for (const row of rows) {
    if (row.addedBy !== request.actor.id) request.refuse(row.id, 'forbidden', 'WF21');
    else if (row.held || row.id !== `${row.articleId}.${row.sha256}`) request.refuse(row.id, 'bad-request');
    else if (row.size > MAX_ATTACHMENT_BYTES) request.refuse(row.id, 'file-too-large');
    else sound.push(row);
  }
  for (const [articleId, group] of byArticle(sound)) await takeGroup(request, articleId, group);
}

async function takeGroup(request: Push, articleId: string, group: readonly FileRow[]): Promise<void> {
  const { portal, organisation, actor } = request;
  const outcome = await withCase(portal, organisation, articleId, [], async (articleCase, tx, feed) => {
    const { article } = articleCase;
    if (!article) return { barrier: ['not-declared', 'VP17-15.1'] as const };
    if (!mayContribute(actor, subjectOf(article))) return { barrier: ['forbidden', 'WF21'] as const };
    const stored = await tx
      .selectFrom('stored_files')
      .selectAll()
      .where('organisation_id', '=', organisation.id)
      .where(
        'sha256',
        'in',
        group.map((row) => row.sha256),
      )
      // Not removed while this says that they are there.
      .forShare()
      .execute();
    const added = await tx
      .insertInto('files')
      .values(
        group.map((row) => ({
          organisation_id: organisation.id,
          id: row.id,
          article_id: articleId,
          sha256: row.sha256,
          size: row.size,
          type: row.type,
          added_by: row.addedBy,
          at: row.at,
          stored_at: stored.find((one) => one.sha256 === row.sha256)?.stored_at ?? null,
        })),
      )
      .onConflict((conflict) => conflict.columns(['organisation_id', 'id']).doNothing())
      .returning('id')
      .execute();
    feed.touch('files', ...added.map((row) => row.id));
    const held = await tx
      .selectFrom('files')
      .selectAll()
      .where('organisation_id', '=', organisation.id)
      .where(
        'id',
        'in',
        group.map((row) => row.id),
      )
      .execute();
    await articleCase.settle();
    return { barrier: null, held: held.map(fileRow) };
  });
  if (outcome.barrier) {
    const [code, ref] = outcome.barrier;
    for (const row of group) request.refuse(row.id, code, ref);
    return;
  }
  for (const held of outcome.held) {
    const sent = group.find((row) => row.id === held.id);
    if (sent && !isSame(held, sent)) request.reply.conflicts.push({ ...held, _deleted: false });
  }
}

function isSame(a: FileRow, b: FileRow): boolean {
  return (
    a.size === b.size &&
    a.type === b.type &&
    a.addedBy === b.addedBy &&
    a.at === b.at &&
    a.storedAt === b.storedAt
  );
}
