import { isWorse, type Ranked } from './best.ts';
import { isExact, type ParsedQuery, type QueryWord } from './parse.ts';
import { BODY_WEIGHT, type DocEntry, lowerBound, type Segment } from './segment.ts';

type Range = readonly [from: number, to: number];

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

const K1 = 1.2;
const B = 0.6;
/** Other spellings beside the one typed, and words that only begin so. */
const OTHER_MARKS = 0.4;
const ONLY_BEGINS = 0.5;
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
    own.forEach(([from, to], index) => {
      const postings = (segment.postingStart[to] as number) - (segment.postingStart[from] as number);
      // Counts an article once for each spelling in it: too many at times, never too few.
      found[index] = (found[index] as number) + Math.min(segment.docs.length, postings);
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
    averageLength: docs === 0 ? 1 : length / docs,
    accepts,
  };
}

/** Room for the work on one segment, used again for the next: all of it is synchronous. */
interface Room {
  rows: Float32Array[];
  mask: Uint32Array;
  exact: Uint32Array;
  candidates: Uint16Array;
  norms: Float64Array;
  scores: Float64Array;
}
const roomFor = (docs: number): Room => ({
  rows: [],
  mask: new Uint32Array(docs),
  exact: new Uint32Array(docs),
  candidates: new Uint16Array(docs),
  norms: new Float64Array(docs),
  scores: new Float64Array(docs),
});
let room = roomFor(0);

function cleared(rows: number, docs: number): Room {
  if (room.mask.length < docs) room = roomFor(docs);
  room.mask.fill(0, 0, docs);
  room.exact.fill(0, 0, docs);
  while (room.rows.length < rows) room.rows.push(new Float32Array(room.mask.length));
  for (let row = 0; row < rows; row += 1) room.rows[row]?.fill(0, 0, docs);
  return room;
}

const bitCount = (bits: number): number => {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
};

/** Calls `sink` with every document of the segment that answers the query. Synchronous, well under a millisecond for a thousand. */
export function rankSegment(
  plan: Plan,
  segment: Segment,
  sink: (doc: number, tier: number, score: number) => void,
): void {
  const { query, needed, inPhrases } = plan;
  const { words } = query;
  const ranges = plan.ranges.get(segment) ?? [];
  const sizes = ranges.map(
    ([from, to]) => (segment.postingStart[to] as number) - (segment.postingStart[from] as number),
  );
  const isStrict = needed >= words.length;
  if (isStrict ? sizes.includes(0) : sizes.filter((size) => size > 0).length < needed) return;

  const docs = segment.docs.length;
  const { rows, mask, exact, candidates, norms, scores } = cleared(words.length, docs);
  const order = words.map((_, index) => index).sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
  let all = 0;
  let marked = 0;
  for (const index of order) {
    const word = words[index] as QueryWord;
    const range = ranges[index] as Range;
    const bits = { bit: 1 << index, before: isStrict ? all : 0 };
    collect(segment, query, word, range, rows[index] as Float32Array, bits);
    all |= bits.bit;
    if (word.isMarked) marked |= bits.bit;
  }

  const { averageLength, rarity, accepts } = plan;
  let count = 0;
  for (let doc = 0; doc < docs; doc += 1) {
    const bits = mask[doc] as number;
    if (bits === 0 || segment.dead[doc] === 1) continue;
    if (isStrict ? bits !== all : (bits & inPhrases) !== inPhrases || bitCount(bits) < needed) continue;
    if (accepts !== null && !accepts(segment.docs[doc] as DocEntry)) continue;
    candidates[count] = doc;
    count += 1;
  }
  const found = candidates.subarray(0, count);
  const isWhole = inPhrases === 0 ? null : neighbours(segment, query, ranges, found).hasPhrases;
  // Word by word over plain arrays: this loop is most of the time of a search for common words.
  for (let nth = 0; nth < count; nth += 1) {
    norms[nth] = normOf(segment, found[nth] as number, averageLength);
    scores[nth] = 0;
  }
  for (let index = 0; index < words.length; index += 1) {
    const row = rows[index] as Float32Array;
    const most = (rarity[index] as number) * (K1 + 1);
    for (let nth = 0; nth < count; nth += 1) {
      const weight = row[found[nth] as number] as number;
      scores[nth] = (scores[nth] as number) + (most * weight) / (weight + (norms[nth] as number));
    }
  }
  for (let nth = 0; nth < count; nth += 1) {
    const doc = found[nth] as number;
    if (isWhole !== null && !isWhole(doc)) continue;
    const tier = marked !== 0 && ((exact[doc] as number) & marked) === marked ? 1 : 0;
    sink(doc, tier, scores[nth] as number);
  }
}

const normOf = (segment: Segment, doc: number, averageLength: number): number =>
  K1 * (1 - B + (B * (segment.lengths[doc] as number)) / averageLength);

/** Adds up the weighted occurrences of one word of the query; in documents that have the words before it. */
function collect(
  segment: Segment,
  query: ParsedQuery,
  word: QueryWord,
  [from, to]: Range,
  row: Float32Array,
  { bit, before }: { bit: number; before: number },
): void {
  const { mask, exact } = room;
  const add = (docs: Uint16Array, weights: Uint16Array, start: number, end: number, factor: number) => {
    const scaled = factor / BODY_WEIGHT;
    for (let at = start; at < end; at += 1) {
      const doc = docs[at] as number;
      const known = mask[doc] as number;
      if ((known & before) !== before) continue;
      mask[doc] = known | bit;
      row[doc] = (row[doc] as number) + (weights[at] as number) * scaled;
    }
  };
  const { postingStart } = segment;
  const isMarked = query.isMarked;
  const group = to - from >= GROUPED_FORMS ? groupOf(segment, word, from, to) : null;
  if (group) add(group.docs, group.weights, 0, group.docs.length, isMarked ? OTHER_MARKS : 1);
  if (group && !isMarked) return;
  for (let form = from; form < to; form += 1) {
    const isSpeltSo = isMarked && isExact(word, segment.keys[form] as string);
    if (group && !isSpeltSo) continue;
    const [start, end] = [postingStart[form] as number, postingStart[form + 1] as number];
    const share = segment.folded[form] === word.folded ? 1 : ONLY_BEGINS;
    // What is in the group was counted as spelt otherwise.
    const spelling = isSpeltSo || !isMarked ? 1 : OTHER_MARKS;
    add(segment.docOf, segment.weights, start, end, share * (group ? 1 - OTHER_MARKS : spelling));
    if (!isSpeltSo) continue;
    for (let at = start; at < end; at += 1) {
      const doc = segment.docOf[at] as number;
      exact[doc] = (exact[doc] as number) | bit;
    }
  }
}

/** So many spellings are added up once and kept. */
const GROUPED_FORMS = 6;
const MAX_GROUPS = 400;
/** Smaller segments are soon merged and quickly gone through. */
const GROUPED_DOCS = 128;

interface Group {
  readonly docs: Uint16Array;
  readonly weights: Uint16Array;
}
const groups = new WeakMap<Segment, Map<string, Group>>();

/** The documents of many spellings or beginnings together. Short beginnings have hundreds; people type them with every search. */
function groupOf(segment: Segment, word: QueryWord, from: number, to: number): Group | null {
  if (segment.docs.length < GROUPED_DOCS) return null;
  let known = groups.get(segment);
  if (!known) {
    known = new Map();
    groups.set(segment, known);
  }
  const name = word.isPrefix ? `${word.folded}*` : word.folded;
  const kept = known.get(name);
  if (kept) {
    known.delete(name);
    known.set(name, kept);
    return kept;
  }
  const sums = new Float64Array(segment.docs.length);
  for (let form = from; form < to; form += 1) {
    const share = segment.folded[form] === word.folded ? 1 : ONLY_BEGINS;
    const end = segment.postingStart[form + 1] as number;
    for (let at = segment.postingStart[form] as number; at < end; at += 1) {
      const doc = segment.docOf[at] as number;
      sums[doc] = (sums[doc] as number) + (segment.weights[at] as number) * share;
    }
  }
  const docs = Uint16Array.from(sums.keys()).filter((doc) => (sums[doc] as number) > 0);
  const weights = docs.map((doc) => Math.min(65_535, Math.ceil(sums[doc] as number)));
  const group = { docs, weights };
  const oldest = known.size >= MAX_GROUPS ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  known.set(name, group);
  return group;
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

let stamps = new Uint32Array(0);
let touched = new Uint32Array(1024);

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
  const places = (base.at(-1) as number) + 1;
  if (stamps.length < places) stamps = new Uint32Array(places);
  let used = 0;
  const pairs = words.map(() => new Float32Array(docs.length));
  const found: Set<number>[] = [];

  words.forEach((word, index) => {
    const [from, to] = ranges[index] as Range;
    const bit = 1 << index;
    const row = pairs[index] as Float32Array;
    const leads = words[index + 1]?.follows === true;
    if (to - from > MAX_NEIGHBOUR_FORMS && !word.follows && !leads) return;
    const whole = word.follows && !leads ? new Set<number>() : null;
    for (let form = from; form < to; form += 1) {
      const factor = !query.isMarked || isExact(word, segment.keys[form] as string) ? 1 : OTHER_MARKS;
      const [start, end] = [postingStart[form] as number, postingStart[form + 1] as number];
      eachWanted(docOf, start, end, docs, (posting, nth) => {
        const doc = docs[nth] as number;
        // One place is left free before each document, so that there is always one to look back at.
        const first = (base[doc] as number) + 1;
        const last = positionStart[posting + 1] as number;
        for (let place = positionStart[posting] as number; place < last; place += 1) {
          const position = positions[place] as number;
          const spot = first + position;
          if (index > 0 && ((stamps[spot - 1] as number) & (bit >>> 1)) !== 0) {
            const worth = position < (titleEnd[doc] as number) ? NEIGHBOURS_IN_TITLE : 1;
            row[nth] = (row[nth] as number) + worth * factor;
            whole?.add(doc);
          } else if (word.follows) continue;
          stamps[spot] = (stamps[spot] as number) | bit;
          if (used === touched.length) {
            const wider = new Uint32Array(used * 2);
            wider.set(touched);
            touched = wider;
          }
          touched[used] = spot;
          used += 1;
        }
      });
    }
    if (whole) found.push(whole);
  });
  for (let index = 0; index < used; index += 1) stamps[touched[index] as number] = 0;
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
