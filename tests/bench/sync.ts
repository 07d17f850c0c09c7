/**
 * `npm run bench sync [-- --articles 10000 --many 100000 --streams 500 --desks 2000 --rounds 5 --only first,catch-up,push,desks]`: the first exchange of a desk beside PouchDB on the same
 * rows, catching up in a small and a large collection, how soon a push is seen beside a bare event stream, and many desks
 * that come back at once. Real processes, one run. Prints tables, then one line of JSON.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPouch } from './support/pouch.ts';
import { openStream, startWorld, type World } from './support/sync/world.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '10000' },
    many: { type: 'string', default: '100000' },
    streams: { type: 'string', default: '500' },
    desks: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'first,catch-up,push,desks' },
  },
});
const [ARTICLES, MANY, STREAMS, DESKS] = [values.articles, values.many, values.streams, values.desks].map(
  Number,
) as [number, number, number, number];
const parts = new Set(values.only.split(','));
const CHANGES = 100;
const ROUNDS = Number(values.rounds);
/** Rows a request of PouchDB: as it comes, and as many as suit it best. */
const PEER_ROWS = { asItComes: 100, many: 1000 };
const PUSHES = 40;
const RECONNECT_MS = 10_000;
const COLLECTIONS = ['articles', 'snapshots', 'updates', 'decisions', 'files', 'directory'];

const share = (numbers: readonly number[], at: number): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;
};
const verdict = (isMet: boolean): string => (isMet ? 'pass' : 'FAIL');
const results: Record<string, unknown>[] = [];
const row = (result: Record<string, unknown>): void => {
  results.push(result);
  console.log(JSON.stringify(result));
};

/** What a desk gets of every collection, as documents of PouchDB. */
async function documentsOf(world: World): Promise<{ _id: string }[]> {
  const documents: { _id: string }[] = [];
  // An article and its snapshot have one id.
  for (const collection of COLLECTIONS)
    for (const { _deleted, ...row } of (await world.pullAll(collection)).rows)
      documents.push({ _id: `${collection}/${row.id}`, ...row });
  return documents;
}

/** `others`: they hold other rows than our desk gets, so nothing is judged by them. */
type Pouches = readonly { readonly name: string; readonly others?: true; pull(): Promise<number> }[];

/**
 * A new desk until all is in its sealed store on disk, and until all is in its lists. Beside it PouchDB, in memory and on disk. Every round is a
 * new process on both sides, the servers have been running; PouchDB asks for as many rows a request as it does by itself, and for more; nothing but the loopback is between them. First
 * as the articles were written, every update a row; then a month later, when the portal has gathered the text of each. PouchDB has what was written both times, the
 * second time also, for comparison of row with row, what the portal has made of it.
 */
async function firstExchange(world: World): Promise<void> {
  await world.fill(ARTICLES);
  const written = await documentsOf(world);
  const [memory, disk] = [await startPouch('memory', written), await startPouch('disk', written)];
  const pouches: Pouches = [
    { name: 'on disk', pull: () => disk.pull(PEER_ROWS.asItComes) },
    { name: 'in memory', pull: () => memory.pull(PEER_ROWS.asItComes) },
    { name: 'on disk, 1000 rows a request', pull: () => disk.pull(PEER_ROWS.many) },
    { name: 'in memory, 1000 rows a request', pull: () => memory.pull(PEER_ROWS.many) },
  ];
  try {
    await firstRounds(world, 'as written', written.length, { updates: 2 * ARTICLES, snapshots: 0 }, pouches);
    await world.gather();
    const gathered = await documentsOf(world);
    const same = await startPouch('disk', gathered);
    const rowByRow = { name: 'on disk, the same rows', pull: () => same.pull(PEER_ROWS.asItComes) };
    try {
      const rows = { updates: 0, snapshots: ARTICLES };
      const others = pouches.map((pouch) => ({
        ...pouch,
        name: `${pouch.name}, as written`,
        others: true as const,
      }));
      await firstRounds(world, 'a month later', gathered.length, rows, [...others, rowByRow]);
    } finally {
      await same.stop();
    }
  } finally {
    await memory.stop();
    await disk.stop();
  }
}

async function firstRounds(
  world: World,
  when: string,
  count: number,
  rows: { readonly updates: number; readonly snapshots: number },
  pouches: Pouches,
): Promise<void> {
  const times: Record<string, number[]> = {};
  const note = (name: string, ms: number) => {
    times[name] ??= [];
    times[name].push(ms);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const desk = await world.newDesk(`${when} ${round}`, true);
    const arrival = (await desk.tell({ do: 'arrival', articles: ARTICLES, ...rows }))?.value as {
      storedMs: number;
      listedMs: number;
      cpuMs: number;
    };
    note('stored', arrival.storedMs);
    note('listed', arrival.listedMs);
    note('cpu', arrival.cpuMs);
    await desk.stop();
    for (const { name, pull } of pouches) note(name, await pull());
  }
  const least = (name: string) => Math.min(...(times[name] ?? []));
  const both = (name: string) => `${Math.round(least(name))} (${Math.round(share(times[name] ?? [], 0.5))})`;
  const ratio = (name: string) => Number((least(name) / least('stored')).toFixed(2));
  row({
    what: `first exchange of ${ARTICLES} articles ${when}, ${count} rows, best of ${ROUNDS} (median)`,
    'ours, in the store ms': both('stored'),
    'processor ms': both('cpu'),
    'in the lists ms': both('listed'),
    ...Object.fromEntries(
      pouches.flatMap(({ name, others }) => [
        [`PouchDB ${name}, ms`, both(name)],
        [`PouchDB ${name}, times ours`, others ? ratio(name) : `${ratio(name)} ${verdict(ratio(name) >= 5)}`],
      ]),
    ),
  });
}

/** What changed while the line was cut, from the moment it is back. */
async function catchUp(world: World): Promise<void> {
  const measured: number[] = [];
  for (const count of [ARTICLES, MANY]) {
    await world.fill(count);
    const desk = await world.newDesk(`catch-up-${count}`);
    await desk.tell({ do: 'arrival', articles: count, updates: 0, snapshots: 0 });
    await desk.tell({ do: 'quiet' });
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      world.line.set({ kind: 'cut' });
      await pause(300);
      const mark = `Đợt ${count} ${round}`;
      await world.change(CHANGES, mark);
      world.line.set({ kind: 'none' });
      times.push(
        Number(
          (await desk.tell({ do: 'caughtUp', articleId: `bench-${CHANGES - 1}`, title: mark }))?.value ?? 0,
        ),
      );
    }
    measured.push(share(times, 0.5));
    await desk.stop();
  }
  const [small = 0, large = 0] = measured;
  row({
    what: `catching up with ${CHANGES} changes`,
    [`${ARTICLES} articles ms`]: Math.round(small),
    [`${MANY} articles ms`]: Math.round(large),
    ratio: Number((large / small).toFixed(2)),
    'within 20 %': verdict(large / small <= 1.2),
  });
}

/** From the moment a push is sent until each of many streams has heard of it and one has pulled it; beside a bare stream. */
async function pushToVisible(world: World): Promise<void> {
  const bare = fork(join(import.meta.dirname, 'support/sync/bareStream.ts'), { stdio: 'ignore' });
  bare.channel?.ref();
  const [bareUrl] = (await once(bare, 'message')) as [string];
  const listen = async (url: string, headers: Readonly<Record<string, string>>) => {
    let heard: () => void = () => {};
    const streams: { close(): void }[] = [];
    for (let n = 0; n < STREAMS; n += 1)
      streams.push(await openStream(url, headers, (block) => block.includes('"updates"') && heard()));
    return {
      /** Times of arrival of one event at each stream. */
      next: () =>
        new Promise<number[]>((resolve) => {
          const times: number[] = [];
          heard = () => {
            times.push(performance.now());
            if (times.length === STREAMS) resolve(times);
          };
        }),
      close: () => {
        for (const stream of streams) stream.close();
      },
    };
  };
  try {
    const ours = await listen(`${world.direct(0)}/api/sync/stream`, world.headers);
    const theirs = await listen(`${bareUrl}/stream`, {});
    const writer = await world.newDesk('writer');
    await writer.tell({ do: 'create', articleId: 'pushed', title: '' });
    await writer.tell({ do: 'quiet' });
    await pause(500);
    const { checkpoint } = await world.pullAll('updates');
    const oursMs: number[] = [];
    const visibleMs: number[] = [];
    const bareMs: number[] = [];
    let place = checkpoint;
    for (let n = 0; n < PUSHES; n += 1) {
      const wait = theirs.next();
      const toldAt = performance.now();
      await fetch(`${bareUrl}/tell`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ collections: ['updates', 'articles'], portalTime: Date.now() }),
      });
      bareMs.push(...(await wait).map((at) => at - toldAt));

      const told = ours.next();
      const writtenAt = performance.now();
      // Saved on the desk, sent by it, taken by the portal, heard by all.
      await writer.tell({ do: 'write', articleId: 'pushed', word: `w${n}`, place: 0 });
      const arrivals = await told;
      oursMs.push(...arrivals.map((at) => at - writtenAt));
      const query = new URLSearchParams({ limit: '200' });
      for (const [key, value] of Object.entries(place)) query.set(key, String(value));
      for (let isThere = false; !isThere; ) {
        const reply = await fetch(`${world.direct(0)}/api/sync/updates?${query}`, { headers: world.headers });
        const page = (await reply.json()) as { documents: unknown[]; checkpoint: Record<string, unknown> };
        isThere = page.documents.length > 0;
        place = page.checkpoint;
      }
      visibleMs.push(performance.now() - writtenAt);
      await pause(150);
    }
    ours.close();
    theirs.close();
    const [p95, bare95] = [share(visibleMs, 0.95), share(bareMs, 0.95)];
    row({
      what: `push to visible, ${STREAMS} streams`,
      'heard p50 ms': Number(share(oursMs, 0.5).toFixed(1)),
      'heard p95 ms': Number(share(oursMs, 0.95).toFixed(1)),
      'visible p95 ms': Number(p95.toFixed(1)),
      'bare stream p95 ms': Number(bare95.toFixed(1)),
      times: Number((p95 / bare95).toFixed(1)),
      'under 150 ms': verdict(p95 < 150),
      'at most 8 times': verdict(p95 / bare95 <= 8),
    });
    await writer.stop();
  } finally {
    bare.disconnect();
  }
}

/** Desks that come back after an outage: each opens its stream and asks every collection for what is new. */
async function comeBack(world: World): Promise<void> {
  const places = new Map<string, Record<string, unknown>>();
  for (const collection of COLLECTIONS) places.set(collection, (await world.pullAll(collection)).checkpoint);
  await world.change(CHANGES, 'Sau sự cố');
  const times: number[] = [];
  let errors = 0;
  const streams: { close(): void }[] = [];
  const one = async (n: number): Promise<void> => {
    await pause((n * RECONNECT_MS) / DESKS);
    const startedAt = performance.now();
    try {
      streams.push(await openStream(`${world.direct(n)}/api/sync/stream`, world.headers, () => {}));
      let rows = 0;
      for (const collection of COLLECTIONS) {
        const query = new URLSearchParams({ limit: '200' });
        for (const [key, value] of Object.entries(places.get(collection) ?? {}))
          query.set(key, String(value));
        const reply = await fetch(`${world.direct(n)}/api/sync/${collection}?${query}`, {
          headers: world.headers,
        });
        if (!reply.ok) throw new Error(String(reply.status));
        rows += ((await reply.json()) as { documents: unknown[] }).documents.length;
      }
      if (rows !== CHANGES) throw new Error(`${rows} rows`);
      times.push(performance.now() - startedAt);
    } catch (error) {
      errors += 1;
      if (errors < 4) console.error(String(error));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: DESKS }, (_, n) => one(n)));
  const totalMs = performance.now() - startedAt;
  const memory = await Promise.all(
    world.portals.map(async ({ pid }) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Math.round(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    }),
  );
  for (const stream of streams) stream.close();
  row({
    what: `${DESKS} desks come back within ${RECONNECT_MS / 1000} s, ${world.portals.length} portals`,
    'caught up': times.length,
    errors,
    'p50 ms': Math.round(share(times, 0.5)),
    'p95 ms': Math.round(share(times, 0.95)),
    'all after ms': Math.round(totalMs),
    'most memory MiB': memory.join(' and '),
    'all caught up': verdict(errors === 0 && times.length === DESKS),
  });
}

const one = await startWorld(1);
try {
  if (parts.has('first')) await firstExchange(one);
  if (parts.has('catch-up')) await catchUp(one);
  if (parts.has('push')) await pushToVisible(one);
} finally {
  await one.stop();
}
if (parts.has('desks')) {
  const two = await startWorld(2);
  try {
    await two.fill(ARTICLES);
    await comeBack(two);
  } finally {
    await two.stop();
  }
}
for (const result of results) console.table([result]);
console.log(JSON.stringify({ bench: 'sync', results }));
