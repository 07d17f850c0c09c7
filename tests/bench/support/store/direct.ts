import { setTimeout as wait } from 'node:timers/promises';
import { requestIdlePromise } from 'rxdb';
import { averageOfTimeValues, averageSchemaData } from 'rxdb/plugins/test-utils';
import { BATCHES, OPERATIONS, type Operation, type Order, PARALLEL, SERIAL, type Times } from './suite.ts';

export type Written = ReturnType<typeof stored>;

/** A document as RxDB hands one to a storage. */
function stored(partial: object = {}) {
  return {
    ...averageSchemaData(partial),
    _deleted: false,
    _attachments: {},
    _meta: { lwt: Date.now() + 0.01 },
    _rev: '1-abcdefghij',
  };
}

/** The reads and writes that RxDB's suite asks of a storage; collections 0 to 3. All reads answer whole documents of collection 0. */
export interface Direct {
  readonly insert: (documents: readonly Written[], collection: number) => unknown;
  readonly byIds: (ids: string[]) => Promise<unknown[]> | unknown[];
  readonly sorted: () => Promise<unknown[]> | unknown[];
  readonly byVar2: (value: number) => Promise<unknown[]> | unknown[];
  readonly count: (value: number) => Promise<number> | number;
  readonly close: () => unknown;
  readonly remove: () => unknown;
}

/**
 * The suite without RxDB: the same operations in the same order, with the same rests, reopenings and rule for the mean. `open` opens what it opened
 * before, or makes four collections.
 */
export async function runDirect(
  open: () => Promise<Direct> | Direct,
  { documents, runs, waitMs }: Order,
): Promise<Times> {
  const times = Object.fromEntries(OPERATIONS.map((name) => [name, []])) as unknown as Record<
    Operation,
    number[]
  >;
  const timed = async <T>(operation: Operation, work: () => Promise<T>): Promise<T> => {
    const since = performance.now();
    const result = await work();
    times[operation].push(performance.now() - since);
    return result;
  };
  const expect = (found: number, wanted: number) => {
    if (found !== wanted) throw new Error(`${found} documents were found instead of ${wanted}`);
  };
  const rest = async () => {
    await requestIdlePromise();
    await wait(waitMs);
    await requestIdlePromise();
  };
  const values = Array.from({ length: PARALLEL }, (_, value) => value);
  for (let run = 0; run < runs; run += 1) {
    await rest();
    const first = [stored()];
    let store = await timed('first insert', async () => {
      const opened = await open();
      await opened.insert(first, 1);
      return opened;
    });
    const reopen = async () => {
      await store.close();
      store = await open();
      await store.insert([stored()], 1);
      await rest();
    };
    await rest();
    const ids: string[] = [];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const rows = Array.from({ length: documents / BATCHES }, (_, number) =>
        stored({ var1: `${number % 2}`, var2: number % PARALLEL }),
      );
      ids.push(...rows.map(({ id }) => id));
      await timed('bulk insert', async () => store.insert(rows, 0));
      await rest();
    }
    await reopen();
    const all = await timed('find all by id', async () => store.byIds(ids));
    expect(all.length, documents);
    await rest();
    const serial = Array.from({ length: SERIAL }, () => stored({ var2: 1000 }));
    await timed('50 serial inserts', async () => {
      for (const row of serial) await store.insert([row], 0);
    });
    await reopen();
    await timed('50 serial finds', async () => {
      for (const { id } of serial) expect((await store.byIds([id])).length, 1);
    });
    await rest();
    const sorted = await timed('query all', async () => store.sorted());
    expect(sorted.length, documents + SERIAL);
    await reopen();
    const parallel = await timed('4 parallel queries', () =>
      Promise.all(values.map((value) => store.byVar2(value))),
    );
    expect(parallel.flat().length, documents);
    await rest();
    let counted = 0;
    await timed('4 counts', async () => {
      for (const value of values) counted += await store.count(value);
    });
    expect(counted, documents);
    await rest();
    await store.remove();
  }
  return Object.fromEntries(OPERATIONS.map((name) => [name, averageOfTimeValues(times[name], 95)])) as Times;
}
