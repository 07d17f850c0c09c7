import {
  fillWithDefaultSettings,
  type MangoQuery,
  normalizeMangoQuery,
  type PreparedQuery,
  prepareQuery,
  type RxStorage,
} from 'rxdb';
import { averageSchema } from 'rxdb/plugins/test-utils';
import type { Direct, Written } from './direct.ts';
import { PARALLEL } from './suite.ts';

const schema = fillWithDefaultSettings(averageSchema()) as never;

function prepared(query: MangoQuery<Written>): PreparedQuery<Written> {
  return prepareQuery(schema, normalizeMangoQuery(schema, query) as never) as PreparedQuery<Written>;
}
// RxDB prepares queries before a storage sees them.
const live = { _deleted: { $eq: false } };
const SORTED = prepared({ selector: live, sort: [{ var2: 'asc' }, { var1: 'asc' }] } as never);
const BY_VAR2 = Array.from({ length: PARALLEL }, (_, var2) =>
  prepared({ selector: { ...live, var2 } } as never),
);
const COUNTS = Array.from({ length: PARALLEL }, (_, var2) =>
  prepared({ selector: { ...live, var2: { $eq: var2 } } } as never),
);

/** The instances of a storage, called as RxDB calls them. */
export async function openInstances(storage: RxStorage<unknown, unknown>): Promise<Direct> {
  const instances = await Promise.all(
    [0, 1, 2, 3].map((number) =>
      storage.createStorageInstance<Written>({
        databaseInstanceToken: 'direct',
        databaseName: 'direct',
        collectionName: `collection-${number}`,
        schema,
        options: {},
        multiInstance: false,
        devMode: false,
      }),
    ),
  );
  const [first] = instances;
  const [one, all, two] = [BY_VAR2, SORTED, COUNTS];
  if (!first) throw new Error('no instance');
  const query = async (wanted: PreparedQuery<Written> | undefined) => {
    if (!wanted) throw new Error('no such query');
    return (await first.query(wanted)).documents;
  };
  return {
    insert: async (documents, collection) => {
      const answer = await instances[collection]?.bulkWrite(
        documents.map((document) => ({ document: document as never })),
        'bench',
      );
      if (answer?.error.length !== 0) throw new Error('a document was not written');
    },
    byIds: (ids) => first.findDocumentsById(ids, false),
    sorted: () => query(all),
    byVar2: (value) => query(one[value]),
    count: async (value) => {
      const wanted = two[value];
      return wanted ? (await first.count(wanted)).count : 0;
    },
    close: () => Promise.all(instances.map((instance) => instance.close())),
    remove: () => Promise.all(instances.map((instance) => instance.remove())),
  };
}
