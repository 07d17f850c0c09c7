/**
 * `npm run bench opening [-- --articles 20000 --rounds 12 --sizes 1000,10000,100000]`: how long a store with so many articles and their bodies takes
 * from opening to the first list, plain and encrypted, in a fresh process each time; and what a list of 50 takes of time and memory in collections of
 * three sizes. Prints tables, then the targets with what was reached, then one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeStore } from './support/opening/makeStore.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '12' },
    sizes: { type: 'string', default: '1000,10000,100000' },
  },
});
const ARTICLES = Number(values.articles);
const ROUNDS = Number(values.rounds);
const SIZES = values.sizes.split(',').map(Number);
const LIMIT_MS = 300;
const CRASH_ROUNDS = 5;
/** What SQLite keeps of the file (16 MB) is filled by any collection larger than it, and nothing else may grow. */
const CACHE_MB = 16;
const NOISE_MB = 8;
const FORMS = ['plain', 'encrypted'];

const folder = mkdtempSync(join(tmpdir(), 'soan-bench-opening-'));
const keyOf = (form: string) => (form === 'encrypted' ? new Uint8Array(32).fill(7) : undefined);
const round2 = (value: number): number => Math.round(value * 100) / 100;
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

const sizeOf = (of: string): number =>
  readdirSync(of).reduce((sum, name) => sum + statSync(join(of, name)).size, 0) / 2 ** 20;

function inFreshProcess<T>(task: string, place: string, form: string): T {
  const child = join(import.meta.dirname, 'support/opening/child.ts');
  const answer = execFileSync(process.execPath, ['--expose-gc', child, task, place, form], {
    encoding: 'utf8',
  });
  return JSON.parse(answer) as T;
}

interface Opened {
  readonly modulesMs: number;
  readonly openMs: number;
  readonly listMs: number;
  readonly readyMs: number;
}
type Listed = Record<string, { ms: number; heapMB: number; rssMB: number }>;

try {
  const places = new Map<string, string>();
  for (const form of FORMS) {
    const place = join(folder, form);
    mkdirSync(place);
    await makeStore(place, { articles: ARTICLES, withBodies: true, key: keyOf(form) });
    places.set(form, place);
  }
  const opened = new Map<string, Opened[]>(FORMS.map((form) => [form, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [form, place] of places) opened.get(form)?.push(inFreshProcess<Opened>('open', place, form));
  const opening = [...opened].map(([form, all]) => ({
    store: form,
    'file MB': Math.round(sizeOf(places.get(form) ?? '')),
    'open, median ms': round2(median(all.map(({ openMs }) => openMs))),
    'first list, median ms': round2(median(all.map(({ listMs }) => listMs))),
    'ready, least ms': round2(Math.min(...all.map(({ readyMs }) => readyMs))),
    'ready, median ms': round2(median(all.map(({ readyMs }) => readyMs))),
    'ready, most ms': round2(Math.max(...all.map(({ readyMs }) => readyMs))),
  }));
  console.log(`${ARTICLES} articles with bodies, a fresh process each time, ${ROUNDS} rounds`);
  console.table(opening);
  const modulesMs = round2(median([...opened.values()].flat().map(({ modulesMs }) => modulesMs)));
  console.log(
    `before that Node starts and loads the modules, here from their source: ${modulesMs} ms, not counted`,
  );
  const afterCrash = [...places].map(([form, place]) => {
    const rounds = Array.from({ length: CRASH_ROUNDS }, () => {
      rmSync(join(place, 'desk.sqlite-checked'), { force: true });
      return inFreshProcess<Opened>('open', place, form).readyMs;
    });
    return { store: form, readyMs: round2(median(rounds)) };
  });
  for (const { store, readyMs } of afterCrash)
    console.log(`${store}, not closed well, so the whole file is checked: ready after ${readyMs} ms, median`);
  for (const place of places.values()) rmSync(place, { recursive: true });

  const listed = new Map<number, Listed>();
  for (const size of SIZES) {
    const place = join(folder, `rows-${size}`);
    mkdirSync(place);
    await makeStore(place, { articles: size, withBodies: false, key: undefined });
    listed.set(size, inFreshProcess<Listed>('list', place, 'plain'));
    rmSync(place, { recursive: true });
  }
  const names = Object.keys(listed.get(SIZES[0] ?? 0) ?? {});
  const lists = names.flatMap((name) =>
    [...listed].map(([rows, figures]) => ({
      list: name,
      rows,
      ms: round2(figures[name]?.ms ?? 0),
      'heap growth MB': round2(figures[name]?.heapMB ?? 0),
      'RSS peak growth MB': round2(figures[name]?.rssMB ?? 0),
    })),
  );
  console.log('\na list of 50, memory at its peak above what the process had before');
  console.table(lists);

  const most = (rows: number | undefined, what: 'heapMB' | 'rssMB'): number =>
    Math.max(...Object.values(listed.get(rows ?? 0) ?? {}).map((figures) => figures[what]));
  const growth = (what: 'heapMB' | 'rssMB'): number => most(SIZES.at(-1), what) - most(SIZES[0], what);
  const verdicts = [
    ...opening.map((row) => ({
      target: `${row.store}: ready for the first list in under ${LIMIT_MS} ms, median`,
      reached: `${row['ready, median ms']} ms`,
      pass: row['ready, median ms'] < LIMIT_MS,
    })),
    {
      target: `peak of the heap the same in ${SIZES.at(-1)} rows as in ${SIZES[0]}, within ${NOISE_MB} MB`,
      reached: `${round2(growth('heapMB'))} MB more`,
      pass: growth('heapMB') <= NOISE_MB,
    },
    {
      target: `peak of the process the same, within SQLite's cache of ${CACHE_MB} MB and ${NOISE_MB} MB`,
      reached: `${round2(growth('rssMB'))} MB more`,
      pass: growth('rssMB') <= CACHE_MB + NOISE_MB,
    },
  ];
  for (const { target, reached, pass } of verdicts)
    console.log(`${pass ? 'pass' : 'FAIL'}  ${target}: ${reached}`);
  console.log(
    JSON.stringify({
      bench: 'opening',
      articles: ARTICLES,
      rounds: ROUNDS,
      opening,
      afterCrash,
      modulesMs,
      lists,
      verdicts,
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
