import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RxCollection, RxStorage, RxStorageInstanceCreationParams } from 'rxdb';
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../domain/contracts/index.ts';
import { type DeskDatabase, storageAt, UNSENT } from '../../../main/engine/database.ts';
import type { KeyRing } from '../../../main/engine/store/index.ts';
import { loadFirst, type Page } from '../../../main/engine/sync/firstLoad.ts';
import { createPortalClient } from '../../../main/engine/sync/portalClient.ts';
import { fromPortal, NEVER_SENT_HERE, takenFromPortal } from '../../../main/engine/sync/rows.ts';
import { openStore } from './support/openStore.ts';

type Row = Record<string, unknown>;

const updateRow = (n: number, update = 'AAAA'): Row => ({
  id: `u${String(n).padStart(5, '0')}`,
  articleId: 'a',
  authorId: 'somebody',
  deskId: 'elsewhere',
  at: n,
  held: false,
  update,
  _deleted: false,
});
const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, n) => updateRow(n + 1));

/** A feed as the portal gives it; `asked` has the places from which pages were asked for. */
function feedOf(rows: readonly Row[]) {
  const asked: number[] = [];
  return {
    asked,
    pull: async (checkpoint: Checkpoint | undefined, limit: number): Promise<Page> => {
      const from = checkpoint?.sequence ?? 0;
      asked.push(from);
      // Fresh ones, as from the line.
      const documents = structuredClone(rows.slice(from, from + limit));
      const id = String(documents.at(-1)?.id ?? '');
      return { documents, checkpoint: { sequence: from + documents.length, id }, more: false };
    },
  };
}

/** Line and disk take no time unless a test lets some pass. */
const clock = { now: 0 };
const opened: DeskDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function makeLoad(
  pull: (checkpoint: Checkpoint | undefined, limit: number) => Promise<Page>,
  more: Parameters<typeof openStore>[0] = {},
) {
  const { database, folder } = await openStore(more);
  opened.push(database);
  const state: RxReplicationState<Row, Checkpoint> = replicateRxCollection<Row, Checkpoint>({
    replicationIdentifier: 'test',
    collection: database.updates as unknown as RxCollection<Row>,
    autoStart: false,
    waitForLeadership: false,
    pull: {
      batchSize: 200,
      handler: async (checkpoint, limit) => {
        const { documents, checkpoint: reached } = await pull(checkpoint, limit);
        return {
          documents: documents.map((row) => fromPortal('updates', row, NEVER_SENT_HERE)) as never,
          checkpoint: reached,
        };
      },
    },
  });
  const stopping = new AbortController();
  const load = () =>
    loadFirst({
      name: 'updates',
      state,
      pull,
      stored: async (rows) => rows.map((row) => takenFromPortal('updates', row, NEVER_SENT_HERE)),
      signal: stopping.signal,
      onRows: () => undefined,
      elapsed: () => clock.now,
    });
  return { database, folder, state, load, stop: () => stopping.abort() };
}

const idsIn = async (database: DeskDatabase): Promise<string[]> =>
  (await database.updates.find().exec()).map((row) => row.id).sort();

/** The product's storage, with something done before each write. */
const storageWith =
  (before: (collection: string, rows: readonly { readonly document: Row }[]) => void) =>
  (path: string, key: KeyRing): RxStorage<unknown, unknown> => {
    const storage = storageAt(path, key);
    return {
      ...storage,
      async createStorageInstance<T>(parameters: RxStorageInstanceCreationParams<T, unknown>) {
        const instance = await storage.createStorageInstance(parameters);
        const write = instance.bulkWrite.bind(instance);
        instance.bulkWrite = async (rows, context) => {
          before(parameters.collectionName, rows as unknown as { document: Row }[]);
          return write(rows, context);
        };
        return instance;
      },
    };
  };

describe('a first load', () => {
  it('brings all there is, once, and RxDB goes on behind it', async () => {
    const rows = rowsOf(2500);
    const { pull, asked } = feedOf(rows);
    const { database, state, load } = await makeLoad(pull);
    await load();
    expect(asked).toEqual([0, 500, 1500]);
    expect(await idsIn(database)).toEqual(rows.map((row) => row.id));
    rows.push(updateRow(2501));
    await state.start();
    await state.awaitInSync();
    expect(asked.slice(3)).toEqual([2500]);
    expect(await idsIn(database)).toHaveLength(2501);
    const one = await database.updates.findOne('u00001').exec();
    expect(one?.toJSON()).toMatchObject({ sent: NEVER_SENT_HERE, order: 0, at: 1, update: 'AAAA' });
  });

  it('that has ended is not made again', async () => {
    const { pull, asked } = feedOf(rowsOf(3));
    const { load } = await makeLoad(pull);
    await load();
    await load();
    expect(asked).toEqual([0]);
  });

  it('that was interrupted goes on behind what is stored, also in another process', async () => {
    const rows = rowsOf(12_200);
    const { pull, asked } = feedOf(rows);
    let first = await makeLoad(async (checkpoint, limit) => {
      if ((checkpoint?.sequence ?? 0) === 8500) first.stop();
      return pull(checkpoint, limit);
    });
    await first.load();
    expect((await idsIn(first.database)).length).toBe(8500);
    await opened.pop()?.close();
    asked.length = 0;
    first = await makeLoad(pull, { folder: first.folder });
    await first.load();
    expect(asked).toEqual([6000, 6500, 7500, 9500, 12_000]);
    expect(await idsIn(first.database)).toEqual(rows.map((row) => row.id));
  });

  it.each([
    ['takes what it may', 0, 0, [500, 1000, 2000, 2500, 2500, 2500]],
    ['does not ask a slow line for more', 2000, 0, [500, 500, 500, 500, 500, 500]],
    ['does not hold up a slow machine longer', 0, 150, [500, 1000, 1000, 1000, 1000, 1000]],
  ])('%s', async (_, lineMs, diskMs, limits) => {
    const asked: number[] = [];
    const feed = feedOf(rowsOf(20_000));
    const storage = storageWith((collection) => {
      if (collection === 'updates') clock.now += diskMs;
    });
    const loading = await makeLoad(
      async (checkpoint, limit) => {
        asked.push(limit);
        if (asked.length === limits.length) loading.stop();
        await Promise.resolve();
        clock.now += lineMs;
        return feed.pull(checkpoint, limit);
      },
      { storage },
    );
    await loading.load();
    expect(asked).toEqual(limits);
  });

  it('asks for less when a line that was quick is no more', async () => {
    const asked: number[] = [];
    const feed = feedOf(rowsOf(20_000));
    const loading = await makeLoad(async (checkpoint, limit) => {
      asked.push(limit);
      if (asked.length === 7) loading.stop();
      await Promise.resolve();
      clock.now += asked.length > 3 ? 6000 : 0;
      return feed.pull(checkpoint, limit);
    });
    await loading.load();
    expect(asked).toEqual([500, 1000, 2000, 2500, 1250, 625, 500]);
  });

  it('notes a place only when all rows up to it are stored', async () => {
    let stored = 0;
    const noted: { readonly place: number; readonly stored: number }[] = [];
    const storage = storageWith((collection, rows) => {
      if (collection === 'updates') stored += rows.length;
      for (const { document } of rows)
        if (document.id === 'down|1')
          noted.push({ place: (document.checkpointData as Checkpoint).sequence, stored });
    });
    const { load } = await makeLoad(feedOf(rowsOf(8300)).pull, { storage });
    await load();
    expect(noted).toEqual([
      { place: 6000, stored: 6000 },
      { place: 8300, stored: 8300 },
    ]);
  });

  it('that the disk did not take says so, leaves no wrong place, and is made again', async () => {
    let writes = 0;
    const storage = storageWith((collection) => {
      writes += collection === 'updates' ? 1 : 0;
      if (writes === 6) throw Object.assign(new Error('disk full'), { code: 'STORE_FULL' });
    });
    const { pull, asked } = feedOf(rowsOf(12_200));
    const { database, load } = await makeLoad(pull, { storage });
    await expect(load()).rejects.toThrow('disk full');
    asked.length = 0;
    await load();
    expect(asked[0]).toBe(6000);
    expect(await idsIn(database)).toHaveLength(12_200);
  });

  it('leaves alone what is here and the same, and lets the portal’s state stand where it differs', async () => {
    const { pull } = feedOf([updateRow(1), updateRow(2, 'BBBB'), updateRow(3)]);
    const { database, load } = await makeLoad(pull);
    const here = (n: number) => {
      const { _deleted, ...row } = fromPortal('updates', updateRow(n), 0);
      return { ...row, ...UNSENT, order: 7, opens: null, aside: null } as never;
    };
    await database.updates.bulkInsert([here(1), here(2)]);
    await load();
    const rows = (await database.updates.find().exec()).map((row) => row.toJSON());
    expect(rows.map(({ id, sent, order, update }) => ({ id, sent, order, update }))).toEqual([
      { id: 'u00001', sent: 0, order: 7, update: 'AAAA' },
      { id: 'u00002', sent: NEVER_SENT_HERE, order: 0, update: 'BBBB' },
      { id: 'u00003', sent: NEVER_SENT_HERE, order: 0, update: 'AAAA' },
    ]);
  });

  it('has the next request on its way before the disk takes the thread', async () => {
    const feed = feedOf(rowsOf(5000));
    const server = createServer(async (request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://portal');
      const checkpoint = { sequence: Number(searchParams.get('sequence')), id: '' };
      response.end(JSON.stringify(await feed.pull(checkpoint, Number(searchParams.get('limit')))));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = createPortalClient(`http://127.0.0.1:${port}`, fetch);
    const steps: string[] = [];
    const sent = () => steps.push('sent');
    subscribe('undici:client:sendHeaders', sent);
    try {
      const storage = storageWith((collection) => {
        if (collection === 'updates') steps.push('written');
      });
      const { load } = await makeLoad(
        (checkpoint, limit) =>
          client.json(Type.Unsafe<Page>({}), {
            path: `/?sequence=${checkpoint?.sequence ?? 0}&limit=${limit}`,
          }),
        { storage },
      );
      await load();
    } finally {
      unsubscribe('undici:client:sendHeaders', sent);
      server.close();
      server.closeAllConnections();
    }
    const pages = ['sent', 'written', 'sent', 'written', 'sent', 'written'];
    expect(steps).toEqual(['sent', ...pages, 'written']);
  });

  it('does not wait for the portal when it is stopped', async () => {
    const { load, stop } = await makeLoad(() => new Promise(() => undefined));
    const ended = load();
    stop();
    await ended;
  });
});
