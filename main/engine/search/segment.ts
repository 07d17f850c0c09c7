import { eachWord, type Form } from './tokens.ts';
import { type Facets, FIELDS, type SearchDoc, type SearchField } from './types.ts';

/** Where the text of a document stands on disk: pack, offset and length in bytes. */
export type TextRef = readonly [pack: number, offset: number, length: number];

export interface DocEntry extends Facets {
  readonly id: string;
  readonly version: string;
  /** Null until the text is on disk. */
  text: TextRef | null;
}

/**
 * An unchanging piece of the index: some documents and, for each word of theirs, in which it stands, how often and where.
 * Forms are sorted by `folded`, then `key`, so that all spellings of a word, and all words with one beginning, are neighbours.
 * Postings of form `f` are `postingStart[f]` to `postingStart[f + 1]`, ascending by document; the positions of posting `p` are
 * `positionStart[p]` to `positionStart[p + 1]`.
 */
export interface Segment {
  readonly docs: readonly DocEntry[];
  /** Place of each document's first word in the numbering of the whole segment; one more entry than documents. */
  readonly base: Uint32Array;
  /** Positions below this are the title's. */
  readonly titleEnd: Uint16Array;
  /** Length for ranking: words, those of attachments counting half. */
  readonly lengths: Float32Array;
  readonly keys: readonly string[];
  readonly folded: readonly string[];
  readonly postingStart: Uint32Array;
  readonly positionStart: Uint32Array;
  readonly docOf: Uint16Array;
  /** Occurrences weighted by field; `BODY_WEIGHT` is one occurrence in the body. */
  readonly weights: Uint16Array;
  readonly positions: Uint16Array;
  /** 1 for documents that were replaced or removed. */
  readonly dead: Uint8Array;
  alive: number;
}

/** Title 5, summary 2, fields 1.5, body 1, attachments 0.5. */
const WEIGHTS: Readonly<Record<SearchField, number>> = {
  title: 20,
  summary: 8,
  fields: 6,
  body: 4,
  attachments: 2,
};
export const BODY_WEIGHT = WEIGHTS.body;

/** Words of one document that are indexed; what follows can't be found. */
export const MAX_WORDS = 60_000;

const MAX = 65_535;

export const compareForms = (a: Form, b: Form): number => {
  if (a.folded !== b.folded) return a.folded < b.folded ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
};

interface Occurrences {
  weight: number;
  readonly positions: number[];
}

/** Characters whose words are taken in at once: less than a millisecond. */
const PIECE = 8192;

/** Pieces of a text, cut at blanks. What has none for long is cut anywhere. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + PIECE);
    const most = Math.min(text.length, end + PIECE);
    while (end < most && !BLANK.test(text.charAt(end))) end += 1;
    yield text.slice(at, end);
    at = end;
  }
}
const BLANK = /\s/u;

/** A segment of one document. A generator, so that the caller can spread long ones over time. */
export function* segmentSteps(doc: SearchDoc): Generator<void, Segment> {
  const found = new Map<Form, Occurrences>();
  let position = 0;
  let words = 0;
  let length = 0;
  let titleEnd = 0;
  for (const field of FIELDS) {
    const weight = WEIGHTS[field];
    for (const piece of piecesOf(doc[field])) {
      eachWord(piece, (form) => {
        const known = found.get(form);
        if (known) {
          known.weight += weight;
          known.positions.push(position);
        } else found.set(form, { weight, positions: [position] });
        position += 1;
        words += 1;
        length += field === 'attachments' ? 0.5 : 1;
        return words < MAX_WORDS;
      });
      if (words >= MAX_WORDS) break;
      if (piece.length >= PIECE) yield;
    }
    if (field === 'title') titleEnd = position;
    // No phrase reaches from one field into the next.
    position += 1;
    if (words >= MAX_WORDS) break;
  }
  const forms = [...found.keys()].sort(compareForms);
  const { id, version, unitId, categoryId, state, channel, dates } = doc;
  const segment: Segment = {
    docs: [{ id, version, unitId, categoryId, state, channel, dates, text: null }],
    base: Uint32Array.of(0, position + 1),
    titleEnd: Uint16Array.of(titleEnd),
    lengths: Float32Array.of(length),
    keys: forms.map((form) => form.key),
    folded: forms.map((form) => form.folded),
    postingStart: new Uint32Array(forms.length + 1),
    positionStart: new Uint32Array(forms.length + 1),
    docOf: new Uint16Array(forms.length),
    weights: new Uint16Array(forms.length),
    positions: new Uint16Array(words),
    dead: new Uint8Array(1),
    alive: 1,
  };
  let at = 0;
  forms.forEach((form, index) => {
    const { weight, positions } = found.get(form) as Occurrences;
    segment.weights[index] = Math.min(MAX, weight);
    segment.positions.set(positions, at);
    at += positions.length;
    segment.postingStart[index + 1] = index + 1;
    segment.positionStart[index + 1] = at;
  });
  return segment;
}

/** Bytes of the arrays. */
export const byteLengthOf = (segment: Segment): number =>
  segment.docOf.byteLength +
  segment.weights.byteLength +
  segment.positions.byteLength +
  segment.postingStart.byteLength +
  segment.positionStart.byteLength +
  segment.base.byteLength;

/** Index of the first form whose folded spelling is not below `folded`. */
export function lowerBound(segment: Segment, folded: string): number {
  let low = 0;
  let high = segment.folded.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segment.folded[middle] as string) < folded) low = middle + 1;
    else high = middle;
  }
  return low;
}
