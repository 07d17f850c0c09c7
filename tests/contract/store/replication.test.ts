import { addRxPlugin, createRxDatabase, type RxCollection } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import {
  getPullHandler,
  getPullStream,
  getPushHandler,
  runReplicationBaseTestSuite,
  schemas,
  setConfig,
} from 'rxdb/plugins/test-utils';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type AnyDoc, freshName, removeFolders, storages } from './harness.ts';

// RxDB's suite is written for Mocha's globals.
Object.assign(globalThis, { describe, it });
disableWarnings();
addRxPlugin(RxDBDevModePlugin);

describe.each(storages)("RxDB's own replication suite: $name", ({ name, make }) => {
  const getStorage = () => wrappedValidateAjvStorage({ storage: make() });
  let server: RxCollection<AnyDoc>;

  beforeAll(async () => {
    setConfig({
      storage: {
        name,
        getStorage,
        getPerformanceStorage: () => ({ storage: getStorage(), description: name }),
        hasPersistence: true,
        hasMultiInstance: false,
        hasAttachments: true,
        hasReplication: true,
      },
    });
    const database = await createRxDatabase({
      name: freshName(),
      storage: getStorage(),
      multiInstance: false,
    });
    server = (await database.addCollections({ humans: { schema: schemas.human } }))
      .humans as RxCollection<AnyDoc>;
    return async () => {
      await database.close();
    };
  });
  afterAll(removeFolders);

  const replicate = (collection: RxCollection<AnyDoc>, live: boolean) =>
    replicateRxCollection<AnyDoc, AnyDoc>({
      collection,
      replicationIdentifier: `suite-${server.database.name}`,
      live,
      waitForLeadership: false,
      pull: { handler: getPullHandler(server), stream$: getPullStream(server), batchSize: 10 },
      push: { handler: getPushHandler(server), batchSize: 10 },
    });

  runReplicationBaseTestSuite({
    startReplication: (collection) => replicate(collection, true),
    syncOnce: async (collection) => {
      const replication = replicate(collection, false);
      await replication.awaitInitialReplication();
    },
    getAllServerDocs: async () => {
      const found = await server.storageInstance.query({
        query: { selector: {}, sort: [{ passportId: 'asc' }], skip: 0 },
        queryPlan: {
          index: ['_meta.lwt', 'passportId'],
          startKeys: [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
          endKeys: ['\uffff', '\uffff'],
          inclusiveStart: true,
          inclusiveEnd: true,
          sortSatisfiedByIndex: false,
          selectorSatisfiedByIndex: true,
        },
      } as never);
      return found.documents;
    },
    cleanUpServer: async () => {
      await server.find().remove();
      await server.storageInstance.cleanup(0);
    },
    softDeletes: true,
    isDeleted: (document) => document._deleted,
    getPrimaryOfServerDoc: (document) => document.passportId,
  });
});
