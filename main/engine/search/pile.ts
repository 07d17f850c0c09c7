import { merge } from './merge.ts';
import { atPace, type Pace } from './pace.ts';
import { byteLengthOf, type DocEntry, type Segment } from './segment.ts';

interface Place {
  readonly segment: Segment;
  readonly doc: number;
}

/** The segments in memory. An article has at most one living entry among them. */
export interface Pile {
  segments(): readonly Segment[];
  find(id: string): DocEntry | undefined;
  ids(): Iterable<string>;
  count(): number;
  byteLength(): number;
  /** Takes a segment in; what it holds replaces older entries. */
  add(segment: Segment, isAlive?: (doc: DocEntry) => boolean): void;
  remove(id: string): DocEntry | undefined;
  /** The segment that holds the entry of this article now. */
  segmentOf(id: string): Segment | undefined;
  /** Joins segments of like size, and rewrites those that are mostly dead. True when something was done. */
  tidy(pace: Pace): Promise<boolean>;
}

/** So many segments of one size become one of the next. */
const FAN_IN = 16;
const SIZES = [16, 256, 4096] as const;

const sizeClass = (segment: Segment): number => {
  const found = SIZES.findIndex((size) => segment.alive < size);
  return found < 0 ? SIZES.length : found;
};

export function createPile(): Pile {
  const segments = new Set<Segment>();
  const places = new Map<string, Place>();

  const kill = ({ segment, doc }: Place): DocEntry => {
    if (segment.dead[doc] === 0) {
      segment.dead[doc] = 1;
      segment.alive -= 1;
    }
    if (segment.alive === 0) segments.delete(segment);
    return segment.docs[doc] as DocEntry;
  };

  const chosen = (): Segment[] | undefined => {
    const classes: Segment[][] = [[], [], []];
    for (const segment of segments) {
      if (segment.docs.length > SIZES[0] && segment.alive * 2 < segment.docs.length) return [segment];
      classes[sizeClass(segment)]?.push(segment);
    }
    return classes.find((group) => group.length >= FAN_IN)?.slice(0, FAN_IN);
  };

  return {
    segments: () => [...segments],
    find: (id) => {
      const place = places.get(id);
      return place?.segment.docs[place.doc];
    },
    ids: () => places.keys(),
    count: () => places.size,
    byteLength: () => {
      let bytes = 0;
      for (const segment of segments) bytes += byteLengthOf(segment);
      return bytes;
    },
    segmentOf: (id) => places.get(id)?.segment,
    add(segment, isAlive) {
      segments.add(segment);
      segment.docs.forEach((entry, doc) => {
        if (segment.dead[doc] === 1) return;
        if (isAlive && !isAlive(entry)) {
          kill({ segment, doc });
          return;
        }
        const before = places.get(entry.id);
        if (before) kill(before);
        places.set(entry.id, { segment, doc });
      });
      if (segment.alive === 0) segments.delete(segment);
    },
    remove(id) {
      const place = places.get(id);
      if (!place) return undefined;
      places.delete(id);
      return kill(place);
    },
    async tidy(pace) {
      const sources = chosen();
      if (!sources) return false;
      const merged = await atPace(merge(sources), pace);
      const from = new Set(sources);
      merged.docs.forEach((entry, doc) => {
        const place = places.get(entry.id);
        // What changed while it was being merged is no longer where it was.
        const isCurrent = place && from.has(place.segment) && place.segment.docs[place.doc] === entry;
        if (isCurrent) places.set(entry.id, { segment: merged, doc });
        else {
          merged.dead[doc] = 1;
          merged.alive -= 1;
        }
      });
      for (const source of sources) segments.delete(source);
      if (merged.alive > 0) segments.add(merged);
      await pace.rest();
      return true;
    },
  };
}
