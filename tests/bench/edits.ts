import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import * as Y from 'yjs';
import { bodyRoot, plainText, readContent, titleText, writeBody } from '../../domain/document/index.ts';
import { makePortal, PASSWORD, startTestServer, type TestPortal } from '../integration/portal/support.ts';
import { seeded } from '../unit/document/support/random.ts';
import { newId, startEngine, type TestWindow } from '../unit/engine/support/desk.ts';
import { openText } from '../unit/engine/support/writing.ts';
import { sampleWords } from './support/syllables.ts';

/**
 * `npm run bench -- edits [-- --only edits,hour]`: what an edit costs on the line and on disk, in articles of several lengths, and what is stored after an hour of
 * writing. A real engine and a real portal on the embedded PostgreSQL.
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: 'edits,hour' } } });
const parts = new Set(values.only.split(','));
const EDITS = 1000;
/** Somebody types all the time: three characters a second, sent each second, every tenth lot taken back, now and then elsewhere. */
const HOUR_OF_WRITING = { updates: 3600, charactersEach: 3 };
const PARAGRAPH_WORDS = 80;

/** Paragraphs of the sample regulations, one after the other from the start, until there is so much. */
function bodyOf(bytes: number): string[] {
  const words = sampleWords();
  const paragraphs: string[] = [];
  for (let at = 0, size = 0; size < bytes; at += PARAGRAPH_WORDS) {
    const from = at % (words.length - PARAGRAPH_WORDS);
    const paragraph = words.slice(from, from + PARAGRAPH_WORDS).join(' ');
    paragraphs.push(paragraph);
    size += Buffer.byteLength(paragraph);
  }
  return paragraphs;
}

/** The text of a paragraph of the body. */
function paragraphText(doc: Y.Doc, place: number): Y.XmlText {
  const texts = (bodyRoot(doc).toArray() as unknown[])
    .filter((node) => node instanceof Y.XmlElement)
    .flatMap((paragraph) => (paragraph.toArray() as unknown[]).filter((node) => node instanceof Y.XmlText));
  const text = texts.at(place);
  if (!text) throw new Error('a body without text');
  return text;
}

const server = await startTestServer();
const test = await makePortal(server);
const url = await test.listen();
const rows: Record<string, string | number>[] = [];
try {
  if (parts.has('edits')) {
    for (const kib of [5, 50, 500]) rows.push(await thousandEdits(kib));
    console.table(rows);
  }
  const hour = parts.has('hour') ? await hourOfWriting() : null;
  if (hour) console.table([hour]);
  console.log(JSON.stringify({ edits: rows, hour }));
} finally {
  await test.close();
  await server.stop();
}

/** A desk with an article of so much text, declared and sent. `startBytes`: what its folder took before, at rest. */
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
  const first = await startEngine({ fetch: throughLine, portalUrl: url, userData });
  await first.window.must('session.signIn', { account: 'writer', password: PASSWORD });
  await first.window.until('directory.all', {}, (all) => all.profile !== null);
  await first.engine.settled();
  await first.engine.stop();
  const startBytes = (await folderBytes(userData)).all;
  const desk = await startEngine({ fetch: throughLine, portalUrl: url, userData });
  const { window } = desk;
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
  return { ...desk, text, articleId, sent, received, startBytes };
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
  const { requests, bytes } = sent;
  const words = Buffer.byteLength(plainText(readContent(text.doc)));
  await settledBytes(test, desk.articleId);
  await desk.engine.settled();
  await desk.engine.stop();
  const grown = (await folderBytes(desk.userData)).all - desk.startBytes;
  const result = {
    'article KiB': kib,
    edits: EDITS,
    'Yjs bytes per edit': Math.round(yjs / EDITS),
    'bytes sent per edit': Math.round((bytes - before.bytes) / EDITS),
    requests: requests - before.requests,
    'KiB sent per 1,000 edits': Math.round(((bytes - before.bytes) / EDITS) * (1000 / 1024)),
    'text KiB': round(words / 1024),
    'KiB on the desk for it, at rest': round(grown / 1024),
  };
  await rm(desk.userData, { recursive: true, force: true });
  return result;
}

async function hourOfWriting() {
  const desk = await deskWith(30);
  const { window, text, articleId, engine, userData, startBytes } = desk;
  const random = seeded(60);
  const { updates, charactersEach } = HOUR_OF_WRITING;
  const words = `${sampleWords().join(' ')} `;
  let typed = 0;
  let mostBytes = 0;
  for (let n = 0; n < updates; n += 1) {
    await text.write((doc) => {
      const at = paragraphText(doc, random.next() < 0.03 ? 0 : -1);
      const end = at.length;
      if (n % 10 === 9) at.delete(Math.max(0, end - charactersEach), Math.min(end, charactersEach));
      else {
        at.insert(end, words.slice(typed, typed + charactersEach));
        typed += charactersEach;
      }
    });
    if (n % 100 === 0) mostBytes = Math.max(mostBytes, (await folderBytes(userData)).all);
  }
  await quiet(window);
  const bytes = Buffer.byteLength(plainText(readContent(text.doc)));
  // The last snapshot is on its way.
  const ofPortal = await settledBytes(test, articleId);
  await engine.settled();
  await engine.stop();
  const atRest = await folderBytes(userData);
  const grown = atRest.all - startBytes;
  await rm(userData, { recursive: true, force: true });
  return {
    updates,
    'text bytes': bytes,
    'Yjs bytes at the portal per byte of text': round((ofPortal.snapshot + ofPortal.loose) / bytes),
    'updates beside the snapshot': ofPortal.count,
    'desk, at rest, store per byte of text': round((grown - atRest.search) / bytes),
    'search index per byte of text': round(atRest.search / bytes),
    'store at most 2': (grown - atRest.search) / bytes <= 2 ? 'pass' : 'FAIL',
    'with the index at most 2': grown / bytes <= 2 ? 'pass' : 'FAIL',
    'most while writing, KiB': Math.round(mostBytes / 1024),
    'of an empty desk, KiB': Math.round(startBytes / 1024),
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

async function folderBytes(folder: string): Promise<{ readonly all: number; readonly search: number }> {
  let all = 0;
  let search = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // While the engine writes, files come and go.
    const size = await stat(join(entry.parentPath, entry.name)).then(
      (found) => found.size,
      () => 0,
    );
    all += size;
    if (entry.parentPath.includes(join('search', 'index'))) search += size;
  }
  return { all, search };
}
