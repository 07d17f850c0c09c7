import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { plainText, readContent, titleText, writeBody } from '../../domain/document/index.ts';
import { makePortal, PASSWORD, startTestServer, type TestPortal } from '../integration/portal/support.ts';
import { seeded } from '../unit/document/support/random.ts';
import { newId, startEngine, type TestWindow } from '../unit/engine/support/desk.ts';
import { openText } from '../unit/engine/support/writing.ts';

/**
 * `npm run bench -- edits`: what an edit costs on the line and on disk, in articles of several lengths, and what is stored after an hour of
 * writing. A real engine and a real portal on the embedded PostgreSQL.
 */
const EDITS = 1000;
/** Somebody types all the time: three characters a second, sent each second, every tenth lot taken back, now and then elsewhere. */
const HOUR_OF_WRITING = { updates: 3600, charactersEach: 3 };

const SENTENCE =
  'Ủy ban nhân dân tỉnh thông báo lịch tiếp công dân định kỳ của lãnh đạo tỉnh trong quý này. ';
const bodyOf = (bytes: number): string[] =>
  Array.from({ length: Math.ceil(bytes / Buffer.byteLength(SENTENCE) / 4) }, () => SENTENCE.repeat(4));

const server = await startTestServer();
const test = await makePortal(server);
const url = await test.listen();
const rows: Record<string, string | number>[] = [];
try {
  for (const kib of [5, 50, 500]) rows.push(await thousandEdits(kib));
  console.table(rows);
  const hour = await hourOfWriting();
  console.table([hour]);
  console.log(JSON.stringify({ edits: rows, hour }));
} finally {
  await test.close();
  await server.stop();
}

async function deskWith(kib: number) {
  const sent = { bytes: 0, requests: 0 };
  const received = { bytes: 0 };
  const userData = await mkdtemp(join(tmpdir(), 'soan-bench-'));
  const throughLine = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const body = init.body;
    if (body !== undefined && body !== null) {
      sent.bytes += body instanceof Uint8Array ? body.byteLength : Buffer.byteLength(String(body));
      sent.requests += 1;
    }
    const response = await fetch(address, init);
    received.bytes += Number(response.headers.get('content-length') ?? 0);
    return response;
  };
  const desk = await startEngine({ fetch: throughLine, portalUrl: url, userData });
  const { window } = desk;
  await window.must('session.signIn', { account: 'writer', password: PASSWORD });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const text = await openText(window, articleId);
  await text.write((doc) => writeBody(doc, bodyOf(kib * 1024)));
  const decisionId = newId('decision');
  await window.must('decisions.propose', {
    decisionId,
    articleId,
    action: 'declare',
    fingerprint: null,
    reason: null,
  });
  await quiet(window);
  return { ...desk, text, articleId, sent, received, userData };
}

function quiet(window: TestWindow) {
  return window.until(
    'connection.state',
    {},
    (state) => state.online && state.waiting === 0 && state.sending === 0,
    600_000,
  );
}

async function thousandEdits(kib: number) {
  const desk = await deskWith(kib);
  const { window, text, sent } = desk;
  const random = seeded(kib);
  const before = { ...sent, rows: await updateBytes(test, desk.articleId) };
  for (let n = 0; n < EDITS; n += 1)
    await text.write((doc) => {
      const title = titleText(doc);
      if (n % 10 === 9) title.delete(random.below(title.length), 1);
      else title.insert(random.below(title.length + 1), 'chữ ');
    });
  await quiet(window);
  const yjs = (await updateBytes(test, desk.articleId)).sent - before.rows.sent;
  const result = {
    'article KiB': kib,
    edits: EDITS,
    'Yjs bytes per edit': Math.round(yjs / EDITS),
    'bytes sent per edit': Math.round((sent.bytes - before.bytes) / EDITS),
    requests: sent.requests - before.requests,
  };
  await desk.engine.stop();
  await rm(desk.userData, { recursive: true, force: true });
  return result;
}

async function hourOfWriting() {
  const desk = await deskWith(30);
  const { window, text, articleId, engine, userData } = desk;
  const random = seeded(60);
  const { updates, charactersEach } = HOUR_OF_WRITING;
  for (let n = 0; n < updates; n += 1)
    await text.write((doc) => {
      const title = titleText(doc);
      const end = title.length;
      if (n % 10 === 9) title.delete(Math.max(0, end - charactersEach), Math.min(end, charactersEach));
      else title.insert(random.next() < 0.03 ? random.below(end + 1) : end, 'chữ'.slice(0, charactersEach));
    });
  await quiet(window);
  const words = Buffer.byteLength(plainText(readContent(text.doc)));
  // The last snapshot is on its way.
  const ofPortal = await settledBytes(test, articleId);
  await engine.settled();
  await engine.stop();
  const onDesk = await folderBytes(userData);
  await rm(userData, { recursive: true, force: true });
  return {
    updates,
    'text bytes': words,
    'Yjs bytes at the portal per byte of text': round((ofPortal.snapshot + ofPortal.loose) / words),
    'updates beside the snapshot': ofPortal.count,
    'desk folder per byte of text, search index and all': round(onDesk / words),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Bytes of updates that an article was ever sent. */
async function updateBytes({ portal }: TestPortal, articleId: string): Promise<{ sent: number }> {
  const { rows: found } = await sql<{ bytes: number }>`
    select (select coalesce(sum(length(content)), 0) from updates where article_id = ${articleId})::int
      + (select coalesce(sum(bytes), 0) from contributions where article_id = ${articleId})::int as bytes`.execute(
    portal.db,
  );
  return { sent: found[0]?.bytes ?? 0 };
}

async function settledBytes({ portal }: TestPortal, articleId: string) {
  let last = '';
  for (;;) {
    const { rows: found } = await sql<{ snapshot: number; loose: number; count: number }>`
      select (select coalesce(sum(length(content)), 0) from snapshots where id = ${articleId})::int as snapshot,
        (select coalesce(sum(length(content)), 0) from updates where article_id = ${articleId})::int as loose,
        (select count(*) from updates where article_id = ${articleId})::int as count`.execute(portal.db);
    const now = JSON.stringify(found[0]);
    if (now === last && found[0]) return found[0];
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  return sum;
}
