/**
 * `npm run bench opening [-- --articles 20000 --rounds 12 --sizes 1000,20000,100000]`: how long a store with so many articles and their bodies takes
 * from opening to the first list, plain and encrypted, in a fresh process each time; and what the desk's lists take of time and memory in sealed
 * collections of three sizes, each list in a fresh process. Prints tables, then the targets with what was reached, then one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LISTS, type ListFigures } from './support/opening/lists.ts';
import { makeStore } from './support/opening/makeStore.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '12' },
    sizes: { type: 'string', default: '1000,20000,100000' },
  },
});
const ARTICLES = Number(values.articles);
const ROUNDS = Number(values.rounds);
const SIZES = values.sizes.split(',').map(Number);
const LIMIT_MS = 300;
const CRASH_ROUNDS = 5;
/** What SQLite keeps of the file (16 MB) is filled by any collection larger than it, and nothing else may grow. */
const CACHE_MB = 16;
/** What V8 may let lie before it collects. */
const GARBAGE_MB = 16;
const KEPT_MB = 2;
/** At this size or below every list must be there in time. */
const LISTED_SIZE = 20_000;
const LIST_LIMIT_MS = 200;
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

  const lists: { list: string; rows: number; figures: ListFigures }[] = [];
  for (const rows of SIZES) {
    const place = join(folder, `rows-${rows}`);
    mkdirSync(place);
    await makeStore(place, { articles: rows, withBodies: false, key: keyOf('encrypted') });
    for (const list of Object.keys(LISTS))
      lists.push({ list, rows, figures: inFreshProcess<ListFigures>(list, place, 'encrypted') });
    rmSync(place, { recursive: true });
  }
  console.log('\nlists of a sealed store, each in a fresh process; memory above what the process had before');
  console.table(
    Object.keys(LISTS).flatMap((name) =>
      lists
        .filter(({ list }) => list === name)
        .map(({ rows, figures }) => ({
          list: name,
          rows,
          'median ms': round2(figures.ms),
          'first ms': round2(figures.firstMs),
          'heap and external MB': round2(figures.usedMB),
          'kept MB': round2(figures.keptMB),
          'RSS peak MB': round2(figures.rssMB),
        })),
    ),
  );

  /** Most that one list has in the largest collection above what it has in the smallest. */
  const growth = (what: 'usedMB' | 'keptMB' | 'rssMB') => {
    const at = (name: string, rows: number | undefined) =>
      lists.find((one) => one.list === name && one.rows === rows)?.figures[what] ?? 0;
    return Math.max(...Object.keys(LISTS).map((name) => at(name, SIZES.at(-1)) - at(name, SIZES[0])));
  };
  const slowest = Math.max(
    ...lists
      .filter(({ rows }) => rows <= LISTED_SIZE)
      .map(({ figures }) => Math.max(figures.ms, figures.firstMs)),
  );
  const sizes = `${SIZES.at(-1)} rows as in ${SIZES[0]}`;
  const verdicts = [
    ...opening.map((row) => ({
      target: `${row.store}: ready for the first list in under ${LIMIT_MS} ms, median`,
      reached: `${row['ready, median ms']} ms`,
      pass: row['ready, median ms'] < LIMIT_MS,
    })),
    {
      target: `every list of up to ${LISTED_SIZE} rows in under ${LIST_LIMIT_MS} ms`,
      reached: `the slowest ${round2(slowest)} ms`,
      pass: slowest < LIST_LIMIT_MS,
    },
    {
      target: `each list keeps the same memory in ${sizes}, within ${KEPT_MB} MB`,
      reached: `${round2(growth('keptMB'))} MB more`,
      pass: growth('keptMB') <= KEPT_MB,
    },
    {
      target: `heap and external memory the same in ${sizes}, garbage included, within ${GARBAGE_MB} MB`,
      reached: `${round2(growth('usedMB'))} MB more`,
      pass: growth('usedMB') <= GARBAGE_MB,
    },
    {
      target: `peak of the process the same, within SQLite's cache of ${CACHE_MB} MB and the ${GARBAGE_MB} MB of garbage`,
      reached: `${round2(growth('rssMB'))} MB more`,
      pass: growth('rssMB') <= CACHE_MB + GARBAGE_MB,
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
