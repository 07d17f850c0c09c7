import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { createArticleDoc } from '../../../domain/document/index.ts';
import { type DeskDatabase, openDatabase } from '../../../main/engine/database.ts';
import { openFileStore } from '../../../main/engine/files/fileStore.ts';
import { createFileReader, type Search, startFeed } from '../../../main/engine/search/index.ts';
import { idsFor, openIn, temporaryFolder } from './support/index.ts';
import { makePdf } from './support/pdf.ts';

const DOCX = readFileSync(
  new URL('../../../portal/sample/files/quyet-dinh-26-2017-qd-ubnd.docx', import.meta.url),
);
const SHA = createHash('sha256').update(DOCX).digest('hex');

async function desk() {
  const folder = await temporaryFolder();
  const database = await openDatabase({
    folder: join(folder, 'desk'),
    key: { current: { version: 1, bytes: randomBytes(32) } },
    now: () => 1,
    onWorked: () => undefined,
    onFailed: () => undefined,
  });
  onTestFinished(async () => {
    await database.close();
  });
  const store = await openFileStore(join(folder, 'files'), randomBytes(32));
  const log: string[] = [];
  const feedInto = (search: Search) => {
    const reader = createFileReader();
    const feed = startFeed({
      database,
      store,
      search,
      reader,
      log: (_level, event) => log.push(event),
      gatherMs: 5,
    });
    onTestFinished(async () => {
      await reader.stop();
      await feed.stop();
    });
    return feed;
  };
  return { folder, database, store, feedInto, log };
}

const row = (id: string, changes: object = {}) => ({
  id,
  unitId: 'unit-a',
  channel: 'vi',
  categoryId: 'news',
  title: `hàng ${id}`,
  summary: '',
  projectedState: 'draft',
  fingerprint: null,
  updatedAt: 5,
  publishedAt: null,
  due: { date: '2026-11-24', clause: '', ref: '' },
  ...changes,
});

async function putRow(database: DeskDatabase, id: string, changes: object = {}) {
  const made = row(id, changes);
  await database.desk.upsert({
    id,
    inMine: false,
    inWorking: true,
    inReturned: false,
    inReview: false,
    inTranslation: false,
    inPublished: false,
    state: made.projectedState,
    unitId: made.unitId,
    categoryId: made.categoryId,
    sourceId: '',
    dueDate: '9999-12-31',
    updatedAt: made.updatedAt,
    channel: 'vi',
    publishedAt: 0,
    titleKey: '',
    folded: '',
    row: made,
  });
}

let updates = 0;
async function putUpdate(database: DeskDatabase, articleId: string, update: Uint8Array) {
  updates += 1;
  await database.updates.insert({
    id: `update-${updates}`,
    articleId,
    deskId: 'desk',
    authorId: 'liaison',
    at: updates,
    update: Buffer.from(update).toString('base64'),
    sent: 0,
    code: '',
    ref: '',
    dismissed: 0,
    opens: null,
  } as never);
}

const articleOf = (title: string, body: string) =>
  createArticleDoc({
    clientId: 7,
    meta: { categoryId: 'news', language: 'vi' },
    title,
    body: [body],
  } as never);

describe('the feed', () => {
  test('gives the index what the desk has, follows changes, and removes what has gone', async () => {
    const { folder, database, feedInto, log } = await desk();
    const search = await openIn(join(folder, 'search'));
    const { doc, firstUpdate } = articleOf('Thông báo nghỉ Tết', 'Các cơ quan nghỉ bảy ngày');
    await putRow(database, 'a');
    await putUpdate(database, 'a', firstUpdate);
    await putRow(database, 'b');
    const feed = feedInto(search);
    await feed.settled();
    await search.flush();
    expect(await idsFor(search, 'nghi bay ngay')).toEqual(['a']);
    // Without updates of its own an article is found by what the portal's row says.
    expect(await idsFor(search, 'hàng b ')).toEqual(['b']);

    const before = Y.encodeStateVector(doc);
    doc.getText('title').insert(0, 'Khẩn: ');
    await putUpdate(database, 'a', Y.encodeStateAsUpdateV2(doc, before));
    await feed.settled();
    await search.flush();
    expect(await idsFor(search, 'khan ')).toEqual(['a']);

    await (await database.desk.findOne('a').exec())?.remove();
    await feed.settled();
    await search.flush();
    expect(await idsFor(search, 'khan ')).toEqual([]);
    expect(log).toEqual([]);
  });

  test('a change of state alone is enough for the filters', async () => {
    const { folder, database, feedInto } = await desk();
    const search = await openIn(join(folder, 'search'));
    await putRow(database, 'a');
    const feed = feedInto(search);
    await feed.settled();
    await putRow(database, 'a', { projectedState: 'published', publishedAt: 9 });
    await feed.settled();
    await search.flush();
    const dates = { of: 'published', from: 9, to: 9 } as const;
    expect((await search.query({ text: 'hàng', filters: { states: ['published'], dates } })).total).toBe(1);
    const due = Date.parse('2026-11-24T00:00:00+07:00');
    expect(
      (await search.query({ text: 'hàng', filters: { dates: { of: 'due', from: due, to: due } } })).total,
    ).toBe(1);
  });

  test('attached files are found by name, and by their text once they are here', async () => {
    const { folder, database, store, feedInto } = await desk();
    const search = await openIn(join(folder, 'search'));
    const { doc, firstUpdate } = articleOf('Ban hành quy chế', '');
    await putRow(database, 'a');
    await putUpdate(database, 'a', firstUpdate);
    const before = Y.encodeStateVector(doc);
    const entry = {
      sha256: SHA,
      name: 'Quyet-dinh.docx',
      size: DOCX.length,
      type: '',
      role: 'signedDocument',
      label: 'Bản ký',
    };
    doc.getMap('files').set('f1', entry);
    await putUpdate(database, 'a', Y.encodeStateAsUpdateV2(doc, before));
    await database.files.insert({
      id: `a:${SHA}`,
      articleId: 'a',
      sha256: SHA,
      at: 1,
      name: '',
      sent: 0,
      code: '',
      ref: '',
    } as never);
    const feed = feedInto(search);
    await feed.settled();
    await search.flush();
    expect(await idsFor(search, 'bản ký')).toEqual(['a']);
    expect(await idsFor(search, '33/TTr-STTTT')).toEqual([]);
    const incoming = await store.incoming();
    await incoming.write(DOCX);
    await incoming.finish();
    feed.changed(['a']);
    await feed.settled();
    await search.flush();
    const { hits } = await search.query({ text: '33/TTr-STTTT' });
    expect(hits).toMatchObject([{ articleId: 'a', field: 'attachments' }]);
  });

  test('a PDF file that can’t be read is found by its name, and that is logged', async () => {
    const { folder, database, store, feedInto, log } = await desk();
    const search = await openIn(join(folder, 'search'));
    const { doc, firstUpdate } = articleOf('Ban hành quy chế', '');
    await putRow(database, 'a');
    await putUpdate(database, 'a', firstUpdate);
    const before = Y.encodeStateVector(doc);
    const files = [makePdf(['nothing to see'], { isLocked: true }), makePdf(['the plan of works'])];
    for (const [index, bytes] of files.entries()) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const entry = { sha256, size: bytes.length, type: 'application/pdf', role: 'other', label: '' };
      doc.getMap('files').set(`f${index}`, { ...entry, name: `phu-luc-${index}.pdf` });
      await database.files.insert({
        id: `a:${sha256}`,
        articleId: 'a',
        sha256,
        at: 1,
        name: '',
        sent: 0,
        code: '',
        ref: '',
      } as never);
      const incoming = await store.incoming();
      await incoming.write(bytes);
      await incoming.finish();
    }
    await putUpdate(database, 'a', Y.encodeStateAsUpdateV2(doc, before));
    await feedInto(search).settled();
    await search.flush();
    expect(await idsFor(search, 'phu-luc-0.pdf')).toEqual(['a']);
    expect(await idsFor(search, 'plan of works')).toEqual(['a']);
    expect(await idsFor(search, 'nothing to see')).toEqual([]);
    expect(log).toEqual(['search.file-not-read']);
  });

  test('after a restart only what changed is read again', async () => {
    const { folder, database, feedInto } = await desk();
    const first = await openIn(join(folder, 'search'));
    for (const id of ['a', 'b', 'c']) await putRow(database, id);
    const feed = feedInto(first);
    await feed.settled();
    await feed.stop();
    await first.flush();
    await first.close();
    await putRow(database, 'b', { title: 'tên mới' });
    await (await database.desk.findOne('c').exec())?.remove();
    await putUpdate(database, 'b', articleOf('tên mới', '').firstUpdate);
    const again = await openIn(join(folder, 'search'));
    const put: string[] = [];
    const watched = {
      ...again,
      put: (doc: Parameters<Search['put']>[0]) => {
        put.push(doc.id);
        again.put(doc);
      },
    };
    await feedInto(watched).settled();
    await again.flush();
    expect(put).toEqual(['b']);
    expect(await idsFor(again, 'tên mới')).toEqual(['b']);
    expect((await again.known()).has('c')).toBe(false);
  });
});
