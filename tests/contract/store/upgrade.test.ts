import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, expect, it } from 'vitest';
import { getRxStorageSqlite, type StoreKey } from '../../../main/engine/store/index.ts';
import { type AnyDoc, insertAll, makeFolder, openInstance, removeFolders, testKey } from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, text: { type: 'string' } },
  required: ['id', 'text'],
  attachments: {},
};

afterAll(removeFolders);

it('a file of format 1 gets checksums and keeps all it has', async () => {
  const path = join(makeFolder(), 'desk.db');
  const open = (key?: StoreKey) =>
    openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk' });
  let instance = await open();
  const data = new Blob(['một'], { type: 'text/plain' });
  await insertAll(instance, [
    {
      id: 'đ',
      text: 'Nội dung',
      _attachments: { tệp: { data, type: 'text/plain', length: 4, digest: 'd' } },
    },
    { id: '😀', text: 'khác' },
  ]);
  const before = await instance.findDocumentsById(['đ', '😀'], false);
  await instance.close();
  const db = new DatabaseSync(path);
  db.exec(`ALTER TABLE t1 DROP COLUMN sum; ALTER TABLE t1_files DROP COLUMN sum; DROP TABLE meta;
    PRAGMA user_version = 1`);
  db.close();

  await expect(open(testKey)).rejects.toMatchObject({ code: 'STORE_NOT_SEALED' });
  instance = await open();
  expect(await instance.findDocumentsById(['đ', '😀'], false)).toEqual(before);
  expect(await (await instance.getAttachmentData('đ', 'tệp', 'd')).text()).toBe('một');
  await insertAll(instance, [{ id: 'mới', text: 'x' }]);
  await instance.close();
  instance = await open();
  expect(await instance.findDocumentsById(['mới', 'đ'], false)).toHaveLength(2);
  await instance.close();
});
