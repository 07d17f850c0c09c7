import { join } from 'node:path';
import { addRxPlugin, createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { wrappedKeyCompressionStorage } from 'rxdb/plugins/key-compression';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { type AnyDoc, type AnyStorage, freshName, makeFolder, removeFolders, stores } from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: { key: 'key', fields: ['unit', 'number'], separator: '|' },
  type: 'object',
  properties: {
    key: { type: 'string', maxLength: 60 },
    unit: { type: 'string', maxLength: 20 },
    number: { type: 'integer', minimum: 0, maximum: 100_000, multipleOf: 1 },
    draft: { type: 'boolean' },
    dates: {
      type: 'object',
      properties: { due: { type: 'string', maxLength: 24 } },
      required: ['due'],
    },
    title: { type: 'string' },
  },
  required: ['key', 'unit', 'number', 'draft', 'dates'],
  indexes: ['dates.due', ['draft', 'unit'], 'number'],
};

const article = (number: number, extra = {}) => ({
  unit: number % 2 ? 'Sở Tư pháp' : 'Văn phòng',
  number,
  draft: number % 3 === 0,
  dates: { due: `2025-09-${String(30 - number).padStart(2, '0')}` },
  title: `Tin số ${number}`,
  ...extra,
});

describe.each(stores)('under RxDB with dev-mode and a validator: $name', ({ key }) => {
  let path: string;
  let name: string;
  let database: RxDatabase;
  let warnings: ReturnType<typeof vi.spyOn>[];

  const openDatabase = (multiInstance = false, storage: AnyStorage = getRxStorageSqlite({ path, key })) =>
    createRxDatabase({
      name,
      storage: wrappedValidateAjvStorage({ storage }),
      multiInstance,
      ignoreDuplicate: true,
      closeDuplicates: false,
    });
  const addArticles = async (to: RxDatabase, options = {}): Promise<RxCollection<AnyDoc>> =>
    (await to.addCollections({ articles: { schema, ...options } })).articles as RxCollection<AnyDoc>;

  beforeAll(() => {
    disableWarnings();
    addRxPlugin(RxDBDevModePlugin);
    addRxPlugin(RxDBMigrationSchemaPlugin);
  });
  beforeEach(async () => {
    warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    path = join(makeFolder(), 'desk.db');
    name = freshName();
    database = await openDatabase();
  });
  afterEach(async () => {
    await database.close();
    for (const warning of warnings) {
      expect(warning.mock.calls).toEqual([]);
      warning.mockRestore();
    }
  });
  afterAll(removeFolders);

  it('composite keys, nested indexes, sorting, counting, live queries', async () => {
    const articles = await addArticles(database);
    await articles.bulkInsert(Array.from({ length: 20 }, (_, i) => article(i)));
    expect((await articles.findOne('Sở Tư pháp|7').exec())?.title).toBe('Tin số 7');
    const due = await articles.find({ sort: [{ 'dates.due': 'asc' }], limit: 3 }).exec();
    expect(due.map(({ number }) => number)).toEqual([19, 18, 17]);
    const drafts = { selector: { draft: true, unit: 'Văn phòng' } };
    expect(await articles.count(drafts).exec()).toBe(4);

    const seen: number[] = [];
    const subscription = articles.find(drafts).$.subscribe((found) => seen.push(found.length));
    await vi.waitFor(() => expect(seen).toEqual([4]));
    await articles.insert(article(30));
    await vi.waitFor(() => expect(seen).toEqual([4, 5]));
    subscription.unsubscribe();
  });

  it('updates, concurrent increments, removal and insertion again', async () => {
    const articles = await addArticles(database);
    const document = await articles.insert(article(1));
    await Promise.all(Array.from({ length: 20 }, (_, i) => document.incrementalPatch({ title: `lần ${i}` })));
    expect(document.getLatest().title).toBe('lần 19');
    await document.getLatest().remove();
    expect(await articles.find().exec()).toEqual([]);
    const again = await articles.insert(article(1, { title: 'lại' }));
    expect(again.title).toBe('lại');
    expect((await articles.find().exec()).map(({ title }) => title)).toEqual(['lại']);
  });

  it('keeps all of it when closed and opened again, with local state equal', async () => {
    const articles = await addArticles(database);
    await articles.bulkInsert(Array.from({ length: 5 }, (_, i) => article(i)));
    const before = (await articles.find().exec()).map((document) => document.toJSON(true));
    await database.close();
    database = await openDatabase();
    const reopened = await addArticles(database);
    expect((await reopened.find().exec()).map((document) => document.toJSON(true))).toEqual(before);
  });

  it('migrates a schema version', async () => {
    const articles = await addArticles(database);
    await articles.bulkInsert(Array.from({ length: 12 }, (_, i) => article(i)));
    await database.close();
    database = await openDatabase();
    const next = { ...schema, version: 1, indexes: ['number'] };
    const migrated = await addArticles(database, {
      schema: next,
      migrationStrategies: { 1: (old: AnyDoc) => ({ ...old, title: `${old.title} (mới)` }) },
    });
    const found = await migrated.find({ sort: [{ number: 'asc' }] }).exec();
    expect(found.map(({ title }) => title)).toEqual(
      Array.from({ length: 12 }, (_, i) => `Tin số ${i} (mới)`),
    );
  });

  it('works under key compression', async () => {
    await database.close();
    database = await openDatabase(
      false,
      wrappedKeyCompressionStorage({ storage: getRxStorageSqlite({ path, key }) }),
    );
    const articles = await addArticles(database, { schema: { ...schema, keyCompression: true } });
    await articles.bulkInsert(Array.from({ length: 9 }, (_, i) => article(i)));
    const found = await articles
      .find({ selector: { number: { $gt: 5 } }, sort: [{ number: 'desc' }] })
      .exec();
    expect(found.map(({ number }) => number)).toEqual([8, 7, 6]);
  });

  it('tells another instance of the database of its writes (multiInstance)', async () => {
    await database.close();
    database = await openDatabase(true);
    const other = await openDatabase(true);
    const [here, there] = [await addArticles(database), await addArticles(other)];
    const seen: number[] = [];
    there.find().$.subscribe((found) => seen.push(found.length));
    await vi.waitFor(() => expect(seen).toEqual([0]));
    await here.insert(article(1));
    await vi.waitFor(() => expect(seen).toEqual([0, 1]), 5000);
    await other.close();
  });

  it('removes a database and all its tables', async () => {
    const articles = await addArticles(database);
    await articles.insert(article(1));
    await database.remove();
    database = await openDatabase();
    expect(await (await addArticles(database)).find().exec()).toEqual([]);
  });
});
