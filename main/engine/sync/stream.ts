import { setTimeout as pause } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { PresenceEvent, StreamEvent } from '../../../domain/contracts/index.ts';
import { describe, type Log } from '../log.ts';
import type { PortalApi } from './api.ts';
import { type Link, Stopped } from './link.ts';
import { failureOf, PortalFailure } from './portalClient.ts';

export interface StreamOptions {
  readonly api: PortalApi;
  readonly link: Link;
  readonly log: Log;
  /** After every opening: whatever happened meanwhile was not heard. */
  readonly onOpen: () => void;
  readonly onChanged: (collections: readonly string[], portalTime: number) => void;
  readonly onPresence: (event: PresenceEvent) => void;
  /** After every end of an open stream. */
  readonly onClosed: () => void;
}

/** The portal's heartbeat comes far more often. */
const SILENCE_MS = 90_000;
const SHORTEST_LIFE_MS = 1000;
const LONGEST_LINE = 1024 * 1024;

/** Listens to what changes at the portal, one stream for all collections, for as long as the link is open. */
export async function listenToPortal(options: StreamOptions, stop: AbortSignal): Promise<void> {
  const { link, log } = options;
  while (!stop.aborted) {
    const started = Date.now();
    try {
      await link.run((signal) => listenOnce(options, AbortSignal.any([stop, signal])));
    } catch (error) {
      if (error instanceof Stopped || stop.aborted) return;
      log('warn', 'stream.failed', describe(error));
    }
    if (Date.now() - started < SHORTEST_LIFE_MS) {
      await pause(SHORTEST_LIFE_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function listenOnce(options: StreamOptions, stop: AbortSignal): Promise<void> {
  const { api, link, onOpen, onChanged, onPresence, onClosed } = options;
  const silence = new AbortController();
  const signal = AbortSignal.any([stop, silence.signal]);
  const headers = { accept: 'text/event-stream' };
  const response = await api.raw({ path: '/api/sync/stream', headers, signal });
  if (!response.ok) {
    const text = await response.text().catch(() => '');
    throw failureOf(response, safeJson(text));
  }
  const isStream = response.headers.get('content-type')?.includes('text/event-stream');
  if (!isStream || !response.body) {
    await response.body?.cancel().catch(() => undefined);
    throw new PortalFailure('portal-garbage', response.status);
  }
  link.reached();
  onOpen();
  const reader = response.body.getReader();
  // Electron's fetch does not always end the body when the request is aborted.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/u);
      rest = blocks.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw new PortalFailure('portal-garbage', response.status);
      for (const block of blocks) {
        const event = readEvent(block);
        if (Value.Check(StreamEvent, event)) onChanged(event.collections, event.portalTime);
        else if (Value.Check(PresenceEvent, event)) onPresence(event);
      }
    }
  } catch (error) {
    if (error instanceof PortalFailure) throw error;
    // Cut off: the next opening tells whether the portal is still there.
    return;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    cancel();
    onClosed();
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The data of an event, parsed; undefined for a heartbeat. */
function readEvent(block: string): unknown {
  const data = block
    .split(/\r?\n/u)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  return safeJson(data);
}
