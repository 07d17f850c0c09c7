import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BulkWriteRow,
  createRevision,
  fillWithDefaultSettings,
  type MangoQuery,
  normalizeMangoQuery,
  now,
  type PreparedQuery,
  prepareQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorage,
  type RxStorageInstance,
} from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { getRxStorageSqlite, type StoreKey } from '../../../main/engine/store/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents of tests have any shape
export type AnyDoc = any;
export type Doc = RxDocumentData<AnyDoc>;
// biome-ignore lint/suspicious/noExplicitAny: RxDB's own parameters for "whatever the storage keeps"
export type AnyStorage = RxStorage<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Instance = RxStorageInstance<AnyDoc, any, any, any>;

const folders: string[] = [];

/** A folder of its own under the system's temporary folder; removed by {@link removeFolders}. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soan-store-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A key of tests, the same in all processes. */
export const testKey: StoreKey = new Uint8Array(32).fill(7);

/** Both forms of a file. */
export const stores: readonly { name: string; sealed: boolean; key: StoreKey | undefined }[] = [
  { name: 'sqlite', sealed: false, key: undefined },
  { name: 'sqlite sealed', sealed: true, key: testKey },
];

/** Our storage on `path`, plain or sealed with {@link testKey}. */
export const storageAt = (path: string, sealed: boolean, busyTimeoutMs?: number): AnyStorage =>
  getRxStorageSqlite({
    path,
    key: sealed ? testKey : undefined,
    ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }),
  });

/** The storages that must behave alike; each `make` gives one that keeps its data when instances are closed. */
export const storages: readonly { name: string; make: () => AnyStorage }[] = [
  { name: 'memory', make: () => getRxStorageMemory() },
  ...stores.map(({ name, key }) => ({
    name,
    make: () => getRxStorageSqlite({ path: join(makeFolder(), 'desk.db'), key }),
  })),
];

let sequence = 0;
/** A database name not used before in this process. */
export const freshName = (): string => `db${process.pid}x${sequence++}`;

export function openInstance(
  storage: AnyStorage,
  schema: RxJsonSchema<AnyDoc>,
  options: {
    database?: string;
    collection?: string;
    multiInstance?: boolean;
    devMode?: boolean;
    sealedSort?: readonly string[];
    settled?: Readonly<Record<string, string | number>>;
  } = {},
): Promise<Instance> {
  return storage.createStorageInstance<AnyDoc>({
    databaseInstanceToken: freshName(),
    databaseName: options.database ?? freshName(),
    collectionName: options.collection ?? 'items',
    schema: fillWithDefaultSettings(schema) as never,
    options: {
      ...(options.sealedSort ? { sealedSort: options.sealedSort } : {}),
      ...(options.settled ? { settled: options.settled } : {}),
    },
    multiInstance: options.multiInstance ?? false,
    devMode: options.devMode ?? true,
  });
}

/** A document as RxDB hands it to a storage. */
export function asStored(data: AnyDoc, extra: { lwt?: number; deleted?: boolean; previous?: Doc } = {}): Doc {
  return {
    ...data,
    _deleted: extra.deleted ?? false,
    _attachments: data._attachments ?? {},
    _meta: { lwt: extra.lwt ?? now() },
    _rev: createRevision('test', extra.previous),
  };
}

export const insertRow = (data: AnyDoc, extra = {}): BulkWriteRow<AnyDoc> => ({
  document: asStored(data, extra),
});

export const updateRow = (
  previous: Doc,
  change: AnyDoc,
  extra: { deleted?: boolean; lwt?: number } = {},
): BulkWriteRow<AnyDoc> => ({
  previous,
  document: asStored({ ...previous, ...change }, { ...extra, previous }),
});

/** Inserts and fails the test on any per-document error. */
export async function insertAll(instance: Instance, documents: readonly AnyDoc[]): Promise<Doc[]> {
  const rows = documents.map((document) => insertRow(document));
  const { error } = await instance.bulkWrite(rows, 'test');
  if (error.length > 0) throw new Error(JSON.stringify(error[0]));
  return rows.map(({ document }) => document as Doc);
}

/** Prepares a query as RxDB does before it reaches a storage. */
export function prepare(instance: Instance, query: MangoQuery<AnyDoc>): PreparedQuery<AnyDoc> {
  const filled = normalizeMangoQuery(instance.schema, structuredClone(query));
  return prepareQuery(instance.schema as never, filled as never) as PreparedQuery<AnyDoc>;
}
