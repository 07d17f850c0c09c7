import type { RxStorage, RxStorageInstance, RxStorageInstanceCreationParams } from 'rxdb';
import type { KeyRing } from '../../../main/engine/store/index.ts';
import type { DiskState } from './messages.ts';
import { whileAlive } from './time.ts';

type Storage = RxStorage<unknown, unknown>;
type Instance = Required<RxStorageInstance<Record<string, unknown>, unknown, unknown>>;

const CALLS = [
  'bulkWrite',
  'findDocumentsById',
  'query',
  'count',
  'getAttachmentData',
  'getChangedDocumentsSince',
  'cleanup',
  'close',
  'remove',
] as const;

/** The product's storage on a disk that can be full, and that can lose its machine at any write. */
export function createDisk(real: (path: string, key: KeyRing) => Storage, die: () => void) {
  const instances = new Map<string, Instance>();
  let state: DiskState = 'sound';
  let deadly: { left: number; when: 'before' | 'after' } | null = null;

  const mayDie = (when: 'before' | 'after') => {
    if (deadly?.when !== when) return;
    deadly.left -= 1;
    if (deadly.left <= 0) die();
  };

  const storage = (path: string, key: KeyRing): Storage => {
    const storageHere = real(path, key);
    return {
      ...storageHere,
      async createStorageInstance<T>(parameters: RxStorageInstanceCreationParams<T, unknown>) {
        const instance = await storageHere.createStorageInstance(parameters);
        const { collectionName } = parameters;
        instances.set(collectionName, instance as unknown as Instance);
        const isNotes = collectionName.startsWith('rx-replication-meta');
        const write = whileAlive(instance.bulkWrite.bind(instance));
        instance.bulkWrite = async (rows, context) => {
          if (state === 'full' || (state === 'full-for-notes' && isNotes))
            throw Object.assign(new Error('disk full'), { code: 'STORE_FULL' });
          mayDie('before');
          const result = await write(rows, context);
          mayDie('after');
          return result;
        };
        for (const name of CALLS) {
          const call = instance[name]?.bind(instance) as (...args: unknown[]) => Promise<unknown>;
          if (call) Object.assign(instance, { [name]: whileAlive(call) });
        }
        return instance;
      },
    };
  };

  return {
    storage,
    set: (next: DiskState) => {
      state = next;
    },
    dieAt: (write: number, when: 'before' | 'after') => {
      deadly = { left: write, when };
    },
    /** What was to kill it is called off. */
    live: () => {
      deadly = null;
    },
    forget: () => {
      instances.clear();
      deadly = null;
      state = 'sound';
    },
    /** Every row of the collections that the portal knows, deleted ones too. */
    async dump(): Promise<Record<string, Record<string, unknown>[]>> {
      const rows: Record<string, Record<string, unknown>[]> = {};
      for (const name of ['articles', 'updates', 'decisions', 'files', 'directory', 'desk']) {
        const instance = instances.get(name);
        if (!instance) continue;
        const found = await instance.getChangedDocumentsSince(1_000_000);
        rows[name] = found.documents as unknown as Record<string, unknown>[];
      }
      return rows;
    },
  };
}
