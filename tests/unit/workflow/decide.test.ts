import { describe, expect, it } from 'vitest';
import type { Action } from '../../../domain/contracts/rows.ts';
import type { Role } from '../../../domain/people/roles.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import type { ArticleState } from '../../../domain/regulations/types.ts';
import {
  type Actor,
  type Circumstances,
  decide,
  type Proposal,
  type Subject,
} from '../../../domain/workflow/index.ts';

const profile = getProfile('VP17');
if (!profile) throw new Error('VP17 does not ship');

const TEXT = 'a'.repeat(64);
const OTHER_TEXT = 'b'.repeat(64);
const UNIT = 'sldtbxh';

const actor = (role: Role, more: Partial<Actor> = {}): Actor => ({
  id: `person-${role}`,
  roles: [role],
  unitId: role === 'liaison' || role === 'unit-head' ? UNIT : 'ban-bien-tap',
  active: true,
  ...more,
});
const article = (state: ArticleState, more: Partial<Subject> = {}): Subject => ({
  id: 'a1',
  unitId: UNIT,
  channel: 'vi',
  state,
  version: 2,
  fingerprint: TEXT,
  contributors: [],
  publicPath: state === 'published' || state === 'correcting' ? '/bai/mot' : null,
  ...more,
});
const proposal = (action: Action, more: Partial<Proposal> = {}): Proposal => ({
  action,
  fingerprint: TEXT,
  reason: null,
  declaration: null,
  ...more,
});
const calm: Circumstances = {
  profile,
  sourceState: null,
  openChecks: 0,
  textArrived: true,
  filesArrived: true,
};
const declaration = {
  unitId: UNIT,
  channel: 'vi',
  categoryId: 'news-events',
  sourceArticleId: null,
  createdAt: 1,
} as const;

const codeOf = (...args: Parameters<typeof decide>): string => {
  const result = decide(...args);
  return result.ok ? `ok:${result.value.stateAfter}` : result.error.code;
};

describe('the chain of VP17, step by step', () => {
  const rows: [string, 'vi' | 'en', ArticleState, Action, Role, string][] = [
    ['WF7', 'vi', 'draft', 'submit', 'liaison', 'ok:submitted'],
    ['WF7', 'vi', 'returned', 'submit', 'liaison', 'ok:submitted'],
    ['WF7', 'vi', 'submitted', 'endorse', 'unit-head', 'ok:endorsed'],
    ['WF7', 'vi', 'endorsed', 'pass', 'editor', 'ok:in-review'],
    ['WF15', 'vi', 'in-review', 'approve', 'editor-in-chief', 'ok:published'],
    ['WF7', 'vi', 'in-review', 'refuse', 'editor-in-chief', 'ok:refused'],
    ['WF7', 'vi', 'submitted', 'return', 'unit-head', 'ok:returned'],
    ['WF7', 'vi', 'endorsed', 'return', 'editor', 'ok:returned'],
    ['WF7', 'vi', 'in-review', 'return', 'editor-in-chief', 'ok:returned'],
    ['WF7', 'en', 'draft', 'submit', 'translator', 'ok:submitted'],
    ['WF7', 'en', 'submitted', 'pass', 'editor', 'ok:in-review'],
    ['WF15', 'en', 'in-review', 'approve', 'editor-in-chief', 'ok:published'],
    ['WF5', 'vi', 'in-review', 'approve', 'editor', 'wrong-role'],
    ['WF5', 'vi', 'in-review', 'approve', 'unit-head', 'wrong-role'],
    ['WF5', 'vi', 'in-review', 'approve', 'administrator', 'wrong-role'],
    ['WF5', 'vi', 'submitted', 'endorse', 'liaison', 'wrong-role'],
    ['WF5', 'vi', 'draft', 'submit', 'translator', 'wrong-role'],
    ['WF4', 'en', 'submitted', 'endorse', 'unit-head', 'unknown-action'],
    ['WF7', 'vi', 'draft', 'approve', 'editor-in-chief', 'wrong-state'],
    ['WF7', 'vi', 'submitted', 'approve', 'editor-in-chief', 'wrong-state'],
    ['WF7', 'vi', 'submitted', 'submit', 'liaison', 'wrong-state'],
    ['WF7', 'vi', 'published', 'return', 'editor-in-chief', 'wrong-state'],
    ['WF7', 'vi', 'refused', 'submit', 'liaison', 'wrong-state'],
  ];
  it.each(rows)('%s %s: %s, %s by %s → %s', (_rule, channel, state, action, role, expected) => {
    const around = { ...calm, sourceState: 'published' as const };
    const given = proposal(action, { reason: 'Thiếu ngày ban hành' });
    expect(codeOf(article(state, { channel }), given, actor(role), around)).toBe(expected);
  });

  it('every step of the data leads to where it says', () => {
    for (const channel of ['vi', 'en'] as const) {
      for (const step of profile.chain[channel]) {
        for (const from of step.from) {
          const who = actor(step.roles[0] as Role, step.sameUnit ? { unitId: UNIT } : {});
          const around = { ...calm, sourceState: 'published' as const };
          const needsPublic = ['withdraw', 'correct'].includes(step.action) || step.to === 'published';
          const result = decide(
            article(from, { channel, publicPath: needsPublic ? '/bai/mot' : null }),
            proposal(step.action, { reason: 'x' }),
            who,
            around,
          );
          const to = step.to === 'approved' ? 'published' : step.to;
          expect(result, `${channel} ${from} ${step.action}`).toMatchObject({
            ok: true,
            value: { stateAfter: to, ref: step.ref },
          });
        }
      }
    }
  });
});

describe('rules around the chain', () => {
  const liaison = actor('liaison');
  const chief = actor('editor-in-chief');
  const cases: [string, Subject | null, Proposal, Actor, Partial<Circumstances>, string][] = [
    [
      'WF1',
      article('draft'),
      proposal('submit'),
      actor('liaison', { active: false }),
      {},
      'account-inactive',
    ],
    ['WF2', null, proposal('submit'), liaison, {}, 'not-declared'],
    ['WF3 opens', null, proposal('declare', { declaration }), liaison, {}, 'ok:draft'],
    ['WF3 once', article('draft'), proposal('declare', { declaration }), liaison, {}, 'already-declared'],
    ['WF3 empty', null, proposal('declare'), liaison, {}, 'bad-request'],
    [
      'WF3 category',
      null,
      proposal('declare', { declaration: { ...declaration, categoryId: 'none' } }),
      liaison,
      {},
      'category-unknown',
    ],
    ['WF3 role', null, proposal('declare', { declaration }), chief, {}, 'wrong-role'],
    [
      'WF3 unit',
      null,
      proposal('declare', { declaration: { ...declaration, unitId: 'stnmt' } }),
      liaison,
      {},
      'wrong-unit',
    ],
    [
      'WF3 English',
      null,
      proposal('declare', { declaration: { ...declaration, channel: 'en', sourceArticleId: 'v' } }),
      actor('translator'),
      { sourceState: 'draft' },
      'source-not-approved',
    ],
    [
      'WF3 English',
      null,
      proposal('declare', { declaration: { ...declaration, channel: 'en', sourceArticleId: 'v' } }),
      actor('translator'),
      { sourceState: 'published' },
      'ok:draft',
    ],
    [
      'WF6',
      article('submitted', { unitId: 'stnmt' }),
      proposal('endorse'),
      actor('unit-head'),
      {},
      'wrong-unit',
    ],
    ['WF8 none', article('submitted'), proposal('return'), actor('unit-head'), {}, 'reason-required'],
    ['WF8 blank', article('in-review'), proposal('refuse', { reason: '  ' }), chief, {}, 'reason-required'],
    [
      'WF9 text',
      article('in-review'),
      proposal('approve'),
      chief,
      { textArrived: false },
      'waiting-for-text',
    ],
    [
      'WF9 files',
      article('draft'),
      proposal('submit'),
      liaison,
      { filesArrived: false },
      'waiting-for-files',
    ],
    [
      'WF10 approve',
      article('in-review'),
      proposal('approve', { fingerprint: OTHER_TEXT }),
      chief,
      {},
      'content-changed',
    ],
    [
      'WF10 endorse',
      article('submitted'),
      proposal('endorse', { fingerprint: OTHER_TEXT }),
      actor('unit-head'),
      {},
      'content-changed',
    ],
    [
      'WF10 pass',
      article('endorsed'),
      proposal('pass', { fingerprint: OTHER_TEXT }),
      actor('editor'),
      {},
      'content-changed',
    ],
    [
      'WF10 refuse',
      article('in-review'),
      proposal('refuse', { fingerprint: OTHER_TEXT, reason: 'x' }),
      chief,
      {},
      'content-changed',
    ],
    [
      'WF10 not for return',
      article('in-review'),
      proposal('return', { fingerprint: OTHER_TEXT, reason: 'x' }),
      chief,
      {},
      'ok:returned',
    ],
    [
      'WF10 never without text',
      article('in-review', { fingerprint: TEXT }),
      proposal('approve', { fingerprint: null }),
      chief,
      {},
      'content-changed',
    ],
    ['WF11 submit', article('draft'), proposal('submit'), liaison, { openChecks: 1 }, 'incomplete'],
    ['WF11 approve', article('in-review'), proposal('approve'), chief, { openChecks: 1 }, 'incomplete'],
    ['WF12', article('in-review', { contributors: [chief.id] }), proposal('approve'), chief, {}, 'four-eyes'],
    [
      'WF13',
      article('in-review', { channel: 'en' }),
      proposal('approve'),
      chief,
      { sourceState: 'in-review' },
      'source-not-approved',
    ],
  ];
  it.each(cases)('%s', (_rule, subject, given, who, around, expected) => {
    expect(codeOf(subject, given, who, { ...calm, ...around })).toBe(expected);
  });

  const written = 'Ngày ban hành bị nhầm';
  const more: [string, Subject, Proposal, Actor, string][] = [
    ['WF16 opened', article('published'), proposal('correct', { reason: written }), liaison, 'ok:correcting'],
    ['WF16 why', article('published'), proposal('correct'), liaison, 'reason-required'],
    [
      'WF16 by another unit',
      article('published', { unitId: 'stnmt' }),
      proposal('correct', { reason: written }),
      liaison,
      'wrong-unit',
    ],
    ['WF16 goes through the chain', article('correcting'), proposal('submit'), liaison, 'ok:submitted'],
    ['WF16 is not approved as it stands', article('correcting'), proposal('approve'), chief, 'wrong-state'],
    [
      'WF16 refused: what was public stays',
      article('in-review', { publicPath: '/bai/mot' }),
      proposal('refuse', { reason: written }),
      chief,
      'ok:published',
    ],
    [
      'WF16 given up: what was public stays',
      article('correcting'),
      proposal('recall', { reason: written }),
      liaison,
      'ok:published',
    ],
    [
      'WF17 during a correction',
      article('submitted', { publicPath: '/bai/mot' }),
      proposal('withdraw', { reason: written }),
      chief,
      'ok:withdrawn',
    ],
    ['WF17 why', article('published'), proposal('withdraw'), chief, 'reason-required'],
    [
      'WF17 nothing is public',
      article('submitted'),
      proposal('withdraw', { reason: written }),
      chief,
      'wrong-state',
    ],
    [
      'WF17 not by an editor',
      article('published'),
      proposal('withdraw', { reason: written }),
      actor('editor'),
      'wrong-role',
    ],
    ['WF18', article('endorsed'), proposal('recall', { reason: written }), liaison, 'ok:draft'],
    ['WF18 decided', article('refused'), proposal('recall', { reason: written }), liaison, 'wrong-state'],
    ['WF19', article('returned'), proposal('archive', { reason: written }), liaison, 'ok:archived'],
    [
      'WF19 not while it is public',
      article('returned', { publicPath: '/bai/mot' }),
      proposal('archive', { reason: written }),
      liaison,
      'wrong-state',
    ],
    ['WF19 again', article('archived'), proposal('reopen', { reason: written }), liaison, 'ok:draft'],
    [
      'WF19 a refused one only by who refused',
      article('refused'),
      proposal('reopen', { reason: written }),
      liaison,
      'wrong-state',
    ],
    ['WF19 by the chief', article('refused'), proposal('reopen', { reason: written }), chief, 'ok:draft'],
  ];
  it.each(more)('%s', (_rule, subject, given, who, expected) => {
    expect(codeOf(subject, given, who, calm)).toBe(expected);
  });

  it('WF15 WF17 only an approval publishes, only taking down takes down', () => {
    const approved = decide(article('in-review'), proposal('approve'), chief, calm);
    expect(approved).toMatchObject({ value: { publishes: true, takesDown: false, onBehalfOf: null } });
    const down = decide(article('published'), proposal('withdraw', { reason: 'x' }), chief, calm);
    expect(down).toMatchObject({ value: { publishes: false, takesDown: true, ref: 'VP17-11.3' } });
  });

  it('WF24 the refusal says that the last word is not delegable, and a role of one’s own comes first', () => {
    const standIn = actor('editor', {
      standsInFor: [{ personId: chief.id, roles: ['editor-in-chief'], unitId: 'ban-bien-tap' }],
    });
    expect(codeOf(article('in-review'), proposal('approve'), standIn, calm)).toBe('not-delegable');
    const passed = decide(article('endorsed'), proposal('pass'), standIn, calm);
    expect(passed).toMatchObject({ value: { onBehalfOf: null } });
  });

  it('WF14 a submission gives the text a new number, other steps keep it', () => {
    expect(decide(article('draft'), proposal('submit'), liaison, calm)).toMatchObject({
      value: { version: 3 },
    });
    expect(decide(article('submitted'), proposal('endorse'), actor('unit-head'), calm)).toMatchObject({
      value: { version: 2 },
    });
  });

  it('every refusal names the clause or rule it comes from', () => {
    for (const [, subject, given, who, around] of cases) {
      const result = decide(subject, given, who, { ...calm, ...around });
      if (!result.ok) expect(result.error.ref).toMatch(/^(VP17-|WF)/);
    }
  });
});
