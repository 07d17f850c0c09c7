/** One contender in a process of its own, so that neither heap nor compiled code of another decides; it runs what its parent orders. */
import { join } from 'node:path';
import type { RxStorage } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { runPerformanceTests } from 'rxdb/plugins/test-utils';
import { getRxStorageSqlite } from '../../../../main/engine/store/index.ts';
import { runDirect } from './direct.ts';
import { HandMade } from './handMade.ts';
import { openInstances } from './instances.ts';
import { configOf, type Order, type Times, timesOf } from './suite.ts';

const [kind = '', folder = ''] = process.argv.slice(2);

// biome-ignore lint/suspicious/noExplicitAny: RxDB's own parameters for "whatever the storage keeps"
function storage(): RxStorage<any, any> {
  const path = join(folder, 'desk.db');
  if (kind === 'ours' || kind === 'ours alone') return getRxStorageSqlite({ path });
  if (kind === 'ours, encrypted') return getRxStorageSqlite({ path, key: new Uint8Array(32).fill(7) });
  if (kind === 'memory') return getRxStorageMemory();
  throw new Error(`no contender ${kind}`);
}

async function measure(order: Order): Promise<Times> {
  globalThis.gc?.();
  if (kind === 'by hand') return runDirect(() => new HandMade(join(folder, 'hand.db')), order);
  if (kind === 'ours alone') return runDirect(() => openInstances(storage()), order);
  return timesOf(await runPerformanceTests(storage(), kind, configOf(order)), order);
}

process.on('message', (order: Order) => {
  measure(order).then(
    (times) => process.send?.({ times }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
