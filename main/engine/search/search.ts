import { setTimeout as pause } from 'node:timers/promises';
import { Best, type Ranked } from './best.ts';
import { atPace, createPace, type Pace } from './pace.ts';
import { type ParsedQuery, parseQuery, type QueryWord } from './parse.ts';
import { createPile } from './pile.ts';
import { type Plan, planOf, rankNeighbours, rankSegment } from './rank.ts';
import { type DocEntry, type Segment, segmentSteps } from './segment.ts';
import { createShelf } from './shelf.ts';
import { type DocText, mark, snippetOf } from './snippet.ts';
import {
  FIELDS,
  type Passage,
  type SearchDoc,
  type SearchFilters,
  type SearchHit,
  type SearchProgress,
  type SearchQuery,
  type SearchResult,
} from './types.ts';
import { openVault } from './vault.ts';

export interface SearchOptions {
  /** A folder of its own; made if missing. */
  readonly folder: string;
  /** 32 bytes. What another key wrote counts as damaged and is built anew. */
  readonly key: Uint8Array;
  readonly onProgress?: (progress: SearchProgress) => void;
  /** `damaged`: a file was left out, its articles are no longer `known`. `write-failed`: tried again with the next save. */
  readonly onProblem?: (code: 'damaged' | 'write-failed', detail: string) => void;
  /** Pause between the last change and its save. */
  readonly saveAfterMs?: number;
  /** Background work gives way after this long. */
  readonly sliceMs?: number;
}

/** Full-text search over the articles of a desk. Everything is on this machine; it needs no network. */
export interface Search {
  /** Takes an article in, or its new state. Found soon, not at once. */
  put(doc: SearchDoc): void;
  remove(id: string): void;
  /** Articles in the index and the version of each, when what is on disk has been loaded. */
  known(): Promise<ReadonlyMap<string, string>>;
  /** While the index is loading it waits for it, at most two seconds. Never rejects for what was typed. */
  query(query: SearchQuery): Promise<SearchResult>;
  /** Why these articles answer what was typed; those that the index does not have are left out. Gives way in between. */
  passages(text: string, ids: readonly string[]): Promise<ReadonlyMap<string, Passage>>;
  progress(): SearchProgress;
  /** Resolves when all that was put is found and saved. Rejects with the system's error when it can't be saved. */
  flush(): Promise<void>;
  /** Saves what is indexed, leaves what waits, and lets go of the files. */
  close(): Promise<void>;
}

const LOAD_WAIT_MS = 2000;
/** Saved at the latest when so many bytes of text are only in memory. */
const MAX_UNSAVED_BYTES = 32 * 1024 * 1024;
const MAX_COUNT = 10_000;
/** So many of the best are ranked again by how the words of the query stand together. */
const LOOKED_AT_CLOSELY = 100;

const MAX_RECENT = 2000;

/** Opens the index and loads it in the background. Rejects when the folder can't be made or the key has not 32 bytes. */
export async function openSearch(options: SearchOptions): Promise<Search> {
  const { sliceMs = 4, saveAfterMs = 2000, onProblem = () => undefined } = options;
  const vault = await openVault(options.folder, options.key);
  const pile = createPile();
  const shelf = createShelf(vault, (file) => onProblem('damaged', file));
  const queue = new Map<string, SearchDoc>();
  let isLoaded = false;
  let isClosed = false;
  let isDirty = false;
  let isSaveWanted = false;
  let problem: string | null = null;
  let failure: unknown = null;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  /** Of the newest search: a list asks again with every change on the desk. In memory only. */
  let recent: { readonly text: string; readonly passages: Map<DocEntry, Passage> } = {
    text: '',
    passages: new Map(),
  };

  const progress = (): SearchProgress => ({
    state: isClosed ? 'closed' : !isLoaded ? 'loading' : queue.size > 0 ? 'indexing' : 'idle',
    indexed: pile.count(),
    waiting: queue.size,
    indexBytes: pile.byteLength(),
    problem,
  });
  const report = () => options.onProgress?.(progress());

  const loaded = shelf
    .load(pile)
    .catch((error: unknown) => onProblem('damaged', String(error)))
    .then(() => {
      isLoaded = true;
      report();
    });

  const takeIn = (doc: SearchDoc, segment: Segment) => {
    const before = pile.find(doc.id);
    if (before) shelf.dropText(before);
    pile.add(segment);
    const { title, summary, fields, body, attachments, stretches } = doc;
    const text: DocText = {
      title,
      summary,
      fields,
      body,
      attachments,
      ...(stretches ? { stretches } : {}),
    };
    shelf.keepText(segment.docs[0] as DocEntry, Buffer.from(JSON.stringify(text)));
    isDirty = true;
  };

  const takeInSome = async (pace: Pace) => {
    for (const [id, doc] of queue) {
      const segment = await atPace(segmentSteps(doc), pace);
      // Meanwhile a newer state may have come, or it was removed.
      if (queue.get(id) !== doc) continue;
      queue.delete(id);
      takeIn(doc, segment);
      if (pace.isDue()) return;
    }
  };

  const save = async () => {
    isSaveWanted = false;
    if (timer) clearTimeout(timer);
    timer = null;
    if (!isDirty) return;
    isDirty = false;
    try {
      await shelf.save(pile);
      problem = null;
      failure = null;
    } catch (error) {
      isDirty = true;
      failure = error;
      problem = (error as NodeJS.ErrnoException).code ?? 'unknown';
      onProblem('write-failed', problem);
    }
  };

  const work = async () => {
    await loaded;
    const pace = createPace(sliceMs);
    for (;;) {
      while (queue.size > 0 && !isClosed) {
        await takeInSome(pace);
        await pace.rest();
        while (await pile.tidy(pace));
        // A full disk is not tried again with every slice.
        if (shelf.unsavedBytes() > MAX_UNSAVED_BYTES && problem === null) await save();
        report();
      }
      while (!isClosed && (await pile.tidy(pace)));
      if (!isSaveWanted) break;
      await save();
      report();
    }
  };

  const run = (): Promise<void> => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };

  const later = () => {
    void run();
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      isSaveWanted = true;
      void run();
    }, saveAfterMs);
    timer.unref();
  };

  /** Ranks in slices too: a desk may hold far more than the usual number of articles. */
  const rank = async (plan: Plan, segments: readonly Segment[], wanted: number) => {
    const best = new Best(Math.max(wanted, LOOKED_AT_CLOSELY));
    const pace = createPace(sliceMs);
    let total = 0;
    for (const segment of segments) {
      total += rankSegment(plan, segment, best);
      if (pace.isDue()) await pace.rest();
    }
    const sorted = best.sorted();
    const first = rankNeighbours(plan, sorted.slice(0, LOOKED_AT_CLOSELY));
    return { total, ranked: [...first, ...sorted.slice(LOOKED_AT_CLOSELY, wanted)] };
  };

  const passageOf = async (entry: DocEntry, query: ParsedQuery): Promise<Passage> => {
    const bytes = await shelf.readText(entry);
    if (bytes === null) return NO_PASSAGE;
    const text = JSON.parse(Buffer.from(bytes).toString('utf8')) as DocText;
    return { ...snippetOf(text, query), title: mark(text.title, query) };
  };

  const hitOf = async ({ segment, doc, score }: Ranked, query: ParsedQuery): Promise<SearchHit> => {
    const entry = segment.docs[doc] as DocEntry;
    return { articleId: entry.id, score, ...(await passageOf(entry, query)) };
  };

  return {
    put(doc) {
      if (isClosed) return;
      // The newest state goes to the end: who is still writing it will soon change it again.
      queue.delete(doc.id);
      queue.set(doc.id, doc);
      later();
    },
    remove(id) {
      if (isClosed) return;
      queue.delete(id);
      const forget = () => {
        const entry = pile.remove(id);
        if (!entry) return;
        shelf.dropText(entry);
        isDirty = true;
        later();
      };
      if (isLoaded) forget();
      else
        void loaded.then(() => {
          if (!queue.has(id)) forget();
        });
    },
    async known() {
      await loaded;
      const versions = new Map<string, string>();
      for (const id of pile.ids()) versions.set(id, pile.find(id)?.version ?? '');
      return versions;
    },
    async query({ text, filters, offset = 0, count = 20, snippets = true }) {
      if (!isLoaded) await Promise.race([loaded, pause(LOAD_WAIT_MS, undefined, { ref: false })]);
      const query = parseQuery(text);
      const words = query.words.length;
      const isComplete = isLoaded && queue.size === 0;
      if (words === 0) return { total: 0, hits: [], isRelaxed: false, isComplete };
      const from = Math.max(0, Math.trunc(offset));
      const wanted = Math.min(MAX_COUNT, Math.max(0, Math.trunc(count)));
      const segments = pile.segments();
      const plan = planOf(query, segments, filters ? acceptor(filters) : null);
      let { total, ranked } = await rank(plan, segments, from + wanted);
      let { needed } = plan;
      // Long queries in people's own words seldom stand whole in one text. Phrases and document numbers are not taken apart.
      const least = Math.max(2, Math.ceil(words / 2), words - query.words.filter(isFree).length + 1);
      while (total === 0 && needed > least) {
        needed -= 1;
        ({ total, ranked } = await rank({ ...plan, needed }, segments, from + wanted));
      }
      const page = ranked.slice(from, from + wanted);
      const hits: SearchHit[] = [];
      const texts = snippets
        ? page.map((one) => hitOf(one, query))
        : page.map(({ segment, doc, score }) => bare(segment.docs[doc]?.id ?? '', score));
      for (const hit of texts) hits.push(await hit);
      return { total, hits, isRelaxed: needed < words, isComplete };
    },
    async passages(text, ids) {
      const query = parseQuery(text);
      const pace = createPace(sliceMs);
      if (recent.text !== text || recent.passages.size > MAX_RECENT) recent = { text, passages: new Map() };
      const { passages } = recent;
      const found = new Map<string, Passage>();
      for (const id of ids) {
        const entry = pile.find(id);
        if (!entry) continue;
        const passage = passages.get(entry) ?? (await passageOf(entry, query));
        passages.set(entry, passage);
        found.set(id, passage);
        await pace.rest();
      }
      return found;
    },
    progress,
    async flush() {
      isSaveWanted = true;
      await run();
      if (isSaveWanted) await run();
      if (failure !== null) throw failure;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      isSaveWanted = true;
      await run();
      await run();
      if (timer) clearTimeout(timer);
      await vault.close();
      report();
    },
  };
}

const isFree = ({ follows }: QueryWord, index: number, words: readonly QueryWord[]): boolean =>
  !follows && words[index + 1]?.follows !== true;

const NOTHING = { text: '', ranges: [] } as const;
const NO_PASSAGE: Passage = { field: FIELDS[3], name: null, snippet: NOTHING, title: NOTHING };
const bare = (articleId: string, score: number): SearchHit => ({ articleId, score, ...NO_PASSAGE });

function acceptor(filters: SearchFilters): (doc: DocEntry) => boolean {
  const set = (values: readonly string[] | undefined) => (values ? new Set(values) : null);
  const units = set(filters.unitIds);
  const categories = set(filters.categoryIds);
  const states = set(filters.states);
  const channels = set(filters.channels);
  const { dates } = filters;
  return (doc) => {
    if (units && !units.has(doc.unitId)) return false;
    if (categories && !categories.has(doc.categoryId)) return false;
    if (states && !states.has(doc.state)) return false;
    if (channels && !channels.has(doc.channel)) return false;
    if (!dates) return true;
    const date = doc.dates[dates.of];
    if (date === null) return false;
    return date >= (dates.from ?? -Infinity) && date <= (dates.to ?? Infinity);
  };
}
