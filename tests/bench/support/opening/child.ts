/** A fresh process on a store made before: opens it and asks for the first list, or for one of {@link LISTS}, and answers with one line of JSON. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Args } from '../../../../domain/contracts/index.ts';
import { list } from '../../../../main/engine/desk/lists.ts';
import { createDirectory } from '../../../../main/engine/directory.ts';
import { FIRST, LISTS, type ListFigures, WINDOW } from './lists.ts';
import { openDesk } from './openDesk.ts';

const [task = '', folder = '', form = ''] = process.argv.slice(2);
const WARM = 20;
const ROUNDS = 5;

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
  if (rows.length !== args.count) throw new Error(`a list of ${rows.length} rows instead of ${args.count}`);
};

const usedBytes = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;

/** Buffers outside of the heap go a turn after what held them. */
async function collected(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

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
  const measured = LISTS[task];
  if (!measured) throw new Error(`no list ${task}`);
  const count = measured.offset < 0 ? await database.desk.count().exec() : 0;
  const offset = Math.max(measured.offset, Math.floor(count / 2));
  // The parts of the process that any list needs are there before anything is measured.
  for (let warm = 0; warm < WARM; warm += 1) await ask({ ...FIRST, count: WINDOW - 1, offset: warm });
  await collected();
  const before = process.memoryUsage();
  peak();
  const times: number[] = [];
  let used = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const since = performance.now();
    // Another window each time: RxDB answers the same one from memory.
    await ask({ ...measured, offset: offset + round });
    times.push(performance.now() - since);
    used = Math.max(used, usedBytes(process.memoryUsage()));
  }
  const rss = peak();
  await collected();
  const answer: ListFigures = {
    ms: times.toSorted((one, other) => one - other)[ROUNDS >> 1] ?? 0,
    firstMs: times[0] ?? 0,
    usedMB: (used - usedBytes(before)) / 2 ** 20,
    rssMB: Math.max(0, rss - before.rss) / 2 ** 20,
    keptMB: (usedBytes(process.memoryUsage()) - usedBytes(before)) / 2 ** 20,
  };
  process.stdout.write(JSON.stringify(answer));
}
await database.close();
