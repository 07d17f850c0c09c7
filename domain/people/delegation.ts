import { type Static, Type } from 'typebox';
import { isDate } from '../deadlines/dates.ts';
import type { RegulationProfile } from '../regulations/types.ts';
import { ROLES, type Role } from './roles.ts';
import type { Person } from './types.ts';

/**
 * Somebody stands in for somebody (ủy quyền): in these roles, in the unit of the one stood in for, from the first to the last
 * day (`YYYY-MM-DD`, civil dates in Vietnam). `basis` names the paper by which it was given.
 */
export const DelegationSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }),
    fromPersonId: Type.String({ minLength: 1, maxLength: 64 }),
    toPersonId: Type.String({ minLength: 1, maxLength: 64 }),
    roles: Type.Array(Type.Enum([...ROLES]), { minItems: 1, uniqueItems: true }),
    from: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    to: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    basis: Type.String({ maxLength: 500 }),
    /** Taken back: holds for nothing any more, whatever its days. */
    withdrawn: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);
export type Delegation = Static<typeof DelegationSchema>;

/** A capacity in which a person may act for another. */
export interface StandIn {
  readonly personId: string;
  readonly roles: readonly Role[];
  readonly unitId: string;
}

/** Why a delegation is refused. */
export type DelegationFault =
  | 'bad-day'
  | 'days-contradict'
  | 'to-oneself'
  | 'person-unknown'
  | 'person-inactive'
  | 'role-not-held'
  | 'role-not-delegable'
  | 'last-word-not-delegable'
  | 'other-unit'
  | 'sees-less'
  | 'days-overlap';

/** Whoever has one role of a circle sees what the others of it see: standing in opens nothing that was closed. */
const CIRCLES: readonly (readonly Role[])[] = [
  ['liaison', 'unit-head'],
  ['editor', 'editor-in-chief'],
  ['translator'],
];

/**
 * What is wrong with a delegation, each fault once and in the order of {@link DelegationFault}; empty when it holds. Nobody
 * stands in for themselves, in a role that is not there to give, for the last word (unless a clause allows it), or in a
 * unit whose articles they don't see. What was received is not passed on: only roles of one's own are given.
 */
export function delegationFaults(
  delegation: Delegation,
  people: readonly Person[],
  profile: Pick<RegulationProfile, 'lastWord'>,
  others: readonly Delegation[] = [],
): DelegationFault[] {
  const faults = new Set<DelegationFault>();
  const { from, to, fromPersonId, toPersonId, roles } = delegation;
  const areDays = [from, to].every((day) => isDate(day) && day >= '1900-01-01');
  if (!areDays) faults.add('bad-day');
  if (areDays && to < from) faults.add('days-contradict');
  if (fromPersonId === toPersonId) faults.add('to-oneself');
  const giver = people.find((person) => person.id === fromPersonId);
  const taker = people.find((person) => person.id === toPersonId);
  if (!giver || !taker) return [...faults.add('person-unknown')];
  if (!taker.active || !giver.active) faults.add('person-inactive');
  if (roles.some((role) => !giver.roles.includes(role))) faults.add('role-not-held');
  if (roles.includes('administrator')) faults.add('role-not-delegable');
  if (roles.includes(profile.lastWord.role) && !profile.lastWord.mayBeDelegated)
    faults.add('last-word-not-delegable');
  if (giver.unitId !== taker.unitId) faults.add('other-unit');
  const seesAll = roles.every((role) =>
    CIRCLES.some((circle) => circle.includes(role) && taker.roles.some((own) => circle.includes(own))),
  );
  if (!seesAll && !roles.includes('administrator')) faults.add('sees-less');
  const overlaps = others.some(
    (other) =>
      other.withdrawn !== true &&
      other.id !== delegation.id &&
      other.fromPersonId === fromPersonId &&
      other.toPersonId !== toPersonId &&
      other.roles.some((role) => roles.includes(role)) &&
      other.from <= to &&
      from <= other.to,
  );
  if (overlaps) faults.add('days-overlap');
  return [...faults];
}

/** In which capacities a person stands in for others on a day. Delegations that don't hold count for nothing. */
export function standsInFor(
  personId: string,
  delegations: readonly Delegation[],
  people: readonly Person[],
  profile: Pick<RegulationProfile, 'lastWord'>,
  day: string,
): StandIn[] {
  return delegations
    .filter(
      (one) => one.withdrawn !== true && one.toPersonId === personId && one.from <= day && day <= one.to,
    )
    .filter((one) => delegationFaults(one, people, profile).length === 0)
    .flatMap((one) => {
      const giver = people.find((person) => person.id === one.fromPersonId);
      return giver ? [{ personId: giver.id, roles: one.roles, unitId: giver.unitId }] : [];
    });
}
