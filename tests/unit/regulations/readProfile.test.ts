import { describe, expect, test } from 'vitest';
import { faultLine, PROFILE_FAULTS } from '../../../domain/regulations/faults.ts';
import {
  forPortalKind,
  getProfile,
  profileIds,
  readStoredProfile,
} from '../../../domain/regulations/index.ts';
import { readProfile } from '../../../domain/regulations/readProfile.ts';
import type { Category, ChainStep, RegulationProfile } from '../../../domain/regulations/types.ts';
import { sayProfileFault } from '../../../portal/admin/profileFaults.ts';

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
  ['a version below one', /^\/version: too-small limit=1$/m, (d) => Object.assign(d, { version: 0 })],
  [
    'a time limit of more than a year',
    /^\/categories\/\d+\/deadline\/workingDays: too-large limit=366$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { workingDays: 400 }),
  ],
  ['an id of another form', /^\/id: pattern pattern=/m, (d) => Object.assign(d, { id: 'vp 17' })],
  [
    'an unknown event of a term',
    /^clause \S+: unknown-event id=nothing$/m,
    (d) => Object.assign(d.qaTerms[0] ?? {}, { event: 'nothing' }),
  ],
  [
    'a suggested succession of nobody',
    /^succession nobody: unknown-unit id=nobody$/m,
    (d) => Object.assign(d.successions[0] ?? {}, { unitId: 'nobody' }),
  ],
  [
    'a clause without its reference',
    /^category news-events: clause-and-ref$/m,
    (d) => Object.assign(rule(d, 'news-events'), { ref: null }),
  ],
  [
    'a choice between nothing',
    /^category legal-documents: no-options id=documentForm$/m,
    (d) => {
      const field = categoryOf(d, 'legal-documents').fields.find((one) => one.id === 'documentForm');
      if (field) Reflect.deleteProperty(field, 'options');
    },
  ],
  [
    'a last day without a first',
    /^\/validTo: last-without-first$/m,
    (d) => Object.assign(d, { validFrom: null, validTo: '2026-01-01' }),
  ],
  [
    'a former name after the end',
    /^unit vpubnd: former-after-end name=Cũ day=2026-01-01$/m,
    (d) =>
      Object.assign(d.units[0] ?? {}, {
        validTo: '2025-02-28',
        formerNames: [{ name: { vi: 'Cũ', en: 'Old' }, until: '2026-01-01' }],
      }),
  ],
  [
    'kinds of portal of which none is said',
    /^\/portalKind: kind-not-said$/m,
    (d) => Object.assign(d, { portalKind: null, portalKinds: shipped('TB11').portalKinds }),
  ],
  [
    'an approval that leads elsewhere',
    /^chain vi: leads-elsewhere step=approve ref=VP17-3\.4 state=in-review$/m,
    (d) => Object.assign(stepOf(d, 'approve'), { to: 'in-review' }),
  ],
  [
    'a category twice',
    /^\/categories: twice id=other$/m,
    (d) => d.categories.push(...d.categories.slice(-1)),
  ],
  ['a report twice', /^\/reports: twice id=.+$/m, (d) => d.reports.push(...d.reports.slice(-1))],
  [
    'an unknown parent',
    /^category introduction: unknown-parent id=nowhere$/m,
    (d) => Object.assign(categoryOf(d, 'introduction'), { parent: 'nowhere' }),
  ],
  [
    'categories that are each other’s parent',
    /^category introduction: circle path=introduction → geography-maps → introduction$/m,
    (d) => Object.assign(categoryOf(d, 'introduction'), { parent: 'geography-maps' }),
  ],
  [
    'a clock without its field',
    /^category legal-documents: unknown-field id=nothing$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: 'nothing' }),
  ],
  [
    'a clock on a field that is no date',
    /^category legal-documents: field-not-of-kind id=documentNumber wanted=date$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: 'documentNumber' }),
  ],
  [
    'a counted limit without an event',
    /^category legal-documents: limit-without-field mode=within$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { eventField: null }),
  ],
  [
    'a counted limit without a number',
    /^category legal-documents: limit-without-number mode=within count=0$/m,
    (d) => Object.assign(rule(d, 'legal-documents'), { workingDays: null }),
  ],
  [
    'a duty for an unknown category',
    /: unknown-category id=nothing$/m,
    (d) => Object.assign(d.units[0]?.categories[0] ?? {}, { categoryId: 'nothing' }),
  ],
  [
    'a restriction on an unknown category',
    /: unknown-category id=nothing$/m,
    (d) => Object.assign(d.restrictions[0] ?? {}, { appliesTo: 'nothing' }),
  ],
  [
    'a citation of another regulation',
    /^clause TB21-8: foreign-citation id=VP17$/m,
    (d) => Object.assign(d.lastWord, { ref: 'TB21-8' }),
  ],
  [
    'a missing clause',
    /^\/categories\/0: missing name=clause$/m,
    (d) => Reflect.deleteProperty(d.categories[0] ?? {}, 'clause'),
  ],
  [
    'an empty clause',
    /^\/chain\/vi\/0\/clause: (too-short|pattern) /m,
    (d) => Object.assign(d.chain.vi[0] ?? {}, { clause: '' }),
  ],
  [
    'a restriction without ref',
    /^\/restrictions\/0: missing name=ref$/m,
    (d) => Reflect.deleteProperty(d.restrictions[0] ?? {}, 'ref'),
  ],
  [
    'a time limit without its clause',
    /^category news-events: limit-without-clause mode=continuous$/m,
    (d) => Object.assign(rule(d, 'news-events'), { clause: null, ref: null }),
  ],
  [
    'a category without the deadline that a clause demands',
    /^category legal-documents: limit-missing ref=VP17-7\.4$/m,
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
    /^clause VP17-7\.1: unknown-category id=nothing$/m,
    (d) => d.timeLimits[0]?.categories.push('nothing'),
  ],
  [
    'a chain in which nobody approves',
    /^chain en: nobody-approves$/m,
    (d) => Object.assign(d, { chain: { vi: d.chain.vi, en: d.chain.en.slice(0, 1) } }),
  ],
  [
    'no chain at all',
    /^chain vi: no-steps$/m,
    (d) => Object.assign(d, { chain: { vi: [], en: d.chain.en } }),
  ],
  [
    'a circular chain',
    /^chain vi: circle path=.*endorsed → in-review → endorsed$/m,
    (d) => d.chain.vi.push({ ...stepOf(d, 'endorse'), from: ['in-review'], to: 'endorsed' }),
  ],
  [
    'a chain without a way to approval',
    /^chain vi: no-way$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { from: ['approved'] }),
  ],
  [
    'a state that can’t be left',
    /^chain vi: dead-end state=refused$/m,
    (d) =>
      Object.assign(d.chain, {
        vi: d.chain.vi.filter((step) => !step.from.includes('refused')),
      }),
  ],
  [
    'an approval by another than the one with the last word',
    /^chain vi: other-last-word role=editor ref=VP17-3\.4 wanted=editor-in-chief$/m,
    (d) => Object.assign(stepOf(d, 'approve'), { roles: ['editor'] }),
  ],
  [
    'a way to the public that is no approval',
    /^chain vi: unapproved step=pass ref=VP17-11\.1$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { to: 'published' }),
  ],
  [
    'a step that no post may take',
    /^chain en: no-post step=submit ref=VP17-4\.15 role=translator$/m,
    (d) => Object.assign(d, { posts: d.posts.filter((post) => post.role !== 'translator') }),
  ],
  [
    'a step of the administrator alone',
    /^chain vi: no-post step=pass ref=VP17-11\.1 role=administrator$/m,
    (d) => Object.assign(stepOf(d, 'pass'), { roles: ['administrator'] }),
  ],
  [
    'a step without a role',
    /^\/chain\/vi\/0\/roles: too-short limit=1$/m,
    (d) => Object.assign(d.chain.vi[0] ?? {}, { roles: [] }),
  ],
  [
    '31 February',
    /^\/issuedOn: no-such-day day=2017-02-31$/m,
    (d) => Object.assign(d, { issuedOn: '2017-02-31' }),
  ],
  [
    'a day before 1900',
    /^\/issuedOn: day-out-of-range day=1899-12-31$/m,
    (d) => Object.assign(d, { issuedOn: '1899-12-31' }),
  ],
  [
    'a day that is none, deep inside',
    /^\/units\/0\/validTo: no-such-day day=2025-02-29$/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2025-02-29' }),
  ],
  [
    'in force before it was issued',
    /^\/validFrom: before-issue day=2017-08-16 other=2017-08-17$/m,
    (d) => Object.assign(d, { validFrom: '2017-08-16' }),
  ],
  [
    'an end before the beginning',
    /^\/validTo: days-contradict day=2017-01-01 other=2017-08-27$/m,
    (d) => Object.assign(d, { validTo: '2017-01-01' }),
  ],
  [
    'replaced without a last day',
    /^\/supersededBy: replaced-without-end$/m,
    (d) => Object.assign(d, { supersededBy: 'Quyết định khác' }),
  ],
  [
    'a rule that ends before it begins',
    /^category qa, rule VP17-7\.7\.b: days-contradict day=2019-01-01 other=2020-01-01$/m,
    (d) =>
      Object.assign(categoryOf(d, 'qa').alternatives[0] ?? {}, {
        validFrom: '2020-01-01',
        validTo: '2019-01-01',
      }),
  ],
  [
    'two rules at the same time',
    /^category qa, rule VP17-7\.7\.a: same-time ref=VP17-7\.7\.b$/m,
    (d) => {
      const [first] = categoryOf(d, 'qa').alternatives;
      if (first) categoryOf(d, 'qa').alternatives.push({ ...first, ref: 'VP17-7.7.a' });
    },
  ],
  [
    'a unit that ends before it begins',
    /^unit vpubnd: days-contradict day=2017-01-01 other=2017-08-27$/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2017-01-01' }),
  ],
  [
    'successors of a unit that goes on',
    /^unit vpubnd: successors-without-end$/m,
    (d) => Object.assign(d.units[0] ?? {}, { successorIds: ['stc'] }),
  ],
  [
    'an unknown successor',
    /^unit vpubnd: unknown-successor id=nobody$/m,
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2025-02-28', successorIds: ['nobody'] }),
  ],
  [
    'units that succeed each other',
    /^unit vpubnd: circle path=vpubnd → skhdt → vpubnd$/m,
    (d) => {
      Object.assign(d.units[0] ?? {}, { validTo: '2025-02-28', successorIds: ['skhdt'] });
      Object.assign(d.units[1] ?? {}, { validTo: '2025-02-28', successorIds: ['vpubnd'] });
    },
  ],
  [
    'a suggested succession to itself',
    /^succession stttt: to-itself$/m,
    (d) => Object.assign(d.successions[0]?.successor ?? {}, { id: 'stttt' }),
  ],
  [
    'an unknown kind of portal',
    /^\/portalKind: unknown-portal-kind id=main$/m,
    (d) => Object.assign(d, { portalKind: 'main' }),
  ],
  ['an unknown property', /^\/: unknown-property name=extra$/m, (d) => Object.assign(d, { extra: 1 })],
  [
    'an unknown state',
    /^\/chain\/vi\/0\/to: not-of-kind/m,
    (d) => Object.assign(d.chain.vi[0] ?? {}, { to: 'done' }),
  ],
];

describe('readProfile refuses, with place and reason', () => {
  test('every code has a case here', () => {
    const seen = new Set(
      broken.flatMap(([, , change]) => {
        const draft = structuredClone(shipped('VP17'));
        change(draft);
        const result = readProfile(draft);
        return result.ok ? [] : result.faults.map((one) => one.code);
      }),
    );
    expect(PROFILE_FAULTS.filter((code) => !seen.has(code))).toEqual([]);
  });

  test.each(broken)('%s', (_what, fault, change) => {
    const draft = structuredClone(shipped('VP17'));
    change(draft);
    const result = readProfile(draft);
    expect(result.ok).toBe(false);
    const faults = result.ok ? [] : result.faults;
    expect(faults.map(faultLine).join('\n')).toMatch(fault);
    for (const one of faults) {
      for (const language of ['vi', 'en'] as const)
        expect(sayProfileFault({ language }, one)).not.toMatch(/\{\{|profileFault/);
    }
  });

  test('an approval for another than its last word in a kind of portal, too', () => {
    const draft = structuredClone(shipped('TB11'));
    const component = draft.portalKinds.find((kind) => kind.id === 'component');
    Object.assign(component?.lastWord ?? {}, { role: 'editor' });
    const result = readProfile(draft);
    expect(result.ok ? '' : result.faults.map(faultLine).join('\n')).toMatch(
      /^portal-kind component, chain vi: other-last-word role=unit-head ref=TB11-6\.1\.b wanted=editor$/m,
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
