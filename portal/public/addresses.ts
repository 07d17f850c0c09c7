import type { RegulationProfile } from '../../domain/regulations/index.ts';
import { slugify } from '../../domain/text/index.ts';
import type { Language } from './sentences.ts';

/** Paths of the public pages, both channels. Articles' own paths come from `decisions/publish.ts`. */
export const homePath = (language: Language): string => (language === 'vi' ? '/' : '/en/');
export const searchPath = (language: Language): string => (language === 'vi' ? '/tim-kiem' : '/en/search');
export const feedPath = (language: Language): string => (language === 'vi' ? '/feed.atom' : '/en/feed.atom');
export const allPath = (language: Language): string => (language === 'vi' ? '/tat-ca' : '/en/all');
export const filePath = (sha256: string, name: string): string =>
  `/tep/${sha256}/${encodeURIComponent(name)}`;

const MAX_SLUG = 60;

/** The last part of a section's path: its name in Vietnamese, its id in English. */
export function sectionSlug(language: Language, section: { id: string; name: { vi: string } }): string {
  return language === 'en' ? section.id : slugify(section.name.vi, MAX_SLUG) || section.id;
}

export function sectionPath(language: Language, section: { id: string; name: { vi: string } }): string {
  const slug = sectionSlug(language, section);
  return language === 'vi' ? `/chuyen-muc/${slug}` : `/en/section/${slug}`;
}

/** The category that a section's path means. */
export function sectionOf(profile: RegulationProfile, language: Language, slug: string) {
  return profile.categories.find((category) => sectionSlug(language, category) === slug);
}
