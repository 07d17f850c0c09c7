import type { Segment } from './segment.ts';

export interface Ranked {
  readonly segment: Segment;
  readonly doc: number;
  /** 1 when every marked word of the query stands there with the same marks. Comes before the score. */
  readonly tier: number;
  readonly score: number;
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
      this.#note();
      return;
    }
    heap.push({ segment, doc, tier, score });
    this.#lift(heap.length - 1);
    if (heap.length === this.#size) this.#note();
  }

  #note(): void {
    const top = this.#heap[0];
    if (!top) return;
    this.leastTier = top.tier;
    this.leastScore = top.score;
  }

  /** Tier and score below which nothing gets in any more; below any while there is room. */
  leastTier = -1;
  leastScore = -Infinity;

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
export function isWorse(a: Ranked, b: Ranked): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (a.score !== b.score) return a.score < b.score;
  const [newerA, newerB] = [updatedOf(a), updatedOf(b)];
  return newerA === newerB ? idOf(a) > idOf(b) : newerA < newerB;
}
