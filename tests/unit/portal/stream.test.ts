import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Announcer } from '../../../portal/storage/announcer.ts';
import { StreamHub } from '../../../portal/sync/stream.ts';

type Listener = Parameters<Announcer['on']>[0];

/** The part of a response that the hub uses, with a socket that takes or refuses. */
function reader() {
  const sent: string[] = [];
  const events = new EventEmitter();
  const response = Object.assign(events, {
    sent,
    isSlow: false,
    isEnded: false,
    isDestroyed: false,
    writableLength: 0,
    writeHead: () => response,
    write(text: string) {
      sent.push(text);
      if (response.isSlow) response.writableLength += text.length;
      return !response.isSlow;
    },
    end() {
      response.isEnded = true;
    },
    destroy() {
      response.isDestroyed = true;
    },
  });
  return response;
}

const request = () =>
  Object.assign(new EventEmitter(), { socket: { setNoDelay() {} } }) as unknown as IncomingMessage;

let now = 0;
let tell: Listener = () => {};
let hub: StreamHub;
const open = (organisationId = 'a', expiresAt = 1_000_000, sessionId = 'session') => {
  const response = reader();
  hub.open(request(), response as unknown as ServerResponse, {
    organisationId,
    sessionId,
    expiresAt,
  });
  return response;
};

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  const announcer = {
    on(listener: Listener) {
      tell = listener;
      return () => {
        tell = () => {};
      };
    },
  };
  hub = new StreamHub(announcer as unknown as Announcer, () => now);
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

describe('open streams', () => {
  it('hear of their own organisation alone, each event written out once', () => {
    const [a, b, other] = [open('a'), open('a'), open('b')];
    tell('a', ['updates', 'articles']);
    expect(a.sent).toHaveLength(2);
    expect(a.sent[1]).toBe('event: changed\ndata: {"collections":["updates","articles"],"portalTime":0}\n\n');
    expect(b.sent[1]).toBe(a.sent[1]);
    expect(other.sent).toHaveLength(1);
  });

  it('beat every 15 seconds and end when the token does', () => {
    const [long, short] = [open('a', 1_000_000), open('a', 20_000)];
    now = 15_000;
    vi.advanceTimersByTime(15_000);
    expect([long.sent.length, short.sent.length]).toEqual([2, 2]);
    now = 30_000;
    vi.advanceTimersByTime(15_000);
    expect(short.isEnded).toBe(true);
    expect(long.isEnded).toBe(false);
    expect(hub.size).toBe(1);
  });

  it('that do not read are dropped, others are not', () => {
    const [slow, quick] = [open(), open()];
    slow.isSlow = true;
    for (let n = 0; n < 2_000; n += 1) tell('a', ['updates']);
    expect(slow.isDestroyed).toBe(true);
    expect(slow.sent.length).toBeLessThan(1_500);
    expect(quick.isDestroyed).toBe(false);
    expect(quick.sent).toHaveLength(2_001);
    expect(hub.size).toBe(1);
  });

  it('hear what is for their session alone, and are known until they end', () => {
    const [a, b] = [open('a', 20_000, 'one'), open('a', 1_000_000, 'two')];
    const ended: string[] = [];
    hub.onClosed((sessionId) => ended.push(sessionId));
    const event = {
      articleId: 'x',
      key: 'k.w',
      personId: 'p',
      isHere: true,
      isNew: true,
      place: null,
    };
    hub.tellSessions(new Set(['two', 'elsewhere']), 'presence', event);
    expect(a.sent).toHaveLength(1);
    expect(b.sent[1]).toBe(`event: presence\ndata: ${JSON.stringify(event)}\n\n`);
    expect([hub.has('one'), hub.has('two')]).toEqual([true, true]);
    now = 30_000;
    vi.advanceTimersByTime(15_000);
    expect(ended).toEqual(['one']);
    expect([hub.has('one'), hub.has('two')]).toEqual([false, true]);
  });

  it('end when the portal ends', () => {
    const one = open();
    hub.close();
    expect(one.isEnded).toBe(true);
    expect(hub.size).toBe(0);
  });
});
