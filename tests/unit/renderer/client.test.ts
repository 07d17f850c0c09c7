import { describe, expect, it, vi } from 'vitest';
import type { Bridge, ToWindow } from '../../../domain/contracts/wire.ts';
import { type ClientSurroundings, createClient } from '../../../renderer/data/client.ts';
import { createQueryStore } from '../../../renderer/data/queries.ts';

type Listener = (message: ToWindow) => void;

/** A bridge whose engine answers only when told to. */
function bridgeOf() {
  const asked: { id: string; args: unknown; answer: (message: ToWindow) => void }[] = [];
  const watched: { id: string; args: unknown; listener: Listener }[] = [];
  const unwatched: string[] = [];
  let connected = () => {};
  let announce: (value: unknown) => void = () => {};
  let registrations = 0;
  const bridge = {
    connection: {
      retry: (id: string, args: unknown) =>
        new Promise<ToWindow>((resolve) => asked.push({ id, args, answer: resolve })),
      state: (id: string, args: unknown, listener: Listener) => watched.push({ id, args, listener }),
    },
    documents: {
      changed: (listener: (value: unknown) => void) => {
        registrations += 1;
        announce = listener;
      },
    },
    engine: {
      unwatch: (id: string) => unwatched.push(id),
      onConnected: (listener: () => void) => {
        connected = listener;
      },
    },
  } as unknown as Bridge;
  return {
    bridge,
    asked,
    watched,
    unwatched,
    connect: () => connected(),
    announce: (value: unknown) => announce(value),
    registrations: () => registrations,
  };
}

const surroundings = (): ClientSurroundings => {
  let next = 1;
  return {
    newId: () => `id-${next++}`,
    setTimer: (run, afterMs) => setTimeout(run, afterMs),
    clearTimer: (timer) => clearTimeout(timer as never),
    timeoutMs: 1_000,
    attempts: 3,
  };
};
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('asking', () => {
  it('answers with the value or the refusal', async () => {
    const { bridge, asked } = bridgeOf();
    const client = createClient(bridge, surroundings());
    const first = client.ask('connection.retry', {});
    const second = client.ask('connection.retry', {});
    await settle();
    asked[0]?.answer({ kind: 'reply', id: 'id-1', ok: true, value: { done: 1 } });
    asked[1]?.answer({ kind: 'reply', id: 'id-2', ok: false, error: { code: 'not-saved' } });
    expect(await first).toEqual({ ok: true, value: { done: 1 } });
    expect(await second).toEqual({ ok: false, error: { code: 'not-saved' } });
  });

  it('asks again with the same id after the engine came back', async () => {
    const { bridge, asked, connect } = bridgeOf();
    const client = createClient(bridge, surroundings());
    connect();
    const answer = client.ask('connection.retry', {}, 'mine');
    await settle();
    connect();
    await settle();
    expect(asked.map((one) => one.id)).toEqual(['mine', 'mine']);
    asked[1]?.answer({ kind: 'reply', id: 'mine', ok: true, value: 'after' });
    expect(await answer).toEqual({ ok: true, value: 'after' });
    connect();
    await settle();
    expect(asked).toHaveLength(2);
  });

  it('asks again when no answer comes, with the same id, and gives up with timed-out', async () => {
    vi.useFakeTimers();
    try {
      const { bridge, asked } = bridgeOf();
      const client = createClient(bridge, surroundings());
      const answer = client.ask('connection.retry', {});
      await vi.advanceTimersByTimeAsync(2_500);
      expect(asked.map((one) => one.id)).toEqual(['id-1', 'id-1', 'id-1']);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await answer).toEqual({ ok: false, error: { code: 'timed-out' } });
    } finally {
      vi.useRealTimers();
    }
  });

  it('survives a bridge that throws', async () => {
    vi.useFakeTimers();
    try {
      const { bridge, asked } = bridgeOf();
      const real = bridge.connection.retry;
      let broken = true;
      const failing = {
        ...bridge,
        connection: {
          ...bridge.connection,
          retry: (id: string, args: unknown) => {
            if (broken) throw new Error('port closed');
            return real(id, args);
          },
        },
      } as Bridge;
      const client = createClient(failing, surroundings());
      const answer = client.ask('connection.retry', {});
      await vi.advanceTimersByTimeAsync(10);
      broken = false;
      await vi.advanceTimersByTimeAsync(1_000);
      asked[0]?.answer({ kind: 'reply', id: 'id-1', ok: true, value: null });
      expect(await answer).toEqual({ ok: true, value: null });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('watching', () => {
  it('starts again under its id after the engine came back, and stops for good', () => {
    const { bridge, watched, unwatched, connect } = bridgeOf();
    const client = createClient(bridge, surroundings());
    connect();
    const seen: unknown[] = [];
    const watching = client.watch(
      'connection.state',
      {},
      (value) => seen.push(value),
      () => {},
    );
    connect();
    expect(watched.map((one) => one.id)).toEqual(['id-1', 'id-1']);
    watched[1]?.listener({ kind: 'value', id: 'id-1', value: 'new' });
    watching.stop();
    watched[1]?.listener({ kind: 'value', id: 'id-1', value: 'late' });
    expect(seen).toEqual(['new']);
    expect(unwatched.at(-1)).toBe('id-1');
    connect();
    expect(watched).toHaveLength(2);
  });

  it('is done once however many read it, and keeps the last value after a refusal', () => {
    const { bridge, watched } = bridgeOf();
    const store = createQueryStore(createClient(bridge, surroundings()));
    let told = 0;
    store.subscribe('connection.state', {}, () => {
      told += 1;
    });
    store.subscribe('connection.state', {}, () => {
      told += 1;
    });
    expect(watched).toHaveLength(1);
    watched[0]?.listener({ kind: 'value', id: 'x', value: { online: true } });
    watched[0]?.listener({ kind: 'reply', id: 'x', ok: false, error: { code: 'internal' } });
    expect(told).toBe(4);
    expect(store.read('connection.state', {})).toEqual({
      value: { online: true },
      refusal: { code: 'internal' },
    });
  });
});

describe('listening', () => {
  it('registers with the bridge once and tells only who still listens', () => {
    const { bridge, announce, registrations } = bridgeOf();
    const client = createClient(bridge, surroundings());
    const seen: string[] = [];
    const stop = client.listen('documents.changed', () => seen.push('a'));
    client.listen('documents.changed', () => seen.push('b'));
    announce({});
    stop();
    announce({});
    expect(registrations()).toBe(1);
    expect(seen).toEqual(['a', 'b', 'b']);
  });
});
