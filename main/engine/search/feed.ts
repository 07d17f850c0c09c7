import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { RxCollection } from 'rxdb';
import { bodyLines, type FieldValue, readContent } from '../../../domain/document/index.ts';
import { type DeskDatabase, idsOf, type LocalFile, type StoredDeskRow } from '../database.ts';
import type { KeptRow } from '../desk/derive.ts';
import { loadStored } from '../documents/stored.ts';
import type { FileStore } from '../files/fileStore.ts';
import { describe, type Log } from '../log.ts';
import { type FileReader, isReadable } from './extract/index.ts';
import type { Search } from './search.ts';
import type { SearchDoc, Stretch } from './types.ts';

/** Keeps the index true to the articles of the desk. */
export interface Feed {
  /** These articles changed in a way that no row tells, for example a file of theirs has come. */
  changed(articleIds: Iterable<string>): void;
  /** Resolves when every change so far has been given to the index. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface FeedOptions {
  readonly database: DeskDatabase;
  readonly store: Pick<FileStore, 'sizeOf' | 'read'>;
  readonly search: Pick<Search, 'put' | 'remove' | 'known'>;
  readonly log: Log;
  /** Pause in the changes of articles before they are indexed again. */
  readonly gatherMs?: number;
  readonly reader: FileReader;
}

/** Larger files are found by their names only. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Of all files of an article together, in characters. */
const MAX_FILE_TEXT = 200_000;
const READ_BYTES = 1024 * 1024;

const DAY_START = 'T00:00:00+07:00';

const wordsOf = (value: FieldValue): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : '';

/**
 * Starts following the desk: compares what the index knows with what the desk has, puts what differs, removes what is gone,
 * and from then on every change, gathered. Works in the background, one article after the other.
 */
export function startFeed(options: FeedOptions): Feed {
  const { database, search, log, gatherMs = 1000 } = options;
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let known: ReadonlyMap<string, string> = new Map();
  const given = new Map<string, string>();

  const feedOne = async (articleId: string) => {
    const row = await database.desk.findOne(articleId).exec();
    if (!row) {
      given.delete(articleId);
      search.remove(articleId);
      return;
    }
    const kept = (row.toJSON() as StoredDeskRow).row as KeptRow;
    const source = await sourceOf(options, kept);
    if ((given.get(articleId) ?? known.get(articleId)) === source.version) return;
    search.put(await searchDocOf(options, kept, source));
    given.set(articleId, source.version);
  };

  const work = async () => {
    for (const articleId of dirty) {
      if (isStopped) return;
      dirty.delete(articleId);
      try {
        await feedOne(articleId);
      } catch (error) {
        // Found as it was before; the next change or the next start tries again.
        if (!isStopped) log('warn', 'search.article-not-indexed', describe(error));
      }
      await breathe();
    }
  };

  const compareAll = async () => {
    known = await search.known();
    const here = new Set(await idsOf(database.desk));
    for (const id of known.keys()) if (!here.has(id)) search.remove(id);
    for (const id of here) dirty.add(id);
    await work();
  };

  let running: Promise<void> = compareAll().catch((error: unknown) => {
    if (!isStopped) log('error', 'search.not-compared', describe(error));
  });

  const run = () => {
    timer = null;
    running = running.then(work);
    return running;
  };

  const changed = (articleIds: Iterable<string>) => {
    if (isStopped) return;
    for (const id of articleIds) dirty.add(id);
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void run(), gatherMs);
    timer.unref();
  };

  const follow = <T>(collection: RxCollection<T>, key: 'id' | 'articleId') =>
    collection.eventBulks$.subscribe((bulk: { events: readonly { documentData: unknown }[] }) =>
      changed(bulk.events.map((event) => (event.documentData as Record<typeof key, string>)[key])),
    );
  const subscriptions = [
    follow(database.desk, 'id'),
    follow(database.updates, 'articleId'),
    follow(database.snapshots, 'id'),
    follow(database.files, 'articleId'),
  ];

  return {
    changed,
    async settled() {
      await running;
      if (timer) clearTimeout(timer);
      await run();
    },
    async stop() {
      isStopped = true;
      for (const subscription of subscriptions) subscription.unsubscribe();
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

interface Source {
  readonly version: string;
  /** Files of the article whose bytes are here. */
  readonly here: ReadonlySet<string>;
}

/** Which state of an article this is, told without reading its text: the row, how many updates it has, which files are here. */
async function sourceOf({ database, store }: FeedOptions, row: KeptRow): Promise<Source> {
  const selector = { articleId: row.id };
  const [updates, snapshot, fileRows] = await Promise.all([
    database.updates.count({ selector }).exec(),
    database.snapshots.findOne(row.id).exec(),
    database.files.find({ selector }).exec(),
  ]);
  const here = new Set<string>();
  for (const { sha256 } of fileRows.map((one) => one.toJSON() as LocalFile))
    if ((await store.sizeOf(sha256)) !== null) here.add(sha256);
  const { unitId, categoryId, projectedState, channel, updatedAt, publishedAt, due, fingerprint } = row;
  const told = [unitId, categoryId, projectedState, channel, updatedAt, publishedAt, due?.date, fingerprint];
  const version = createHash('sha256')
    .update(JSON.stringify([...told, updates, snapshot?.through, [...here].sort()]))
    .digest('base64url')
    .slice(0, 22);
  return { version, here };
}

/** Everything of an article that can be searched. */
async function searchDocOf(
  options: FeedOptions,
  row: KeptRow,
  { version, here }: Source,
): Promise<SearchDoc> {
  const { database, reader, log } = options;
  const content = readContent(await loadStored(database, row.id));
  const fields = createPart();
  for (const [fieldId, value] of Object.entries(content.fields)) fields.add(fieldId, wordsOf(value));
  const attachments = createPart();
  let left = MAX_FILE_TEXT;
  for (const file of content.files) {
    attachments.add(file.name, file.name);
    attachments.add(file.name, file.label);
    if (left <= 0 || !here.has(file.sha256) || !isReadable(file) || file.size > MAX_FILE_BYTES) continue;
    const bytes = await wholeFile(options.store, file.sha256, file.size);
    if (!bytes) continue;
    const { text, code } = await reader.read(file, bytes, left);
    // What is half read is not what the article holds.
    if (code === 'stopped') throw new Error('stopped');
    if (code !== 'read') log('info', 'search.file-not-read', { code, sha256: file.sha256, size: file.size });
    attachments.add(file.name, text);
    left -= text.length;
  }
  const due = row.due === null ? Number.NaN : Date.parse(`${row.due.date}${DAY_START}`);
  return {
    id: row.id,
    version,
    // The portal's row has them before the updates have come.
    title: content.title.trim() || row.title,
    summary: content.summary.trim() || row.summary,
    fields: fields.text(),
    body: bodyLines(content.body)
      .map((line) => line.text)
      .join('\n'),
    attachments: attachments.text(),
    stretches: { fields: fields.stretches, attachments: attachments.stretches },
    unitId: row.unitId,
    categoryId: row.categoryId,
    state: row.projectedState,
    channel: row.channel,
    dates: {
      updated: row.updatedAt,
      published: row.publishedAt,
      due: Number.isFinite(due) ? due : null,
    },
  };
}

/** Puts the texts of one part together, noting whose each is. */
function createPart() {
  const lines: string[] = [];
  const stretches: Stretch[] = [];
  let length = 0;
  return {
    stretches,
    text: () => lines.join('\n'),
    add(name: string, text: string) {
      if (text === '') return;
      lines.push(text);
      length += text.length + 1;
      stretches.push([name, length]);
    },
  };
}

async function wholeFile(
  store: Pick<FileStore, 'read'>,
  sha256: string,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const piece = await store.read(sha256, at, Math.min(READ_BYTES, size - at));
    if (!piece || piece.byteLength === 0) return null;
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
