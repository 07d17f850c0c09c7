/** What can be wrong with a profile. The sentences are `admin.profileFault.<code>` in `assets/strings`. */
export const PROFILE_FAULTS = [
  'foreign-citation',
  'missing',
  'unknown-property',
  'too-small',
  'too-large',
  'too-short',
  'pattern',
  'not-of-kind',
  'not-of-kind-plain',
  'twice',
  'unknown-parent',
  'unknown-category',
  'unknown-field',
  'unknown-event',
  'unknown-portal-kind',
  'unknown-successor',
  'unknown-unit',
  'circle',
  'to-itself',
  'limit-missing',
  'limit-without-clause',
  'clause-and-ref',
  'limit-without-number',
  'limit-without-field',
  'field-not-of-kind',
  'no-options',
  'no-such-day',
  'day-out-of-range',
  'before-issue',
  'last-without-first',
  'days-contradict',
  'replaced-without-end',
  'successors-without-end',
  'former-after-end',
  'same-time',
  'kind-not-said',
  'no-steps',
  'nobody-approves',
  'no-way',
  'dead-end',
  'no-post',
  'unapproved',
  'leads-elsewhere',
  'other-last-word',
] as const;
type ProfileFaultCode = (typeof PROFILE_FAULTS)[number];

/** Kinds of places; the words are `admin.profileFault.place.<kind>`. */
export const PLACE_KINDS = [
  'path',
  'clause',
  'category',
  'rule',
  'unit',
  'succession',
  'chain',
  'portal-kind',
] as const;
type PlaceKind = (typeof PLACE_KINDS)[number];

/** Where a fault is, from the outside in: `path` is a JSON pointer, the others are ids of the profile. */
export type Place = readonly { readonly kind: PlaceKind; readonly id: string }[];

/** One fault: where, what, and the values that its sentence names. */
export interface ProfileFault {
  readonly place: Place;
  readonly code: ProfileFaultCode;
  readonly values: Readonly<Record<string, string>>;
}

/** A place of one part. */
export const at = (kind: PlaceKind, id: string): Place => [{ kind, id }];

export const fault = (
  place: Place,
  code: ProfileFaultCode,
  values: Readonly<Record<string, string>> = {},
): ProfileFault => ({ place, code, values });

/** A fault for a log: `category other: unknown-parent id=nowhere`. */
export function faultLine({ place, code, values }: ProfileFault): string {
  const where = place.map(({ kind, id }) => (kind === 'path' ? id : `${kind} ${id}`)).join(', ');
  const named = Object.entries(values).map(([name, value]) => ` ${name}=${value}`);
  return `${where}: ${code}${named.join('')}`;
}
