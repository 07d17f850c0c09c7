/** Parts of an article that are searched, in the order in which their words are numbered. */
export const FIELDS = ['title', 'summary', 'fields', 'body', 'attachments'] as const;
export type SearchField = (typeof FIELDS)[number];

/** Instants in milliseconds since 1970 by which a search may be narrowed; null when there is none. */
export interface SearchDates {
  readonly updated: number | null;
  readonly published: number | null;
  readonly due: number | null;
}

/** What searches are narrowed by. */
export interface Facets {
  readonly unitId: string;
  readonly categoryId: string;
  readonly state: string;
  readonly channel: string;
  readonly dates: SearchDates;
}

/** An article as the index takes it: plain text, part by part. */
export interface SearchDoc extends Facets {
  readonly id: string;
  /** Says which state of the article this is; `known()` gives it back. */
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  /** Values of the text fields, one a line. */
  readonly fields: string;
  readonly body: string;
  /** Names and text of the attached files. */
  readonly attachments: string;
  /** Which field or file each stretch of the two is of, in their order. */
  readonly stretches?: Readonly<Partial<Record<SearchField, readonly Stretch[]>>>;
}

/** A stretch of a part: whose it is, and the UTF-16 offset where it ends. */
export type Stretch = readonly [name: string, end: number];

/** Any of each list; absent means all. */
export interface SearchFilters {
  readonly unitIds?: readonly string[];
  readonly categoryIds?: readonly string[];
  readonly states?: readonly string[];
  readonly channels?: readonly string[];
  /** Both ends belong to it; an article without that date is left out. */
  readonly dates?: {
    readonly of: keyof SearchDates;
    readonly from?: number;
    readonly to?: number;
  };
}

export interface SearchQuery {
  readonly text: string;
  readonly filters?: SearchFilters;
  readonly offset?: number;
  /** At most 10,000. */
  readonly count?: number;
  /** False leaves the snippets out, which saves reading the texts. */
  readonly snippets?: boolean;
}

/** A stretch of text and where in it the words of the query stand: pairs of UTF-16 offsets, in order, not overlapping. */
export interface Marked {
  readonly text: string;
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

/** Why an article was found. */
export interface Passage {
  /** The part that the snippet is from. */
  readonly field: SearchField;
  /** The field's id or the file's name, of parts that have several. */
  readonly name: string | null;
  /** Empty when snippets were not wanted or the text can't be read. */
  readonly snippet: Marked;
  readonly title: Marked;
}

export interface SearchHit extends Passage {
  readonly articleId: string;
  readonly score: number;
}

export interface SearchResult {
  readonly total: number;
  readonly hits: readonly SearchHit[];
  /** True when no article has every word, so that these have most of them. */
  readonly isRelaxed: boolean;
  /** False while the index is still loading or articles wait to be taken in. */
  readonly isComplete: boolean;
}

export interface SearchProgress {
  readonly state: 'loading' | 'indexing' | 'idle' | 'closed';
  readonly indexed: number;
  /** Articles that wait to be taken in. */
  readonly waiting: number;
  /** Bytes of the index in memory, without strings. */
  readonly indexBytes: number;
  /** Why the last write to disk failed, a system code such as `ENOSPC`; the index goes on in memory. */
  readonly problem: string | null;
}
