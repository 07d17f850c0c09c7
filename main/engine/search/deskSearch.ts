import { join } from 'node:path';
import type { DeskDatabase } from '../database.ts';
import type { FileStore } from '../files/fileStore.ts';
import { describe, type Log } from '../log.ts';
import type { FileReader } from './extract/index.ts';
import { type Feed, startFeed } from './feed.ts';
import { openSearch, type Search } from './search.ts';
import type { Passage } from './types.ts';

export interface DeskSearchOptions {
  /** Where the index is kept. */
  readonly folder: string;
  /** Of the index alone, 32 bytes. */
  readonly key: Uint8Array;
  readonly database: DeskDatabase;
  readonly store: Pick<FileStore, 'sizeOf' | 'read'>;
  readonly log: Log;
  /** Reads attached files; ended by whoever made it. */
  readonly reader: FileReader;
  /** What was asked for may have other answers now. */
  readonly onChange: () => void;
}

/** Full-text search over one desk. Opens in the background; a desk whose index can't be opened works without. */
export interface DeskSearch {
  /** Articles with all these words, best first, at most 10,000; null while there is no index to ask. */
  idsFor(text: string): Promise<readonly string[] | null>;
  /** Why these articles answer it; what the index does not have is left out. */
  passages(text: string, articleIds: readonly string[]): Promise<ReadonlyMap<string, Passage>>;
  /** These articles changed in a way that no row tells. */
  changed(articleIds: Iterable<string>): void;
  /** Resolves when all changes so far can be found. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const MAX_IDS = 10_000;

export function openDeskSearch(options: DeskSearchOptions): DeskSearch {
  const { folder, database, store, log, reader } = options;
  let search: Search | null = null;
  let feed: Feed | null = null;
  let isStopped = false;
  let wasAsked = false;

  const open = async () => {
    search = await openSearch({
      folder: join(folder, 'index'),
      key: options.key,
      onProgress: ({ state }) => {
        if (state !== 'idle' || !wasAsked) return;
        wasAsked = false;
        options.onChange();
      },
      onProblem: (code, detail) => log('warn', `search.${code}`, { detail }),
    });
    if (!isStopped) feed = startFeed({ database, store, search, log, reader });
  };
  const opened = open().catch((error: unknown) => log('error', 'search.not-opened', describe(error)));

  return {
    async idsFor(text) {
      if (!search || isStopped) return null;
      wasAsked = true;
      const { hits, isRelaxed } = await search.query({ text, count: MAX_IDS, snippets: false });
      return isRelaxed ? [] : hits.map((hit) => hit.articleId);
    },
    async passages(text, articleIds) {
      if (!search || isStopped) return new Map();
      return search.passages(text, articleIds);
    },
    changed: (articleIds) => feed?.changed(articleIds),
    async settled() {
      await opened;
      await feed?.settled();
      await search?.flush();
    },
    async stop() {
      isStopped = true;
      await opened;
      await feed?.stop();
      await search?.close();
    },
  };
}
