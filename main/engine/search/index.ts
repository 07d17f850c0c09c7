export { type DeskSearch, type DeskSearchOptions, openDeskSearch } from './deskSearch.ts';
export { type Feed, type FeedOptions, startFeed } from './feed.ts';
export { openSearch, type Search, type SearchOptions } from './search.ts';
export type {
  Marked,
  SearchDoc,
  SearchField,
  SearchFilters,
  SearchHit,
  SearchProgress,
  SearchQuery,
  SearchResult,
} from './types.ts';
