import { isExact, type ParsedQuery, type QueryWord } from './parse.ts';
import { BODY_WEIGHT, type DocEntry, lowerBound, type Segment } from './segment.ts';

export interface Ranked {
  readonly segment: Segment;
  readonly doc: number;
  /** 1 when every marked word of the query stands there with the same marks. Comes before the score. */
  readonly tier: number;
  readonly score: number;
}

/** What of a query is the same for all segments. */
export interface Plan {
  readonly query: ParsedQuery;
  /** How rare each word is. */
  readonly rarity: readonly number[];
  /** At least so many words must be there, and with them every phrase that is fully among them. */
  readonly needed: number;
  readonly averageLength: number;
  readonly accepts: ((doc: DocEntry) => boolean) | null;
}

const K1 = 1.2;
const B = 0.6;
/** Other spellings beside the one typed, and words that only begin so. */
const OTHER_MARKS = 0.4;
const ONLY_BEGINS = 0.5;
/** What two neighbours of the query count that are neighbours in the text too, in words. Most Vietnamese words are two syllables. */
const NEIGHBOURS = 1.2;
const NEIGHBOURS_IN_TITLE = 5;
/** Neighbours are not looked for among so many words that begin alike. */
const MAX_NEIGHBOUR_FORMS = 400;

/** Forms of the segment that a word of the query asks for: from, to. */
export function rangeOf(segment: Segment, word: QueryWord): readonly [from: number, to: number] {
  const from = lowerBound(segment, word.folded);
  if (word.isPrefix) return [from, lowerBound(segment, `${word.folded}\uffff`)];
  let to = from;
  while (segment.folded[to] === word.folded) to += 1;
  return [from, to];
}

/** Makes the plan of a query. */
export function planOf(
  query: ParsedQuery,
  segments: readonly Segment[],
  needed: number,
  accepts: Plan['accepts'],
): Plan {
  let docs = 0;
  let length = 0;
  for (const segment of segments) {
    docs += segment.docs.length;
    length += segment.base.at(-1) ?? 0;
  }
  const rarity = query.words.map((word) => {
    let found = 0;
    for (const segment of segments) {
      const [from, to] = rangeOf(segment, word);
      // Counts an article once for each spelling in it: too many at times, never too few.
      found += Math.min(
        segment.docs.length,
        (segment.postingStart[to] as number) - (segment.postingStart[from] as number),
      );
    }
    return Math.log(1 + (docs - found + 0.5) / (found + 0.5));
  });
  return { query, rarity, needed, averageLength: docs === 0 ? 1 : length / docs, accepts };
}

/** Room for the work on one segment, used again for the next. */
interface Room {
  weights: Float32Array[];
  mask: Uint32Array;
  exact: Uint32Array;
  stamps: Uint32Array;
  touched: Uint32Array;
}
const room: Room = {
  weights: [],
  mask: new Uint32Array(0),
  exact: new Uint32Array(0),
  stamps: new Uint32Array(0),
  touched: new Uint32Array(1024),
};

function cleared(rows: number, docs: number): Room {
  if (room.mask.length < docs) {
    room.mask = new Uint32Array(docs);
    room.exact = new Uint32Array(docs);
    room.weights = [];
  }
  room.mask.fill(0, 0, docs);
  room.exact.fill(0, 0, docs);
  while (room.weights.length < rows) room.weights.push(new Float32Array(room.mask.length));
  for (let row = 0; row < rows; row += 1) room.weights[row]?.fill(0, 0, docs);
  return room;
}

const bitCount = (bits: number): number => {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
};

/** Calls `sink` with every document of the segment that answers the query. Synchronous; a few milliseconds for 20,000 documents. */
export function rankSegment(
  plan: Plan,
  segment: Segment,
  sink: (doc: number, tier: number, score: number) => void,
): void {
  const { query, needed } = plan;
  const { words } = query;
  const ranges = words.map((word) => rangeOf(segment, word));
  const sizes = ranges.map(
    ([from, to]) => (segment.postingStart[to] as number) - (segment.postingStart[from] as number),
  );
  const isStrict = needed >= words.length;
  if (isStrict ? sizes.includes(0) : sizes.filter((size) => size > 0).length < needed) return;

  const docs = segment.docs.length;
  const { weights, mask, exact } = cleared(words.length * 2, docs);
  const order = words.map((_, index) => index).sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
  let before = 0;
  for (const index of order) {
    const word = words[index] as QueryWord;
    const [from, to] = ranges[index] as readonly [number, number];
    collect(segment, query, word, from, to, weights[index] as Float32Array, {
      mask,
      exact,
      bit: 1 << index,
      before: isStrict ? before : 0,
    });
    before |= 1 << index;
  }

  const candidates: number[] = [];
  for (let doc = 0; doc < docs; doc += 1) {
    const bits = mask[doc] as number;
    if (bits === 0 || segment.dead[doc] === 1) continue;
    if (isStrict ? bits !== before : bitCount(bits) < needed) continue;
    if (plan.accepts !== null && !plan.accepts(segment.docs[doc] as DocEntry)) continue;
    candidates.push(doc);
    // From here on the highest bit says that the document is a candidate.
    mask[doc] = (bits | CANDIDATE) >>> 0;
  }
  if (candidates.length === 0) return;
  const phrases = words.length > 1 ? neighbours(segment, plan, ranges) : null;

  let marked = 0;
  words.forEach((word, index) => {
    if (word.isMarked) marked |= 1 << index;
  });
  for (const doc of candidates) {
    if (phrases !== null && !phrases(doc)) continue;
    const norm = K1 * (1 - B + (B * (segment.lengths[doc] as number)) / plan.averageLength);
    let score = 0;
    for (let index = 0; index < words.length; index += 1) {
      const rarity = plan.rarity[index] as number;
      const weight = (weights[index]?.[doc] as number) / BODY_WEIGHT;
      score += (rarity * weight * (K1 + 1)) / (weight + norm);
      if (index === 0) continue;
      const together = weights[words.length + index]?.[doc] as number;
      if (together > 0)
        score +=
          (NEIGHBOURS * 0.5 * (rarity + (plan.rarity[index - 1] as number)) * together * (K1 + 1)) /
          (together + norm);
    }
    const tier = marked !== 0 && ((exact[doc] as number) & marked) === marked ? 1 : 0;
    sink(doc, tier, score);
  }
}

const CANDIDATE = 1 << 31;

/** Adds up the weighted occurrences of one word of the query. */
function collect(
  segment: Segment,
  query: ParsedQuery,
  word: QueryWord,
  from: number,
  to: number,
  row: Float32Array,
  bits: { mask: Uint32Array; exact: Uint32Array; bit: number; before: number },
): void {
  const { docOf, weights, postingStart } = segment;
  const { mask, exact, bit, before } = bits;
  for (let form = from; form < to; form += 1) {
    const isSpeltSo = isExact(word, segment.keys[form] as string);
    const factor =
      (isSpeltSo || !query.isMarked ? 1 : OTHER_MARKS) *
      (segment.folded[form] === word.folded ? 1 : ONLY_BEGINS);
    const end = postingStart[form + 1] as number;
    for (let at = postingStart[form] as number; at < end; at += 1) {
      const doc = docOf[at] as number;
      const known = mask[doc] as number;
      if ((known & before) !== before) continue;
      mask[doc] = known | bit;
      if (isSpeltSo) exact[doc] = (exact[doc] as number) | bit;
      row[doc] = (row[doc] as number) + (weights[at] as number) * factor;
    }
  }
}

/**
 * Goes through the positions in the candidates: counts neighbours, and finds phrases. Answers whether a document has every phrase of
 * the query (of those words that it has); null when the query has none.
 */
function neighbours(
  segment: Segment,
  { query }: Plan,
  ranges: readonly (readonly [number, number])[],
): ((doc: number) => boolean) | null {
  const { words } = query;
  const { weights, mask } = room;
  const { base, titleEnd, docOf, counts, positions, postingStart, positionStart } = segment;
  const places = (base.at(-1) as number) + 1;
  if (room.stamps.length < places) room.stamps = new Uint32Array(places);
  const { stamps } = room;
  let { touched } = room;
  let used = 0;
  /** By phrase: the bit of its last word, and the documents in which it is found. */
  const found: { bit: number; all: number; docs: Set<number> }[] = [];

  words.forEach((word, index) => {
    const [from, to] = ranges[index] as readonly [number, number];
    const bit = 1 << index;
    const row = weights[words.length + index] as Float32Array;
    const isAsked = word.follows || words[index + 1]?.follows === true;
    if (to - from > MAX_NEIGHBOUR_FORMS && !isAsked) return;
    const endsPhrase = word.follows && words[index + 1]?.follows !== true;
    const docs = new Set<number>();
    for (let form = from; form < to; form += 1) {
      const factor = !query.isMarked || isExact(word, segment.keys[form] as string) ? 1 : OTHER_MARKS;
      const end = postingStart[form + 1] as number;
      let place = positionStart[form] as number;
      for (let at = postingStart[form] as number; at < end; at += 1) {
        const doc = docOf[at] as number;
        const count = counts[at] as number;
        if (((mask[doc] as number) & CANDIDATE) !== 0) {
          // One place is left free before each document, so that there is always one to look back at.
          const start = (base[doc] as number) + 1;
          for (let step = 0; step < count; step += 1) {
            const position = positions[place + step] as number;
            const spot = start + position;
            const isNext = index > 0 && ((stamps[spot - 1] as number) & (bit >>> 1)) !== 0;
            if (isNext) {
              row[doc] =
                (row[doc] as number) +
                (position < (titleEnd[doc] as number) ? NEIGHBOURS_IN_TITLE : 1) * factor;
              if (endsPhrase) docs.add(doc);
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
        }
        place += count;
      }
    }
    if (endsPhrase) {
      let all = 0;
      for (let at = index; at >= 0; at -= 1) {
        all |= 1 << at;
        if (words[at]?.follows !== true) break;
      }
      found.push({ bit, all, docs });
    }
  });
  for (let index = 0; index < used; index += 1) stamps[touched[index] as number] = 0;
  room.touched = touched;
  if (found.length === 0) return null;
  return (doc) =>
    found.every(({ all, docs }) => ((mask[doc] as number) & all) !== all || docs.has(doc));
}

/** The best of what is offered, kept as a heap with the worst on top. */
export class Best {
  readonly #size: number;
  readonly #heap: Ranked[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  offer(segment: Segment, doc: number, tier: number, score: number): void {
    const heap = this.#heap;
    if (this.#size === 0) return;
    const top = heap[0];
    if (heap.length === this.#size && top) {
      if (tier < top.tier || (tier === top.tier && score < top.score)) return;
      const entry = { segment, doc, tier, score };
      if (isWorse(entry, top)) return;
      heap[0] = entry;
      this.#sink(0);
      return;
    }
    heap.push({ segment, doc, tier, score });
    this.#lift(heap.length - 1);
  }

  /** Best first. */
  sorted(): Ranked[] {
    return [...this.#heap].sort((a, b) => (isWorse(a, b) ? 1 : -1));
  }

  #lift(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isWorse(heap[at] as Ranked, heap[parent] as Ranked)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let at = from; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isWorse(heap[child] as Ranked, heap[worst] as Ranked)) worst = child;
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const kept = heap[a] as Ranked;
    heap[a] = heap[b] as Ranked;
    heap[b] = kept;
  }
}

const updatedOf = ({ segment, doc }: Ranked): number => segment.docs[doc]?.dates.updated ?? 0;
const idOf = ({ segment, doc }: Ranked): string => segment.docs[doc]?.id ?? '';

/** Equal scores: the newer first, then by id, so that pages of one list never overlap. */
function isWorse(a: Ranked, b: Ranked): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (a.score !== b.score) return a.score < b.score;
  const [newerA, newerB] = [updatedOf(a), updatedOf(b)];
  return newerA === newerB ? idOf(a) > idOf(b) : newerA < newerB;
}
