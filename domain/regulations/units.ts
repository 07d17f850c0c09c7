import { addDays } from '../deadlines/dates.ts';
import { foldVietnamese } from '../text/index.ts';
import { at, fault, type ProfileFault } from './faults.ts';
import type { ProfileUnit, RegulationProfile } from './types.ts';

type WithUnits = Pick<RegulationProfile, 'units' | 'validFrom'>;

/** What {@link currentUnitOf} finds: the unit that was asked for, and who does its work on the day. */
export interface FoundUnit {
  readonly unit: ProfileUnit;
  /** The unit itself, or those that took over from it; empty where it ended without a successor that exists on the day. */
  readonly current: readonly ProfileUnit[];
}

/**
 * Finds a unit by its id or by any name it has or had, in either language, with or without marks, and who does its work
 * on a day (`YYYY-MM-DD`). Only successions that a person confirmed count; others are suggestions (`successions`).
 */
export function currentUnitOf(profile: WithUnits, nameOrId: string, date: string): FoundUnit | undefined {
  const wanted = foldVietnamese(nameOrId).trim();
  const unit =
    profile.units.find((one) => one.id === nameOrId) ??
    profile.units.find((one) => namesOf(one).some((name) => foldVietnamese(name).trim() === wanted));
  return unit && { unit, current: currentOf(profile, unit, date, new Set()) };
}

function namesOf(unit: ProfileUnit): string[] {
  const names = [unit.name, unit.shortName, ...(unit.formerNames ?? []).map((former) => former.name)];
  return names.flatMap((name) => (name ? [name.vi, name.en] : []));
}

function currentOf(profile: WithUnits, unit: ProfileUnit, date: string, seen: Set<string>): ProfileUnit[] {
  if (seen.has(unit.id)) return [];
  seen.add(unit.id);
  if (unit.validTo === undefined || date <= unit.validTo) {
    const from = unit.validFrom ?? profile.validFrom;
    return from === null || from <= date ? [unit] : [];
  }
  return (unit.successorIds ?? []).flatMap((id) => {
    const successor = profile.units.find((one) => one.id === id);
    return successor ? currentOf(profile, successor, date, seen) : [];
  });
}

/**
 * The profile after a person has confirmed that a unit gave way to another: the unit ends the day before, the successor is
 * there from that day (with the work of both), the version rises. Undefined when no such succession is suggested.
 */
export function confirmSuccession(profile: RegulationProfile, unitId: string): RegulationProfile | undefined {
  const suggestion = profile.successions.find((one) => one.unitId === unitId);
  const old = profile.units.find((one) => one.id === unitId);
  if (!suggestion || !old) return undefined;
  const { id, name } = suggestion.successor;
  const known = profile.units.find((one) => one.id === id);
  const { clause, ref } = old;
  const successor: ProfileUnit = known ?? { id, name, validFrom: suggestion.on, categories: [], clause, ref };
  const inherited = old.categories.filter(
    (duty) => !successor.categories.some((own) => own.categoryId === duty.categoryId),
  );
  const heir = { ...successor, categories: [...successor.categories, ...inherited] };
  const ended = { ...old, validTo: addDays(suggestion.on, -1), successorIds: [id] };
  const rest = profile.units.map((one) => (one.id === unitId ? ended : one.id === id ? heir : one));
  return {
    ...profile,
    version: profile.version + 1,
    units: known ? rest : [...rest, heir],
    successions: profile.successions.filter((one) => one !== suggestion),
  };
}

/** Successors that are not there, units that succeed themselves, suggestions about unknown units. */
export function* unitFaults({ units, successions }: RegulationProfile): Generator<ProfileFault> {
  const ids = new Set(units.map((unit) => unit.id));
  for (const unit of units) {
    for (const id of unit.successorIds ?? []) {
      if (!ids.has(id)) yield fault(at('unit', unit.id), 'unknown-successor', { id });
    }
    const path: string[] = [unit.id];
    const walk = function* (id: string): Generator<ProfileFault> {
      for (const next of units.find((one) => one.id === id)?.successorIds ?? []) {
        if (next === unit.id)
          yield fault(at('unit', unit.id), 'circle', { path: [...path, next].join(' → ') });
        if (path.includes(next)) continue;
        path.push(next);
        yield* walk(next);
        path.pop();
      }
    };
    yield* walk(unit.id);
  }
  for (const { unitId, successor } of successions) {
    if (!ids.has(unitId)) yield fault(at('succession', unitId), 'unknown-unit', { id: unitId });
    if (unitId === successor.id) yield fault(at('succession', unitId), 'to-itself');
  }
}
