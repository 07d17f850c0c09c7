import type { Action, ArticleRow, Declaration } from '../contracts/rows.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Role } from '../people/roles.ts';
import type { ArticleState, ChainStep, RegulationProfile } from '../regulations/types.ts';

/** The person who decides, as the one who judges knows them. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly unitId: string;
  readonly active: boolean;
}

/** What the rules need of an article. The desk gives its own view, the portal its own truth. */
export type Subject = Pick<
  ArticleRow,
  'id' | 'unitId' | 'channel' | 'state' | 'version' | 'fingerprint' | 'contributors'
>;

export interface Proposal {
  readonly action: Action;
  readonly fingerprint: string | null;
  readonly reason: string | null;
  readonly declaration: Declaration | null;
}

/** Facts around the article that the rules ask for, gathered by whoever judges. */
export interface Circumstances {
  readonly profile: Pick<RegulationProfile, 'chain' | 'categories' | 'secrecy'>;
  /** State of the Vietnamese article that an English one translates; null when there is none or it is not known. */
  readonly sourceState: ArticleState | null;
  /** `must` checks that the text does not meet. */
  readonly openChecks: number;
  /** The text that the proposal was made on has arrived, as a whole. */
  readonly textArrived: boolean;
  /** Every file that the text names has arrived. */
  readonly filesArrived: boolean;
}

export interface Verdict {
  readonly stateAfter: ArticleState;
  /** The decision makes the text public. */
  readonly publishes: boolean;
  /** Number of the text after the decision. */
  readonly version: number;
  readonly clause: string;
  readonly ref: string;
}

/** Actions that hold for one exact text (TB21 Điều 8, VP17 Điều 3 khoản 4). */
export const BOUND_TO_TEXT: ReadonlySet<Action> = new Set<Action>(['endorse', 'pass', 'approve', 'refuse']);

/**
 * Judges one proposal (RULES.md). The portal's call is the verdict; a desk's call shows what would happen. Pure: the
 * same inputs give the same answer on every machine. `waiting-for-text` and `waiting-for-files` are no refusals: the
 * judge asks again when more has arrived.
 */
export function decide(
  subject: Subject | null,
  proposal: Proposal,
  actor: Actor,
  around: Circumstances,
): Result<Verdict> {
  if (!actor.active) return refuse('account-inactive', { ref: 'WF1' });
  if (proposal.action === 'declare') return declare(subject, proposal.declaration, actor, around);
  if (!subject) return refuse('not-declared', { ref: around.profile.secrecy.ref });

  const named = around.profile.chain[subject.channel].filter((s) => s.action === proposal.action);
  if (named.length === 0) return refuse('unknown-action', { ref: 'WF4' });
  const byRole = named.filter((s) => s.roles.some((role) => actor.roles.includes(role)));
  const role = byRole[0];
  if (!role) return refuse('wrong-role', { ref: named[0]?.ref ?? 'WF5' });
  const byUnit = byRole.filter((s) => !s.sameUnit || actor.unitId === subject.unitId);
  if (byUnit.length === 0) return refuse('wrong-unit', { ref: role.ref });
  const open = byUnit.find((s) => s.from.includes(subject.state));
  if (!open) return refuse('wrong-state', { ref: role.ref, detail: { state: subject.state } });

  if (needsReason(open) && !proposal.reason?.trim()) return refuse('reason-required', { ref: open.ref });
  if (!around.textArrived) return refuse('waiting-for-text', { ref: 'WF9' });
  if (BOUND_TO_TEXT.has(proposal.action) && proposal.fingerprint !== subject.fingerprint) {
    return refuse('content-changed', { ref: open.ref, detail: { version: subject.version } });
  }
  if (proposal.action === 'submit' || proposal.action === 'approve') {
    if (around.openChecks > 0)
      return refuse('incomplete', { ref: open.ref, detail: { count: around.openChecks } });
    if (!around.filesArrived) return refuse('waiting-for-files', { ref: 'WF9' });
  }
  if (proposal.action === 'approve') {
    if (subject.contributors.includes(actor.id)) return refuse('four-eyes', { ref: open.ref });
    if (subject.channel === 'en' && !isSourceApproved(around.sourceState)) {
      return refuse('source-not-approved', { ref: open.ref });
    }
  }
  const publishes = open.to === 'approved';
  return ok({
    stateAfter: publishes ? 'published' : open.to,
    publishes,
    version: proposal.action === 'submit' ? subject.version + 1 : subject.version,
    clause: open.clause,
    ref: open.ref,
  });
}

function declare(
  subject: Subject | null,
  declaration: Declaration | null,
  actor: Actor,
  around: Circumstances,
): Result<Verdict> {
  if (subject) return refuse('already-declared', { ref: 'WF3' });
  if (!declaration) return refuse('bad-request', { ref: 'WF3' });
  if (!around.profile.categories.some((category) => category.id === declaration.categoryId)) {
    return refuse('category-unknown', { ref: 'WF3' });
  }
  const first = around.profile.chain[declaration.channel].find((step) => step.action === 'submit');
  if (!first?.roles.some((role) => actor.roles.includes(role))) {
    return refuse('wrong-role', { ref: first?.ref ?? around.profile.secrecy.ref });
  }
  if (first.sameUnit && declaration.unitId !== actor.unitId) return refuse('wrong-unit', { ref: first.ref });
  if (declaration.channel === 'en' && !isSourceApproved(around.sourceState)) {
    return refuse('source-not-approved', { ref: first.ref });
  }
  return ok({ stateAfter: 'draft', publishes: false, version: 0, ...around.profile.secrecy });
}

const isSourceApproved = (state: ArticleState | null): boolean =>
  state === 'approved' || state === 'published';

export const needsReason = (step: ChainStep): boolean =>
  step.requiresReason === true || step.action === 'return' || step.action === 'refuse';

/** The steps that lead on from a state, returns and refusals apart: who acts next. */
export function nextSteps(chain: readonly ChainStep[], state: ArticleState): readonly ChainStep[] {
  return chain.filter(
    (step) =>
      step.from.includes(state) &&
      step.action !== 'return' &&
      step.action !== 'refuse' &&
      step.action !== 'withdraw',
  );
}
