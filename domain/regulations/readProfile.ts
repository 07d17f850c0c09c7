import { Value } from 'typebox/value';
import { chainFaults } from './chainFaults.ts';
import { dateFaults } from './dateFaults.ts';
import { type Category, type FieldRule, type RegulationProfile, RegulationProfileSchema } from './types.ts';
import { unitFaults } from './units.ts';

/** What {@link readProfile} answers. `faults` name places and are for administrators and tests, in English. */
export type ReadProfile = { ok: true; profile: RegulationProfile } | { ok: false; faults: string[] };

/**
 * Reads a profile from data: its shape, then what the shape can't say (ids are unique, everything referred to
 * exists, citations are of this regulation, the clock's field is a date, every time limit the text sets is there, the
 * chain leads to the one with the last word, days exist and follow each other). Each fault is `place: reason`;
 * whoever asked keeps the former version in force.
 */
export function readProfile(value: unknown): ReadProfile {
  if (!Value.Check(RegulationProfileSchema, value)) {
    const faults = [...Value.Errors(RegulationProfileSchema, value)].map(
      (error) => `${error.instancePath || '/'}: ${error.message}`,
    );
    return { ok: false, faults: faults.slice(0, 20) };
  }
  const faults = [...crossFaults(value)];
  return faults.length === 0 ? { ok: true, profile: value } : { ok: false, faults };
}

function* crossFaults(profile: RegulationProfile): Generator<string> {
  const categoryIds = new Set(profile.categories.map((category) => category.id));
  for (const list of REPEATABLE) yield* repeated(list, profile[list]);
  for (const category of profile.categories) {
    if (category.parent !== null && !categoryIds.has(category.parent))
      yield `category ${category.id}: no parent ${category.parent}`;
    yield* categoryFaults(profile, category);
  }
  yield* parentCircles(profile.categories);
  const duties = [...profile.units.flatMap((unit) => unit.categories), ...profile.everyUnit];
  for (const duty of [...duties, ...profile.englishMinimum]) {
    if (!categoryIds.has(duty.categoryId)) yield `${duty.ref}: no category ${duty.categoryId}`;
  }
  for (const restriction of profile.restrictions) {
    const of = restriction.appliesTo;
    if (of !== 'all' && of !== 'reused' && !categoryIds.has(of))
      yield `${restriction.ref}: no category ${of}`;
  }
  for (const term of [...profile.qaTerms, ...profile.retention]) {
    if (term.event !== null && !(term.event in profile.events)) yield `${term.ref}: no event ${term.event}`;
  }
  yield* limitFaults(profile);
  yield* unitFaults(profile);
  yield* chainFaults(profile, '');
  yield* kindFaults(profile, categoryIds);
  yield* dateFaults(profile);
  for (const ref of citations(profile)) {
    if (!ref.startsWith(`${profile.id}-`)) yield `citation ${ref} is not of ${profile.id}`;
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
function* limitFaults(profile: RegulationProfile): Generator<string> {
  for (const limit of profile.timeLimits) {
    for (const id of limit.categories) {
      const category = profile.categories.find((one) => one.id === id);
      if (!category) yield `${limit.ref}: no category ${id}`;
      else if (![category.deadline, ...category.alternatives].some((rule) => rule.ref === limit.ref))
        yield `category ${id}: no time limit by ${limit.ref}, which sets one`;
    }
  }
}

function* kindFaults(profile: RegulationProfile, categoryIds: ReadonlySet<string>): Generator<string> {
  const { portalKinds, portalKind } = profile;
  if (portalKind !== null && !portalKinds.some((kind) => kind.id === portalKind))
    yield `/portalKind: no kind ${portalKind}`;
  if (portalKind === null && portalKinds.length > 0) yield '/portalKind: which of the kinds is not said';
  for (const kind of portalKinds) {
    for (const id of kind.without)
      if (!categoryIds.has(id)) yield `portal kind ${kind.id}: no category ${id}`;
    const { chain = profile.chain, lastWord = profile.lastWord } = kind;
    yield* chainFaults({ chain, lastWord, posts: profile.posts }, `portal kind ${kind.id}: `);
  }
}

function* parentCircles(categories: readonly Category[]): Generator<string> {
  const parents = new Map(categories.map((category) => [category.id, category.parent]));
  for (const { id } of categories) {
    const path = [id];
    for (let up = parents.get(id); up; up = parents.get(up)) {
      if (up === id) yield `category ${id}: its own parent by ${[...path, id].join(' → ')}`;
      if (path.includes(up)) break;
      path.push(up);
    }
  }
}

function* categoryFaults(profile: RegulationProfile, category: Category): Generator<string> {
  const fields = new Map<string, FieldRule>();
  for (const field of [...profile.commonFields, ...category.fields]) {
    if (fields.has(field.id)) yield `category ${category.id}: field ${field.id} twice`;
    fields.set(field.id, field);
    if (field.type === 'choice' && field.options === undefined)
      yield `category ${category.id}: choice ${field.id} has no options`;
  }
  const where = `category ${category.id}`;
  const exists = function* (id: string | null | undefined, type?: FieldRule['type']): Generator<string> {
    if (id === null || id === undefined) return;
    const field = fields.get(id);
    if (!field) yield `${where}: no field ${id}`;
    else if (type && field.type !== type) yield `${where}: field ${id} is no ${type}`;
  };
  for (const field of category.fields) yield* exists(field.when?.field);
  for (const rule of [category.deadline, ...category.alternatives]) {
    yield* exists(rule.eventField, 'date');
    yield* exists(rule.when?.field);
    const counts = rule.mode === 'within' || rule.mode === 'before';
    if (counts !== (rule.workingDays !== null && rule.workingDays > 0))
      yield `${where}: mode ${rule.mode} with ${rule.workingDays} working days`;
    if (rule.event !== null && !(rule.event in profile.events)) yield `${where}: no event ${rule.event}`;
    if (rule.mode !== 'notStated' && (rule.clause === null || rule.ref === null))
      yield `${where}: a time limit (${rule.mode}) without its clause`;
    if ((rule.clause === null) !== (rule.ref === null))
      yield `${where}: clause and ref of the time limit differ`;
    if (counts && rule.eventField === null)
      yield `${where}: mode ${rule.mode} without the field of its event`;
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

function* repeated(what: string, rows: readonly { id: string }[]): Generator<string> {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) yield `/${what}: ${id} twice`;
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
