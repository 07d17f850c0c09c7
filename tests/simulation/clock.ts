/** Intervals of the portal (heartbeats, second looks) go by the clock of the simulation. Import before the portal. */

interface Interval {
  readonly run: () => void;
  readonly every: number;
  due: number | null;
}

const SHORTEST_MS = 1000;
const intervals = new Map<number, Interval>();
const realSet = globalThis.setInterval;
const realClear = globalThis.clearInterval;
let ids = 0;

interface Handle {
  readonly virtual: number;
  unref(): Handle;
  ref(): Handle;
}

globalThis.setInterval = ((run: () => void, every: number, ...rest: unknown[]) => {
  if (!(every >= SHORTEST_MS)) return realSet(run, every, ...rest);
  ids += 1;
  intervals.set(ids, { run, every, due: null });
  const handle: Handle = { virtual: ids, unref: () => handle, ref: () => handle };
  return handle;
}) as never;
globalThis.clearInterval = ((handle: unknown) => {
  if (typeof handle === 'object' && handle !== null && 'virtual' in handle)
    intervals.delete((handle as Handle).virtual);
  else realClear(handle as NodeJS.Timeout);
}) as never;

export const virtualIntervals = {
  /** Runs each interval that is due, once, however long the time was. */
  fire(now: number): void {
    for (const interval of [...intervals.values()]) {
      interval.due ??= now + interval.every;
      if (now < interval.due) continue;
      interval.due = now + interval.every;
      interval.run();
    }
  },
};
