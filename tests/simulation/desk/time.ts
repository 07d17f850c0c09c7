import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { takeOverFiles } from './files.ts';

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
/** The desk that this time is of has lost its power: nothing that it waits for comes any more. */
let isOver = false;

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
  timers.clear();
  ids = 0;
  isOver = false;
}

/** Power is lost: no timer fires and no call comes back, until time begins anew. */
export function endTime(): void {
  isOver = true;
  timers.clear();
}

const NEVER = new Promise<never>(() => undefined);

/** The call, as long as there is power; for ever without an answer when there is none. */
export const whileAlive =
  <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
  async (...args: A): Promise<T> => {
    if (isOver) return await NEVER;
    const result = await call(...args);
    return isOver ? await NEVER : result;
  };

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
  if (!isOver) timers.set(ids, timer);
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

/** Whether something goes on that will come back by itself. */
export const isBusy = (): boolean => work > 0;

/** Whether anything but the driver's messages keeps this thread awake: then it is not idle, whatever is counted. */
export const isAwake = (): boolean =>
  process.getActiveResourcesInfo().some((name) => name !== 'MessagePort' && name !== 'Immediate');

/** Immediates are few and end by themselves: two turns without any other work are quiet. */
export const turn = (): Promise<void> => new Promise((resolve) => realImmediate(() => resolve()));

const realImmediate = globalThis.setImmediate;
const builtin = createRequire(import.meta.url);

/** Waits for a turn of its own, and counts as work meanwhile. */
const ownTurn = (): Promise<void> => {
  if (isOver) return NEVER;
  work += 1;
  return new Promise((resolve) =>
    realImmediate(() => {
      work -= 1;
      if (!isOver) resolve();
    }),
  );
};

/** A call with a callback, done in this thread when it has its turn. */
const inTurn =
  (atOnce: (...args: unknown[]) => unknown) =>
  (...args: unknown[]): void => {
    const done = args.at(-1) as (error: unknown, result?: unknown) => void;
    void ownTurn().then(() => {
      let result: unknown;
      try {
        result = atOnce(...args.slice(0, -1));
      } catch (error) {
        done(error);
        return;
      }
      done(null, result);
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
      if (!isOver) run(...args);
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
    const atOnce = zlib[`${name}Sync`];
    if (atOnce) zlib[name] = inTurn(atOnce);
  }
  const keys = builtin('node:crypto') as Record<string, (...args: unknown[]) => unknown>;
  if (keys.scryptSync) keys.scrypt = inTurn(keys.scryptSync);
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
  const digest = async (algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView) => {
    await ownTurn();
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const sum = createHash(name.replace('-', '').toLowerCase()).update(bytes).digest();
    return sum.buffer.slice(sum.byteOffset, sum.byteOffset + sum.byteLength);
  };
  Object.defineProperty(subtle, 'digest', { value: digest, configurable: true });
  // Slices of work are as long as on a machine that is fast enough.
  performance.now = time;
  takeOverFiles(ownTurn);
}
takeOver();
