import { join } from 'node:path';
import {
  createRxDatabase,
  type RxCollection,
  type RxDatabase,
  type RxJsonSchema,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import {
  type ArticleRow,
  type DecisionRow,
  type Declaration,
  type DirectoryRow,
  type FileRow,
  type SnapshotRow,
  SYNCED,
  type SyncedCollection,
  type UpdateRow,
} from '../../domain/contracts/rows.ts';
import { makeFolder } from './durableFile.ts';
import { removeFormerTables } from './formerLists.ts';
import { getRxStorageSqlite, type KeyRing, SqliteStorageInstance, type StoreOptions } from './store/index.ts';
import { conflictHandler, NEVER_SENT_HERE } from './sync/rows.ts';
import { keepTimesRising } from './writeTimes.ts';

/** What this desk notes beside a row that it sends; never leaves the machine. */
export interface Marks {
  /** When the portal took the row, or refused it for good; 0 while it waits. */
  readonly sent: number;
  /** Code of the portal's refusal; empty when there is none. */
  readonly code: string;
  readonly ref: string;
  /** Place among what this desk wrote (`documents/order.ts`); 0: before everything. */
  readonly order: number;
  /** When its author put a refused row away; 0: not. */
  readonly dismissed: number;
}
export const UNSENT: Marks = { sent: 0, code: '', ref: '', order: 0, dismissed: 0 };

/** Words of this person that the portal does not take any more, with the title of the article that they were for. */
export interface Aside {
  readonly title: string;
  readonly text: string;
}

/**
 * `opens`: in the first update of an article made here, what its declaration will say. `aside`: in the first update that was
 * kept aside, the words of all of them.
 */
export type LocalUpdate = UpdateRow &
  Marks & { readonly opens: Declaration | null; readonly aside: Aside | null };
export type LocalDecision = DecisionRow & Marks;
/** `name`: as it was attached here; the article may name it later, or otherwise. Empty for rows from elsewhere. */
export type LocalFile = FileRow & Marks & { readonly name: string };

/** A row of the lists: the columns that queries run on, and the row itself without what depends on today's date. */
export interface StoredDeskRow {
  readonly id: string;
  readonly inMine: boolean;
  readonly inWorking: boolean;
  readonly inReturned: boolean;
  readonly inReview: boolean;
  readonly inTranslation: boolean;
  readonly inPublished: boolean;
  readonly state: string;
  readonly unitId: string;
  readonly categoryId: string;
  readonly channel: string;
  readonly sourceId: string;
  /** `9999-12-31` without one. */
  readonly dueDate: string;
  readonly updatedAt: number;
  /** 0 without one. */
  readonly publishedAt: number;
  /** A `collationKey`: lists by title are sorted by it. */
  readonly titleKey: string;
  readonly folded: string;
  readonly row: Record<string, unknown>;
}

export interface Collections {
  readonly articles: RxCollection<ArticleRow>;
  readonly desk: RxCollection<StoredDeskRow>;
  readonly snapshots: RxCollection<SnapshotRow>;
  readonly updates: RxCollection<LocalUpdate>;
  readonly decisions: RxCollection<LocalDecision>;
  readonly files: RxCollection<LocalFile>;
  readonly directory: RxCollection<DirectoryRow>;
}
export type DeskDatabase = RxDatabase<Collections>;

const id = { type: 'string', maxLength: 250 } as const;
const key = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const time = { type: 'number', minimum: 0, maximum: 9_007_199_254_740_991, multipleOf: 1 } as const;
const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;
const any = {} as const;
const marks = { sent: time, code: key(60), ref: text, order: time, dismissed: time } as const;

/** RxDB's documents show only columns that the schema names, so all are named; those that no query uses are not described. */
const named = (collection: SyncedCollection): Record<string, object> =>
  Object.fromEntries(Object.keys(SYNCED[collection].schema.properties).map((column) => [column, any]));

/** What `indexes` names is written in the clear beside the sealed rows: never words that a person wrote. */
function schema<T>(
  properties: Record<string, object>,
  indexes: (string | string[])[],
  version = 0,
): RxJsonSchema<T> {
  const described = {
    version,
    primaryKey: 'id',
    type: 'object',
    properties,
    indexes,
    required: required(indexes),
  };
  // The types of RxDB want every property of T described; ours leave out what no query uses.
  return described as unknown as RxJsonSchema<T>;
}

const required = (indexes: (string | string[])[]): string[] => [...new Set(['id', ...indexes.flat()])];

/** Rows that came from elsewhere, and what was not refused: nearly all, and nobody looks for them by these columns. */
const SETTLED = { instanceCreationOptions: { settled: { sent: NEVER_SENT_HERE, code: '' } } } as const;

const SCHEMAS = {
  articles: schema<ArticleRow>({ ...named('articles'), id }, []),
  desk: schema<StoredDeskRow>(
    {
      id,
      inMine: flag,
      inWorking: flag,
      inReturned: flag,
      inReview: flag,
      inTranslation: flag,
      inPublished: flag,
      state: key(20),
      unitId: key(120),
      categoryId: key(120),
      channel: key(5),
      sourceId: key(120),
      dueDate: key(10),
      updatedAt: time,
      publishedAt: time,
      titleKey: text,
      folded: text,
      row: any,
    },
    [
      'dueDate',
      'updatedAt',
      'sourceId',
      ['inMine', 'dueDate'],
      ['inWorking', 'dueDate'],
      ['inReturned', 'dueDate'],
      ['inReview', 'dueDate'],
      ['inTranslation', 'dueDate'],
      ['inPublished', 'updatedAt'],
      'publishedAt',
      ['state', 'dueDate'],
      ['channel', 'dueDate'],
      ['categoryId', 'dueDate'],
      ['categoryId', 'updatedAt'],
      ['unitId', 'dueDate'],
      ['unitId', 'updatedAt'],
    ],
    // 1: channel, publishedAt, titles in alphabetical order.
    1,
  ),
  snapshots: schema<SnapshotRow>({ ...named('snapshots'), id, state: text }, []),
  updates: schema<LocalUpdate>(
    {
      ...named('updates'),
      id,
      articleId: key(120),
      at: time,
      held: flag,
      ...marks,
      update: text,
      opens: any,
      aside: any,
    },
    [['articleId', 'at'], ['sent', 'held', 'order'], 'code'],
  ),
  decisions: schema<LocalDecision>(
    {
      ...named('decisions'),
      id,
      articleId: key(120),
      deskId: key(120),
      position: time,
      proposedAt: time,
      ...marks,
    },
    [['articleId', 'proposedAt'], ['deskId', 'position'], 'sent'],
  ),
  files: schema<LocalFile>(
    { ...named('files'), name: text, id, articleId: key(120), sha256: key(64), at: time, ...marks },
    ['articleId', 'sha256', 'sent'],
  ),
  directory: schema<DirectoryRow>({ ...named('directory'), id }, []),
} as const;

export interface DatabaseOptions {
  readonly folder: string;
  readonly key: KeyRing;
  readonly now: () => number;
  /** Told of every write of the store, whoever made it. */
  readonly onWorked: () => void;
  readonly onFailed: (error: unknown) => void;
  /** Told whenever something in the open store is found damaged. */
  readonly onDamage?: StoreOptions['onDamage'];
  /** Another storage for the file at a path; for tests. */
  readonly storage?: typeof storageAt | undefined;
}

export const DATABASE_FILE = 'desk.sqlite';

/** The data key of a desk as its store takes it. */
export const storeKey = ({ version, bytes }: { version: number; bytes: Uint8Array }): KeyRing => ({
  current: { version, bytes },
});

/** The product's storage for one file; always sealed. */
export const storageAt = (
  path: string,
  key: KeyRing,
  onDamage?: StoreOptions['onDamage'],
): RxStorage<unknown, unknown> =>
  getRxStorageSqlite({ path, key, ...(onDamage ? { onDamage } : {}) }) as RxStorage<unknown, unknown>;

/**
 * Opens the store of one person at one portal. Rejects with the store's own errors (`STORE_DAMAGED`, `STORE_LOCKED` …); nothing
 * is ever deleted to make it open.
 */
export async function openDatabase(options: DatabaseOptions): Promise<DeskDatabase> {
  const { folder, now } = options;
  await makeFolder(folder);
  const path = join(folder, DATABASE_FILE);
  const database = await createRxDatabase<Collections>({
    name: 'desk',
    storage: watched((options.storage ?? storageAt)(path, options.key, options.onDamage), path, options),
    multiInstance: false,
    eventReduce: false,
    allowSlowCount: true,
  });
  try {
    await database.addCollections({
      articles: { schema: SCHEMAS.articles, conflictHandler: conflictHandler('articles', now) },
      // Derived: a table of an earlier version is not migrated, its rows are made anew.
      desk: {
        schema: SCHEMAS.desk,
        instanceCreationOptions: { sealedSort: ['titleKey'] },
        autoMigrate: false,
      },
      snapshots: { schema: SCHEMAS.snapshots, conflictHandler: conflictHandler('snapshots', now) },
      updates: { schema: SCHEMAS.updates, conflictHandler: conflictHandler('updates', now), ...SETTLED },
      decisions: {
        schema: SCHEMAS.decisions,
        conflictHandler: conflictHandler('decisions', now),
        ...SETTLED,
      },
      files: { schema: SCHEMAS.files, conflictHandler: conflictHandler('files', now), ...SETTLED },
      directory: { schema: SCHEMAS.directory, conflictHandler: conflictHandler('directory', now) },
    });
    await removeFormerTables(database, 'desk', SCHEMAS.desk.version);
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** Ids of all rows of a collection. Of tens of thousands the store reads none. */
export function idsOf<T>({ storageInstance }: RxCollection<T>): Promise<string[]> {
  const { originalStorageInstance: instance } = storageInstance;
  if (!(instance instanceof SqliteStorageInstance)) throw new Error('another store than the product’s');
  return instance.ids();
}

/** The storage, telling how every write went: those of RxDB's replication reach nobody else. */
function watched(
  storage: RxStorage<unknown, unknown>,
  path: string,
  { onWorked, onFailed }: DatabaseOptions,
): RxStorage<unknown, unknown> {
  return {
    ...storage,
    // RxDB allows a name once per process and kind of storage; two folders are two stores.
    name: `sqlite:${path}`,
    async createStorageInstance<T>(parameters: RxStorageInstanceCreationParams<T, unknown>) {
      const instance = await storage.createStorageInstance(parameters);
      await keepTimesRising(instance as unknown as Parameters<typeof keepTimesRising>[0]);
      const write = instance.bulkWrite.bind(instance);
      instance.bulkWrite = async (rows, context) => {
        try {
          const result = await write(rows, context);
          onWorked();
          return result;
        } catch (error) {
          onFailed(error);
          throw error;
        }
      };
      return instance;
    },
  };
}
