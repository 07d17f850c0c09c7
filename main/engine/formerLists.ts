import { getPrimaryKeyOfInternalDocument, INTERNAL_CONTEXT_COLLECTION, type RxDatabase } from 'rxdb';

/**
 * Removes the tables that a collection had under earlier versions of its schema. For collections whose rows are made anew from others: no migration is
 * written for them, and what they held must not stay in the file.
 */
export async function removeFormerTables(
  database: Pick<RxDatabase, 'name' | 'token' | 'storage' | 'internalStore' | 'removeCollectionDoc'>,
  name: string,
  version: number,
): Promise<void> {
  const { internalStore, storage, token } = database;
  const ids = Array.from({ length: version }, (_, former) =>
    getPrimaryKeyOfInternalDocument(`${name}-${former}`, INTERNAL_CONTEXT_COLLECTION),
  );
  for (const { data } of await internalStore.findDocumentsById(ids, false)) {
    const instance = await storage.createStorageInstance({
      databaseInstanceToken: token,
      databaseName: database.name,
      collectionName: name,
      schema: data.schema,
      options: {},
      multiInstance: false,
      devMode: false,
    });
    await instance.remove();
    await database.removeCollectionDoc(name, data.schema);
  }
}
