import type { UpdateRow } from '../../domain/contracts/index.ts';
import {
  applyUpdate,
  containedIn,
  encodeState,
  loadDoc,
  updatesFit,
  validateUpdate,
} from '../../domain/document/index.ts';
import { mayContribute } from '../../domain/workflow/index.ts';
import type { LoadedDocument } from '../decisions/documents.ts';
import { type ArticleRecord, subjectOf } from '../decisions/judge.ts';
import { withCase } from './openCase.ts';
import { byArticle, type Push } from './pushRequest.ts';
import { updateRow } from './rows.ts';

interface Arrived {
  readonly row: UpdateRow;
  readonly bytes: Buffer;
}

/**
 * Takes Yjs updates of articles that are declared, from those who may contribute, whatever the state is by now
 * (WF21). Codes: `not-declared`, `forbidden`, `malformed-update`, `too-large`, `decision-conflict` for another
 * content under a known id.
 */
export async function pushUpdates(request: Push, rows: readonly UpdateRow[]): Promise<void> {
  const sound: Arrived[] = [];
  for (const row of rows) {
    const bytes = Buffer.from(row.update, 'base64');
    const checked = validateUpdate(bytes);
    if (row.authorId !== request.actor.id) request.refuse(row.id, 'forbidden', 'WF21');
    else if (row.held) request.refuse(row.id, 'bad-request');
    else if (!checked.ok) request.refuse(row.id, checked.error.code);
    else sound.push({ row, bytes });
  }
  for (const [articleId, group] of byArticle(sound.map((one) => ({ articleId: one.row.articleId, one })))) {
    await takeGroup(
      request,
      articleId,
      group.map(({ one }) => one),
    );
  }
}

async function takeGroup(request: Push, articleId: string, group: readonly Arrived[]): Promise<void> {
  const { portal, organisation, actor } = request;
  const outcome = await withCase(portal, organisation, articleId, [], async (articleCase, tx, feed) => {
    const refused: [id: string, code: string, ref?: string][] = [];
    const conflicts: Record<string, unknown>[] = [];
    const { article, document } = articleCase;
    const known = await tx
      .selectFrom('updates')
      .selectAll()
      .where('organisation_id', '=', organisation.id)
      .where(
        'id',
        'in',
        group.map(({ row }) => row.id),
      )
      .execute();
    const fresh: Arrived[] = [];
    for (const arrived of group) {
      const before = known.find((row) => row.id === arrived.row.id);
      if (!before) fresh.push(arrived);
      else if (
        before.article_id !== articleId ||
        before.author_id !== actor.id ||
        !before.content.equals(arrived.bytes)
      )
        refused.push([arrived.row.id, 'decision-conflict']);
      else if (before.at !== arrived.row.at || before.desk_id !== arrived.row.deskId)
        conflicts.push({ ...updateRow(before), _deleted: false });
    }
    const barrier = barrierFor(request, article);
    if (barrier) {
      for (const { row } of fresh) refused.push([row.id, ...barrier]);
      return { refused, conflicts };
    }
    const { taken, unfit } = document
      ? rehearse(document, newsOf(document, fresh))
      : { taken: fresh, unfit: [] };
    for (const { row } of unfit) refused.push([row.id, 'malformed-update']);
    if (taken.length === 0) return { refused, conflicts };
    await tx
      .insertInto('updates')
      .values(
        taken.map(({ row, bytes }) => ({
          organisation_id: organisation.id,
          id: row.id,
          article_id: articleId,
          author_id: row.authorId,
          desk_id: row.deskId,
          at: row.at,
          content: bytes,
          arrived_at: portal.now(),
        })),
      )
      .execute();
    feed.touch('updates', ...taken.map(({ row }) => row.id));
    await articleCase.textArrived(actor.id);
    await articleCase.settle();
    return { refused, conflicts };
  });
  for (const [id, code, ref] of outcome.refused) request.refuse(id, code, ref);
  request.reply.conflicts.push(...outcome.conflicts);
}

function barrierFor(request: Push, article: ArticleRecord | null): [code: string, ref: string] | null {
  if (!article) return ['not-declared', 'VP17-15.1'];
  return mayContribute(request.actor, subjectOf(article)) ? null : ['forbidden', 'WF21'];
}

/**
 * Without what the document has already. An update that a snapshot covers is not known by its id any more; when its desk did not hear the answer and
 * sends it again, it is taken once more, without effect.
 */
function newsOf(document: LoadedDocument, updates: readonly Arrived[]): readonly Arrived[] {
  if (document.snapshotBytes === 0) return updates;
  const isContained = containedIn(document.doc);
  return updates.filter(({ bytes }) => !isContained(bytes));
}

/** Tries updates on a copy: all at once, and one by one if something is wrong with any of them. */
function rehearse(
  document: LoadedDocument,
  updates: readonly Arrived[],
): { taken: readonly Arrived[]; unfit: readonly Arrived[] } {
  const allBytes = updates.map(({ bytes }) => bytes);
  if (updatesFit(document.doc, allBytes)) return { taken: updates, unfit: [] };
  const copy = loadDoc([encodeState(document.doc)]);
  const taken: Arrived[] = [];
  const unfit: Arrived[] = [];
  for (const update of updates) (applyUpdate(copy, update.bytes).ok ? taken : unfit).push(update);
  copy.destroy();
  return { taken, unfit };
}
