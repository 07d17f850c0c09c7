import { holds } from './conditions.ts';
import st19 from './data/st19.json' with { type: 'json' };
import tb11 from './data/tb11.json' with { type: 'json' };
import tb21 from './data/tb21.json' with { type: 'json' };
import vp17 from './data/vp17.json' with { type: 'json' };
import { faultLine } from './faults.ts';
import { type ReadProfile, readProfile } from './readProfile.ts';
import type { Category, RegulationProfile } from './types.ts';

const SHIPPED: Readonly<Record<string, unknown>> = { VP17: vp17, TB21: tb21, ST19: st19, TB11: tb11 };
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
  if (!result.ok) throw new Error(`regulation profile ${id}: ${result.faults.map(faultLine).join('; ')}`);
  read.set(id, result.profile);
  return result.profile;
}

/**
 * Reads a profile that was stored. One of the first form, which only VP17 had and nobody could adjust, is read as what
 * ships today; everything else as {@link readProfile} does.
 */
export function readStoredProfile(value: unknown): ReadProfile {
  const old = value as { schemaVersion?: unknown; id?: unknown } | null;
  const shipped = old?.schemaVersion === 1 && typeof old.id === 'string' ? getProfile(old.id) : undefined;
  return shipped ? { ok: true, profile: shipped } : readProfile(value);
}

/** Ids of the kinds of portal the regulation knows, the default first; empty where it knows one only. */
export function portalKindIds(profile: RegulationProfile): string[] {
  return profile.portalKinds.map((kind) => kind.id);
}

/**
 * The rules for one kind of portal (TB11 Cổng thành phần): its chain, its last word, without the categories that it
 * does not have. Undefined for a kind that the regulation does not know.
 */
export function forPortalKind(profile: RegulationProfile, kindId: string): RegulationProfile | undefined {
  const kind = profile.portalKinds.find((one) => one.id === kindId);
  if (!kind) return undefined;
  const gone = new Set(kind.without);
  const stays = ({ categoryId }: { categoryId: string }) => !gone.has(categoryId);
  return {
    ...profile,
    portalKind: kind.id,
    chain: kind.chain ?? profile.chain,
    lastWord: kind.lastWord ?? profile.lastWord,
    categories: profile.categories.filter((category) => !gone.has(category.id)),
    timeLimits: profile.timeLimits
      .map((limit) => ({ ...limit, categories: limit.categories.filter((id) => !gone.has(id)) }))
      .filter((limit) => limit.categories.length > 0),
    units: profile.units.map((unit) => ({ ...unit, categories: unit.categories.filter(stays) })),
    everyUnit: profile.everyUnit.filter(stays),
    englishMinimum: profile.englishMinimum.filter(stays),
    restrictions: profile.restrictions.filter((one) => !gone.has(one.appliesTo)),
    channels: profile.channels.filter((one) => (kind.chain ?? profile.chain)[one.channel].length > 0),
    portalKinds: profile.portalKinds.map((one) => ({
      ...one,
      without: one.without.filter((id) => !gone.has(id)),
    })),
  };
}

/** The name of a rule as it is kept with what was computed by it: `VP17-7.4@1`, its reference and the version of the profile. */
export function ruleName(
  profile: Pick<RegulationProfile, 'version'>,
  rule: { readonly ref: string | null },
): string | null {
  return rule.ref === null ? null : `${rule.ref}@${profile.version}`;
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
