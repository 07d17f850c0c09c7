import type { Log } from '../log.ts';
import { PortalFailure } from './portalClient.ts';

/** Thrown to whoever waits when the link is closed. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface LinkState {
  readonly online: boolean;
  readonly since: number | null;
  readonly lastContactAt: number | null;
  readonly problem: string | null;
  readonly nextTryAt: number | null;
}

/** Whether the portal can be reached, and when it is asked again. Everything that talks to the portal goes through one link. */
export interface Link {
  state(): LinkState;
  /**
   * Runs `work` until it gives a value: after a failure that passes, waits with growing pauses, for all callers
   * together. Failures that do not pass by themselves are thrown; {@link Stopped} when the link closes.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Runs `work` once, now; its outcome counts for the state all the same. */
  once<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Asks again at once. */
  retry(): void;
  /** The portal gave something usable. */
  reached(): void;
  close(): void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Sessions that have run out do not pass by waiting, but the work is not lost either: it waits for the next sign-in. */
const NEEDS_PERSON = new Set(['session-expired', 'not-signed-in', 'account-inactive', 'desk-too-old']);

export function createLink(options: {
  now: () => number;
  log: Log;
  onChange: () => void;
  /** 0 ≤ value < 1. */
  random?: () => number;
  firstPauseMs?: number;
}): Link {
  const { now, log, onChange, random = Math.random, firstPauseMs = FIRST_PAUSE_MS } = options;
  const closing = new AbortController();
  let online = false;
  let since: number | null = null;
  let lastContactAt: number | null = null;
  let problem: string | null = null;
  let nextTryAt: number | null = null;
  let failures = 0;
  let opened: (() => void) | null = null;
  let open: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const setOnline = (value: boolean) => {
    if (online === value) return;
    online = value;
    since = now();
  };

  const unlock = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    nextTryAt = null;
    opened?.();
    opened = null;
  };

  const reached = () => {
    lastContactAt = now();
    const changed = !online || problem !== null;
    setOnline(true);
    failures = 0;
    problem = null;
    unlock();
    if (changed) onChange();
  };

  const failed = (failure: PortalFailure) => {
    // The others that were under way when the first failed say nothing new.
    if (opened) return;
    const needsPerson = NEEDS_PERSON.has(failure.code);
    const longest = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** Math.min(failures, 16));
    const pause = failure.retryAfterMs ?? longest * (0.5 + random() / 2);
    failures += 1;
    setOnline(false);
    problem = failure.code;
    if (failure.status > 0) lastContactAt = now();
    open = new Promise((resolve) => {
      opened = resolve;
    });
    if (!needsPerson) {
      nextTryAt = now() + Math.round(pause);
      timer = setTimeout(() => {
        unlock();
        onChange();
      }, pause);
      timer.unref();
    }
    log('info', 'link.failed', {
      code: failure.code,
      status: failure.status,
      pauseMs: needsPerson ? null : Math.round(pause),
    });
    onChange();
  };

  const attempt = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const value = await work(closing.signal);
    reached();
    return value;
  };

  return {
    state: () => ({ online, since, lastContactAt, problem, nextTryAt }),
    async run(work) {
      for (;;) {
        await Promise.race([open, whenAborted(closing.signal)]);
        if (closing.signal.aborted) throw new Stopped();
        try {
          return await attempt(work);
        } catch (error) {
          if (closing.signal.aborted) throw new Stopped();
          if (!(error instanceof PortalFailure)) throw error;
          if (!error.isPassing && !NEEDS_PERSON.has(error.code)) {
            reached();
            throw error;
          }
          failed(error);
        }
      }
    },
    async once(work) {
      if (closing.signal.aborted) throw new Stopped();
      try {
        return await attempt(work);
      } catch (error) {
        if (error instanceof PortalFailure) {
          if (error.isPassing) failed(error);
          else if (!NEEDS_PERSON.has(error.code)) reached();
        }
        throw error;
      }
    },
    retry() {
      failures = 0;
      unlock();
      onChange();
    },
    reached,
    close() {
      closing.abort();
      unlock();
    },
  };
}

const waiting = new WeakMap<AbortSignal, Promise<void>>();

/** One promise per signal: a listener for each wait would pile up. */
function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  let promise = waiting.get(signal);
  if (!promise) {
    promise = new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    waiting.set(signal, promise);
  }
  return promise;
}
