import { isExact, type ParsedQuery, type QueryWord } from './parse.ts';
import { BODY_WEIGHT, type Segment } from './segment.ts';

/** Forms of a segment, from the first up to but not including the last. */
export type Range = readonly [from: number, to: number];

/**
 * What one word of a query is worth in each document of a segment: 0 where it is not, otherwise 1 to `WHOLE`, negative where it stands only in
 * another spelling than typed. BM25's saturated frequency, without how rare the word is.
 */
export type Row = Int16Array;
export const WHOLE = 32_767;

export const K1 = 1.2;
const B = 0.6;
/** Other spellings beside the one typed, and words that only begin so. */
export const OTHER_MARKS = 0.4;
const ONLY_BEGINS = 0.5;

/** Rows of words in fewer than one document of so many are made anew each time. */
const RARE = 16;
/** Smaller segments are soon merged and quickly gone through. */
const MIN_DOCS = 128;
/** Kept for each segment, two bytes a document each; those not used for longest go. */
const MAX_KEPT = 400;

interface Kept {
  readonly averageLength: number;
  readonly norms: Float32Array;
  readonly rows: Map<string, Row>;
}
const keptOf = new WeakMap<Segment, Kept>();

/** Room for the sums of one word, used again for the next: all of it is synchronous. Zero between uses. */
let sums = new Float32Array(0);
let exact = new Uint8Array(0);
let scratch: Row[] = [];

/** The part of BM25 that grows with the length of a document. */
export const normOf = (segment: Segment, doc: number, averageLength: number): number =>
  K1 * (1 - B + (B * (segment.lengths[doc] as number)) / averageLength);

/** Lengths count by their average; rounded, so that it does not change with every article and what is kept stays true. */
export function roundedLength(average: number): number {
  const step = 2 ** (Math.floor(Math.log2(Math.max(1, average))) - 5);
  return Math.max(1, Math.round(average / step) * step);
}

function keptFor(segment: Segment, averageLength: number): Kept {
  const known = keptOf.get(segment);
  if (known?.averageLength === averageLength) return known;
  const norms = segment.lengths.map((_, doc) => normOf(segment, doc, averageLength));
  const kept = { averageLength, norms, rows: new Map() };
  keptOf.set(segment, kept);
  return kept;
}

/** The rows of the words of a query, in their order; only good until the next call. */
export function rowsOf(
  segment: Segment,
  query: ParsedQuery,
  ranges: readonly Range[],
  averageLength: number,
): readonly Row[] {
  const docs = segment.docs.length;
  if (sums.length < docs) {
    sums = new Float32Array(docs);
    exact = new Uint8Array(docs);
    scratch = [];
  }
  const kept = keptFor(segment, averageLength);
  return query.words.map((word, index) => {
    const range = ranges[index] as Range;
    const [from, to] = range;
    const postings = (segment.postingStart[to] as number) - (segment.postingStart[from] as number);
    if (docs < MIN_DOCS || postings * RARE < docs) {
      let row = scratch[index];
      if (!row) {
        row = new Int16Array(sums.length);
        scratch[index] = row;
      }
      fill(segment, query, word, range, kept.norms, row);
      return row;
    }
    const spelling = query.isMarked ? `'${word.key}` : word.folded;
    const name = word.isPrefix ? `${spelling}*` : spelling;
    let row = kept.rows.get(name);
    if (row) kept.rows.delete(name);
    else {
      row = new Int16Array(docs);
      fill(segment, query, word, range, kept.norms, row);
      const oldest = kept.rows.size >= MAX_KEPT ? kept.rows.keys().next().value : undefined;
      if (oldest !== undefined) kept.rows.delete(oldest);
    }
    kept.rows.set(name, row);
    return row;
  });
}

function fill(
  segment: Segment,
  query: ParsedQuery,
  word: QueryWord,
  [from, to]: Range,
  norms: Float32Array,
  row: Row,
): void {
  const { postingStart, docOf, weights } = segment;
  const isSpeltSo = (form: number) => !query.isMarked || isExact(word, segment.keys[form] as string);
  const factorOf = (form: number) =>
    ((segment.folded[form] === word.folded ? 1 : ONLY_BEGINS) * (isSpeltSo(form) ? 1 : OTHER_MARKS)) /
    BODY_WEIGHT;
  row.fill(0);
  if (to - from === 1) {
    const factor = factorOf(from);
    const sign = isSpeltSo(from) ? 1 : -1;
    const end = postingStart[to] as number;
    for (let at = postingStart[from] as number; at < end; at += 1) {
      const doc = docOf[at] as number;
      row[doc] = sign * worthOf((weights[at] as number) * factor, norms[doc] as number);
    }
    return;
  }
  for (let form = from; form < to; form += 1) {
    const factor = factorOf(form);
    const flag = isSpeltSo(form) ? 1 : 0;
    const end = postingStart[form + 1] as number;
    for (let at = postingStart[form] as number; at < end; at += 1) {
      const doc = docOf[at] as number;
      sums[doc] = (sums[doc] as number) + (weights[at] as number) * factor;
      exact[doc] = (exact[doc] as number) | flag;
    }
  }
  const docs = segment.docs.length;
  for (let doc = 0; doc < docs; doc += 1) {
    const sum = sums[doc] as number;
    if (sum === 0) continue;
    const worth = worthOf(sum, norms[doc] as number);
    row[doc] = exact[doc] === 1 ? worth : -worth;
    sums[doc] = 0;
    exact[doc] = 0;
  }
}

const worthOf = (sum: number, norm: number): number => 1 + Math.trunc((sum / (sum + norm)) * (WHOLE - 1));
