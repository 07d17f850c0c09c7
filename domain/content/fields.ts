import { findCategory } from '../regulations/profiles.ts';
import type { Channel, FieldRule, RegulationProfile } from '../regulations/types.ts';

/** A field as a form shows it. */
export type FieldSpec = FieldRule & {
  /** Its name in the language asked for. */
  label: string;
  /** Belongs to every category (author, source). */
  common: boolean;
  /**
   * How an English version treats it: `translate` (words, entered anew) or `inherit` (dates, numbers, choices,
   * names, files: taken from the Vietnamese version and shown read-only). Null in the Vietnamese version.
   */
  inEnglish: 'translate' | 'inherit' | null;
};

const WORDS: ReadonlySet<string> = new Set(['text', 'longText']);

/**
 * The fields of a category in the order of the form: those of the category, then the common ones.
 * `language` is the channel the article is written for; labels come in that language. An unknown category has
 * the common fields only.
 */
export function fieldsFor(profile: RegulationProfile, categoryId: string, language: Channel): FieldSpec[] {
  const own = findCategory(profile, categoryId)?.fields ?? [];
  return [
    ...own.map((field) => toSpec(field, false, language)),
    ...profile.commonFields.map((field) => toSpec(field, true, language)),
  ];
}

function toSpec(field: FieldRule, common: boolean, language: Channel): FieldSpec {
  const words = WORDS.has(field.type) && field.format === undefined;
  const inEnglish = language === 'vi' ? null : words ? 'translate' : 'inherit';
  return { ...field, label: field.name[language], common, inEnglish };
}
