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
