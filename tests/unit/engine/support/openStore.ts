import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseOptions, openDatabase } from '../../../../main/engine/database.ts';

const key = { current: { version: 1, bytes: new Uint8Array(32).fill(7) } };
const nothing = () => undefined;

/** The store of a desk without the engine around it, in a folder of its own unless one is given. */
export async function openStore(more: Pick<DatabaseOptions, 'storage'> & { readonly folder?: string } = {}) {
  const folder = more.folder ?? (await mkdtemp(join(tmpdir(), 'soan-store-')));
  const { storage } = more;
  const database = await openDatabase({
    folder,
    key,
    now: Date.now,
    onWorked: nothing,
    onFailed: nothing,
    storage,
  });
  return { folder, database };
}
