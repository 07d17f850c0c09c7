import { join } from 'node:path';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { type AnyDoc, insertAll, makeFolder, openInstance, removeFolders, stores } from './harness.ts';

const schema = (...indexes: string[]): RxJsonSchema<AnyDoc> => ({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, state: { type: 'string', maxLength: 20 } },
  required: ['id', 'state'],
  indexes,
});

describe.each(stores)('collections opened in one turn: $name', ({ key }) => {
  afterAll(removeFolders);
  const storageOf = () => getRxStorageSqlite({ path: join(makeFolder(), 'desk.db'), key });
  const name = (collection: string) => ({ database: 'desk', collection });

  it('are all there, each with its own table, and one asked for twice has one', async () => {
    const storage = storageOf();
    const names = ['letters', 'notes', 'terms', 'letters'];
    const open = () => Promise.all(names.map((one) => openInstance(storage, schema('state'), name(one))));
    const [letters, notes, terms, again] = await open();
    if (!letters || !notes || !terms || !again) throw new Error('not opened');
    const tables = [letters, notes, terms].map(({ internals }) => internals.table.layout.table);
    expect(new Set(tables).size).toBe(3);
    expect(again.internals.table).toBe(letters.internals.table);
    await insertAll(letters, [{ id: 'a', state: 'draft' }]);
    expect(await notes.findDocumentsById(['a'], false)).toEqual([]);
    expect(await again.findDocumentsById(['a'], false)).toHaveLength(1);
    for (const instance of [letters, notes, terms, again]) await instance.close();
    const later = await open();
    expect(await later[0]?.findDocumentsById(['a'], false)).toHaveLength(1);
    for (const instance of later) await instance.close();
  });

  it('one that is refused leaves the others open', async () => {
    const storage = storageOf();
    const [notes, letters, refused, terms] = await Promise.allSettled([
      openInstance(storage, schema('state'), name('notes')),
      openInstance(storage, schema('state'), name('letters')),
      openInstance(storage, schema(), name('letters')),
      openInstance(storage, schema('state'), name('terms')),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'STORE_SCHEMA_IN_USE' } });
    for (const opened of [notes, letters, terms]) {
      if (opened?.status !== 'fulfilled') throw new Error('not opened');
      await insertAll(opened.value, [{ id: 'a', state: 'draft' }]);
      await opened.value.close();
    }
  });
});
