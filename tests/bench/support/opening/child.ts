/** A fresh process on a store made before: opens it and asks for the first list, or for many lists, and answers with one line of JSON. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Args } from '../../../../domain/contracts/index.ts';
import { list } from '../../../../main/engine/desk/lists.ts';
import { createDirectory } from '../../../../main/engine/directory.ts';
import { openDesk } from './openDesk.ts';

const [task = '', folder = '', form = ''] = process.argv.slice(2);
const WINDOW = 50;
const FIRST: Args<'articles.list'> = { view: 'working', sort: 'due', offset: 0, count: WINDOW };

const loadedMs = performance.now();
const database = await openDesk(folder, form === 'encrypted' ? new Uint8Array(32).fill(7) : undefined);
const openedMs = performance.now();
const directory = createDirectory({
  database,
  signedInAs: {
    id: 'nguoi-1',
    name: { vi: 'Người 1', en: 'Person 1' },
    roles: [],
    unitId: null,
    active: true,
  } as never,
  now: () => Date.UTC(2025, 5, 1),
  log: () => undefined,
});
await directory.load();
const context = {
  database,
  directory,
  sending: () => new Set<string>(),
  search: { idsFor: async () => [], passages: async () => new Map() },
  reservations: { ofOthers: () => [], own: () => null, problem: () => null },
};

const ask = async (args: Args<'articles.list'>): Promise<void> => {
  const { rows } = await list(context, args);
  if (rows.length !== WINDOW) throw new Error(`a list of ${rows.length} rows instead of ${WINDOW}`);
};

/** Most memory that the process ever had in RAM since the last call, in bytes; 0 where the system does not tell. */
function peak(): number {
  try {
    const line = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    writeFileSync('/proc/self/clear_refs', '5');
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

if (task === 'open') {
  await ask(FIRST);
  const listedMs = performance.now();
  process.stdout.write(
    JSON.stringify({
      modulesMs: loadedMs,
      openMs: openedMs - loadedMs,
      listMs: listedMs - openedMs,
      readyMs: listedMs - loadedMs,
    }),
  );
} else {
  const total = (await list(context, { ...FIRST, view: 'all' })).total;
  // The parts of the process that any list needs are there before anything is measured.
  for (let warm = 0; warm < 20; warm += 1) await ask(FIRST);
  const figures: Record<string, { ms: number; heapMB: number; rssMB: number }> = {};
  const LISTS: Record<string, Args<'articles.list'>> = {
    'working, by due date': FIRST,
    'all, by change': { view: 'all', sort: 'updated', offset: 0, count: WINDOW },
    'all, by title': { view: 'all', sort: 'title', offset: 0, count: WINDOW },
    'mine, by change': { view: 'mine', sort: 'updated', offset: 0, count: WINDOW },
    'all, from the middle': { view: 'all', sort: 'due', offset: Math.floor(total / 2), count: WINDOW },
    'one unit': { view: 'all', sort: 'due', offset: 0, count: WINDOW, unitId: 'don-vi-3' },
  };
  for (const [name, args] of Object.entries(LISTS)) {
    globalThis.gc?.();
    const before = process.memoryUsage();
    peak();
    const since = performance.now();
    let heap = 0;
    for (let round = 0; round < 5; round += 1) {
      await ask(args);
      heap = Math.max(heap, process.memoryUsage().heapUsed);
    }
    const ms = (performance.now() - since) / 5;
    figures[name] = {
      ms,
      heapMB: (heap - before.heapUsed) / 2 ** 20,
      rssMB: Math.max(0, peak() - before.rss) / 2 ** 20,
    };
  }
  process.stdout.write(JSON.stringify(figures));
}
await database.close();
