import { createHmac, KeyObject, timingSafeEqual } from 'node:crypto';

/**
 * Intervals and long waits of the portal (heartbeats, second looks, what is gathered) go by the clock of the simulation. Import before
 * the portal.
 */

interface Timer {
  readonly run: () => void;
  readonly ms: number;
  readonly isRepeated: boolean;
  due: number | null;
}

const SHORTEST_MS = 1000;
const timers = new Map<number, Timer>();
const real = {
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
};
let ids = 0;

interface Handle {
  readonly virtual: number;
  unref(): Handle;
  ref(): Handle;
  refresh(): Handle;
  hasRef(): boolean;
}

function set(isRepeated: boolean, otherwise: (...args: never[]) => unknown) {
  return (run: (...args: unknown[]) => void, ms = 0, ...rest: unknown[]) => {
    if (!(ms >= SHORTEST_MS)) return (otherwise as (...args: unknown[]) => unknown)(run, ms, ...rest);
    ids += 1;
    timers.set(ids, { run: () => run(...rest), ms, isRepeated, due: null });
    const handle: Handle = {
      virtual: ids,
      unref: () => handle,
      ref: () => handle,
      refresh: () => handle,
      hasRef: () => false,
    };
    return handle;
  };
}

const clear = (otherwise: (handle: never) => void) => (handle: unknown) => {
  if (typeof handle === 'object' && handle !== null && 'virtual' in handle)
    timers.delete((handle as Handle).virtual);
  else (otherwise as (handle: unknown) => void)(handle);
};

globalThis.setInterval = set(true, real.setInterval as never) as never;
globalThis.setTimeout = set(false, real.setTimeout as never) as never;
globalThis.clearInterval = clear(real.clearInterval as never) as never;
globalThis.clearTimeout = clear(real.clearTimeout as never) as never;

// Each request has its token checked: in this thread, so that nobody waits for another.
const { subtle } = globalThis.crypto;
const sum = (key: CryptoKey, data: Uint8Array): Buffer =>
  createHmac('sha256', KeyObject.from(key)).update(data).digest();
const isHmac = (algorithm: unknown): boolean =>
  algorithm === 'HMAC' || (algorithm as { name?: unknown } | null)?.name === 'HMAC';
const verify = subtle.verify.bind(subtle) as (...args: unknown[]) => Promise<boolean>;
Object.defineProperty(subtle, 'verify', {
  value: async (algorithm: unknown, key: CryptoKey, signature: Uint8Array, data: Uint8Array) => {
    if (!isHmac(algorithm)) return verify(algorithm, key, signature, data);
    const expected = sum(key, data);
    return signature.byteLength === expected.byteLength && timingSafeEqual(signature, expected);
  },
});

export const portalTimers = {
  /** Runs what is due, each once, however long the time was. A timer counts from the first call after it was set. */
  fire(now: number): void {
    for (const [id, timer] of [...timers]) {
      timer.due ??= now + timer.ms;
      if (now < timer.due || !timers.has(id)) continue;
      if (timer.isRepeated) timer.due = now + timer.ms;
      else timers.delete(id);
      timer.run();
    }
  },
};
