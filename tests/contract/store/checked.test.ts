import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { leaveCheckedNote } from '../../../main/engine/store/checked.ts';
import {
  getRxStorageSqlite,
  restoreBackup,
  type StoreError,
  takeBackup,
} from '../../../main/engine/store/index.ts';
import { type AnyDoc, insertAll, makeFolder, openInstance, removeFolders } from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, state: { type: 'string', maxLength: 20 } },
  required: ['id', 'state'],
  indexes: ['state'],
};
const DAY_MS = 24 * 3_600_000;

describe('which files are checked as a whole when they are opened', () => {
  let path = '';
  const note = () => `${path}-checked`;
  const suspect = () => `${path}-suspect`;
  const open = () => openInstance(getRxStorageSqlite({ path }), schema, { database: 'desk' });

  beforeEach(async () => {
    path = join(makeFolder(), 'desk.db');
    const instance = await open();
    await insertAll(instance, [{ id: 'a', state: 'draft' }]);
    await instance.close();
  });
  afterAll(removeFolders);

  /** Something that only a check of the whole file sees: an index that its schema forgot. */
  function damage(): void {
    const db = new DatabaseSync(path, { defensive: false });
    db.exec(`PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name LIKE 't%\\_i0' ESCAPE '\\'`);
    db.close();
  }
  const isFound = async (): Promise<boolean> => {
    try {
      await (await open()).close();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
      return true;
    }
  };

  it('one that was closed well and not touched since is not', async () => {
    damage();
    leaveCheckedNote(path, Date.now());
    expect(await isFound()).toBe(false);
  });

  const checked: [string, () => void][] = [
    ['one that something was written to after it was closed', () => {}],
    [
      'one with a note of another state of it',
      () => {
        leaveCheckedNote(path, Date.now());
        utimesSync(path, new Date(), new Date(Date.now() - DAY_MS));
      },
    ],
    ['one without a note that can be read', () => writeFileSync(note(), '{"file":')],
    [
      'one with a log beside it: it was not closed',
      () => {
        leaveCheckedNote(path, Date.now());
        writeFileSync(`${path}-wal`, '');
      },
    ],
    ['one last checked over a week ago', () => leaveCheckedNote(path, Date.now() - 8 * DAY_MS)],
    ['one checked in the future, by another clock', () => leaveCheckedNote(path, Date.now() + DAY_MS)],
  ];
  for (const [name, prepare] of checked) {
    it(`${name} is`, async () => {
      damage();
      prepare();
      expect(await isFound()).toBe(true);
    });
  }

  it('closing leaves the note, opening takes it away', async () => {
    expect(existsSync(note())).toBe(true);
    const instance = await open();
    expect(existsSync(note())).toBe(false);
    await instance.close();
    expect(existsSync(note())).toBe(true);
  });

  /** A row that is not what was written: no check of SQLite's sees it. */
  function damageRow(): void {
    const db = new DatabaseSync(path);
    const table = db.prepare("SELECT 't' || number AS name FROM collections").get()?.name;
    db.exec(`UPDATE ${String(table)} SET data = '{"id":"a","state":"published"}' WHERE id = 'a'`);
    db.close();
  }
  const damaged = { code: 'STORE_DAMAGED' };

  it('one in which damage was met while it was open is, with every row, and its newest good backup is offered', async () => {
    const { path: backup } = await takeBackup({ path });
    damageRow();
    const told: StoreError[] = [];
    const storage = getRxStorageSqlite({ path, onDamage: (error) => told.push(error) });
    const instance = await openInstance(storage, schema, { database: 'desk' });
    await expect(instance.findDocumentsById(['a'], false)).rejects.toMatchObject(damaged);
    await insertAll(instance, [{ id: 'b', state: 'draft' }]);
    await instance.close();
    expect(told.map(({ damage: facts }) => facts?.documentId)).toEqual(['a']);
    expect(existsSync(note())).toBe(false);
    for (let time = 0; time < 2; time++)
      await expect(open()).rejects.toMatchObject({
        ...damaged,
        damage: { documentId: 'a', backup: { path: backup } },
      });
    await restoreBackup({ path, backup });
    await (await open()).close();
    expect(existsSync(suspect())).toBe(false);
    expect(existsSync(note())).toBe(true);
  });

  it.each(['open', 'closed'])('one in which a backup found damage while it was %s is', async (state) => {
    const { path: backup } = await takeBackup({ path });
    damageRow();
    const instance = state === 'open' ? await open() : undefined;
    if (!instance) leaveCheckedNote(path, Date.now());
    await expect(takeBackup({ path })).rejects.toMatchObject(damaged);
    expect(existsSync(note())).toBe(false);
    await instance?.close();
    expect(existsSync(note())).toBe(false);
    await expect(open()).rejects.toMatchObject({ ...damaged, damage: { backup: { path: backup } } });
  });

  it('one that was suspected and is whole opens, and is not looked at again', async () => {
    writeFileSync(suspect(), '');
    leaveCheckedNote(path, Date.now());
    await (await open()).close();
    expect([existsSync(suspect()), existsSync(note())]).toEqual([false, true]);
  });
});
