/** The contenders that need a browser, bundled for a page of Chromium. */
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageLocalstorage } from 'rxdb/plugins/storage-localstorage';
import { runPerformanceTests } from 'rxdb/plugins/test-utils';
import { configOf, type Order, type Times, timesOf } from './suite.ts';

async function measure(kind: string, order: Order): Promise<Times> {
  globalThis.gc?.();
  // What an interrupted run left would count against the next one.
  localStorage.clear();
  for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
  const storage = kind === 'Dexie' ? getRxStorageDexie() : getRxStorageLocalstorage();
  return timesOf(await runPerformanceTests(storage, kind, configOf(order)), order);
}

Object.assign(globalThis, { measure });
