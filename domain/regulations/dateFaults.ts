import { dateFault } from '../deadlines/dates.ts';
import { at, fault, type ProfileFault } from './faults.ts';
import type { RegulationProfile } from './types.ts';

const LOOKS_LIKE_DATE = /^\d{4}-\d{2}-\d{2}$/u;

/** Days that are none (31 February), days before 1900, and days that contradict each other. */
export function* dateFaults(profile: RegulationProfile): Generator<ProfileFault> {
  yield* impossibleDays(profile, '');
  const { issuedOn, validFrom, validTo } = profile;
  if (issuedOn !== null && validFrom !== null && validFrom < issuedOn)
    yield fault(at('path', '/validFrom'), 'before-issue', { day: validFrom, other: issuedOn });
  if (validFrom === null && validTo !== null) yield fault(at('path', '/validTo'), 'last-without-first');
  if (validFrom !== null && validTo !== null && validTo < validFrom)
    yield fault(at('path', '/validTo'), 'days-contradict', { day: validTo, other: validFrom });
  if (profile.supersededBy !== null && validTo === null)
    yield fault(at('path', '/supersededBy'), 'replaced-without-end');
  for (const unit of profile.units) {
    const from = unit.validFrom ?? validFrom;
    if (from !== null && unit.validTo !== undefined && unit.validTo < from)
      yield fault(at('unit', unit.id), 'days-contradict', { day: unit.validTo, other: from });
    if (unit.successorIds && unit.validTo === undefined)
      yield fault(at('unit', unit.id), 'successors-without-end');
    for (const former of unit.formerNames ?? []) {
      if (unit.validTo !== undefined && former.until > unit.validTo)
        yield fault(at('unit', unit.id), 'former-after-end', { name: former.name.vi, day: former.until });
    }
  }
  for (const category of profile.categories) {
    const rules = [category.deadline, ...category.alternatives];
    for (const [index, rule] of rules.entries()) {
      const place = [...at('category', category.id), ...at('rule', rule.ref ?? String(index))];
      if (rule.validFrom !== undefined && rule.validTo !== undefined && rule.validTo < rule.validFrom)
        yield fault(place, 'days-contradict', { day: rule.validTo, other: rule.validFrom });
      const twin = rules
        .slice(0, index)
        .find((other) => JSON.stringify(other.when) === JSON.stringify(rule.when) && overlap(other, rule));
      if (index > 0 && twin && rule.when === undefined)
        yield fault(place, 'same-time', { ref: twin.ref ?? '' });
      if (index > 0 && twin && rule.when !== undefined && twin.ref !== rule.ref)
        yield fault(place, 'same-time', { ref: twin.ref ?? '' });
    }
  }
}

interface Span {
  readonly validFrom?: string;
  readonly validTo?: string;
}
const overlap = (a: Span, b: Span): boolean =>
  (a.validFrom ?? '') <= (b.validTo ?? '9') && (b.validFrom ?? '') <= (a.validTo ?? '9');

function* impossibleDays(value: unknown, path: string): Generator<ProfileFault> {
  if (typeof value === 'string') {
    if (!LOOKS_LIKE_DATE.test(value)) return;
    const wrong = dateFault(value);
    if (wrong === 'date-out-of-range') yield fault(at('path', path), 'day-out-of-range', { day: value });
    else if (wrong !== null) yield fault(at('path', path), 'no-such-day', { day: value });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* impossibleDays(item, `${path}/${index}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* impossibleDays(item, `${path}/${key}`);
  }
}
