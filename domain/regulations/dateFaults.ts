import { dateFault } from '../deadlines/dates.ts';
import type { RegulationProfile } from './types.ts';

const LOOKS_LIKE_DATE = /^\d{4}-\d{2}-\d{2}$/u;

/** Days that are none (31 February), days before 1900, and days that contradict each other. */
export function* dateFaults(profile: RegulationProfile): Generator<string> {
  yield* impossibleDays(profile, '');
  const { issuedOn, validFrom, validTo } = profile;
  if (issuedOn !== null && validFrom !== null && validFrom < issuedOn)
    yield `/validFrom: in force on ${validFrom}, before it was issued on ${issuedOn}`;
  if (validFrom === null && validTo !== null) yield '/validTo: a last day without a first';
  if (validFrom !== null && validTo !== null && validTo < validFrom)
    yield `/validTo: ${validTo} is before ${validFrom}`;
  if (profile.supersededBy !== null && validTo === null)
    yield '/supersededBy: replaced, but without a last day';
  for (const unit of profile.units) {
    const from = unit.validFrom ?? validFrom;
    if (from !== null && unit.validTo !== undefined && unit.validTo < from)
      yield `unit ${unit.id}: ends on ${unit.validTo}, before it begins on ${from}`;
    if (unit.successorIds && unit.validTo === undefined)
      yield `unit ${unit.id}: has successors but no last day`;
    for (const former of unit.formerNames ?? []) {
      if (unit.validTo !== undefined && former.until > unit.validTo)
        yield `unit ${unit.id}: called "${former.name.vi}" until ${former.until}, after its end`;
    }
  }
  for (const category of profile.categories) {
    const rules = [category.deadline, ...category.alternatives];
    for (const [index, rule] of rules.entries()) {
      const place = `category ${category.id}: rule ${rule.ref ?? index}`;
      if (rule.validFrom !== undefined && rule.validTo !== undefined && rule.validTo < rule.validFrom)
        yield `${place} ends on ${rule.validTo}, before it begins on ${rule.validFrom}`;
      const twin = rules
        .slice(0, index)
        .find((other) => JSON.stringify(other.when) === JSON.stringify(rule.when) && overlap(other, rule));
      if (index > 0 && twin && rule.when === undefined)
        yield `${place} holds at the same time as ${twin.ref}`;
      if (index > 0 && twin && rule.when !== undefined && twin.ref !== rule.ref)
        yield `${place} holds at the same time as ${twin.ref}`;
    }
  }
}

interface Span {
  readonly validFrom?: string;
  readonly validTo?: string;
}
const overlap = (a: Span, b: Span): boolean =>
  (a.validFrom ?? '') <= (b.validTo ?? '9') && (b.validFrom ?? '') <= (a.validTo ?? '9');

function* impossibleDays(value: unknown, path: string): Generator<string> {
  if (typeof value === 'string') {
    if (!LOOKS_LIKE_DATE.test(value)) return;
    const fault = dateFault(value);
    if (fault === 'date-out-of-range') yield `${path}: ${value} is before 1900 or after 2199`;
    else if (fault !== null) yield `${path}: ${value} is no day of the calendar`;
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* impossibleDays(item, `${path}/${index}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* impossibleDays(item, `${path}/${key}`);
  }
}
