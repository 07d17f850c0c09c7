import { createRequire } from 'node:module';

/**
 * Time as a desk has it. The clock is the driver's; a timer of less than a second fires when the desk has nothing
 * else to do, a longer one when the driver lets so much time pass. Nothing here ever waits for real time.
 * Import this first: it takes the place of the timers, of the clock and of chance.
 */

const SHORT_MS = 1000;

interface Timer {
  readonly id: number;
  readonly run: () => void;
  readonly every: number | null;
  readonly isShort: boolean;
  due: number;
}

const timers = new Map<number, Timer>();
let clock = new Float64Array(2);
let local = 0;
let ids = 0;
let work = 0;
let chance = 1;

/** Milliseconds of the driver's clock; never goes back. */
const time = (): number => {
  local = Math.max(local, clock[0] ?? 0);
  return local;
};

/** Takes the driver's clock and starts chance anew. */
export function beginTime(shared: Float64Array<ArrayBuffer>, seed: number): void {
  clock = shared;
  local = clock[0] ?? 0;
  chance = seed >>> 0;
}

function random(): number {
  chance = (chance + 0x6d2b79f5) >>> 0;
  let t = chance;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

const add = (run: () => void, ms: number, every: number | null): Timer => {
  ids += 1;
  const timer = { id: ids, run, every, isShort: ms < SHORT_MS, due: time() + Math.max(0, ms) };
  timers.set(ids, timer);
  return timer;
};

/** What setTimeout gives in Node, as far as anybody uses it. */
const handleOf = (timer: Timer) => ({
  timer,
  unref() {
    return this;
  },
  ref() {
    return this;
  },
  hasRef: () => true,
  refresh() {
    return this;
  },
  [Symbol.toPrimitive]: () => timer.id,
});

const clear = (handle: unknown) => {
  const id =
    typeof handle === 'object' && handle !== null && 'timer' in handle
      ? (handle as { timer: Timer }).timer.id
      : Number(handle);
  timers.delete(id);
};

/** Fires the timers that are due by the driver's clock, in order. */
export function fireDue(): void {
  const due = [...timers.values()]
    .filter((timer) => timer.due <= time())
    .sort((a, b) => a.due - b.due || a.id - b.id);
  for (const timer of due) fire(timer);
}

/** Fires the next short timer. False when there is none. */
export function fireShort(): boolean {
  let next: Timer | null = null;
  for (const timer of timers.values()) {
    if (timer.isShort && (next === null || timer.due < next.due)) next = timer;
  }
  if (!next) return false;
  local = Math.max(local, next.due);
  fire(next);
  return true;
}

function fire(timer: Timer): void {
  if (!timers.has(timer.id)) return;
  if (timer.every === null) timers.delete(timer.id);
  else timer.due = Math.max(time(), timer.due) + timer.every;
  timer.run();
}

export function nextDue(): number | null {
  let next: number | null = null;
  for (const { due } of timers.values()) if (next === null || due < next) next = due;
  return next;
}

/** Whether something goes on that will come back by itself: files, compression, hashes. */
export function isBusy(): boolean {
  if (work > 0) return true;
  return process.getActiveResourcesInfo().some((name) => name !== 'MessagePort' && name !== 'Immediate');
}

/** Immediates are few and end by themselves: two turns without any other work are quiet. */
export const turn = (): Promise<void> => new Promise((resolve) => realImmediate(() => resolve()));

const realImmediate = globalThis.setImmediate;
const builtin = createRequire(import.meta.url);

const counted =
  <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
  (...args: A): Promise<T> => {
    work += 1;
    return call(...args).finally(() => {
      work -= 1;
    });
  };

function takeOver(): void {
  Date.now = () => Math.floor(time() + (clock[1] ?? 0));
  Math.random = random;
  const set = (every: boolean) =>
    ((run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      handleOf(add(() => run(...args), Number(ms), every ? Math.max(1, Number(ms)) : null))) as never;
  globalThis.setTimeout = set(false);
  globalThis.setInterval = set(true);
  globalThis.clearTimeout = clear as never;
  globalThis.clearInterval = clear as never;
  globalThis.setImmediate = ((run: (...args: unknown[]) => void, ...args: unknown[]) => {
    work += 1;
    return realImmediate(() => {
      work -= 1;
      run(...args);
    });
  }) as never;
  AbortSignal.timeout = (ms) => {
    const limit = new AbortController();
    add(() => limit.abort(new DOMException('timed out', 'TimeoutError')), ms, null);
    return limit.signal;
  };
  const promises = builtin('node:timers/promises') as Record<string, unknown>;
  promises.setTimeout = (ms: number, value: unknown, options?: { signal?: AbortSignal }) =>
    new Promise((resolve, reject) => {
      if (options?.signal?.aborted) {
        reject(options.signal.reason);
        return;
      }
      const timer = add(() => resolve(value), ms, null);
      options?.signal?.addEventListener('abort', () => {
        timers.delete(timer.id);
        reject(options.signal?.reason);
      });
    });
  promises.setImmediate = () => new Promise<void>((resolve) => globalThis.setImmediate(() => resolve()));
  const zlib = builtin('node:zlib') as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ['deflateRaw', 'inflateRaw', 'deflate', 'inflate', 'gzip', 'gunzip', 'brotliCompress']) {
    const real = zlib[name];
    if (!real) continue;
    zlib[name] = (...args: unknown[]) => {
      const done = args.at(-1) as (...result: unknown[]) => void;
      work += 1;
      return real(...args.slice(0, -1), (...result: unknown[]) => {
        work -= 1;
        done(...result);
      });
    };
  }
  const keys = builtin('node:crypto') as Record<string, (...args: unknown[]) => unknown>;
  const { scrypt } = keys;
  if (scrypt)
    keys.scrypt = (...args: unknown[]) => {
      const done = args.at(-1) as (...result: unknown[]) => void;
      work += 1;
      return scrypt(...args.slice(0, -1), (...result: unknown[]) => {
        work -= 1;
        done(...result);
      });
    };
  const crypto = builtin('node:crypto') as Record<string, unknown> & { randomBytes: (n: number) => Buffer };
  const realBytes = crypto.randomBytes;
  // Names of desks and of writers in a text come from here: the same in each run of a seed.
  crypto.randomBytes = (size: number) =>
    size <= 8 ? Buffer.from(Uint8Array.from({ length: size }, () => random() * 256)) : realBytes(size);
  crypto.randomUUID = () => {
    const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  const { subtle } = globalThis.crypto;
  const digest = subtle.digest.bind(subtle);
  Object.defineProperty(subtle, 'digest', { value: counted(digest), configurable: true });
}
takeOver();
