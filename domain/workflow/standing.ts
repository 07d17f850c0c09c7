import type { Action, Declaration } from '../contracts/rows.ts';
import type { ArticleState, ChainStep } from '../regulations/types.ts';
import { type Actor, type Circumstances, decide, nextSteps, type Subject } from './decide.ts';

/** What of this desk's own work the portal has not taken yet. */
export interface Unsent {
  /** Edits that wait to be sent. */
  readonly edits: number;
  /** Proposals that wait for the portal or for its verdict. */
  readonly decisions: number;
  /** Code of what the portal did not take, and nobody has put away; null when there is none. */
  readonly notTaken: string | null;
}

/**
 * Why an article does not go out: a code that {@link decide} refuses with, or one of what only this desk knows (`unsent-text`,
 * `unsent-decision`, `not-taken`), or that there is no one to act (`nobody-may-act`).
 */
export interface Obstacle {
  readonly code: string;
  readonly ref: string | null;
  /** It stops the very next step; otherwise it will stop the publication. */
  readonly stopsNext: boolean;
}

/** Somebody who may take the next step, and for whom if not for themselves. */
export interface NextPerson {
  readonly personId: string;
  readonly action: Action;
  readonly onBehalfOf: string | null;
}

/** Where an article stands: what is in its way and who acts next. */
export interface Standing {
  readonly obstacles: readonly Obstacle[];
  readonly next: readonly NextPerson[];
  /** Steps of the chain up to the publication, the declaration not counted; 0 when it goes nowhere. */
  readonly stepsLeft: number;
}

interface Question {
  /** Null before the declaration. */
  readonly subject: Subject | null;
  /** What the declaration says or would say. */
  readonly declaration: Declaration;
  readonly around: Circumstances;
  /** Everybody who could be asked, each with those they stand in for today. */
  readonly people: readonly Actor[];
  readonly unsent: Unsent;
}

/**
 * Why an article can't go out, and who acts next (WF23). Nothing is decided here: every answer is one of {@link decide}, asked for
 * each person with everything else in order, and for each circumstance with everybody in the right place.
 */
export function standingOf(question: Question): Standing {
  const { subject, declaration, around, unsent } = question;
  const chain = around.profile.chain[declaration.channel];
  const state = subject?.state ?? 'draft';
  const actions: readonly Action[] =
    subject === null ? ['declare'] : [...new Set(nextSteps(chain, state).map((step) => step.action))];
  const next: NextPerson[] = [];
  let keptOut: string | null = null;
  for (const action of actions) {
    for (const person of question.people) {
      const verdict = ask(question, subject, action, person, inOrder(around));
      if (verdict.ok) next.push({ personId: person.id, action, onBehalfOf: verdict.value.onBehalfOf });
      else if (verdict.error.code === 'four-eyes') keptOut = verdict.error.ref ?? '';
    }
  }
  const obstacles: Obstacle[] = [];
  if (unsent.notTaken !== null) obstacles.push({ code: 'not-taken', ref: null, stopsNext: true });
  if (subject === null)
    obstacles.push({ code: 'not-declared', ref: around.profile.secrecy.ref, stopsNext: true });
  if (subject === null) obstacles.push(...unitInTheWay(question, chain));
  obstacles.push(...circumstancesInTheWay(question, chain, state, actions));
  if (actions.length > 0 && next.length === 0)
    obstacles.push(
      keptOut === null
        ? { code: 'nobody-may-act', ref: nextSteps(chain, state)[0]?.ref ?? null, stopsNext: true }
        : { code: 'four-eyes', ref: keptOut, stopsNext: true },
    );
  if (subject !== null && unsent.edits > 0)
    obstacles.push({ code: 'unsent-text', ref: null, stopsNext: false });
  if (unsent.decisions > 0) obstacles.push({ code: 'unsent-decision', ref: null, stopsNext: true });
  return { obstacles, next: inOwnNameFirst(next), stepsLeft: stepsLeft(chain, state) };
}

/** How many steps lead from a state to the public, on the shortest way; 0 when none does, or when it is there. */
export function stepsLeft(chain: readonly ChainStep[], from: ArticleState): number {
  const seen = new Set<ArticleState>([from]);
  let front: ArticleState[] = [from];
  for (let count = 1; front.length > 0; count += 1) {
    const steps = front.flatMap((state) => nextSteps(chain, state));
    if (steps.some((step) => step.action === 'approve')) return count;
    front = [...new Set(steps.map((step) => step.to))].filter((state) => !seen.has(state));
    for (const state of front) seen.add(state);
  }
  return 0;
}

const inOrder = (around: Circumstances): Circumstances => ({
  ...around,
  sourceState: 'published',
  openChecks: 0,
  textArrived: true,
  filesArrived: true,
  endedUnit: null,
});

function ask(
  { declaration }: Question,
  subject: Subject | null,
  action: Action,
  actor: Actor,
  around: Circumstances,
) {
  const fingerprint = subject?.fingerprint ?? null;
  const proposal = {
    action,
    fingerprint,
    reason: 'given',
    declaration: action === 'declare' ? declaration : null,
  };
  return decide(subject, proposal, actor, around);
}

/** The unit of an article that is still to be declared. */
function unitInTheWay(question: Question, chain: readonly ChainStep[]): Obstacle[] {
  const { declaration, around } = question;
  const { unitId } = declaration;
  const roles = chain.filter((step) => step.action === 'submit').flatMap((step) => step.roles);
  const somebody: Actor = { id: '', roles, unitId, active: true };
  const ended = { ...inOrder(around), endedUnit: around.endedUnit ?? null };
  const verdict = ask(question, null, 'declare', somebody, ended);
  const { code, ref } = verdict.ok ? { code: '', ref: undefined } : verdict.error;
  return code === 'unit-ended' ? [{ code, ref: ref ?? null, stopsNext: true }] : [];
}

/** Each circumstance by itself, so that all of them are said at once, not one after the other. */
function circumstancesInTheWay(
  question: Question,
  chain: readonly ChainStep[],
  state: ArticleState,
  actions: readonly Action[],
): Obstacle[] {
  const { around } = question;
  const subject = question.subject ?? draftOf(question.declaration);
  const spoiled: Circumstances[] = [
    { ...inOrder(around), openChecks: around.openChecks },
    { ...inOrder(around), textArrived: around.textArrived },
    { ...inOrder(around), filesArrived: around.filesArrived },
    { ...inOrder(around), sourceState: around.sourceState },
  ];
  const soon = actions.includes('declare') ? (['submit'] as const) : actions;
  const canGoOut = stepsLeft(chain, state) > 0;
  return spoiled.flatMap((one): Obstacle[] => {
    const stops = (action: Action) => {
      const step = chain.find((candidate) => candidate.action === action);
      const from = step?.from[0];
      if (!step || from === undefined) return null;
      const somebody: Actor = { id: '', roles: step.roles, unitId: subject.unitId, active: true };
      const there = { ...subject, state: from, contributors: [] };
      const verdict = ask(question, there, action, somebody, one);
      return verdict.ok ? null : verdict.error;
    };
    const now = soon.map(stops).find((refusal) => refusal !== null);
    const later = canGoOut ? stops('approve') : null;
    const refusal = now ?? later;
    return refusal ? [{ code: refusal.code, ref: refusal.ref ?? null, stopsNext: now !== undefined }] : [];
  });
}

const draftOf = ({ unitId, channel }: Declaration): Subject => ({
  id: '',
  unitId,
  channel,
  state: 'draft',
  version: 0,
  fingerprint: null,
  contributors: [],
  publicPath: null,
});

const inOwnNameFirst = (next: readonly NextPerson[]): NextPerson[] =>
  [...next].sort((a, b) => Number(a.onBehalfOf !== null) - Number(b.onBehalfOf !== null));
