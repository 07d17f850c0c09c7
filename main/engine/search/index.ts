export { type DeskSearch, openDeskSearch } from './deskSearch.ts';
export { createFileReader } from './extract/index.ts';
export { startFeed } from './feed.ts';
export { openSearch, type Search, type SearchOptions } from './search.ts';
export type { Passage, SearchDoc, SearchFilters } from './types.ts';
