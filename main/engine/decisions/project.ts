import type { ArticleRow } from '../../../domain/contracts/rows.ts';
import type { RegulationProfile } from '../../../domain/regulations/index.ts';
import { type Actor, decide, type Proposal, type Subject } from '../../../domain/workflow/index.ts';
import type { LocalDecision } from '../database.ts';

/** An article with this desk's own proposals applied, as far as the rules let them pass. */
export interface Projection {
  /** Null while the article is not declared, not even by a proposal that waits. */
  readonly subject: Subject | null;
  /** When the last submission among the proposals was made: text of this desk after it counts as written since. */
  readonly submittedAt: number | null;
}

/** A proposal of this desk without verdict: it waits here or at the portal. */
export const isPending = (decision: LocalDecision, deskId: string): boolean =>
  decision.deskId === deskId && decision.status === 'proposed' && decision.code === '';

/** Status as a screen shows it: what the portal would not even take is refused too. */
export const statusOf = (decision: LocalDecision): LocalDecision['status'] =>
  decision.code === '' ? decision.status : 'refused';
export const codeOf = (decision: LocalDecision): string | null => decision.code || decision.verdictCode;

const byPosition = (a: LocalDecision, b: LocalDecision): number => a.position - b.position;

/**
 * Applies the proposals in their order. Each was allowed when it was made; the projection trusts its text and its
 * checks, and asks the rules only where it leads. A proposal that no longer fits changes nothing.
 */
export function project(options: {
  readonly row: ArticleRow;
  readonly isDeclared: boolean;
  readonly pending: readonly LocalDecision[];
  readonly profile: Pick<RegulationProfile, 'chain' | 'categories' | 'secrecy' | 'lastWord'>;
  readonly actor: Actor;
}): Projection {
  const { row, profile, actor } = options;
  let subject: Subject | null = options.isDeclared ? row : null;
  let submittedAt: number | null = null;
  for (const decision of [...options.pending].sort(byPosition)) {
    const proposal: Proposal = decision;
    const seen: Subject | null = subject && { ...subject, fingerprint: decision.fingerprint };
    const verdict = decide(seen, proposal, actor, {
      profile,
      sourceState: 'published',
      openChecks: 0,
      textArrived: true,
      filesArrived: true,
    });
    if (!verdict.ok) continue;
    const { stateAfter, version, takesDown } = verdict.value;
    if (decision.action === 'submit') submittedAt = decision.proposedAt;
    const contributors = decision.action === 'submit' ? [] : (subject?.contributors ?? []);
    subject = {
      ...(subject ?? row),
      state: stateAfter,
      version,
      contributors,
      fingerprint: decision.fingerprint,
      ...(takesDown ? { publicPath: null } : {}),
    };
  }
  return { subject, submittedAt };
}
