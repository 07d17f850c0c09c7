import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRxDatabase, type RxStorage } from 'rxdb';
import { afterAll, expect, it } from 'vitest';
import { DATABASE_FILE, openDatabase } from '../../../main/engine/database.ts';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';

const key = { current: { version: 1, bytes: new Uint8Array(32).fill(3) } };
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

it('the lists of an earlier version go from the file, once; nothing else does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soan-former-'));
  folders.push(folder);
  const path = join(folder, DATABASE_FILE);
  const former = await createRxDatabase({
    name: 'desk',
    storage: getRxStorageSqlite({ path, key }) as RxStorage<unknown, unknown>,
    multiInstance: false,
  });
  const text = { type: 'string', maxLength: 100 };
  const schema = (indexes: string[]) => ({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: { id: text, state: text },
    required: ['id', 'state'],
    indexes,
  });
  await former.addCollections({ desk: { schema: schema(['state']) }, other: { schema: schema([]) } });
  for (const name of ['desk', 'other']) await former.collections[name]?.insert({ id: 'a', state: 'draft' });
  await former.close();

  const tables = (): unknown[] => {
    const db = new DatabaseSync(path, { readOnly: true });
    const found = db.prepare('SELECT collection, version FROM collections ORDER BY collection').all();
    db.close();
    return found
      .filter(({ collection }) => collection === 'desk' || collection === 'other')
      .map((row) => ({ ...row }));
  };
  for (let opened = 0; opened < 2; opened++) {
    const options = { folder, key, now: Date.now, onWorked: () => undefined, onFailed: () => undefined };
    const database = await openDatabase(options);
    expect(await database.desk.find().exec()).toHaveLength(0);
    await database.close();
    expect(tables()).toEqual([
      { collection: 'desk', version: 1 },
      { collection: 'other', version: 0 },
    ]);
  }
});
