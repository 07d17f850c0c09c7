import { setImmediate as breathe } from 'node:timers/promises';

/** Spreads long work over time: after a slice of it everything else gets its turn. One pace is shared by all that one task does. */
export interface Pace {
  /** Whether the slice is used up. */
  isDue(): boolean;
  /** Gives way if the slice is used up. */
  rest(): Promise<void>;
}

/** Slices of so many milliseconds. */
export function createPace(sliceMs: number): Pace {
  let since = performance.now();
  const isDue = () => performance.now() - since >= sliceMs;
  return {
    isDue,
    async rest() {
      if (!isDue()) return;
      await breathe();
      since = performance.now();
    },
  };
}

/** Runs a generator to its end at this pace. */
export async function atPace<T>(work: Generator<void, T>, pace: Pace): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (pace.isDue()) await pace.rest();
  }
}
