import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fileText } from '../../../../main/engine/search/extract/fileText.ts';
import {
  openSearch,
  type Search,
  type SearchDoc,
  type SearchOptions,
} from '../../../../main/engine/search/index.ts';

export const KEY = new Uint8Array(32).fill(5);

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soan-search-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const doc = (id: string, parts: Partial<SearchDoc> = {}): SearchDoc => ({
  id,
  version: '1',
  title: '',
  summary: '',
  fields: '',
  body: '',
  attachments: '',
  unitId: 'unit-a',
  categoryId: 'news',
  state: 'draft',
  channel: 'vi',
  dates: { updated: 1000, published: null, due: null },
  ...parts,
});

export async function openIn(folder: string, options: Partial<SearchOptions> = {}): Promise<Search> {
  const search = await openSearch({ folder, key: KEY, ...options });
  onTestFinished(() => search.close());
  return search;
}

/** A search over these articles. */
export async function searchOver(...docs: readonly SearchDoc[]): Promise<Search> {
  const search = await openIn(await temporaryFolder());
  for (const one of docs) search.put(one);
  await search.flush();
  return search;
}

export async function idsFor(search: Search, text: string): Promise<string[]> {
  return (await search.query({ text })).hits.map((hit) => hit.articleId);
}

/** The text of a file, read in this thread. */
export async function textIn(
  file: { name: string; type: string },
  bytes: Uint8Array,
  maxLength: number,
): Promise<string> {
  let text = '';
  await fileText(file, bytes, maxLength, (piece) => {
    text += piece;
  });
  return text;
}
