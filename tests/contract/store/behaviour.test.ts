import type { BulkWriteRow, RxJsonSchema } from 'rxdb';
import { getChangedDocumentsSince } from 'rxdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AnyDoc,
  type AnyStorage,
  asStored,
  type Doc,
  freshName,
  type Instance,
  insertAll,
  insertRow,
  openInstance,
  prepare,
  removeFolders,
  storages,
  updateRow,
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    title: { type: 'string', maxLength: 80 },
    count: { type: 'integer', minimum: 0, maximum: 1000, multipleOf: 1 },
  },
  required: ['id', 'title', 'count'],
  indexes: ['title', 'count'],
  attachments: {},
};

const article = (id: string, title = `Bài ${id}`, count = 1) => ({ id, title, count });
const ids = (documents: readonly Doc[]) => documents.map(({ id }) => id);

afterAll(removeFolders);

describe.each(storages)('store behaviour: $name', ({ name, make }) => {
  let storage: AnyStorage;
  let database: string;
  let instance: Instance;

  beforeEach(async () => {
    storage = make();
    database = freshName();
    instance = await openInstance(storage, schema, { database });
    return async () => instance.close();
  });

  const all = async () => (await instance.query(prepare(instance, { selector: {} }))).documents;

  it('finds what was written, by id, in the order and number asked', async () => {
    await insertAll(instance, [article('a'), article('b'), article('c', 'Công văn số 1')]);
    const found = await instance.findDocumentsById(['c', 'x', 'a', 'c'], false);
    expect(ids(found)).toEqual(['c', 'a', 'c']);
    expect(found[0]).toMatchObject({ title: 'Công văn số 1', _deleted: false });
  });

  it('keeps every id apart: marks, both Unicode forms, astral, private use, lone surrogates, quotes', async () => {
    const special = [
      'hòa',
      'hòa'.normalize('NFD'),
      'hoà',
      '😀',
      '\ue000',
      '\uffee',
      "a'b",
      'A',
      'a',
      'a%',
      '\ud800',
    ];
    await insertAll(
      instance,
      special.map((id) => article(id)),
    );
    expect(ids(await instance.findDocumentsById(special, false))).toEqual(special);
    const sorted = await instance.query(prepare(instance, { selector: {}, sort: [{ id: 'asc' }] }));
    expect(ids(sorted.documents)).toEqual([...special].sort());
  });

  it('refuses an insert over an existing document with the stored state', async () => {
    const [first] = await insertAll(instance, [article('a')]);
    const row = insertRow(article('a', 'khác'));
    const { error } = await instance.bulkWrite([row], 'test');
    expect(error).toMatchObject([{ status: 409, documentId: 'a', isError: true, documentInDb: first }]);
    expect((await instance.findDocumentsById(['a'], false))[0]).toEqual(first);
  });

  it('refuses an update of an older revision, and writes the other rows of the same call', async () => {
    const [a, b] = (await insertAll(instance, [article('a'), article('b')])) as [Doc, Doc];
    const update = updateRow(a, { title: 'mới' });
    expect((await instance.bulkWrite([update], 'test')).error).toEqual([]);
    const rows: BulkWriteRow<AnyDoc>[] = [
      updateRow(a, { title: 'cũ' }),
      updateRow(b, { title: 'b mới' }),
      insertRow(article('c')),
    ];
    const { error } = await instance.bulkWrite(rows, 'test');
    expect(error).toHaveLength(1);
    expect(error[0]).toMatchObject({ status: 409, documentId: 'a', documentInDb: { title: 'mới' } });
    const found = await instance.findDocumentsById(['a', 'b', 'c'], false);
    expect(found.map(({ title }) => title)).toEqual(['mới', 'b mới', 'Bài c']);
  });

  it('keeps deleted documents for those who ask, and out of queries by _deleted', async () => {
    const [a] = (await insertAll(instance, [article('a'), article('b')])) as [Doc];
    await instance.bulkWrite([updateRow(a, {}, { deleted: true })], 'test');
    expect(await instance.findDocumentsById(['a'], false)).toEqual([]);
    expect(await instance.findDocumentsById(['a'], true)).toHaveLength(1);
    const live = await instance.query(prepare(instance, { selector: { _deleted: { $eq: false } } as never }));
    expect(ids(live.documents)).toEqual(['b']);
    expect(
      (await instance.count(prepare(instance, { selector: { _deleted: { $eq: false } } as never }))).count,
    ).toBe(1);
  });

  it('inserts again over a deleted document when given its state', async () => {
    const [a] = (await insertAll(instance, [article('a')])) as [Doc];
    const gone = updateRow(a, {}, { deleted: true });
    await instance.bulkWrite([gone], 'test');
    const events: string[] = [];
    const subscription = instance.changeStream().subscribe((bulk) => {
      events.push(...bulk.events.map(({ operation }) => operation));
    });
    await instance.bulkWrite([updateRow(gone.document as Doc, { title: 'lại' }, { deleted: false })], 'test');
    subscription.unsubscribe();
    expect(events).toEqual(['INSERT']);
    expect(ids(await all())).toEqual(['a']);
  });

  it('gives documents back without ties to what was written', async () => {
    if (name === 'memory') return;
    const [a] = (await insertAll(instance, [article('a')])) as [Doc];
    const [read] = await instance.findDocumentsById(['a'], false);
    expect(read).not.toBe(a);
    expect(read).toEqual(a);
  });

  it('announces each write once, after it can be read, with its context and checkpoint', async () => {
    const bulks: { context: string; checkpoint: unknown; operations: string[]; readable: number }[] = [];
    const subscription = instance.changeStream().subscribe((bulk) => {
      const entry = {
        context: bulk.context,
        checkpoint: bulk.checkpoint,
        operations: [] as string[],
        readable: -1,
      };
      entry.operations = bulk.events.map(({ operation }) => operation);
      bulks.push(entry);
      instance
        .findDocumentsById(ids(bulk.events.map(({ documentData }) => documentData)), true)
        .then((found) => {
          entry.readable = found.length;
        });
    });
    const [a] = (await insertAll(instance, [article('a'), article('b')])) as [Doc];
    await instance.bulkWrite([updateRow(a, { title: 'x' })], 'second');
    await instance.bulkWrite([insertRow(article('b'))], 'conflict');
    await instance.findDocumentsById(['a'], true);
    subscription.unsubscribe();
    expect(bulks.map(({ context, operations, readable }) => [context, operations, readable])).toEqual([
      ['test', ['INSERT', 'INSERT'], 2],
      ['second', ['UPDATE'], 1],
    ]);
    const stored = (await instance.findDocumentsById(['a'], true))[0];
    expect(bulks[1]?.checkpoint).toEqual({ id: 'a', lwt: stored?._meta.lwt });
  });

  it('pages through changes without loss or repeat under equal times', async () => {
    const documents = Array.from({ length: 25 }, (_, i) =>
      asStored(article(`k${i}`), { lwt: 5000 + (i % 3) }),
    );
    await instance.bulkWrite(
      documents.map((document) => ({ document })),
      'test',
    );
    const seen: string[] = [];
    let checkpoint: { id: string; lwt: number } | undefined;
    for (;;) {
      const page = await getChangedDocumentsSince<AnyDoc, { id: string; lwt: number }>(
        instance,
        4,
        checkpoint,
      );
      seen.push(...ids(page.documents));
      checkpoint = page.checkpoint;
      if (page.documents.length < 4) break;
    }
    const expected = [...documents]
      .sort((x, y) => x._meta.lwt - y._meta.lwt || (x.id < y.id ? -1 : 1))
      .map(({ id }) => id);
    expect(seen).toEqual(expected);
    const rest = await getChangedDocumentsSince(instance, 4, checkpoint);
    expect(rest).toEqual({ documents: [], checkpoint });
  });

  it('gives a document changed after the checkpoint again, once, in its newest state', async () => {
    const [a] = (await insertAll(instance, [article('a'), article('b')])) as [Doc];
    const { checkpoint } = await getChangedDocumentsSince(instance, 10);
    const once = updateRow(a, { title: '1' });
    await instance.bulkWrite([once], 'test');
    await instance.bulkWrite([updateRow(once.document as Doc, { title: '2' })], 'test');
    const page = await getChangedDocumentsSince<AnyDoc, AnyDoc>(instance, 10, checkpoint);
    expect(page.documents.map(({ id, title }) => [id, title])).toEqual([['a', '2']]);
  });

  it('cleans up only what was deleted long enough ago', async () => {
    const [a, b] = (await insertAll(instance, [article('a'), article('b'), article('c')])) as [Doc, Doc];
    const longAgo = Date.now() - 100_000;
    await instance.bulkWrite([updateRow(a, {}, { deleted: true, lwt: longAgo })], 'test');
    await instance.bulkWrite([updateRow(b, {}, { deleted: true })], 'test');
    expect(await instance.cleanup(50_000)).toBe(true);
    expect(ids(await instance.findDocumentsById(['a', 'b', 'c'], true))).toEqual(['b', 'c']);
    expect(await instance.cleanup(0)).toBe(true);
    expect(ids(await instance.findDocumentsById(['a', 'b', 'c'], true))).toEqual(['c']);
  });

  it('keeps attachments: add, change, leave, remove', async () => {
    const blob = (text: string) => new Blob([text], { type: 'text/plain' });
    const stub = (text: string, digest: string) => ({
      data: blob(text),
      type: 'text/plain',
      length: text.length,
      digest,
    });
    const row = insertRow({
      ...article('a'),
      _attachments: { 'tệp.txt': stub('một', 'd1'), two: stub('hai', 'd2') },
    });
    expect((await instance.bulkWrite([row], 'test')).error).toEqual([]);
    const [a] = (await instance.findDocumentsById(['a'], false)) as [Doc];
    expect(a._attachments.two).toEqual({ type: 'text/plain', length: 3, digest: 'd2' });
    const read = await instance.getAttachmentData('a', 'tệp.txt', 'd1');
    expect([await read.text(), read.type]).toEqual(['một', 'text/plain']);

    const changed = updateRow(a, { _attachments: { 'tệp.txt': stub('một mới', 'd3') } });
    expect((await instance.bulkWrite([changed], 'test')).error).toEqual([]);
    expect(await (await instance.getAttachmentData('a', 'tệp.txt', 'd3')).text()).toBe('một mới');
    const gone = async (id: string, digest: string) => instance.getAttachmentData('a', id, digest);
    await expect((async () => gone('tệp.txt', 'd1'))()).rejects.toThrow();
    await expect((async () => gone('two', 'd2'))()).rejects.toThrow();
  });

  it('refuses a document whose attachment has no data, and keeps nothing of it', async () => {
    const stub = { type: 'text/plain', length: 1, digest: 'd' };
    if (name === 'memory') return; // throws instead of answering
    const events: unknown[] = [];
    const subscription = instance.changeStream().subscribe((bulk) => events.push(...bulk.events));
    const withData = { ...stub, data: new Blob(['x'], { type: 'text/plain' }) };
    const row = insertRow({ ...article('a'), _attachments: { whole: withData, empty: stub } });
    const { error } = await instance.bulkWrite([row], 'test');
    subscription.unsubscribe();
    expect(error).toMatchObject([{ status: 510, attachmentId: 'empty' }]);
    expect(events).toEqual([]);
    expect(await instance.findDocumentsById(['a'], true)).toEqual([]);
    await expect(instance.getAttachmentData('a', 'whole', 'd')).rejects.toMatchObject({
      code: 'STORE_NO_ATTACHMENT',
    });
  });

  it('keeps everything across close and reopen; versions and databases apart', async () => {
    await insertAll(instance, [article('a'), article('b')]);
    const before = await all();
    await instance.close();
    const other = await openInstance(storage, schema, { database: freshName() });
    const next = await openInstance(storage, { ...schema, version: 1 }, { database });
    expect((await other.query(prepare(other, {}))).documents).toEqual([]);
    expect((await next.query(prepare(next, {}))).documents).toEqual([]);
    await Promise.all([other.close(), next.close()]);
    instance = await openInstance(storage, schema, { database });
    expect(await all()).toEqual(before);
  });

  it('shares writes and announcements between two instances of a collection', async () => {
    const second = await openInstance(storage, schema, { database });
    const events: string[] = [];
    second
      .changeStream()
      .subscribe((bulk) => events.push(...bulk.events.map(({ documentId }) => documentId)));
    await insertAll(instance, [article('a')]);
    expect(events).toEqual(['a']);
    expect(await second.findDocumentsById(['a'], false)).toHaveLength(1);
    await second.close();
    expect(await instance.findDocumentsById(['a'], false)).toHaveLength(1);
  });

  it('refuses to open a collection with two schemas at once', async () => {
    const wider = { ...schema, indexes: ['title'] };
    await expect((async () => openInstance(storage, wider, { database }))()).rejects.toThrow();
  });

  it('removes a collection for good', async () => {
    await insertAll(instance, [article('a')]);
    await instance.remove();
    await expect((async () => instance.bulkWrite([insertRow(article('b'))], 'test'))()).rejects.toThrow();
    instance = await openInstance(storage, schema, { database });
    expect(await all()).toEqual([]);
  });

  it('closes twice without complaint', async () => {
    await instance.close();
    await expect(instance.close()).resolves.toBeUndefined();
  });

  it('takes 3,000 documents in one write and finds 3,000 by id', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => article(`id${i}`, `Tiêu đề ${i}`, i % 1000));
    await insertAll(instance, many);
    const wanted = many.map(({ id }) => id).reverse();
    expect(ids(await instance.findDocumentsById(wanted, false))).toEqual(wanted);
    const some = { selector: { id: { $in: wanted } }, sort: [{ id: 'asc' }] } as never;
    expect((await instance.query(prepare(instance, some))).documents).toHaveLength(3000);
  });
});
