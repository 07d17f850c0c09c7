import { addRxPlugin, createRxDatabase, type RxCollection } from 'rxdb';
import { RxDBAttachmentsPlugin } from 'rxdb/plugins/attachments';
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

/**
 * Fails on RxDB's memory storage alike: the handlers of its test utilities answer a conflict with the master's
 * state but without the bytes of its attachments.
 */
const FAILS_IN_RXDB = 'should keep the master attachment state on conflict';

// RxDB's suite is written for Mocha's globals.
Object.assign(globalThis, {
  describe,
  it: (title: string, test: () => Promise<void>) => (title === FAILS_IN_RXDB ? it.fails : it)(title, test),
});
disableWarnings();
addRxPlugin(RxDBDevModePlugin);
addRxPlugin(RxDBAttachmentsPlugin);

describe.each(storages)("RxDB's own replication suite: $name", ({ name, make }) => {
  const getStorage = () => wrappedValidateAjvStorage({ storage: make() });
  let server: RxCollection<AnyDoc>;
  let filesServer: RxCollection<AnyDoc>;

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
    const collections = await database.addCollections({
      humans: { schema: schemas.human },
      files: { schema: { ...schemas.human, attachments: {} } },
    });
    server = collections.humans as RxCollection<AnyDoc>;
    filesServer = collections.files as RxCollection<AnyDoc>;
    return async () => {
      await database.close();
    };
  });
  afterAll(removeFolders);

  const replicate = (collection: RxCollection<AnyDoc>, live: boolean, to = server) =>
    replicateRxCollection<AnyDoc, AnyDoc>({
      collection,
      replicationIdentifier: `suite-${to.database.name}-${to.name}`,
      live,
      waitForLeadership: false,
      pull: { handler: getPullHandler(to), stream$: getPullStream(to), batchSize: 10 },
      push: { handler: getPushHandler(to), batchSize: 10 },
    });

  runReplicationBaseTestSuite({
    startReplication: (collection) => replicate(collection, true),
    syncOnce: async (collection) => {
      const replication = replicate(collection, false);
      await replication.awaitInitialReplication();
    },
    syncOnceWithAttachments: async (collection) => {
      const replication = replicate(collection, false, filesServer);
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
      for (const collection of [server, filesServer]) {
        await collection.find().remove();
        await collection.storageInstance.cleanup(0);
      }
    },
    softDeletes: true,
    isDeleted: (document) => document._deleted,
    getPrimaryOfServerDoc: (document) => document.passportId,
  });
});
