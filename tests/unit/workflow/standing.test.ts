import { describe, expect, it } from 'vitest';
import type { Role } from '../../../domain/people/roles.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import { ARTICLE_STATES, type ArticleState } from '../../../domain/regulations/types.ts';
import {
  type Actor,
  type Circumstances,
  nextSteps,
  type Subject,
  standingOf,
  stepsLeft,
} from '../../../domain/workflow/index.ts';

const profileOf = (id: string) => {
  const profile = getProfile(id);
  if (!profile) throw new Error(`${id} does not ship`);
  return profile;
};
const profile = profileOf('VP17');
const TEXT = 'a'.repeat(64);
const UNIT = 'sldtbxh';

const actor = (id: string, role: Role, more: Partial<Actor> = {}): Actor => ({
  id,
  roles: [role],
  unitId: role === 'liaison' || role === 'unit-head' ? UNIT : 'bbt',
  active: true,
  ...more,
});
const PEOPLE = [
  actor('liaison', 'liaison'),
  actor('elsewhere', 'liaison', { unitId: 'stp' }),
  actor('head', 'unit-head'),
  actor('editor', 'editor'),
  actor('chief', 'editor-in-chief'),
];
const article = (state: ArticleState, more: Partial<Subject> = {}): Subject => ({
  id: 'a1',
  unitId: UNIT,
  channel: 'vi',
  state,
  version: 1,
  fingerprint: TEXT,
  contributors: [],
  publicPath: null,
  ...more,
});
const declaration = {
  unitId: UNIT,
  channel: 'vi',
  categoryId: 'news-events',
  sourceArticleId: null,
  createdAt: 1,
} as const;
const calm: Circumstances = {
  profile,
  sourceState: null,
  openChecks: 0,
  textArrived: true,
  filesArrived: true,
};
const nothing = { edits: 0, decisions: 0, notTaken: null };
const ask = (
  subject: Subject | null,
  more: Partial<Omit<Parameters<typeof standingOf>[0], 'subject'>> = {},
) => standingOf({ subject, declaration, around: calm, people: PEOPLE, unsent: nothing, ...more });
const who = (standing: ReturnType<typeof ask>) => standing.next.map((one) => `${one.personId} ${one.action}`);
const why = (standing: ReturnType<typeof ask>) =>
  standing.obstacles.map(({ code, stopsNext }) => `${code}${stopsNext ? '' : ' later'}`);

describe('WF23 who acts next', () => {
  it.each<[ArticleState, string[], number]>([
    ['draft', ['liaison submit'], 4],
    ['returned', ['liaison submit'], 4],
    ['submitted', ['head endorse'], 3],
    ['endorsed', ['editor pass'], 2],
    ['in-review', ['chief approve'], 1],
    ['published', [], 0],
    ['withdrawn', [], 0],
  ])('of %s', (state, people, left) => {
    const standing = ask(article(state));
    expect(who(standing)).toEqual(people);
    expect(standing.stepsLeft).toBe(left);
    expect(standing.obstacles).toEqual([]);
  });

  it('names who stands in, and for whom, after those who act for themselves', () => {
    const standIn = { personId: 'head', roles: ['unit-head'] as const, unitId: UNIT };
    const people = [actor('deputy', 'liaison', { standsInFor: [standIn] }), ...PEOPLE];
    const standing = ask(article('submitted'), { people });
    expect(standing.next).toEqual([
      { personId: 'head', action: 'endorse', onBehalfOf: null },
      { personId: 'deputy', action: 'endorse', onBehalfOf: 'head' },
    ]);
  });

  it('leaves out who was switched off, and says that nobody is left', () => {
    const people = PEOPLE.map((one) => (one.id === 'head' ? { ...one, active: false } : one));
    const standing = ask(article('submitted'), { people });
    expect(who(standing)).toEqual([]);
    expect(why(standing)).toEqual(['nobody-may-act']);
  });

  it('says that the only one who may approve has written in it', () => {
    const standing = ask(article('in-review', { contributors: ['chief'] }));
    expect(who(standing)).toEqual([]);
    expect(why(standing)).toEqual(['four-eyes']);
  });

  it.each(['VP17', 'TB21', 'ST19', 'TB11'])('agrees with the chain of %s in every state', (id) => {
    const around = { ...calm, profile: profileOf(id) };
    for (const state of ARTICLE_STATES) {
      const steps = nextSteps(around.profile.chain.vi, state);
      const publicPath = state === 'correcting' ? '/bai/mot' : null;
      const found = ask(article(state, { publicPath }), { around }).next;
      const expected = PEOPLE.flatMap((one) =>
        steps
          .filter((step) => step.roles.some((role) => one.roles.includes(role)))
          .filter((step) => !step.sameUnit || one.unitId === UNIT)
          .map((step) => `${one.id} ${step.action}`),
      );
      expect([state, new Set(found.map((one) => `${one.personId} ${one.action}`))]).toEqual([
        state,
        new Set(expected),
      ]);
    }
  });
});

describe('WF23 why an article does not go out', () => {
  it('before the declaration: all at once, checks too', () => {
    const standing = ask(null, { around: { ...calm, openChecks: 3 } });
    expect(why(standing)).toEqual(['not-declared', 'incomplete']);
    expect(who(standing)).toEqual(['liaison declare']);
  });

  it('what stops the next step, and what will stop the approval', () => {
    const around = { ...calm, openChecks: 1, filesArrived: false };
    expect(why(ask(article('draft'), { around }))).toEqual(['incomplete', 'waiting-for-files']);
    expect(why(ask(article('submitted'), { around }))).toEqual([
      'incomplete later',
      'waiting-for-files later',
    ]);
    expect(why(ask(article('in-review'), { around }))).toEqual(['incomplete', 'waiting-for-files']);
  });

  it('the Vietnamese article of an English one', () => {
    const english = article('in-review', { channel: 'en' });
    const ofEnglish = { ...declaration, channel: 'en' as const };
    const withSource = (sourceState: ArticleState) =>
      why(ask(english, { declaration: ofEnglish, around: { ...calm, sourceState } }));
    expect(withSource('in-review')).toEqual(['source-not-approved']);
    expect(withSource('published')).toEqual([]);
  });

  it('what of this desk the portal does not have', () => {
    const unsent = { edits: 2, decisions: 1, notTaken: 'content-changed' };
    expect(why(ask(article('submitted'), { unsent }))).toEqual([
      'not-taken',
      'unsent-text later',
      'unsent-decision',
    ]);
  });

  it('nothing, of what is public', () => {
    const around = { ...calm, openChecks: 5, filesArrived: false };
    expect(why(ask(article('published', { publicPath: '/bai/mot' }), { around }))).toEqual([]);
  });
});

describe('steps left', () => {
  it.each(['VP17', 'TB21', 'ST19', 'TB11'])('lead from every state of writing to the public on %s', (id) => {
    const { chain } = profileOf(id);
    for (const state of ['draft', 'returned', 'correcting'] as const)
      expect(stepsLeft(chain.vi, state)).toBeGreaterThan(0);
    expect(stepsLeft(chain.vi, 'published')).toBe(0);
  });
});
