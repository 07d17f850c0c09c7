import type * as Y from 'yjs';
import { checkBeforeSubmit, contentToCheck, type Issue } from '../../../domain/content/index.ts';
import type { Action, Declaration } from '../../../domain/contracts/rows.ts';
import { type ArticleContent, fingerprint, readContent } from '../../../domain/document/index.ts';
import type { Refusal, Result } from '../../../domain/lib/result.ts';
import { refuse } from '../../../domain/lib/result.ts';
import type { EndedUnit } from '../../../domain/people/unitRules.ts';
import type { RegulationProfile } from '../../../domain/regulations/index.ts';
import {
  type Actor,
  decide,
  type Proposal,
  type Subject,
  type Verdict,
} from '../../../domain/workflow/index.ts';
import type { Facts } from '../desk/facts.ts';
import { type Projection, project } from './project.ts';

/** An article with its text, ready to be judged. */
export interface Case {
  readonly facts: Facts;
  readonly projection: Projection;
  readonly content: ArticleContent;
  readonly fingerprint: string;
  readonly issues: readonly Issue[];
  readonly profile: RegulationProfile;
  readonly actor: Actor;
  readonly sourceState: Subject['state'] | null;
  /** Its unit, where that has ended by today. */
  readonly endedUnit: EndedUnit | null;
}

/** Puts together what the rules need. `sourceState`: of the Vietnamese article, for an English one. */
export function openCase(
  facts: Facts,
  doc: Y.Doc,
  around: {
    profile: RegulationProfile;
    actor: Actor;
    sourceState: Subject['state'] | null;
    endedUnit: EndedUnit | null;
    /** Words of the files that the text names, by SHA-256. */
    wordsOf: (files: ArticleContent['files']) => ReadonlyMap<string, string>;
  },
): Case {
  const { profile, actor, sourceState, endedUnit, wordsOf } = around;
  const content = readContent(doc);
  const attachedTexts = wordsOf(content.files);
  const issues = checkBeforeSubmit({ ...contentToCheck(profile, facts.row, content), attachedTexts });
  const { row, isDeclared, pending } = facts;
  const projection = project({ row, isDeclared, pending, profile, actor });
  return {
    facts,
    projection,
    content,
    fingerprint: fingerprint(content),
    issues,
    profile,
    actor,
    sourceState,
    endedUnit,
  };
}

/** Whether whose work went over to others in the meantime is the one who declares: then the article is their unit's. */
const isTakenOver = ({ endedUnit, actor, facts }: Case): boolean =>
  facts.row.channel === 'vi' && (endedUnit?.heirIds.includes(actor.unitId) ?? false);

/** What the author declares. What was begun in a unit that has ended since is declared in the one that took over. */
export function declarationOf(one: Case): Declaration {
  const { unitId, channel, categoryId, sourceArticleId, createdAt } = one.facts.row;
  const own = isTakenOver(one) ? one.actor.unitId : unitId;
  return { unitId: own, channel, categoryId, sourceArticleId, createdAt };
}

/** The unit that a declaration names, where it has ended. */
export const endedUnitOf = (one: Case): EndedUnit | null => (isTakenOver(one) ? null : one.endedUnit);

/** Who wrote since the last submission, with what waits here. */
function contributors({ facts, projection, actor }: Case, subject: Subject): string[] {
  const since = projection.submittedAt ?? facts.row.submittedAt ?? 0;
  const waiting = [...(facts.tally?.waiting.values() ?? [])];
  const wrote = waiting.some((update) => update.authorId === actor.id && update.at > since);
  return wrote ? [...new Set([...subject.contributors, actor.id])] : [...subject.contributors];
}

/**
 * What the portal would say by what this desk knows. The text on this desk stands for the portal's. What bears a mark of secrecy
 * is not declared here, whatever its author says: nothing of it is to leave the machine.
 */
export function judge(one: Case, proposal: Proposal): Result<Verdict> {
  const { facts, projection, profile, actor } = one;
  const subject = projection.subject && {
    ...projection.subject,
    fingerprint: one.fingerprint,
    contributors: contributors(one, projection.subject),
  };
  if (proposal.action === 'declare' && facts.pending.some((pending) => pending.action === 'declare')) {
    return refuse('already-declared', { ref: 'WF3' });
  }
  const marks = one.issues.filter((issue) => issue.code === 'secrecy-mark').length;
  if (proposal.action === 'declare' && marks > 0) {
    return refuse('incomplete', { ref: profile.secrecy.ref, detail: { count: marks } });
  }
  return decide(subject, proposal, actor, {
    profile,
    sourceState: one.sourceState,
    openChecks: one.issues.filter((issue) => issue.severity === 'must').length,
    textArrived: true,
    filesArrived: true,
    endedUnit: endedUnitOf(one),
  });
}

/** Refusals that say "not you" or "not now": the action is not offered at all. */
const NOT_OFFERED = new Set([
  'wrong-role',
  'wrong-unit',
  'wrong-state',
  'unknown-action',
  'account-inactive',
  'already-declared',
]);

/** What would become of an action if it were taken now; undefined when it is not for this person now. */
export function foresee(
  one: Case,
  action: Action,
): { refusal: Refusal | null; verdict: Verdict | null } | undefined {
  const isDeclare = action === 'declare';
  const declaration = isDeclare ? declarationOf(one) : null;
  const fingerprint = isDeclare ? null : one.fingerprint;
  const result = judge(one, { action, fingerprint, reason: 'given', declaration });
  if (result.ok) return { refusal: null, verdict: result.value };
  return NOT_OFFERED.has(result.error.code) ? undefined : { refusal: result.error, verdict: null };
}
