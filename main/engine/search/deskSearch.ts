import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeskDatabase } from '../database.ts';
import { makeFolder, writeDurably } from '../durableFile.ts';
import type { FileStore } from '../files/fileStore.ts';
import { describe, type Log } from '../log.ts';
import type { FileReader } from './extract/index.ts';
import { type Feed, startFeed } from './feed.ts';
import { openSearch, type Search } from './search.ts';
import type { Passage } from './types.ts';

export interface DeskSearchOptions {
  /** Where the index and its key are kept. */
  readonly folder: string;
  readonly database: DeskDatabase;
  readonly store: Pick<FileStore, 'sizeOf' | 'read'>;
  readonly log: Log;
  /** Protects a text by the system's key store, base64, and back. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
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

/**
 * The key of the index: random, protected by the system's key store. A missing or meaningless file gets a new key, and the index is built anew;
 * when the key store refuses, nothing is overwritten and this rejects.
 */
export async function openSearchKey(
  folder: string,
  { protect, unprotect }: Pick<DeskSearchOptions, 'protect' | 'unprotect'>,
): Promise<Uint8Array> {
  await makeFolder(folder);
  const path = join(folder, 'key');
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null && kept !== '') {
    const key = Buffer.from(await unprotect(kept), 'base64');
    if (key.byteLength === 32) return key;
  }
  const made = randomBytes(32);
  await writeDurably(path, await protect(made.toString('base64')));
  return made;
}

export function openDeskSearch(options: DeskSearchOptions): DeskSearch {
  const { folder, database, store, log, reader } = options;
  let search: Search | null = null;
  let feed: Feed | null = null;
  let isStopped = false;
  let wasAsked = false;

  const open = async () => {
    const key = await openSearchKey(folder, options);
    if (isStopped) return;
    search = await openSearch({
      folder: join(folder, 'index'),
      key,
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
      // The key store may take its time; what it answers later is not used any more.
      await feed?.stop();
      await search?.close();
    },
  };
}
