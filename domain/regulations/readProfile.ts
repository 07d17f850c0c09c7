import { Value } from 'typebox/value';
import { type Category, type FieldRule, type RegulationProfile, RegulationProfileSchema } from './types.ts';

/** What {@link readProfile} answers. `faults` name places and are for administrators and tests, in English. */
export type ReadProfile = { ok: true; profile: RegulationProfile } | { ok: false; faults: string[] };

/**
 * Reads a profile from data: its shape, then what the shape can't say (ids are unique, everything referred to
 * exists, citations are of this regulation, the clock's field is a date).
 */
export function readProfile(value: unknown): ReadProfile {
  if (!Value.Check(RegulationProfileSchema, value)) {
    const faults = [...Value.Errors(RegulationProfileSchema, value)].map(
      (error) => `${error.instancePath || '/'} ${error.message}`,
    );
    return { ok: false, faults: faults.slice(0, 20) };
  }
  const faults = [...crossFaults(value)];
  return faults.length === 0 ? { ok: true, profile: value } : { ok: false, faults };
}

function* crossFaults(profile: RegulationProfile): Generator<string> {
  const categoryIds = new Set(profile.categories.map((category) => category.id));
  yield* repeated('category', profile.categories);
  yield* repeated('unit', profile.units);
  yield* repeated('english minimum', profile.englishMinimum);
  for (const category of profile.categories) {
    if (category.parent !== null && !categoryIds.has(category.parent))
      yield `category ${category.id}: no parent ${category.parent}`;
    yield* categoryFaults(profile, category);
  }
  const duties = [...profile.units.flatMap((unit) => unit.categories), ...profile.everyUnit];
  for (const duty of [...duties, ...profile.englishMinimum]) {
    if (!categoryIds.has(duty.categoryId)) yield `${duty.ref}: no category ${duty.categoryId}`;
  }
  for (const channel of ['vi', 'en'] as const) {
    if (
      profile.chain[channel].length > 0 &&
      !profile.chain[channel].some((step) => step.action === 'approve')
    )
      yield `chain ${channel}: nobody approves`;
  }
  for (const ref of citations(profile)) {
    if (!ref.startsWith(`${profile.id}-`)) yield `citation ${ref} is not of ${profile.id}`;
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
    if (seen.has(id)) yield `${what} ${id} twice`;
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
