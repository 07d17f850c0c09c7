import { holds } from './conditions.ts';
import vp17 from './data/vp17.json' with { type: 'json' };
import { readProfile } from './readProfile.ts';
import type { Category, RegulationProfile } from './types.ts';

const SHIPPED: Readonly<Record<string, unknown>> = { VP17: vp17 };
const read = new Map<string, RegulationProfile>();

/** Ids of the regulations that ship with the product, in the order they are offered. */
export function profileIds(): readonly string[] {
  return Object.keys(SHIPPED);
}

/**
 * The shipped profile with that id, or undefined. It is checked on first use; a shipped profile that does not
 * check is a bug and throws.
 */
export function getProfile(id: string): RegulationProfile | undefined {
  const known = read.get(id);
  if (known) return known;
  if (!Object.hasOwn(SHIPPED, id)) return undefined;
  const result = readProfile(SHIPPED[id]);
  if (!result.ok) throw new Error(`regulation profile ${id}: ${result.faults.join('; ')}`);
  read.set(id, result.profile);
  return result.profile;
}

/** The category with that id, or undefined. */
export function findCategory(profile: RegulationProfile, categoryId: string): Category | undefined {
  return profile.categories.find((category) => category.id === categoryId);
}

/** A citation for display: `VP17 Điều 7 khoản 4`. */
export function cite(profile: RegulationProfile, rule: { clause: string | null }): string | null {
  return rule.clause === null ? null : `${profile.id} ${rule.clause}`;
}

/**
 * Categories a unit may write in, those the regulation names for it first: then those that every unit supplies,
 * then those for which the regulation names no unit. What is no article (`drafting: false`) is left out.
 */
export function categoriesForUnit(profile: RegulationProfile, unitId: string): Category[] {
  const own =
    profile.units.find((unit) => unit.id === unitId)?.categories.map((duty) => duty.categoryId) ?? [];
  const named = new Set(profile.units.flatMap((unit) => unit.categories.map((duty) => duty.categoryId)));
  const every = profile.everyUnit.map((duty) => duty.categoryId);
  const open = profile.categories.map((category) => category.id).filter((id) => !named.has(id));
  return [...new Set([...own, ...every, ...open])]
    .map((id) => findCategory(profile, id))
    .filter((category) => category !== undefined)
    .filter((category) => category.drafting);
}

/** Whether an article with these values belongs to the English minimum, and by which clause. */
export function englishMinimumOf(
  profile: RegulationProfile,
  categoryId: string,
  values: Readonly<Record<string, unknown>>,
): RegulationProfile['englishMinimum'][number] | undefined {
  const parent = findCategory(profile, categoryId)?.parent;
  return profile.englishMinimum.find(
    (entry) =>
      (entry.categoryId === categoryId || entry.categoryId === parent) &&
      (entry.when === undefined || holds(entry.when, values)),
  );
}
