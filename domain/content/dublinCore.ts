import { findCategory } from '../regulations/profiles.ts';
import type { Channel, RegulationProfile } from '../regulations/types.ts';
import type { FieldValues } from './validateFields.ts';

/** The parts of a published article that its descriptive metadata come from. */
export type DescribedArticle = {
  readonly categoryId: string;
  readonly language: Channel;
  /** Name of the supplying unit in the language of the channel. */
  readonly unitName: string;
  /** When it became public, ISO 8601; portal clock. */
  readonly publishedAt: string;
  /** Its permanent address. */
  readonly url: string;
  /** Editors and translators who worked on it, if they are to be named. */
  readonly contributors?: readonly string[];
  readonly keywords?: readonly string[];
  /** Addresses of the version in the other channel and of the attached files. */
  readonly related?: readonly string[];
  readonly rights?: string;
};

/** Names and order of the elements: six mandatory, four recommended, five optional. */
const ELEMENTS = [
  'title',
  'creator',
  'date',
  'description',
  'publisher',
  'identifier',
  'language',
  'source',
  'contributor',
  'subject',
  'coverage',
  'type',
  'format',
  'relation',
  'rights',
] as const;

/**
 * Descriptive metadata (dữ liệu đặc tả, VP17 Điều 4 khoản 16) as `[name, value]` in Dublin Core's fifteen
 * elements, names like `DC.title`, classes as in Circular 24/2011/TT-BTTTT. An element may come several times;
 * one without a value is left out, but the six mandatory ones are always there.
 */
export function dublinCore(
  content: { readonly title: string; readonly summary: string; readonly fields: FieldValues },
  article: DescribedArticle,
  profile: RegulationProfile,
): [name: string, value: string][] {
  const language = article.language;
  const text = (id: string) => {
    const value = content.fields[id];
    return typeof value === 'string' ? value.trim() : '';
  };
  const values: Record<(typeof ELEMENTS)[number], readonly string[]> = {
    title: [content.title.trim()],
    creator: [text('author') || text('sourceAuthorOrAgency') || article.unitName],
    date: [article.publishedAt],
    description: [content.summary.trim() || text('abstract') || content.title.trim()],
    publisher: [profile.issuer[language]],
    identifier: [article.url, text('documentNumber')],
    language: [language],
    source: [text('sourceOfficial'), text('sourceUrl')],
    contributor: [...(article.contributors ?? [])],
    subject: [findCategory(profile, article.categoryId)?.name[language] ?? '', ...(article.keywords ?? [])],
    coverage: [profile.coverage[language]],
    type: ['Text'],
    format: ['text/html'],
    relation: [...(article.related ?? [])],
    rights: [article.rights ?? ''],
  };
  return ELEMENTS.flatMap((element) =>
    values[element]
      .filter((value) => value !== '')
      .map((value): [string, string] => [`DC.${element}`, value]),
  );
}
