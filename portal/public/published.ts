import { type Selectable, sql } from 'kysely';
import { foldVietnamese } from '../../domain/text/index.ts';
import type { Db } from '../storage/database.ts';
import type { PublicationTable } from '../storage/tables.ts';
import type { Language } from './sentences.ts';

export type Publication = Selectable<PublicationTable>;
/** A publication as lists show it. */
export type Listed = Pick<
  Publication,
  | 'article_id'
  | 'slug'
  | 'title'
  | 'summary'
  | 'category_id'
  | 'unit_id'
  | 'published_at'
  | 'first_published_at'
  | 'channel'
>;

const LISTED = [
  'article_id',
  'slug',
  'title',
  'summary',
  'category_id',
  'unit_id',
  'published_at',
  'first_published_at',
  'channel',
] as const;

/** Reading what is public: nothing here sees a text that was not approved. */
export class Published {
  readonly #db: Db;
  readonly #organisationId: string;

  constructor(db: Db, organisationId: string) {
    this.#db = db;
    this.#organisationId = organisationId;
  }

  /** Newest first; of all sections, or of those given. */
  newest(
    channel: Language,
    page: { readonly offset: number; readonly limit: number },
    categoryIds?: readonly string[],
  ): Promise<Listed[]> {
    let query = this.#current(channel).select(LISTED);
    if (categoryIds) query = query.where('category_id', 'in', [...categoryIds]);
    return query
      .orderBy('published_at', 'desc')
      .orderBy('article_id')
      .offset(page.offset)
      .limit(page.limit)
      .execute();
  }

  /** How many articles each section has. */
  async counts(channel: Language): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#current(channel)
      .select(['category_id', (eb) => eb.fn.countAll<number>().as('count')])
      .groupBy('category_id')
      .execute();
    return new Map(rows.map((row) => [row.category_id, Number(row.count)]));
  }

  bySlug(channel: Language, slug: string): Promise<Publication | undefined> {
    return this.#current(channel).selectAll().where('slug', '=', slug).executeTakeFirst();
  }

  /** Whether something was public at this address before. */
  async wasThere(channel: Language, slug: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('publications')
      .select('slug')
      .where('organisation_id', '=', this.#organisationId)
      .where('channel', '=', channel)
      .where('slug', '=', slug)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** The same article in the other channel, if it is public there. */
  async counterpart(articleId: string): Promise<Publication | undefined> {
    return this.#db
      .selectFrom('articles as a')
      .innerJoin('publications as p', (join) =>
        join
          .onRef('p.organisation_id', '=', 'a.organisation_id')
          .onRef('p.article_id', '=', 'a.counterpart_id'),
      )
      .selectAll('p')
      .where('a.organisation_id', '=', this.#organisationId)
      .where('a.id', '=', articleId)
      .where('p.current', '=', true)
      .executeTakeFirst();
  }

  async unitName(unitId: string, language: Language): Promise<string> {
    return (await this.unitNames(language)).get(unitId) ?? '';
  }

  async unitNames(language: Language): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#db
      .selectFrom('units')
      .select(['id', 'name'])
      .where('organisation_id', '=', this.#organisationId)
      .execute();
    return new Map(rows.map((row) => [row.id, row.name[language]]));
  }

  /** A publication that names the file. */
  naming(sha256: string): Promise<Publication | undefined> {
    return this.#db
      .selectFrom('publications')
      .selectAll()
      .where('organisation_id', '=', this.#organisationId)
      .where('current', '=', true)
      .where(sql<boolean>`file_hashes @> ${[sha256]}::text[]`)
      .orderBy('published_at')
      .executeTakeFirst();
  }

  /** Everything public with the address in the other channel, for the sitemap; at most 50,000, the limit of one file. */
  async all(): Promise<(Listed & { readonly counterpart_slug: string | null })[]> {
    return this.#db
      .selectFrom('publications as p')
      .innerJoin('articles as a', (join) =>
        join.onRef('a.organisation_id', '=', 'p.organisation_id').onRef('a.id', '=', 'p.article_id'),
      )
      .leftJoin('publications as other', (join) =>
        join
          .onRef('other.organisation_id', '=', 'a.organisation_id')
          .onRef('other.article_id', '=', 'a.counterpart_id')
          .on('other.current', '=', true),
      )
      .select([
        'p.article_id',
        'p.slug',
        'p.title',
        'p.summary',
        'p.category_id',
        'p.unit_id',
        'p.published_at',
        'p.first_published_at',
        'p.channel',
        'other.slug as counterpart_slug',
      ])
      .where('p.organisation_id', '=', this.#organisationId)
      .where('p.current', '=', true)
      .orderBy('p.published_at', 'desc')
      .limit(50_000)
      .execute();
  }

  /**
   * Articles that contain every word, with or without their marks. Exact spelling in the title comes first, then in the
   * text, then the folded title, then the rest; newest first among equals.
   */
  async search(
    channel: Language,
    query: string,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly found: (Listed & { readonly plain: string })[] }> {
    const exact = query.normalize('NFC').trim().toLowerCase();
    const words = [...new Set(foldVietnamese(query).split(/\s+/u).filter(Boolean))].slice(0, MAX_WORDS);
    if (words.length === 0) return { total: 0, found: [] };
    const folded = words.join(' ');
    const like = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    let matching = this.#current(channel);
    for (const word of words) matching = matching.where('folded', 'like', like(word));
    const total = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirst();
    const found = await matching
      .select([...LISTED, 'plain'])
      .orderBy(
        sql`case
          when position(${exact} in lower(title)) > 0 then 0
          when position(${folded} in folded_title) > 0 then 1
          when position(${exact} in lower(plain)) > 0 then 2
          when position(${folded} in folded) > 0 then 3
          else 4 end`,
      )
      .orderBy('published_at', 'desc')
      .orderBy('article_id')
      .offset(page.offset)
      .limit(page.limit)
      .execute();
    return { total: Number(total?.count ?? 0), found };
  }

  #current(channel: Language) {
    return this.#db
      .selectFrom('publications')
      .where('organisation_id', '=', this.#organisationId)
      .where('current', '=', true)
      .where('channel', '=', channel);
  }
}

const MAX_WORDS = 10;
