import type { DocEntry, Segment } from './segment.ts';
import { internForm } from './tokens.ts';

/** Raised with every change of what a file holds or of how words are told apart: older files are built anew. */
export const INDEX_FORMAT = 1;

interface Header {
  readonly format: number;
  readonly docs: readonly DocEntry[];
  readonly keys: string;
  readonly folded: string;
  /** Elements of the arrays, in the order in which they follow. */
  readonly sizes: readonly number[];
}

const arraysOf = (segment: Segment) =>
  [
    segment.base,
    segment.lengths,
    segment.postingStart,
    segment.positionStart,
    segment.titleEnd,
    segment.docOf,
    segment.weights,
    segment.positions,
  ] as const;

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

/** The bytes of a segment, piece by piece. Which documents are dead is not among them. */
export function encodeSegment(segment: Segment): Uint8Array[] {
  const arrays = arraysOf(segment);
  const header: Header = {
    format: INDEX_FORMAT,
    docs: segment.docs,
    keys: segment.keys.join('\n'),
    folded: segment.folded.join('\n'),
    sizes: arrays.map((array) => array.length),
  };
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((4 - (json.byteLength % 4)) % 4, ' ');
  return [
    bytesOf(Uint32Array.of(json.byteLength + padding.byteLength)),
    json,
    padding,
    ...arrays.map(bytesOf),
  ];
}

/** Reads a segment; its arrays stay views of the bytes. Null when they are of another format. */
export function decodeSegment(bytes: Uint8Array<ArrayBuffer>): Segment | null {
  const { buffer } = bytes;
  const length = new Uint32Array(buffer, 0, 1)[0] as number;
  const header = JSON.parse(Buffer.from(buffer, 4, length).toString('utf8')) as Header;
  if (header.format !== INDEX_FORMAT) return null;
  let at = 4 + length;
  let index = 0;
  const next = <T>(type: {
    new (buffer: ArrayBuffer, offset: number, length: number): T;
    BYTES_PER_ELEMENT: number;
  }): T => {
    const size = header.sizes[index] as number;
    const array = new type(buffer, at, size);
    at += size * type.BYTES_PER_ELEMENT;
    index += 1;
    return array;
  };
  const [base, lengths] = [next(Uint32Array), next(Float32Array)];
  const [postingStart, positionStart] = [next(Uint32Array), next(Uint32Array)];
  const [titleEnd, docOf, weights] = [next(Uint16Array), next(Uint16Array), next(Uint16Array)];
  const positions = next(Uint16Array);
  const keys = header.keys === '' ? [] : header.keys.split('\n');
  const folded = header.folded === '' ? [] : header.folded.split('\n');
  // The strings of all segments are the same objects.
  for (let form = 0; form < keys.length; form += 1) {
    const interned = internForm(keys[form] as string, folded[form] as string);
    keys[form] = interned.key;
    folded[form] = interned.folded;
  }
  const dead = new Uint8Array(header.docs.length);
  return {
    docs: header.docs,
    base,
    titleEnd,
    lengths,
    keys,
    folded,
    postingStart,
    positionStart,
    docOf,
    weights,
    positions,
    dead,
    alive: dead.length,
  };
}
