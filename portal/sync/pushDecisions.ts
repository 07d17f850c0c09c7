import type { DecisionRow } from '../../domain/contracts/index.ts';
import { BOUND_TO_TEXT } from '../../domain/workflow/index.ts';
import { isEvidence } from '../decisions/evidence.ts';
import { withCase } from './openCase.ts';
import { byArticle, type Push } from './pushRequest.ts';
import { decisionRow } from './rows.ts';

/**
 * Takes proposals and judges what can be judged. A verdict against a proposal is no refusal of the row: it is written
 * into the row, which the desk pulls. Codes of refused rows: `forbidden` for somebody else's name, `bad-request` for a
 * row that brings its own verdict or lacks its text, `fingerprint-mismatch`, `decision-conflict`.
 */
export async function pushDecisions(request: Push, rows: readonly DecisionRow[]): Promise<void> {
  const sound: DecisionRow[] = [];
  for (const row of rows) {
    if (row.actorId !== request.actor.id) request.refuse(row.id, 'forbidden', 'WF5');
    else sound.push(row);
  }
  for (const [articleId, group] of byArticle(sound)) await takeGroup(request, articleId, group);
}

async function takeGroup(request: Push, articleId: string, group: readonly DecisionRow[]): Promise<void> {
  const { portal, organisation } = request;
  const faults = new Map<string, string>();
  for (const row of group) {
    const fault = await faultOf(row);
    if (fault !== null) faults.set(row.id, fault);
  }
  const sources = group.flatMap((row) => row.declaration?.sourceArticleId ?? []);
  const outcome = await withCase(portal, organisation, articleId, sources, async (articleCase, tx, feed) => {
    const refused: [id: string, code: string][] = [];
    const known = await tx
      .selectFrom('decisions')
      .selectAll()
      .where('organisation_id', '=', organisation.id)
      .where(
        'id',
        'in',
        group.map((row) => row.id),
      )
      .execute();
    const fresh: DecisionRow[] = [];
    const repeated: string[] = [];
    for (const row of [...group].sort((a, b) => a.position - b.position)) {
      const before = known.find((one) => one.id === row.id);
      const fault = faults.get(row.id);
      if (before && isSameProposal(decisionRow(before), row)) repeated.push(row.id);
      else if (before) refused.push([row.id, 'decision-conflict']);
      else if (row.status !== 'proposed') refused.push([row.id, 'bad-request']);
      else if (fault !== undefined) refused.push([row.id, fault]);
      else fresh.push(row);
    }
    for (const row of fresh) {
      await tx
        .insertInto('decisions')
        .values({
          organisation_id: organisation.id,
          id: row.id,
          article_id: articleId,
          action: row.action,
          actor_id: row.actorId,
          desk_id: row.deskId,
          position: row.position,
          proposed_at: row.proposedAt,
          fingerprint: row.fingerprint,
          content: bytes(row.content),
          state_vector: bytes(row.stateVector),
          reason: row.reason,
          declaration: row.declaration === null ? null : JSON.stringify(row.declaration),
          status: 'proposed',
          verdict_code: null,
          verdict_ref: null,
          verdict_at: null,
          state_after: null,
          version: null,
          on_behalf_of: null,
          arrived_at: portal.now(),
        })
        .execute();
      feed.touch('decisions', row.id);
    }
    if (fresh.length > 0) await articleCase.settle();
    return { refused, conflicts: await differing(group, [...repeated, ...fresh.map((row) => row.id)]) };

    /** What the portal holds differently by now: the verdicts, at once. */
    async function differing(pushed: readonly DecisionRow[], ids: readonly string[]) {
      if (ids.length === 0) return [];
      const held = await tx
        .selectFrom('decisions')
        .selectAll()
        .where('organisation_id', '=', organisation.id)
        .where('id', 'in', [...ids])
        .execute();
      return held
        .map(decisionRow)
        .filter((row) => {
          const sent = pushed.find((one) => one.id === row.id);
          return sent?.status !== row.status || sent.verdictCode !== row.verdictCode;
        })
        .map((row) => ({ ...row, _deleted: false }));
    }
  });
  for (const [id, code] of outcome.refused) request.refuse(id, code);
  request.reply.conflicts.push(...outcome.conflicts);
}

async function faultOf(row: DecisionRow): Promise<string | null> {
  const { action, fingerprint, content, declaration } = row;
  if (action === 'declare')
    return declaration !== null && fingerprint === null && content === null ? null : 'bad-request';
  if (declaration !== null) return 'bad-request';
  if (fingerprint === null || content === null) {
    if (BOUND_TO_TEXT.has(action) || fingerprint !== null || content !== null) return 'bad-request';
    return null;
  }
  return (await isEvidence(Buffer.from(content, 'base64'), fingerprint)) ? null : 'fingerprint-mismatch';
}

/** Everything that its author proposed; the verdict apart. */
function isSameProposal(a: DecisionRow, b: DecisionRow): boolean {
  const said = (row: DecisionRow) =>
    JSON.stringify([
      row.articleId,
      row.action,
      row.actorId,
      row.deskId,
      row.position,
      row.proposedAt,
      row.fingerprint,
      row.reason,
      row.declaration && Object.entries(row.declaration).sort(([x], [y]) => (x < y ? -1 : 1)),
      row.stateVector,
    ]);
  return said(a) === said(b);
}

const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'base64'));
