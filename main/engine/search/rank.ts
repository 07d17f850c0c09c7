import { type Best, isWorse, type Ranked } from './best.ts';
import { isExact, type ParsedQuery, type QueryWord } from './parse.ts';
import { K1, normOf, OTHER_MARKS, type Range, type Row, roundedLength, rowsOf, WHOLE } from './rows.ts';
import { type DocEntry, lowerBound, type Segment } from './segment.ts';

/** What of a query is the same for all segments. */
export interface Plan {
  readonly query: ParsedQuery;
  /** How rare each word is. */
  readonly rarity: readonly number[];
  /** Where in each segment the words are. */
  readonly ranges: ReadonlyMap<Segment, readonly Range[]>;
  /** At least so many words must be there, and of phrases all. */
  readonly needed: number;
  /** Bits of the words of phrases. */
  readonly inPhrases: number;
  readonly averageLength: number;
  readonly accepts: ((doc: DocEntry) => boolean) | null;
}

/** What two neighbours of the query count that are neighbours in the text too, in words. */
const NEIGHBOURS = 1.2;
const NEIGHBOURS_IN_TITLE = 5;
/** Neighbours are not looked for among so many words that begin alike. */
const MAX_NEIGHBOUR_FORMS = 400;

/** Forms of the segment that a word of the query asks for. */
function rangeOf(segment: Segment, word: QueryWord): Range {
  const from = lowerBound(segment, word.folded);
  if (word.isPrefix) return [from, lowerBound(segment, `${word.folded}\uffff`)];
  let to = from;
  while (segment.folded[to] === word.folded) to += 1;
  return [from, to];
}

const postingsOf = (segment: Segment, [from, to]: Range): number =>
  (segment.postingStart[to] as number) - (segment.postingStart[from] as number);

/** Makes the plan of a query. */
export function planOf(query: ParsedQuery, segments: readonly Segment[], accepts: Plan['accepts']): Plan {
  const { words } = query;
  const ranges = new Map<Segment, readonly Range[]>();
  const found = words.map(() => 0);
  let docs = 0;
  let length = 0;
  for (const segment of segments) {
    docs += segment.docs.length;
    length += segment.base.at(-1) ?? 0;
    const own = words.map((word) => rangeOf(segment, word));
    ranges.set(segment, own);
    own.forEach((range, index) => {
      // Counts an article once for each spelling in it: too many at times, never too few.
      found[index] = (found[index] as number) + Math.min(segment.docs.length, postingsOf(segment, range));
    });
  }
  let inPhrases = 0;
  words.forEach((word, index) => {
    if (word.follows) inPhrases |= 3 << (index - 1);
  });
  return {
    query,
    rarity: found.map((count) => Math.log(1 + (docs - count + 0.5) / (count + 0.5))),
    ranges,
    needed: words.length,
    inPhrases,
    averageLength: roundedLength(docs === 0 ? 1 : length / docs),
    accepts,
  };
}

/** Room for the work on one segment, used again for the next: all of it is synchronous. */
let candidates = new Uint16Array(0);
let counted = new Uint8Array(0);
let scores = new Float64Array(0);

function makeRoom(docs: number): void {
  if (candidates.length >= docs) return;
  candidates = new Uint16Array(docs);
  counted = new Uint8Array(docs);
  scores = new Float64Array(docs);
}

/** Documents that have every word, into `candidates`; gives how many. */
function withAll(rows: readonly Row[], sizes: readonly number[], docs: number): number {
  const order = rows.map((_, index) => index).sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
  let count = -1;
  for (const index of order) {
    const row = rows[index] as Row;
    let kept = 0;
    // Written always and counted only where it fits: a branch would be guessed wrongly half of the time.
    if (count < 0) {
      for (let doc = 0; doc < docs; doc += 1) {
        candidates[kept] = doc;
        kept += row[doc] === 0 ? 0 : 1;
      }
    } else {
      for (let nth = 0; nth < count; nth += 1) {
        const doc = candidates[nth] as number;
        candidates[kept] = doc;
        kept += row[doc] === 0 ? 0 : 1;
      }
    }
    count = kept;
  }
  return count;
}

/** More than there are words in a query; what lacks a word of a phrase stays above it when more words are counted. */
const LACKS = 128;

/** Documents that have `needed` of the words and all words of phrases, into `candidates`; gives how many. */
function withMost(rows: readonly Row[], docs: number, needed: number, inPhrases: number): number {
  counted.fill(0, 0, docs);
  rows.forEach((row, index) => {
    const isBound = (inPhrases & (1 << index)) !== 0;
    for (let doc = 0; doc < docs; doc += 1) {
      if (row[doc] !== 0) counted[doc] = (counted[doc] as number) + 1;
      else if (isBound) counted[doc] = LACKS;
    }
  });
  let count = 0;
  for (let doc = 0; doc < docs; doc += 1) {
    const has = counted[doc] as number;
    if (has < needed || has >= LACKS) continue;
    candidates[count] = doc;
    count += 1;
  }
  return count;
}

/**
 * Offers every document of the segment that answers the query to `best` and gives how many there are. Synchronous, a few microseconds
 * for a thousand documents and a word.
 */
export function rankSegment(plan: Plan, segment: Segment, best: Best): number {
  const { query, needed, inPhrases, rarity, accepts } = plan;
  const { words } = query;
  const ranges = plan.ranges.get(segment) ?? [];
  const sizes = ranges.map((range) => postingsOf(segment, range));
  const isStrict = needed >= words.length;
  if (isStrict ? sizes.includes(0) : sizes.filter((size) => size > 0).length < needed) return 0;

  const docs = segment.docs.length;
  makeRoom(docs);
  const rows = rowsOf(segment, query, ranges, plan.averageLength);
  const all = isStrict ? withAll(rows, sizes, docs) : withMost(rows, docs, needed, inPhrases);
  let count = 0;
  for (let nth = 0; nth < all; nth += 1) {
    const doc = candidates[nth] as number;
    if (segment.dead[doc] === 1) continue;
    if (accepts !== null && !accepts(segment.docs[doc] as DocEntry)) continue;
    candidates[count] = doc;
    count += 1;
  }
  if (inPhrases !== 0 && count > 0) {
    const { hasPhrases } = neighbours(segment, query, ranges, candidates.subarray(0, count));
    let kept = 0;
    for (let nth = 0; nth < count; nth += 1) {
      candidates[kept] = candidates[nth] as number;
      kept += hasPhrases(candidates[nth] as number) ? 1 : 0;
    }
    count = kept;
  }
  // Word by word over plain arrays: this loop is most of the time of a search for common words.
  scores.fill(0, 0, count);
  rows.forEach((row, index) => {
    const worth = ((rarity[index] as number) * (K1 + 1)) / WHOLE;
    for (let nth = 0; nth < count; nth += 1)
      scores[nth] = (scores[nth] as number) + worth * Math.abs(row[candidates[nth] as number] as number);
  });
  const marked = rows.filter((_, index) => words[index]?.isMarked);
  for (let nth = 0; nth < count; nth += 1) {
    const score = scores[nth] as number;
    if (best.leastTier === 1 && score < best.leastScore) continue;
    const doc = candidates[nth] as number;
    const tier = marked.length > 0 && marked.every((row) => (row[doc] as number) > 0) ? 1 : 0;
    best.offer(segment, doc, tier, score);
  }
  return count;
}

/** Calls `visit` for the postings from `start` to `end` that are of the documents `wanted`; both ascend. */
function eachWanted(
  docOf: Uint16Array,
  start: number,
  end: number,
  wanted: ArrayLike<number>,
  visit: (posting: number, index: number) => void,
): void {
  let low = start;
  for (let index = 0; index < wanted.length && low < end; index += 1) {
    const doc = wanted[index] as number;
    // Doubling steps, then halving: near ones are found at once, far ones in few steps.
    let step = 1;
    while (low + step < end && (docOf[low + step] as number) <= doc) step *= 2;
    let first = low;
    let last = Math.min(end, low + step);
    while (first < last) {
      const middle = (first + last) >>> 1;
      if ((docOf[middle] as number) < doc) first = middle + 1;
      else last = middle;
    }
    low = first;
    if (low < end && docOf[low] === doc) visit(low, index);
  }
}

/** Room of `neighbours`. */
let stamps = new Uint32Array(0);
let starts = new Uint32Array(0);
let nthOf = new Uint32Array(0);
/** Postings are gone through one by one while there are not this many times as many as documents wanted. */
const FAR_MORE = 8;

/**
 * Goes through the positions in some documents, ascending. `pairs`: for each word and document how often the word follows the word before it, those in
 * titles counting more. `hasPhrases`: whether a document has every phrase of the query.
 */
function neighbours(
  segment: Segment,
  query: ParsedQuery,
  ranges: readonly Range[],
  docs: ArrayLike<number>,
): { pairs: readonly Float32Array[]; hasPhrases: (doc: number) => boolean } {
  const { words } = query;
  const { base, titleEnd, docOf, positions, postingStart, positionStart } = segment;
  if (nthOf.length < segment.docs.length) nthOf = new Uint32Array(segment.docs.length);
  if (starts.length < docs.length) starts = new Uint32Array(docs.length);
  // Places are numbered through these documents alone, so that those of a hundred stay in the processor's cache.
  let places = 1;
  for (let nth = 0; nth < docs.length; nth += 1) {
    const doc = docs[nth] as number;
    nthOf[doc] = nth + 1;
    starts[nth] = places;
    places += (base[doc + 1] as number) - (base[doc] as number);
  }
  if (stamps.length < places) stamps = new Uint32Array(places);
  stamps.fill(0, 0, places);
  const pairs = words.map(() => new Float32Array(docs.length));
  const found: Set<number>[] = [];

  words.forEach((word, index) => {
    const [from, to] = ranges[index] as Range;
    const bit = 1 << index;
    const before = index > 0 ? bit >>> 1 : 0;
    const row = pairs[index] as Float32Array;
    const leads = words[index + 1]?.follows === true;
    if (to - from > MAX_NEIGHBOUR_FORMS && !word.follows && !leads) return;
    const whole = word.follows && !leads ? new Set<number>() : null;
    let factor = 1;
    const visit = (posting: number, nth: number) => {
      const doc = docs[nth] as number;
      const end = titleEnd[doc] as number;
      // One place is left free before each document, so that there is always one to look back at.
      const first = starts[nth] as number;
      const last = positionStart[posting + 1] as number;
      for (let place = positionStart[posting] as number; place < last; place += 1) {
        const position = positions[place] as number;
        const spot = first + position;
        if (before !== 0 && ((stamps[spot - 1] as number) & before) !== 0) {
          row[nth] = (row[nth] as number) + (position < end ? NEIGHBOURS_IN_TITLE : 1) * factor;
          whole?.add(doc);
        } else if (word.follows) continue;
        stamps[spot] = (stamps[spot] as number) | bit;
      }
    };
    for (let form = from; form < to; form += 1) {
      factor = !query.isMarked || isExact(word, segment.keys[form] as string) ? 1 : OTHER_MARKS;
      const [start, end] = [postingStart[form] as number, postingStart[form + 1] as number];
      if (end - start >= docs.length * FAR_MORE) eachWanted(docOf, start, end, docs, visit);
      else
        for (let at = start; at < end; at += 1) {
          const nth = nthOf[docOf[at] as number] as number;
          if (nth > 0) visit(at, nth - 1);
        }
    }
    if (whole) found.push(whole);
  });
  for (let nth = 0; nth < docs.length; nth += 1) nthOf[docs[nth] as number] = 0;
  const hasPhrases = (doc: number) => found.every((having) => having.has(doc));
  return { pairs, hasPhrases };
}

/** Adds to the score of each what its neighbouring words are worth. Most Vietnamese words are two syllables. */
export function rankNeighbours(plan: Plan, entries: readonly Ranked[]): Ranked[] {
  const { query, rarity, averageLength } = plan;
  if (query.words.length < 2) return [...entries];
  const bySegment = Map.groupBy(entries, (entry) => entry.segment);
  const scored: Ranked[] = [];
  for (const [segment, group] of bySegment) {
    const ranges = plan.ranges.get(segment) ?? [];
    const sorted = group.sort((a, b) => a.doc - b.doc);
    const docs = sorted.map((entry) => entry.doc);
    const { pairs } = neighbours(segment, query, ranges, docs);
    sorted.forEach((entry, nth) => {
      const norm = normOf(segment, entry.doc, averageLength);
      let { score } = entry;
      for (let index = 1; index < pairs.length; index += 1) {
        const together = pairs[index]?.[nth] as number;
        const rare = ((rarity[index] as number) + (rarity[index - 1] as number)) / 2;
        score += (NEIGHBOURS * rare * together * (K1 + 1)) / (together + norm);
      }
      scored.push({ ...entry, score });
    });
  }
  return scored.sort((a, b) => (isWorse(a, b) ? 1 : -1));
}
