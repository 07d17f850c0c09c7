import type { ArticleRow } from '../contracts/rows.ts';
import type { Role } from '../people/roles.ts';
import type { ArticleState } from '../regulations/types.ts';
import type { Actor } from './decide.ts';

type Whose = Pick<ArticleRow, 'unitId' | 'channel' | 'state' | 'submittedAt'>;

const BOARD: readonly Role[] = ['editor', 'editor-in-chief', 'administrator'];
const has = (actor: Actor, ...roles: readonly Role[]): boolean =>
  roles.some((role) => actor.roles.includes(role));

/** Whether a desk of this person may hold the article (WF20): the unit its own, the board what was submitted, translators what is approved and all English. */
export function maySee(actor: Actor, article: Whose): boolean {
  if (!actor.active) return false;
  if (actor.unitId === article.unitId && has(actor, 'liaison', 'unit-head')) return true;
  if (has(actor, ...BOARD)) return article.channel === 'en' || article.submittedAt !== null;
  if (has(actor, 'translator'))
    return article.channel === 'en' || article.state === 'approved' || article.state === 'published';
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

const WRITERS: Readonly<Record<'vi' | 'en', Partial<Record<ArticleState, readonly Role[]>>>> = {
  vi: {
    draft: ['liaison', 'unit-head'],
    returned: ['liaison', 'unit-head'],
    submitted: ['unit-head'],
    endorsed: ['editor'],
    'in-review': ['editor', 'editor-in-chief'],
  },
  en: {
    draft: ['translator'],
    returned: ['translator'],
    submitted: ['editor'],
    endorsed: ['editor'],
    'in-review': ['editor', 'editor-in-chief'],
  },
};

/** Whether the desk opens the text for writing (WF22): the one whose turn it is. */
export function mayEdit(actor: Actor, article: Pick<Whose, 'unitId' | 'channel' | 'state'>): boolean {
  if (!mayContribute(actor, article)) return false;
  const roles = WRITERS[article.channel][article.state] ?? [];
  const ofUnit: readonly Role[] = ['liaison', 'unit-head'];
  return roles.some(
    (role) => actor.roles.includes(role) && (!ofUnit.includes(role) || actor.unitId === article.unitId),
  );
}
