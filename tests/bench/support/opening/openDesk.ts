import type { RxStorage } from 'rxdb';
import { type DeskDatabase, openDatabase } from '../../../../main/engine/database.ts';
import { getRxStorageSqlite } from '../../../../main/engine/store/index.ts';

/** The product's own database in a folder; with a key its file is a sealed one. */
export function openDesk(folder: string, key: Uint8Array | undefined): Promise<DeskDatabase> {
  return openDatabase({
    folder,
    // Named to the storage below, or not.
    key: { current: { version: 1, bytes: new Uint8Array(32) } },
    now: Date.now,
    onWorked: () => undefined,
    onFailed: (error) => {
      throw error;
    },
    storage: (path) => getRxStorageSqlite({ path, key }) as RxStorage<unknown, unknown>,
  });
}
