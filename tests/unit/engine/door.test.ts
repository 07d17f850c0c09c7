import { describe, expect, it, vi } from 'vitest';
import { DESK } from '../../../domain/contracts/index.ts';
import { ok, refuse } from '../../../domain/lib/result.ts';
import { createDoor } from '../../../main/engine/door/door.ts';
import type { Handlers } from '../../../main/engine/door/handlers.ts';
import { createHandlers } from '../../../main/engine/handlers.ts';
import { Refused } from '../../../main/engine/refused.ts';
import { createTopics } from '../../../main/engine/topics.ts';
import { createWindow, type LogLine, newId } from './support/desk.ts';

const names = (kind: string): string[] =>
  Object.entries(DESK).flatMap(([area, verbs]) =>
    Object.entries(verbs)
      .filter(([, contract]) => contract.kind === kind)
      .map(([verb]) => `${area}.${verb}`),
  );

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A door with only the handlers that a test gives. */
function open(handlers: Partial<Handlers>, onWindowClosed?: (windowId: string) => void) {
  const lines: LogLine[] = [];
  const topics = createTopics();
  const door = createDoor({
    handlers: handlers as Handlers,
    topics,
    log: (level, event, fields = {}) => lines.push({ level, event, fields }),
    ...(onWindowClosed ? { onWindowClosed } : {}),
  });
  const engine = { connectWindow: door.connect };
  return { door, topics, lines, window: createWindow(engine), other: createWindow(engine) };
}

const STATE = {
  status: 'signed-out',
  person: null,
  portalUrl: '',
  lastAccount: null,
  hasDeskHere: false,
} as const;

describe('the contract', () => {
  const handlers = createHandlers({} as Parameters<typeof createHandlers>[0]) as unknown as Record<
    string,
    object
  >;

  it('has a handler for every request and every query, and none besides', () => {
    expect(Object.keys(handlers).sort()).toEqual([...names('request'), ...names('query')].sort());
  });

  it.each(names('request'))('%s is a request', (name) => expect(handlers[name]).toHaveProperty('run'));
  it.each(names('query'))('%s is a query', (name) => {
    expect(handlers[name]).toHaveProperty('read');
    expect(handlers[name]).toHaveProperty('topics');
  });
});

describe('requests', () => {
  it.each([
    'nothing.here',
    'session.constructor',
    'constructor.name',
    'session',
    'session.state.x',
    '__proto__.x',
    'documents.changed',
  ])('refuses the name %s', async (name) => {
    const { window } = open({});
    expect(await window.askRaw(name, {})).toEqual(refuse('bad-request'));
  });

  it('refuses arguments that the contract does not allow, without running anything', async () => {
    const run = vi.fn(async () => ok(STATE));
    const { window, lines } = open({ 'session.signIn': { run } });
    for (const args of [
      {},
      { account: 'a' },
      { account: 'a', password: 'b', more: 1 },
      null,
      { account: 1, password: 'b' },
    ]) {
      expect(await window.askRaw('session.signIn', args)).toEqual(refuse('bad-request'));
    }
    expect(run).not.toHaveBeenCalled();
    expect(lines.filter((line) => line.event === 'door.refused')).toHaveLength(5);
  });

  it('refuses bytes that are no bytes', async () => {
    const { window } = open({ 'documents.append': { run: async () => ok({ savedAt: 1 }) } });
    const args = { articleId: 'a', updateId: 'u' };
    expect(await window.askRaw('documents.append', { ...args, update: [1, 2] })).toEqual(
      refuse('bad-request'),
    );
    expect(await window.askRaw('documents.append', { ...args, update: new Uint8Array([1]) })).toEqual(
      ok({ savedAt: 1 }),
    );
  });

  it('answers a bug with "internal" and logs it; an expected failure with its code', async () => {
    const failures = [
      new Error('secret words'),
      new Refused('forbidden', { ref: 'WF21' }),
      Object.assign(new Error('x'), { code: 'STORE_FULL' }),
    ];
    const { window, lines } = open({
      'session.signOut': { run: async () => Promise.reject(failures.shift()) },
    });
    expect(await window.ask('session.signOut', {})).toEqual(refuse('internal'));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'door.bug' }));
    expect(await window.ask('session.signOut', {})).toEqual(refuse('forbidden', { ref: 'WF21' }));
    expect(await window.ask('session.signOut', {})).toEqual(refuse('disk-full'));
  });

  it('has one effect for one id, while it runs and after', async () => {
    const run = vi.fn(async () => {
      await pause(10);
      return ok(STATE);
    });
    const { window, other } = open({ 'session.signOut': { run } });
    const id = newId();
    expect(
      await Promise.all([window.ask('session.signOut', {}, id), other.ask('session.signOut', {}, id)]),
    ).toEqual([ok(STATE), ok(STATE)]);
    expect(await window.ask('session.signOut', {}, id)).toEqual(ok(STATE));
    expect(run).toHaveBeenCalledTimes(1);
    await window.ask('session.signOut', {});
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('runs again what was refused', async () => {
    const answers = [refuse('not-saved'), ok(STATE)];
    const { window } = open({
      'session.signOut': { run: async () => answers.shift() ?? refuse('internal') },
    });
    const id = newId();
    expect(await window.ask('session.signOut', {}, id)).toEqual(refuse('not-saved'));
    expect(await window.ask('session.signOut', {}, id)).toEqual(ok(STATE));
  });
});

describe('queries', () => {
  function counting() {
    let value = '1';
    const read = vi.fn(async () => ok({ ...STATE, portalUrl: value }));
    const opened = open({ 'session.state': { topics: () => ['session'] as const, read } });
    const set = (next: string) => {
      value = next;
    };
    return { ...opened, read, set };
  }

  it('answers at once, and again when the value changed, many changes once', async () => {
    const { window, topics, read, set } = counting();
    const values: unknown[] = [];
    window.watchRaw('session.state', {}, (result) =>
      values.push(result.ok && (result.value as typeof STATE).portalUrl),
    );
    await vi.waitFor(() => expect(values).toEqual(['1']));
    set('2');
    for (let n = 0; n < 50; n += 1) topics.emit('session');
    await vi.waitFor(() => expect(values).toEqual(['1', '2']));
    expect(read.mock.calls.length).toBeLessThanOrEqual(3);
    topics.emit('session');
    topics.emit('outbox');
    await pause(80);
    expect(values).toEqual(['1', '2']);
  });

  it('is let go by unwatch and when the port closes', async () => {
    const { window, other, topics, read, set } = counting();
    const values: unknown[] = [];
    const stop = window.watchRaw('session.state', {}, (result) => values.push(result));
    other.watchRaw('session.state', {}, (result) => values.push(result));
    await vi.waitFor(() => expect(values).toHaveLength(2));
    stop();
    other.close();
    await pause(20);
    set('3');
    topics.emit('session');
    await pause(80);
    expect(values).toHaveLength(2);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('tells a refusal, and the value once there is one', async () => {
    let answer: ReturnType<typeof refuse> | ReturnType<typeof ok<typeof STATE>> = refuse('not-signed-in');
    const { window, topics } = open({
      'session.state': { topics: () => ['session'] as const, read: async () => answer },
    });
    const results: unknown[] = [];
    window.watchRaw('session.state', {}, (result) => results.push(result));
    await vi.waitFor(() => expect(results).toEqual([refuse('not-signed-in')]));
    answer = ok(STATE);
    topics.emit('session');
    await vi.waitFor(() => expect(results).toHaveLength(2));
  });

  it('can not be asked as a request, nor a request be watched', async () => {
    const { window } = open({
      'session.state': { topics: () => [], read: async () => ok(STATE) },
      'session.signOut': { run: async () => ok(STATE) },
    });
    expect(await window.askRaw('session.state', {})).toEqual(refuse('bad-request'));
    const result = await new Promise((resolve) => void window.watchRaw('session.signOut', {}, resolve));
    expect(result).toEqual(refuse('bad-request'));
  });
});

describe('windows', () => {
  it('announces to every window but the one it came from', async () => {
    const { door, window, other } = open({});
    const change = { articleId: 'a', update: new Uint8Array([7]), authorId: 'p' };
    door.announce('documents.changed', change, window.windowId);
    await vi.waitFor(() => expect(other.announcements).toHaveLength(1));
    expect(other.announcements[0]).toMatchObject({ name: 'documents.changed', value: { articleId: 'a' } });
    expect(window.announcements).toHaveLength(0);
  });

  it('ignores messages that are none, says when a window has gone, and goes on', async () => {
    const gone: string[] = [];
    const { lines, window, other } = open({ 'session.signOut': { run: async () => ok(STATE) } }, (id) =>
      gone.push(id),
    );
    for (const message of [
      null,
      5,
      'x',
      {},
      { kind: 'request' },
      { kind: 'other', id: '1', name: 'x' },
      { kind: 'request', id: 'x'.repeat(201), name: 'a' },
    ]) {
      window.sendRaw(message);
    }
    expect(await window.ask('session.signOut', {})).toEqual(ok(STATE));
    expect(lines.filter((line) => line.event === 'door.bad-message')).toHaveLength(7);
    other.close();
    await vi.waitFor(() => expect(gone).toEqual([other.windowId]));
  });
});
