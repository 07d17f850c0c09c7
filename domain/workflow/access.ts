import type { ArticleRow } from '../contracts/rows.ts';
import type { Role } from '../people/roles.ts';
import type { ArticleState, RegulationProfile } from '../regulations/types.ts';
import { type Actor, nextSteps } from './decide.ts';

type Whose = Pick<ArticleRow, 'unitId' | 'channel' | 'state' | 'submittedAt' | 'publicPath'>;

const BOARD: readonly Role[] = ['editor', 'editor-in-chief', 'administrator'];
const has = (actor: Actor, ...roles: readonly Role[]): boolean =>
  roles.some((role) => actor.roles.includes(role));

/**
 * Whether a desk of this person may hold the article (WF20): the unit its own, the board what was submitted, translators what
 * is approved and all English. Standing in for somebody opens nothing here: delegations stay within one sight.
 */
export function maySee(actor: Actor, article: Whose): boolean {
  if (!actor.active) return false;
  if (actor.unitId === article.unitId && has(actor, 'liaison', 'unit-head')) return true;
  if (has(actor, ...BOARD)) {
    const isOwn = actor.unitId === article.unitId && has(actor, 'editor', 'editor-in-chief');
    return article.channel === 'en' || article.submittedAt !== null || isOwn;
  }
  if (has(actor, 'translator'))
    return (
      article.channel === 'en' ||
      article.publicPath !== null ||
      article.state === 'approved' ||
      article.state === 'published'
    );
  return false;
}

/**
 * Whether the portal takes text of this person for the article (WF21). Never a question of state: what was written
 * offline before the state moved on is kept and merged; decisions bind to the text instead.
 */
export function mayContribute(actor: Actor, article: Pick<Whose, 'unitId' | 'channel'>): boolean {
  if (!actor.active) return false;
  if (has(actor, 'editor', 'editor-in-chief')) return true;
  if (article.channel === 'en') return has(actor, 'translator');
  return actor.unitId === article.unitId && has(actor, 'liaison', 'unit-head');
}

/** States in which the text is its unit's, so that head and liaison officers write side by side. */
const WITH_AUTHORS: ReadonlySet<ArticleState> = new Set<ArticleState>(['draft', 'returned', 'correcting']);

/**
 * Whether the desk opens the text for writing (WF22): the one whose turn it is by the chain; besides, the head of the unit
 * while it is with the authors, and the editors while the one with the last word reads it.
 */
export function mayEdit(
  actor: Actor,
  article: Pick<Whose, 'unitId' | 'channel' | 'state'>,
  profile: Pick<RegulationProfile, 'chain'> | null,
): boolean {
  if (!mayContribute(actor, article)) return false;
  // Before the first exchange with the portal no chain is known: what is with its authors stays open to them.
  if (!profile) return WITH_AUTHORS.has(article.state);
  const chain = profile.chain[article.channel];
  const steps = nextSteps(chain, article.state);
  const isOwn = actor.unitId === article.unitId;
  const roles = [...actor.roles, ...(actor.standsInFor ?? []).flatMap((one) => one.roles)];
  const hasTurn = steps.some(
    (step) => step.roles.some((role) => roles.includes(role)) && (!step.sameUnit || isOwn),
  );
  if (hasTurn) return true;
  if (article.channel === 'vi' && WITH_AUTHORS.has(article.state)) return isOwn && has(actor, 'unit-head');
  const isLast = steps.length > 0 && steps.every((step) => step.action === 'approve');
  return isLast && has(actor, 'editor') && chain.some((step) => step.action === 'pass');
}
