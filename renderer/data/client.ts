import type {
  AnnouncementName,
  Args,
  Bridge,
  QueryName,
  Reply,
  RequestName,
  ToWindow,
} from '../../domain/contracts/wire.ts';
import { type Refusal, type Result, refuse } from '../../domain/lib/result.ts';

/** What the client needs of the window around it. Tests give their own clock. */
export interface ClientSurroundings {
  readonly newId: () => string;
  readonly setTimer: (run: () => void, afterMs: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  /** How long one asking may stay without an answer before it is asked again. */
  readonly timeoutMs: number;
  /** How often it is asked before the answer is `timed-out`. */
  readonly attempts: number;
}

/** A query that is kept up to date. */
export interface Watching {
  stop(): void;
}

/** Asks the engine through the bridge. Every asking is idempotent by its id and is asked again after a reconnect. */
export interface EngineClient {
  /** Never rejects: a bridge that throws or stays silent ends as `timed-out`. `id` makes a repetition the same asking. */
  ask<N extends RequestName>(name: N, args: Args<N>, id?: string): Promise<Result<Reply<N>>>;
  watch<N extends QueryName>(
    name: N,
    args: Args<N>,
    onValue: (value: Reply<N>) => void,
    onRefusal: (refusal: Refusal) => void,
  ): Watching;
  /** Listens to an announcement; returns the way to stop. */
  listen<N extends AnnouncementName>(name: N, listener: (value: Reply<N>) => void): () => void;
  /** Calls back at every connection after the first, when what was asked has been asked again. */
  onReconnected(listener: () => void): () => void;
}

interface Pending {
  readonly send: () => void;
  readonly settle: (result: Result<unknown>) => void;
  attemptsLeft: number;
  timer: unknown;
}

const inBrowser: ClientSurroundings = {
  newId: () => crypto.randomUUID(),
  setTimer: (run, afterMs) => setTimeout(run, afterMs),
  clearTimer: (timer) => clearTimeout(timer as number),
  timeoutMs: 15_000,
  attempts: 4,
};

/** One client per window. */
export function createClient(bridge: Bridge, surroundings: ClientSurroundings = inBrowser): EngineClient {
  const { newId, setTimer, clearTimer, timeoutMs, attempts } = surroundings;
  const pending = new Map<string, Pending>();
  const watched = new Map<string, () => void>();
  const announced = new Map<string, Set<(value: unknown) => void>>();
  const reconnected = new Set<() => void>();
  let connections = 0;

  // The bridge has one function per name of the contract, so a name of the contract always finds one.
  const verb = (name: string): ((...given: unknown[]) => unknown) => {
    const [area = '', action = ''] = name.split('.');
    const functions = bridge as unknown as Record<string, Record<string, (...given: unknown[]) => unknown>>;
    const found = functions[area]?.[action];
    if (!found) throw new Error(`the bridge has no ${name}`);
    return found;
  };

  const arm = (id: string, one: Pending) => {
    clearTimer(one.timer);
    one.timer = setTimer(() => {
      if (pending.get(id) !== one) return;
      one.attemptsLeft -= 1;
      if (one.attemptsLeft <= 0) one.settle(refuse('timed-out'));
      else {
        arm(id, one);
        one.send();
      }
    }, timeoutMs);
  };

  const ask: EngineClient['ask'] = (name, args, given) =>
    new Promise((resolve) => {
      const id = given ?? newId();
      const one: Pending = {
        attemptsLeft: attempts,
        timer: undefined,
        settle: (result) => {
          clearTimer(one.timer);
          if (pending.get(id) === one) pending.delete(id);
          resolve(result as Awaited<ReturnType<typeof ask>> as never);
        },
        send: () => {
          Promise.resolve()
            .then(() => verb(name)(id, args) as Promise<ToWindow>)
            .then(
              (message) => {
                if (message?.kind !== 'reply') return;
                one.settle(
                  message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error },
                );
              },
              // The port is closed or the call was malformed: the timer asks again, then gives up.
              () => undefined,
            );
        },
      };
      pending.set(id, one);
      arm(id, one);
      one.send();
    });

  const watch: EngineClient['watch'] = (name, args, onValue, onRefusal) => {
    const id = newId();
    const listener = (message: ToWindow) => {
      if (!watched.has(id)) return;
      if (message.kind === 'value') onValue(message.value as never);
      else if (message.kind === 'reply' && !message.ok) onRefusal(message.error);
    };
    const start = () => verb(name)(id, args, listener);
    watched.set(id, start);
    start();
    return {
      stop: () => {
        if (watched.delete(id)) bridge.engine.unwatch(id);
      },
    };
  };

  const listen: EngineClient['listen'] = (name, listener) => {
    let listeners = announced.get(name);
    if (!listeners) {
      const all = new Set<(value: unknown) => void>();
      listeners = all;
      announced.set(name, all);
      verb(name)((value: unknown) => {
        for (const one of [...all]) one(value);
      });
    }
    listeners.add(listener as (value: unknown) => void);
    return () => listeners.delete(listener as (value: unknown) => void);
  };

  bridge.engine.onConnected(() => {
    connections += 1;
    // What was asked before the first connection may not have gone out; asking twice has one effect.
    for (const [id, one] of [...pending]) {
      arm(id, one);
      one.send();
    }
    for (const [id, start] of [...watched]) {
      if (connections > 1) bridge.engine.unwatch(id);
      start();
    }
    if (connections > 1) for (const listener of [...reconnected]) listener();
  });

  return {
    ask,
    watch,
    listen,
    onReconnected: (listener) => {
      reconnected.add(listener);
      return () => reconnected.delete(listener);
    },
  };
}
