import type { RxJsonSchema } from 'rxdb';
import { afterAll, describe, expect, it } from 'vitest';
import { SqliteStorageInstance } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  insertAll,
  insertRow,
  makeFolder,
  openInstance,
  removeFolders,
  storageAt,
  stores,
  updateRow,
} from './harness.ts';

const schema = (indexes: string[][]): RxJsonSchema<AnyDoc> => ({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    text: { type: 'string' },
  },
  required: ['id', 'text'],
  indexes,
});

afterAll(removeFolders);

describe.each(stores)('ids: $name', ({ sealed }) => {
  // One table has an index of the deleted only, the other one of all that cleanup could read.
  it.each([[[]], [[['_deleted', '_meta.lwt', 'id']]]])(
    'of what is not deleted, whatever they are: %j',
    async (indexes) => {
      const instance = await openInstance(storageAt(`${makeFolder()}/ids.db`, sealed), schema(indexes));
      if (!(instance instanceof SqliteStorageInstance)) throw new Error('another store');
      expect(await instance.ids()).toEqual([]);
      const ids = ['a', 'B', 'bài 1', 'ấ', 'a\u0000b', 'a\u0001', ' ', '🙂', '%'];
      const stored = await insertAll(
        instance,
        ids.map((id) => ({ id, text: 'x'.repeat(5000) })),
      );
      await instance.bulkWrite([insertRow({ id: 'never here', text: '' }, { deleted: true })], 'test');
      const gone = stored.filter(({ id }) => id === 'B' || id === 'a\u0000b');
      await instance.bulkWrite(
        gone.map((row) => updateRow(row, { id: row.id, text: '' }, { deleted: true })),
        'test',
      );
      const left = ids.filter((id) => id !== 'B' && id !== 'a\u0000b');
      expect((await instance.ids()).sort()).toEqual(left.sort());
      await instance.close();
      await expect(instance.ids()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    },
  );
});
