import { describe, expect, test } from 'vitest';
import {
  forPortalKind,
  getProfile,
  profileIds,
  readStoredProfile,
} from '../../../domain/regulations/index.ts';
import { readProfile } from '../../../domain/regulations/readProfile.ts';
import type { Category, ChainStep, RegulationProfile } from '../../../domain/regulations/types.ts';

type Draft = { -readonly [K in keyof RegulationProfile]: RegulationProfile[K] };

function shipped(id: string): RegulationProfile {
  const profile = getProfile(id);
  if (!profile) throw new Error(`${id} is missing`);
  return profile;
}

function categoryOf(draft: Draft, id: string): Category {
  const found = draft.categories.find((one) => one.id === id);
  if (!found) throw new Error(`no category ${id}`);
  return found;
}

function stepOf(draft: Draft, action: string): ChainStep {
  const found = draft.chain.vi.find((one) => one.action === action);
  if (!found) throw new Error(`no step ${action}`);
  return found;
}

const rule = (draft: Draft, id: string) => categoryOf(draft, id).deadline;

const broken: [what: string, fault: RegExp, change: (draft: Draft) => void][] = [
  ['a category twice', /^\/categories: other twice$/m, (d) => d.categories.push(...d.categories.slice(-1))],
  ['a report twice', /^\/reports: .+ twice$/m, (d) => d.reports.push(...d.reports.slice(-1))],
  [
    'an unknown parent',
    /^category introduction: no parent nowhere$/m,
    (d) => Object.assign(categoryOf(d, 'introduction'), { parent: 'nowhere' }),
  ],
  [
    'categories that are each other’s parent',
    /^category introduction: its own parent by introduction → geography-maps → introduction$/m,
    (d) => Object.assign(categoryOf(d, 'introduction'), { parent: 'geography-maps' }),
  ],
  [
    'a clock without its field',
    /^category legal-documents: no field nothing$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: 'nothing' }),
  ],
  [
    'a clock on a field that is no date',
    /field documentNumber is no date/,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: 'documentNumber' }),
  ],
  [
    'a counted limit without an event',
    /^category legal-documents: mode within without the field of its event$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: null }),
  ],
  [
    'a counted limit without a number',
    /^category legal-documents: mode within with null working days$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { workingDays: null }),
  ],
  [
    'a duty for an unknown category',
    /no category nothing/,
    (d) => Object.assign(d.units[0]?.categories[0] ?? {}, { categoryId: 'nothing' }),
  ],
  [
    'a restriction on an unknown category',
    /no category nothing/,
    (d) => Object.assign(d.restrictions[0] ?? {}, { appliesTo: 'nothing' }),
  ],
  [
    'a citation of another regulation',
    /TB21-8 is not of VP17/,
    (d) => Object.assign(d.lastWord, { ref: 'TB21-8' }),
  ],
  [
    'a missing clause',
    /^\/categories\/0: .*clause/m,
    (d) => Reflect.deleteProperty(d.categories[0] ?? {}, 'clause'),
  ],
  [
    'an empty clause',
    /^\/chain\/vi\/0\/clause: /m,
    (d) => Object.assign(d.chain.vi[0] ?? {}, { clause: '' }),
  ],
  [
    'a restriction without ref',
    /^\/restrictions\/0: .*ref/m,
    (d) => Reflect.deleteProperty(d.restrictions[0] ?? {}, 'ref'),
  ],
  [
    'a time limit without its clause',
    /^category news-events: a time limit \(continuous\) without its clause$/m,
    (d) => Object.assign(rule(d, 'news-events'), { clause: null, ref: null }),
  ],
  [
    'a category without the deadline that a clause demands',
    /^category legal-documents: no time limit by VP17-7\.4, which sets one$/m,
    (d) =>
      Object.assign(rule(d, 'legal-documents'), {
        mode: 'notStated',
        workingDays: null,
        eventField: null,
        event: null,
        clause: null,
        ref: null,
      }),
  ],
  [
    'a time limit for an unknown category',
    /^VP17-7\.1: no category nothing$/m,
    (d) => d.timeLimits[0]?.categories.push('nothing'),
  ],
  [
    'a chain in which nobody approves',
    /^chain en: nobody approves$/m,
    (d) => Object.assign(d, { chain: { vi: d.chain.vi, en: d.chain.en.slice(0, 1) } }),
  ],
  [
    'no chain at all',
    /^chain vi: no steps$/m,
    (d) => Object.assign(d, { chain: { vi: [], en: d.chain.en } }),
  ],
  [
    'a circular chain',
    /^chain vi: circle .*endorsed → in-review → endorsed$/m,
    (d) => d.chain.vi.push({ ...stepOf(d, 'endorse'), from: ['in-review'], to: 'endorsed' }),
  ],
  [
    'a chain without a way to approval',
    /^chain vi: no way from draft to approval$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { from: ['approved'] }),
  ],
  [
    'a state that can’t be left',
    /^chain vi: no way on from refused$/m,
    (d) =>
      Object.assign(d.chain, {
        vi: d.chain.vi.filter((step) => !step.from.includes('refused')),
      }),
  ],
  [
    'an approval by another than the one with the last word',
    /^chain vi: editor approves \(VP17-3\.4\), the last word is editor-in-chief's$/m,
    (d) => Object.assign(stepOf(d, 'approve'), { roles: ['editor'] }),
  ],
  [
    'a way to the public that is no approval',
    /^chain vi: pass \(VP17-11\.1\) makes public without approval$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { to: 'published' }),
  ],
  [
    'a step that no post may take',
    /^chain en: submit \(VP17-4\.15\): no post has the role translator$/m,
    (d) => Object.assign(d, { posts: d.posts.filter((post) => post.role !== 'translator') }),
  ],
  [
    'a step of the administrator alone',
    /^chain vi: pass \(VP17-11\.1\): no post has the role administrator$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { roles: ['administrator'] }),
  ],
  [
    'a step without a role',
    /^\/chain\/vi\/0\/roles: /m,
    (d) => Object.assign(d.chain.vi[0] ?? {}, { roles: [] }),
  ],
  [
    '31 February',
    /^\/issuedOn: 2017-02-31 is no day of the calendar$/m,
    (d) => Object.assign(d, { issuedOn: '2017-02-31' }),
  ],
  [
    'a day before 1900',
    /^\/issuedOn: 1899-12-31 is before 1900 or after 2199$/m,
    (d) => Object.assign(d, { issuedOn: '1899-12-31' }),
  ],
  [
    'a day that is none, deep inside',
    /^\/units\/0\/validTo: 2025-02-29 is no day/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2025-02-29' }),
  ],
  [
    'in force before it was issued',
    /^\/validFrom: in force on 2017-08-16, before it was issued on 2017-08-17$/m,
    (d) => Object.assign(d, { validFrom: '2017-08-16' }),
  ],
  [
    'an end before the beginning',
    /^\/validTo: 2017-01-01 is before 2017-08-27$/m,
    (d) => Object.assign(d, { validTo: '2017-01-01' }),
  ],
  [
    'replaced without a last day',
    /^\/supersededBy: /m,
    (d) => Object.assign(d, { supersededBy: 'Quyết định khác' }),
  ],
  [
    'a rule that ends before it begins',
    /^category qa: rule VP17-7\.7\.b ends on 2019-01-01, before it begins on 2020-01-01$/m,
    (d) =>
      Object.assign(categoryOf(d, 'qa').alternatives[0] ?? {}, {
        validFrom: '2020-01-01',
        validTo: '2019-01-01',
      }),
  ],
  [
    'two rules at the same time',
    /^category qa: rule VP17-7\.7\.a holds at the same time as VP17-7\.7\.b$/m,
    (d) => {
      const [first] = categoryOf(d, 'qa').alternatives;
      if (first) categoryOf(d, 'qa').alternatives.push({ ...first, ref: 'VP17-7.7.a' });
    },
  ],
  [
    'a unit that ends before it begins',
    /^unit vpubnd: ends on 2017-01-01, before it begins on 2017-08-27$/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2017-01-01' }),
  ],
  [
    'successors of a unit that goes on',
    /^unit vpubnd: has successors but no last day$/m,
    (d) => Object.assign(d.units[0] ?? {}, { successorIds: ['stc'] }),
  ],
  [
    'an unknown successor',
    /^unit vpubnd: no successor nobody$/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2025-02-28', successorIds: ['nobody'] }),
  ],
  [
    'units that succeed each other',
    /^unit vpubnd: succeeds itself by vpubnd → skhdt → vpubnd$/m,
    (d) => {
      Object.assign(d.units[0] ?? {}, { validTo: '2025-02-28', successorIds: ['skhdt'] });
      Object.assign(d.units[1] ?? {}, { validTo: '2025-02-28', successorIds: ['vpubnd'] });
    },
  ],
  [
    'a suggested succession to itself',
    /^succession of stttt: to itself$/m,
    (d) => Object.assign(d.successions[0]?.successor ?? {}, { id: 'stttt' }),
  ],
  [
    'an unknown kind of portal',
    /^\/portalKind: no kind main$/m,
    (d) => Object.assign(d, { portalKind: 'main' }),
  ],
  ['an unknown property', /.+/, (d) => Object.assign(d, { extra: 1 })],
  ['an unknown state', /^\/chain\/vi\/0\/to: /m, (d) => Object.assign(d.chain.vi[0] ?? {}, { to: 'done' })],
];

describe('readProfile refuses, with place and reason', () => {
  test.each(broken)('%s', (_what, fault, change) => {
    const draft = structuredClone(shipped('VP17'));
    change(draft);
    const result = readProfile(draft);
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : result.faults.join('\n')).toMatch(fault);
  });

  test('an approval for another than its last word in a kind of portal, too', () => {
    const draft = structuredClone(shipped('TB11'));
    const component = draft.portalKinds.find((kind) => kind.id === 'component');
    Object.assign(component?.lastWord ?? {}, { role: 'editor' });
    const result = readProfile(draft);
    expect(result.ok ? '' : result.faults.join('\n')).toMatch(
      /^portal kind component: chain vi: unit-head approves \(TB11-6\.1\.b\), the last word is editor's$/m,
    );
  });

  test.each([null, undefined, [], 'VP17', {}])('%o', (value) => {
    expect(readProfile(value).ok).toBe(false);
  });
});

describe('what ships and what is stored', () => {
  test.each(profileIds())('%s checks, in every kind of portal', (id) => {
    const profile = shipped(id);
    expect(readProfile(profile)).toMatchObject({ ok: true });
    for (const kind of profile.portalKinds) {
      expect(readProfile(forPortalKind(profile, kind.id))).toMatchObject({ ok: true });
    }
  });

  test('a profile of the first form is read as what ships', () => {
    expect(readStoredProfile({ schemaVersion: 1, id: 'VP17' })).toEqual({
      ok: true,
      profile: shipped('VP17'),
    });
    expect(readStoredProfile({ schemaVersion: 1, id: 'XX99' }).ok).toBe(false);
    expect(readStoredProfile(null).ok).toBe(false);
    expect(readStoredProfile(shipped('TB21')).ok).toBe(true);
  });
});
