import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  Bilingual,
  OrganisationInfo,
  PersonInfo,
  Reply,
  UnitInfo,
} from '../../domain/contracts/index.ts';
import { readProfile } from '../../domain/regulations/readProfile.ts';
import type { Category, RegulationProfile } from '../../domain/regulations/types.ts';
import { useQuery } from './engine.tsx';

/** Units, people and the regulation as the screens use them. */
export interface Directory {
  readonly organisation: OrganisationInfo | null;
  readonly profile: RegulationProfile | null;
  readonly units: ReadonlyMap<string, UnitInfo>;
  readonly people: ReadonlyMap<string, PersonInfo>;
  readonly categories: ReadonlyMap<string, Category>;
}

const profiles = new WeakMap<object, RegulationProfile | null>();

/** Checks a profile once per value that came over the bridge. */
function profileOf(value: unknown): RegulationProfile | null {
  if (typeof value !== 'object' || value === null) return null;
  const known = profiles.get(value);
  if (known !== undefined) return known;
  const result = readProfile(value);
  const profile = result.ok ? result.profile : null;
  profiles.set(value, profile);
  return profile;
}

const directories = new WeakMap<object, Directory>();
const NO_DIRECTORY: Directory = {
  organisation: null,
  profile: null,
  units: new Map(),
  people: new Map(),
  categories: new Map(),
};

/** Made once for each value, whoever uses it: every row of a list does. */
function directoryOf(value: Reply<'directory.all'> | undefined): Directory {
  if (!value) return NO_DIRECTORY;
  let directory = directories.get(value);
  if (!directory) {
    const profile = profileOf(value.profile);
    directory = {
      organisation: value.organisation,
      profile,
      units: new Map(value.units.map((unit) => [unit.id, unit])),
      people: new Map(value.people.map((person) => [person.id, person])),
      categories: new Map((profile?.categories ?? []).map((category) => [category.id, category])),
    };
    directories.set(value, directory);
  }
  return directory;
}

export function useDirectory(): Directory {
  return directoryOf(useQuery('directory.all', {}).value);
}

/** Picks the text of the language the window speaks. */
export function useNamed(): (names: Bilingual | undefined | null) => string {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'vi';
  return useCallback((names) => names?.[language] ?? '', [language]);
}

/** The person at this desk, when somebody is signed in. */
export function useMe(): PersonInfo | null {
  return useQuery('session.state', {}).value?.person ?? null;
}
