import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSearch, type SearchDoc } from '../../../main/engine/search/index.ts';

export interface Recall {
  readonly queries: number;
  /** Mean share of the expected articles among the first ten. */
  readonly recall: number;
  /** Share of queries whose first hit is expected. */
  readonly first: number;
  readonly missed: readonly string[];
}

const NAMES = ['st19', 'tb11', 'tb21', 'vp17'];

const plain = (markdown: string): string =>
  markdown
    .replace(/\]\([^)]*\)/g, ' ')
    .replace(/[*#[\]]+/g, '')
    .trim();

/** The articles (điều) of the four sample regulations, each a document of its own: `vp17-7` is its Điều 7. */
export function clauses(): SearchDoc[] {
  return NAMES.flatMap((name) => {
    const url = new URL(`../../../portal/sample/texts/${name}.md`, import.meta.url);
    const pieces = readFileSync(url, 'utf8')
      .split(/^### (?=Điều)/mu)
      .slice(1);
    return pieces.map((piece) => {
      const [heading = '', ...rest] = piece.split('\n');
      const body = rest.join('\n').split(/^#{1,3} /mu)[0] ?? '';
      const number = /\d+/.exec(heading)?.[0] ?? '';
      return {
        id: `${name}-${number}`,
        version: '1',
        title: plain(heading),
        summary: '',
        fields: '',
        body: plain(body),
        attachments: '',
        unitId: name,
        categoryId: 'regulation',
        state: 'published',
        channel: 'vi',
        dates: { updated: 0, published: 0, due: null },
      };
    });
  });
}

/** Runs the queries of `tests/fixtures/search/queries.json` over the clauses. */
export async function measureRecall(): Promise<Recall> {
  const url = new URL('../../fixtures/search/queries.json', import.meta.url);
  const queries = JSON.parse(readFileSync(url, 'utf8')) as { text: string; expected: string[] }[];
  const folder = mkdtempSync(join(tmpdir(), 'soan-recall-'));
  const search = await openSearch({ folder, key: new Uint8Array(32).fill(3) });
  try {
    for (const doc of clauses()) search.put(doc);
    await search.flush();
    let recall = 0;
    let first = 0;
    const missed: string[] = [];
    for (const { text, expected } of queries) {
      const { hits } = await search.query({ text, count: 10 });
      const ids = hits.map((hit) => hit.articleId);
      const absent = expected.filter((id) => !ids.includes(id));
      recall += 1 - absent.length / expected.length;
      if (expected.includes(ids[0] ?? '')) first += 1;
      if (absent.length > 0) missed.push(`${text}: ${absent.join(' ')} (found ${ids.join(' ')})`);
    }
    return {
      queries: queries.length,
      recall: recall / queries.length,
      first: first / queries.length,
      missed,
    };
  } finally {
    await search.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
