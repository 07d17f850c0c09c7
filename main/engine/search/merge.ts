import type { DocEntry, Segment } from './segment.ts';

/** Steps between two looks at the clock. */
const STEP = 256;

/**
 * Makes one segment of several, without their dead documents. A generator, so that the caller can spread it over time:
 * it yields every few hundred words. Documents keep their order: those of the first source come first.
 */
export function* merge(sources: readonly Segment[]): Generator<void, Segment> {
  const docs: DocEntry[] = [];
  const renumbered: Int32Array[] = [];
  let postings = 0;
  let places = 0;
  for (const source of sources) {
    const numbers = new Int32Array(source.docs.length);
    source.docs.forEach((doc, index) => {
      if (source.dead[index] === 1) numbers[index] = -1;
      else {
        numbers[index] = docs.length;
        docs.push(doc);
      }
    });
    renumbered.push(numbers);
    postings += source.docOf.length;
    places += source.positions.length;
  }
  yield;
  const base = new Uint32Array(docs.length + 1);
  const titleEnd = new Uint16Array(docs.length);
  const lengths = new Float32Array(docs.length);
  sources.forEach((source, number) => {
    const numbers = renumbered[number] as Int32Array;
    for (let index = 0; index < numbers.length; index += 1) {
      const next = numbers[index] as number;
      if (next < 0) continue;
      base[next + 1] = (source.base[index + 1] as number) - (source.base[index] as number);
      titleEnd[next] = source.titleEnd[index] as number;
      lengths[next] = source.lengths[index] as number;
    }
  });
  for (let index = 0; index < docs.length; index += 1)
    base[index + 1] = (base[index] as number) + (base[index + 1] as number);
  yield;

  const keys: string[] = [];
  const folded: string[] = [];
  const postingStart: number[] = [0];
  const positionStart = new Uint32Array(postings + 1);
  const docOf = new Uint16Array(postings);
  const weights = new Uint16Array(postings);
  const positions = new Uint16Array(places);
  const heads = new Uint32Array(sources.length);
  let posting = 0;
  let place = 0;
  let steps = 0;

  const copy = (source: Segment, numbers: Int32Array, form: number) => {
    const end = source.postingStart[form + 1] as number;
    for (let at = source.postingStart[form] as number; at < end; at += 1) {
      const doc = numbers[source.docOf[at] as number] as number;
      if (doc < 0) continue;
      docOf[posting] = doc;
      weights[posting] = source.weights[at] as number;
      const last = source.positionStart[at + 1] as number;
      for (let index = source.positionStart[at] as number; index < last; index += 1) {
        positions[place] = source.positions[index] as number;
        place += 1;
      }
      posting += 1;
      positionStart[posting] = place;
    }
  };

  for (;;) {
    let least = -1;
    let leastFolded = '';
    let leastKey = '';
    for (let number = 0; number < sources.length; number += 1) {
      const source = sources[number] as Segment;
      const head = heads[number] as number;
      if (head >= source.keys.length) continue;
      const word = source.folded[head] as string;
      if (least >= 0 && word > leastFolded) continue;
      const key = source.keys[head] as string;
      if (least >= 0 && word === leastFolded && key >= leastKey) continue;
      least = number;
      leastFolded = word;
      leastKey = key;
    }
    if (least < 0) break;
    const before = posting;
    for (let number = 0; number < sources.length; number += 1) {
      const source = sources[number] as Segment;
      const head = heads[number] as number;
      if (source.keys[head] !== leastKey) continue;
      copy(source, renumbered[number] as Int32Array, head);
      heads[number] = head + 1;
    }
    if (posting > before) {
      keys.push(leastKey);
      folded.push(leastFolded);
      postingStart.push(posting);
    }
    steps += 1 + ((posting - before) >> 5);
    if (steps >= STEP) {
      steps = 0;
      yield;
    }
  }
  yield;
  const isTight = posting === postings;
  return {
    docs,
    base,
    titleEnd,
    lengths,
    keys,
    folded,
    postingStart: Uint32Array.from(postingStart),
    positionStart: isTight ? positionStart : positionStart.slice(0, posting + 1),
    docOf: isTight ? docOf : docOf.slice(0, posting),
    weights: isTight ? weights : weights.slice(0, posting),
    positions: isTight ? positions : positions.slice(0, place),
    dead: new Uint8Array(docs.length),
    alive: docs.length,
  };
}
