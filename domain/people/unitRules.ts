import { dateFault } from '../deadlines/dates.ts';
import { foldVietnamese } from '../text/index.ts';
import type { Names } from './types.ts';

/** A unit of an organisation, as far as its days, names and successors are concerned. */
export interface DatedUnit {
  readonly id: string;
  readonly name: Names;
  readonly shortName?: Names;
  readonly parentId?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly successorIds?: readonly string[];
  readonly formerNames?: readonly { readonly name: Names; readonly until: string }[];
}

/** Why a unit is refused. */
export type UnitFault =
  | 'id-malformed'
  | 'name-missing'
  | 'bad-day'
  | 'days-contradict'
  | 'former-after-end'
  | 'parent-unknown'
  | 'parent-circle'
  | 'successor-unknown'
  | 'successor-circle'
  | 'successor-without-end';

const UNIT_ID = /^[a-z0-9][a-z0-9-]{1,39}$/u;

/**
 * What is wrong with a unit among the others of its organisation, each fault once and in the order of {@link UnitFault};
 * empty for a sound one. `others` may hold the unit as it was before.
 */
export function unitFaults(unit: DatedUnit, others: readonly DatedUnit[]): UnitFault[] {
  const faults = new Set<UnitFault>();
  const known = new Map(others.map((one) => [one.id, one]));
  known.set(unit.id, unit);
  const { validFrom, validTo, parentId, successorIds = [], formerNames = [] } = unit;
  if (!UNIT_ID.test(unit.id)) faults.add('id-malformed');
  const names = [unit.name, unit.shortName ?? unit.name, ...formerNames.map((one) => one.name)];
  if (names.some((name) => name.vi.trim() === '' || name.en.trim() === '')) faults.add('name-missing');
  const days = [validFrom, validTo, ...formerNames.map((one) => one.until)];
  if (days.some((day) => day !== undefined && dateFault(day) !== null)) faults.add('bad-day');
  if (validFrom !== undefined && validTo !== undefined && validTo < validFrom) faults.add('days-contradict');
  if (validTo !== undefined && formerNames.some(({ until }) => until > validTo))
    faults.add('former-after-end');
  if (parentId !== undefined && !known.has(parentId)) faults.add('parent-unknown');
  if (leadsTo(unit.id, (one) => (one.parentId === undefined ? [] : [one.parentId]), known))
    faults.add('parent-circle');
  if (successorIds.some((id) => !known.has(id))) faults.add('successor-unknown');
  if (leadsTo(unit.id, (one) => one.successorIds ?? [], known)) faults.add('successor-circle');
  if (successorIds.length > 0 && validTo === undefined) faults.add('successor-without-end');
  return [...faults];
}

/** Whether a unit is reached from itself. */
function leadsTo(
  id: string,
  next: (unit: DatedUnit) => readonly string[],
  units: ReadonlyMap<string, DatedUnit>,
): boolean {
  const seen = new Set<string>();
  const walk = (from: string): boolean => {
    const unit = units.get(from);
    if (!unit) return false;
    return next(unit).some((to) => {
      if (to === id) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return walk(to);
    });
  };
  return walk(id);
}

/** Whether it ended before that day (`YYYY-MM-DD`). */
export const hasEnded = (unit: Pick<DatedUnit, 'validTo'>, day: string): boolean =>
  unit.validTo !== undefined && unit.validTo < day;

/** Who does the work of a unit on a day: the unit itself, or those that took over; empty where it ended without a successor. */
export function currentUnits<U extends DatedUnit>(unit: U, units: readonly U[], day: string): U[] {
  const seen = new Set<string>();
  const walk = (one: U): U[] => {
    if (seen.has(one.id)) return [];
    seen.add(one.id);
    if (!hasEnded(one, day)) return [one];
    return (one.successorIds ?? []).flatMap((id) => {
      const successor = units.find((other) => other.id === id);
      return successor ? walk(successor) : [];
    });
  };
  return walk(unit);
}

/** A unit that is no more: its last day (`YYYY-MM-DD`), and the ids of those that do its work on the day asked for. */
export interface EndedUnit {
  readonly unitId: string;
  readonly endedOn: string;
  readonly heirIds: readonly string[];
}

/** Whether a unit had ended on a day and who does its work then; null where it lives or is not known. */
export function endedUnit(unitId: string, units: readonly DatedUnit[], day: string): EndedUnit | null {
  const unit = units.find((one) => one.id === unitId);
  if (unit?.validTo === undefined || !hasEnded(unit, day)) return null;
  return {
    unitId,
    endedOn: unit.validTo,
    heirIds: [...new Set(currentUnits(unit, units, day).map((one) => one.id))],
  };
}

/** Whether a unit is meant by words: its id, a name it has or had, in either language, with or without marks. */
export function isMeant(unit: DatedUnit, words: string): boolean {
  const wanted = foldVietnamese(words).trim();
  const names = [unit.name, unit.shortName, ...(unit.formerNames ?? []).map((one) => one.name)];
  return (
    unit.id.includes(wanted) ||
    names.some((name) => name && [name.vi, name.en].some((text) => foldVietnamese(text).includes(wanted)))
  );
}
