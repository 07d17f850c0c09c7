import { describe, expect, it } from 'vitest';
import type { Role } from '../../../domain/people/roles.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import type { ArticleState } from '../../../domain/regulations/types.ts';
import { type Actor, mayContribute, mayEdit, maySee } from '../../../domain/workflow/index.ts';

const profile = getProfile('VP17') ?? null;

const person = (role: Role, unitId = 'sldtbxh', active = true): Actor => ({
  id: role,
  roles: [role],
  unitId,
  active,
});
const article = (state: ArticleState, channel: 'vi' | 'en' = 'vi', submitted = state !== 'draft') => ({
  unitId: 'sldtbxh',
  channel,
  state,
  submittedAt: submitted ? 1 : null,
  publicPath: state === 'published' || state === 'correcting' ? '/bai/mot' : null,
});

describe('WF20 who may hold an article', () => {
  const rows: [string, Actor, ReturnType<typeof article>, boolean][] = [
    ['liaison of the unit, draft', person('liaison'), article('draft'), true],
    ['head of the unit, draft', person('unit-head'), article('draft'), true],
    ['liaison of another unit, published', person('liaison', 'stnmt'), article('published'), false],
    ['head of another unit, draft', person('unit-head', 'stnmt'), article('draft'), false],
    ['editor, draft', person('editor', 'ban-bien-tap'), article('draft'), false],
    ['editor, submitted', person('editor', 'ban-bien-tap'), article('submitted'), true],
    ['editor, returned after a submission', person('editor', 'ban-bien-tap'), article('returned'), true],
    ['editor-in-chief, in review', person('editor-in-chief', 'ban-bien-tap'), article('in-review'), true],
    ['translator, in review', person('translator', 'ban-bien-tap'), article('in-review'), false],
    ['translator, under correction', person('translator', 'ban-bien-tap'), article('correcting'), true],
    ['translator, published', person('translator', 'ban-bien-tap'), article('published'), true],
    ['translator, English draft', person('translator', 'ban-bien-tap'), article('draft', 'en'), true],
    ['switched off', person('liaison', 'sldtbxh', false), article('draft'), false],
  ];
  it.each(rows)('WF20 %s', (_name, actor, subject, expected) => {
    expect(maySee(actor, subject)).toBe(expected);
  });
});

describe('WF21 whose text the portal takes', () => {
  const rows: [string, Actor, 'vi' | 'en', boolean][] = [
    ['liaison of the unit', person('liaison'), 'vi', true],
    ['liaison of another unit', person('liaison', 'stnmt'), 'vi', false],
    ['liaison, English', person('liaison'), 'en', false],
    ['editor', person('editor', 'ban-bien-tap'), 'vi', true],
    ['translator, Vietnamese', person('translator', 'ban-bien-tap'), 'vi', false],
    ['translator, English', person('translator', 'ban-bien-tap'), 'en', true],
    ['administrator', person('administrator', 'ban-bien-tap'), 'vi', false],
    ['switched off', person('editor', 'ban-bien-tap', false), 'vi', false],
  ];
  it.each(rows)('WF21 %s', (_name, actor, channel, expected) => {
    expect(mayContribute(actor, { unitId: 'sldtbxh', channel })).toBe(expected);
  });
});

describe('WF22 to whom the text opens for writing', () => {
  const rows: [Role, ArticleState, boolean][] = [
    ['liaison', 'draft', true],
    ['liaison', 'returned', true],
    ['liaison', 'submitted', false],
    ['unit-head', 'submitted', true],
    ['unit-head', 'endorsed', false],
    ['editor', 'endorsed', true],
    ['editor', 'in-review', true],
    ['editor', 'submitted', false],
    ['editor-in-chief', 'in-review', true],
    ['editor-in-chief', 'published', false],
    ['liaison', 'correcting', true],
    ['unit-head', 'correcting', true],
    ['editor', 'correcting', false],
    ['liaison', 'archived', false],
  ];
  it.each(rows)('WF22 %s, %s → %s', (role, state, expected) => {
    expect(mayEdit(person(role), article(state), profile)).toBe(expected);
  });
  it('WF22 a person of two units writes only in their own', () => {
    const both: Actor = { ...person('liaison', 'stnmt'), roles: ['liaison', 'editor'] };
    expect(mayEdit(both, article('draft'), profile)).toBe(false);
  });
});
