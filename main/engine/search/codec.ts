import { setImmediate as breathe } from 'node:timers/promises';
import type { DocEntry, Segment } from './segment.ts';
import { internForm } from './tokens.ts';

/** Raised with every change of what a file holds or of how words are told apart: older files are built anew. */
export const INDEX_FORMAT = 2;

interface Header {
  readonly format: number;
  /** Bytes of the texts that come after the arrays: documents, a few hundred at a time, then keys, then folded spellings. */
  readonly texts: readonly number[];
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

/** Documents written or read before others get their turn. */
const AT_ONCE = 512;
const FORMS_AT_ONCE = 8192;

/** The bytes of a segment, piece by piece. Which documents are dead is not among them. Gives way to others in between. */
export async function encodeSegment(segment: Segment): Promise<Uint8Array[]> {
  const arrays = arraysOf(segment);
  const texts: Buffer[] = [];
  for (let at = 0; at < segment.docs.length; at += AT_ONCE) {
    texts.push(Buffer.from(JSON.stringify(segment.docs.slice(at, at + AT_ONCE))));
    await breathe();
  }
  texts.push(Buffer.from(segment.keys.join('\n')), Buffer.from(segment.folded.join('\n')));
  const header: Header = {
    format: INDEX_FORMAT,
    texts: texts.map((text) => text.byteLength),
    sizes: arrays.map((array) => array.length),
  };
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((4 - (json.byteLength % 4)) % 4, ' ');
  const length = Uint32Array.of(json.byteLength + padding.byteLength);
  return [bytesOf(length), json, padding, ...arrays.map(bytesOf), ...texts];
}

/** Reads a segment; its arrays stay views of the bytes. Null when they are of another format. */
export async function decodeSegment(bytes: Uint8Array<ArrayBuffer>): Promise<Segment | null> {
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
  const texts = header.texts.map((size) => {
    at += size;
    return Buffer.from(buffer, at - size, size).toString('utf8');
  });
  const lines = (text: string | undefined) => (text ? text.split('\n') : []);
  const folded = lines(texts.pop());
  const keys = lines(texts.pop());
  const docs: DocEntry[] = [];
  for (const text of texts) {
    docs.push(...(JSON.parse(text) as DocEntry[]));
    await breathe();
  }
  // The strings of all segments are the same objects.
  for (let form = 0; form < keys.length; form += 1) {
    if (form % FORMS_AT_ONCE === FORMS_AT_ONCE - 1) await breathe();
    const interned = internForm(keys[form] as string, folded[form] as string);
    keys[form] = interned.key;
    folded[form] = interned.folded;
  }
  const dead = new Uint8Array(docs.length);
  return {
    docs,
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
