import type { ActionInfo, CheckIssue, DecisionInfo, Reply } from '../../../domain/contracts/index.ts';
import { ACTIONS } from '../../../domain/contracts/rows.ts';
import { mayContribute, mayEdit, needsReason } from '../../../domain/workflow/index.ts';
import type { LocalDecision, StoredDeskRow } from '../database.ts';
import { type Case, foresee } from '../decisions/judge.ts';
import { codeOf, statusOf } from '../decisions/project.ts';
import type { Directory } from '../directory.ts';
import type { FileStore } from '../files/fileStore.ts';
import type { Transfers } from '../files/transfers.ts';
import type { KeptRow } from './derive.ts';
import { type ListContext, present } from './lists.ts';

export interface DetailContext extends ListContext {
  readonly store: FileStore;
  readonly transfers: Transfers;
}

/** Everything a screen shows of one article besides its text. */
export async function detail(
  context: DetailContext,
  one: Case | null,
  kept: KeptRow,
  decisions: readonly LocalDecision[],
  text: Reply<'articles.detail'>['text'],
): Promise<Reply<'articles.detail'>> {
  const row = present(context, kept);
  const actor = context.directory.actor();
  const isThere = text !== 'coming';
  return {
    row,
    text,
    mayEdit: isThere && mayEdit(actor, { ...row, state: row.projectedState }, context.directory.profile()),
    actions: one && isThere ? actionsOf(context, one) : [],
    checks: one && isThere ? checksOf(one) : [],
    decisions: decisions.map((decision) => infoOf(context, decision)),
    files: one ? await filesOf(context, one) : [],
    reservation: {
      mayTake: !row.local && mayContribute(actor, row),
      own: context.reservations.own(kept),
      problem: context.reservations.problem(kept.id),
    },
    counterpart: await counterpartOf(context, row),
  };
}

const checksOf = (one: Case): CheckIssue[] => one.issues.map((issue) => ({ ...issue }));

/** What this person may do now, and what stands in its way. Before the declaration that is the next thing to do. */
function actionsOf({ directory }: DetailContext, one: Case): ActionInfo[] {
  const chain = one.profile.chain[one.facts.row.channel];
  const state = one.projection.subject?.state ?? 'draft';
  return ACTIONS.flatMap((action): ActionInfo[] => {
    const foreseen = foresee(one, action);
    if (foreseen === undefined) return [];
    const { refusal, verdict } = foreseen;
    if (refusal?.code === 'not-declared' && action !== 'submit') return [];
    const steps = chain.filter((step) => step.action === action);
    const step = steps.find((candidate) => candidate.from.includes(state)) ?? steps[0];
    return [
      {
        action,
        blockedBy: refusal === null ? [] : reasonsOf(one, refusal),
        requiresReason: step !== undefined && needsReason(step),
        clause: verdict?.clause ?? step?.clause ?? '',
        ref: verdict?.ref ?? step?.ref ?? '',
        ...behalf(directory, verdict?.onBehalfOf ?? null),
      },
    ];
  });
}

function reasonsOf(one: Case, refusal: { code: string; ref?: string }): ActionInfo['blockedBy'] {
  if (refusal.code !== 'incomplete') return [{ code: refusal.code, ref: refusal.ref ?? null, fieldId: null }];
  return one.issues
    .filter((issue) => issue.severity === 'must')
    .map((issue) => ({ code: issue.code, ref: issue.ref || null, fieldId: issue.fieldId }));
}

/** For whom somebody stands or stood in, by name. */
const behalf = (directory: Directory, personId: string | null): Pick<DecisionInfo, 'onBehalfOf'> =>
  personId === null ? {} : { onBehalfOf: directory.nameOf(personId) };

function infoOf({ directory }: DetailContext, decision: LocalDecision): DecisionInfo {
  const { id, action, actorId, proposedAt, fingerprint, reason, verdictRef, verdictAt, stateAfter, version } =
    decision;
  return {
    id,
    action,
    actorId,
    actorName: directory.nameOf(actorId),
    ...behalf(directory, decision.onBehalfOf),
    proposedAt,
    fingerprint,
    reason,
    status: statusOf(decision),
    verdictCode: codeOf(decision),
    verdictRef: decision.ref || verdictRef,
    verdictAt,
    stateAfter,
    version,
  };
}

async function filesOf(
  { store, transfers }: DetailContext,
  one: Case,
): Promise<Reply<'articles.detail'>['files']> {
  const named = new Map(one.content.files.map((file) => [file.sha256, file]));
  return Promise.all(
    [...named.values()].map(async ({ sha256, size }) => {
      const row = one.facts.files.find((file) => file.sha256 === sha256);
      const here = (await store.sizeOf(sha256)) !== null;
      const storedAt = row?.storedAt ?? null;
      const sentBytes = storedAt === null ? transfers.sentBytes(sha256) : size;
      return { sha256, here, storedAt, sentBytes, size };
    }),
  );
}

async function counterpartOf(
  { database }: DetailContext,
  row: KeptRow,
): Promise<Reply<'articles.detail'>['counterpart']> {
  const id = row.counterpartId ?? row.sourceArticleId;
  const found =
    id === null
      ? await database.desk.findOne({ selector: { sourceId: row.id } }).exec()
      : await database.desk.findOne(id).exec();
  if (!found) return null;
  const other = (found.toJSON() as StoredDeskRow).row as KeptRow;
  return { id: other.id, title: other.title, state: other.projectedState, publicPath: other.publicPath };
}
