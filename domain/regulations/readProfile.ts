import { Value } from 'typebox/value';
import { chainFaults } from './chainFaults.ts';
import { dateFaults } from './dateFaults.ts';
import { at, fault, type ProfileFault } from './faults.ts';
import { shapeFault } from './shapeFaults.ts';
import { type Category, type FieldRule, type RegulationProfile, RegulationProfileSchema } from './types.ts';
import { unitFaults } from './units.ts';

/** What {@link readProfile} answers. A fault is a place, a code and values; the sentences are in `assets/strings`. */
export type ReadProfile = { ok: true; profile: RegulationProfile } | { ok: false; faults: ProfileFault[] };

/**
 * Reads a profile from data: its shape, then what the shape can't say (ids are unique, everything referred to
 * exists, citations are of this regulation, the clock's field is a date, every time limit the text sets is there, the
 * chain leads to the one with the last word, days exist and follow each other). Whoever asked keeps the former version in force.
 */
export function readProfile(value: unknown): ReadProfile {
  if (!Value.Check(RegulationProfileSchema, value)) {
    const faults = [...Value.Errors(RegulationProfileSchema, value)].map(shapeFault);
    return { ok: false, faults: faults.slice(0, 20) };
  }
  const faults = [...crossFaults(value)];
  return faults.length === 0 ? { ok: true, profile: value } : { ok: false, faults };
}

function* crossFaults(profile: RegulationProfile): Generator<ProfileFault> {
  const categoryIds = new Set(profile.categories.map((category) => category.id));
  for (const list of REPEATABLE) yield* repeated(list, profile[list]);
  for (const category of profile.categories) {
    if (category.parent !== null && !categoryIds.has(category.parent))
      yield fault(at('category', category.id), 'unknown-parent', { id: category.parent });
    yield* categoryFaults(profile, category);
  }
  yield* parentCircles(profile.categories);
  const duties = [...profile.units.flatMap((unit) => unit.categories), ...profile.everyUnit];
  for (const duty of [...duties, ...profile.englishMinimum]) {
    if (!categoryIds.has(duty.categoryId))
      yield fault(at('clause', duty.ref), 'unknown-category', { id: duty.categoryId });
  }
  for (const restriction of profile.restrictions) {
    const of = restriction.appliesTo;
    if (of !== 'all' && of !== 'reused' && !categoryIds.has(of))
      yield fault(at('clause', restriction.ref), 'unknown-category', { id: of });
  }
  for (const term of [...profile.qaTerms, ...profile.retention]) {
    if (term.event !== null && !(term.event in profile.events))
      yield fault(at('clause', term.ref), 'unknown-event', { id: term.event });
  }
  yield* limitFaults(profile);
  yield* unitFaults(profile);
  yield* chainFaults(profile, []);
  yield* kindFaults(profile, categoryIds);
  yield* dateFaults(profile);
  for (const ref of citations(profile)) {
    if (!ref.startsWith(`${profile.id}-`))
      yield fault(at('clause', ref), 'foreign-citation', { id: profile.id });
  }
}

const REPEATABLE = [
  'categories',
  'units',
  'englishMinimum',
  'commonFields',
  'portalKinds',
  'posts',
  'qaTerms',
  'retention',
  'reports',
  'restrictions',
  'standards',
  'payments',
  'portalFunctions',
  'addressRules',
  'referencedTexts',
] as const satisfies readonly (keyof RegulationProfile)[];

/** A clause that sets a time limit for a category must be the one that its limit names. */
function* limitFaults(profile: RegulationProfile): Generator<ProfileFault> {
  for (const limit of profile.timeLimits) {
    for (const id of limit.categories) {
      const category = profile.categories.find((one) => one.id === id);
      if (!category) yield fault(at('clause', limit.ref), 'unknown-category', { id });
      else if (![category.deadline, ...category.alternatives].some((rule) => rule.ref === limit.ref))
        yield fault(at('category', id), 'limit-missing', { ref: limit.ref });
    }
  }
}

function* kindFaults(profile: RegulationProfile, categoryIds: ReadonlySet<string>): Generator<ProfileFault> {
  const { portalKinds, portalKind } = profile;
  if (portalKind !== null && !portalKinds.some((kind) => kind.id === portalKind))
    yield fault(at('path', '/portalKind'), 'unknown-portal-kind', { id: portalKind });
  if (portalKind === null && portalKinds.length > 0) yield fault(at('path', '/portalKind'), 'kind-not-said');
  for (const kind of portalKinds) {
    for (const id of kind.without)
      if (!categoryIds.has(id)) yield fault(at('portal-kind', kind.id), 'unknown-category', { id });
    const { chain = profile.chain, lastWord = profile.lastWord } = kind;
    yield* chainFaults({ chain, lastWord, posts: profile.posts }, at('portal-kind', kind.id));
  }
}

function* parentCircles(categories: readonly Category[]): Generator<ProfileFault> {
  const parents = new Map(categories.map((category) => [category.id, category.parent]));
  for (const { id } of categories) {
    const path = [id];
    for (let up = parents.get(id); up; up = parents.get(up)) {
      if (up === id) yield fault(at('category', id), 'circle', { path: [...path, id].join(' → ') });
      if (path.includes(up)) break;
      path.push(up);
    }
  }
}

function* categoryFaults(profile: RegulationProfile, category: Category): Generator<ProfileFault> {
  const where = at('category', category.id);
  const fields = new Map<string, FieldRule>();
  for (const field of [...profile.commonFields, ...category.fields]) {
    if (fields.has(field.id)) yield fault(where, 'twice', { id: field.id });
    fields.set(field.id, field);
    if (field.type === 'choice' && field.options === undefined)
      yield fault(where, 'no-options', { id: field.id });
  }
  const exists = function* (
    id: string | null | undefined,
    type?: FieldRule['type'],
  ): Generator<ProfileFault> {
    if (id === null || id === undefined) return;
    const field = fields.get(id);
    if (!field) yield fault(where, 'unknown-field', { id });
    else if (type && field.type !== type) yield fault(where, 'field-not-of-kind', { id, wanted: type });
  };
  for (const field of category.fields) yield* exists(field.when?.field);
  for (const rule of [category.deadline, ...category.alternatives]) {
    yield* exists(rule.eventField, 'date');
    yield* exists(rule.when?.field);
    const counts = rule.mode === 'within' || rule.mode === 'before';
    if (counts !== (rule.workingDays !== null && rule.workingDays > 0))
      yield fault(where, 'limit-without-number', { mode: rule.mode, count: String(rule.workingDays ?? 0) });
    if (rule.event !== null && !(rule.event in profile.events))
      yield fault(where, 'unknown-event', { id: rule.event });
    if (rule.mode !== 'notStated' && (rule.clause === null || rule.ref === null))
      yield fault(where, 'limit-without-clause', { mode: rule.mode });
    if ((rule.clause === null) !== (rule.ref === null)) yield fault(where, 'clause-and-ref');
    if (counts && rule.eventField === null) yield fault(where, 'limit-without-field', { mode: rule.mode });
  }
  for (const id of category.bodyUnless ?? []) yield* exists(id);
  for (const rule of category.preconditions) {
    yield* exists(rule.evidence);
    for (const id of rule.ifAny ?? []) yield* exists(id);
  }
  for (const pair of category.dateOrder) {
    yield* exists(pair.earlier, 'date');
    yield* exists(pair.later, 'date');
  }
}

function* repeated(what: string, rows: readonly { id: string }[]): Generator<ProfileFault> {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) yield fault(at('path', `/${what}`), 'twice', { id });
    seen.add(id);
  }
}

function* citations(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* citations(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'ref' && typeof item === 'string') yield item;
      else yield* citations(item);
    }
  }
}
