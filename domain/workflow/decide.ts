import type { Action, ArticleRow, Declaration } from '../contracts/rows.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { StandIn } from '../people/delegation.ts';
import type { Role } from '../people/roles.ts';
import type { EndedUnit } from '../people/unitRules.ts';
import type { ArticleState, ChainStep, RegulationProfile } from '../regulations/types.ts';

/** The person who decides, as the one who judges knows them. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly unitId: string;
  readonly active: boolean;
  /** For whom the person stands in today, besides acting for themselves. */
  readonly standsInFor?: readonly StandIn[];
}

/** In what a person may act: for themselves first, then for those they stand in for. */
interface Capacity {
  readonly personId: string;
  readonly roles: readonly Role[];
  readonly unitId: string;
}

const capacitiesOf = (actor: Actor): readonly Capacity[] => [
  { personId: actor.id, roles: actor.roles, unitId: actor.unitId },
  ...(actor.standsInFor ?? []),
];

/** What the rules need of an article. The desk gives its own view, the portal its own truth. */
export type Subject = Pick<
  ArticleRow,
  'id' | 'unitId' | 'channel' | 'state' | 'version' | 'fingerprint' | 'contributors' | 'publicPath'
>;

export interface Proposal {
  readonly action: Action;
  readonly fingerprint: string | null;
  readonly reason: string | null;
  readonly declaration: Declaration | null;
}

/** Facts around the article that the rules ask for, gathered by whoever judges. */
export interface Circumstances {
  readonly profile: Pick<RegulationProfile, 'chain' | 'categories' | 'secrecy' | 'lastWord'>;
  /**
   * State of the Vietnamese article that an English one translates, `published` as long as it is public; null when there
   * is none or it is not known.
   */
  readonly sourceState: ArticleState | null;
  /** `must` checks that the text does not meet. */
  readonly openChecks: number;
  /** The text that the proposal was made on has arrived, as a whole. */
  readonly textArrived: boolean;
  /** Every file that the text names has arrived. */
  readonly filesArrived: boolean;
  /** The unit that a declaration names, where it has ended by today; nothing where it lives. */
  readonly endedUnit?: EndedUnit | null;
}

export interface Verdict {
  readonly stateAfter: ArticleState;
  /** The decision makes the text public. */
  readonly publishes: boolean;
  /** The decision takes what is public off the portal. */
  readonly takesDown: boolean;
  /** Number of the text after the decision. */
  readonly version: number;
  /** The person for whom the one who decided stood in; null when they acted for themselves. */
  readonly onBehalfOf: string | null;
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
  const found = findStep(named, subject, actor, around.profile.lastWord);
  if (!found.ok) return found;
  const { step, capacity } = found.value;

  if (needsReason(step) && !proposal.reason?.trim()) return refuse('reason-required', { ref: step.ref });
  if (!around.textArrived) return refuse('waiting-for-text', { ref: 'WF9' });
  if (BOUND_TO_TEXT.has(proposal.action) && proposal.fingerprint !== subject.fingerprint) {
    return refuse('content-changed', { ref: step.ref, detail: { version: subject.version } });
  }
  if (proposal.action === 'submit' || proposal.action === 'approve') {
    if (around.openChecks > 0)
      return refuse('incomplete', { ref: step.ref, detail: { count: around.openChecks } });
    if (!around.filesArrived) return refuse('waiting-for-files', { ref: 'WF9' });
  }
  if (proposal.action === 'approve') {
    const eyes = [actor.id, capacity.personId];
    if (eyes.some((id) => subject.contributors.includes(id))) return refuse('four-eyes', { ref: step.ref });
    if (subject.channel === 'en' && !isSourceApproved(around.sourceState)) {
      return refuse('source-not-approved', { ref: step.ref });
    }
  }
  const stateAfter = stateAfterOf(step, subject);
  return ok({
    stateAfter,
    publishes: proposal.action === 'approve',
    takesDown: proposal.action === 'withdraw',
    version: proposal.action === 'submit' ? subject.version + 1 : subject.version,
    onBehalfOf: capacity.personId === actor.id ? null : capacity.personId,
    clause: step.clause,
    ref: step.ref,
  });
}

/** Actions that only make sense while something of the article is public, and the one that only does when nothing is. */
const NEEDS_PUBLIC: ReadonlySet<Action> = new Set<Action>(['withdraw', 'correct']);
const LAST_WORD: ReadonlySet<Action> = new Set<Action>(['approve', 'refuse']);

/** The step that fits role, unit and state, and in which capacity the person takes it; says what is missing, the nearest last. */
function findStep(
  named: readonly ChainStep[],
  subject: Subject,
  actor: Actor,
  lastWord: RegulationProfile['lastWord'],
): Result<{ step: ChainStep; capacity: Capacity }> {
  const pairs = capacitiesOf(actor).flatMap((capacity) => named.map((step) => ({ step, capacity })));
  const byRole = pairs.filter(({ step, capacity }) =>
    step.roles.some((role) => capacity.roles.includes(role)),
  );
  const role = byRole[0];
  if (!role) return refuse('wrong-role', { ref: named[0]?.ref ?? 'WF5' });
  const mayAct = ({ step, capacity }: (typeof pairs)[number]) =>
    capacity.personId === actor.id ||
    lastWord.mayBeDelegated ||
    !(LAST_WORD.has(step.action) && step.roles.includes(lastWord.role));
  const given = byRole.filter(mayAct);
  if (given.length === 0) return refuse('not-delegable', { ref: lastWord.ref });
  const byUnit = given.filter(({ step, capacity }) => !step.sameUnit || capacity.unitId === subject.unitId);
  if (byUnit.length === 0) return refuse('wrong-unit', { ref: role.step.ref });
  const open = byUnit.find(({ step }) => step.from.includes(subject.state) && isOpen(step, subject));
  return open ? ok(open) : refuse('wrong-state', { ref: role.step.ref, detail: { state: subject.state } });
}

const isPublic = (subject: Pick<Subject, 'publicPath'>): boolean => subject.publicPath !== null;

/** A correction is given up, not archived; what is not public can't be taken down, corrected or left as it is. */
function isOpen(step: ChainStep, subject: Subject): boolean {
  if (NEEDS_PUBLIC.has(step.action)) return isPublic(subject);
  if (step.action === 'recall' && step.to === 'published') return isPublic(subject);
  if (step.action === 'archive') return !isPublic(subject);
  return true;
}

/** Where a step leads. While something of the article is public, a refused or recalled correction leaves that as it is. */
function stateAfterOf(step: ChainStep, subject: Subject): ArticleState {
  if (step.to === 'approved') return 'published';
  if (!isPublic(subject)) return step.to;
  if (step.action === 'refuse') return 'published';
  if (step.action === 'recall' && step.to === 'draft') return 'correcting';
  return step.to;
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
  const steps = around.profile.chain[declaration.channel].filter((step) => step.action === 'submit');
  const pairs = capacitiesOf(actor).flatMap((capacity) => steps.map((step) => ({ step, capacity })));
  const byRole = pairs.filter(({ step, capacity }) =>
    step.roles.some((role) => capacity.roles.includes(role)),
  );
  const first = byRole[0];
  if (!first) return refuse('wrong-role', { ref: steps[0]?.ref ?? around.profile.secrecy.ref });
  const { ref } = first.step;
  const own = byRole.find(({ step, capacity }) => !step.sameUnit || declaration.unitId === capacity.unitId);
  if (!own) return refuse('wrong-unit', { ref });
  // An English version is no new article: the unit answered for its text while it lived.
  if (declaration.channel === 'vi' && around.endedUnit) {
    const { unitId, endedOn, heirIds } = around.endedUnit;
    return refuse('unit-ended', { ref: 'WF26', detail: { unitId, endedOn, heirIds: heirIds.join(' ') } });
  }
  if (declaration.channel === 'en' && !isSourceApproved(around.sourceState)) {
    return refuse('source-not-approved', { ref });
  }
  const onBehalfOf = own.capacity.personId === actor.id ? null : own.capacity.personId;
  return ok({
    stateAfter: 'draft',
    publishes: false,
    takesDown: false,
    version: 0,
    onBehalfOf,
    ...around.profile.secrecy,
  });
}

const isSourceApproved = (state: ArticleState | null): boolean =>
  state === 'approved' || state === 'published';

/** Every step back or out of the chain says why; of the others, those of which the profile says so. */
export const needsReason = (step: ChainStep): boolean =>
  step.requiresReason === true || !FORWARD.has(step.action);

/** Steps that bring an article nearer to the public. */
const FORWARD: ReadonlySet<Action> = new Set<Action>(['submit', 'endorse', 'pass', 'approve']);

/** The steps that lead on from a state towards the public: who acts next. */
export function nextSteps(chain: readonly ChainStep[], state: ArticleState): readonly ChainStep[] {
  return chain.filter((step) => step.from.includes(state) && FORWARD.has(step.action));
}
