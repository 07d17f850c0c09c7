import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PresenceEvent, StreamEvent, SyncedCollection } from '../../domain/contracts/index.ts';
import type { Announcer } from '../storage/announcer.ts';

interface Reader {
  readonly response: ServerResponse;
  readonly organisationId: string;
  readonly sessionId: string;
  readonly expiresAt: number;
}

const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a slow reader before it is dropped; it comes back with a resync. */
const MAX_WAITING_BYTES = 64 * 1024;

/** The open streams of this process. An event is written out once for all; one timer beats for all. */
export class StreamHub {
  readonly #readers = new Set<Reader>();
  readonly #now: () => number;
  readonly #closed = new Set<(sessionId: string) => void>();
  readonly #stopListening: () => void;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(announcer: Announcer, now: () => number) {
    this.#now = now;
    this.#stopListening = announcer.on((organisationId, collections) =>
      this.#tell(organisationId, collections),
    );
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get size(): number {
    return this.#readers.size;
  }

  /** Serves one desk until it goes, is too slow, or its token's time is over. */
  open(request: IncomingMessage, response: ServerResponse, of: Omit<Reader, 'response'>): void {
    const reader: Reader = { response, ...of };
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.on('error', () => this.#drop(reader));
    request.socket.setNoDelay(true);
    request.once('close', () => this.#drop(reader));
    response.once('close', () => this.#drop(reader));
    this.#readers.add(reader);
    this.#write(reader, format('resync', this.#look([])));
  }

  /** Whether this process serves a stream of the session. */
  has(sessionId: string): boolean {
    return [...this.#readers].some((reader) => reader.sessionId === sessionId);
  }

  /** Calls back when a stream of a session ended, however it did. Returns the way to stop. */
  onClosed(listener: (sessionId: string) => void): () => void {
    this.#closed.add(listener);
    return () => this.#closed.delete(listener);
  }

  /** An event for some sessions; those without a stream here are passed over. */
  tellSessions(sessionIds: ReadonlySet<string>, event: 'presence', data: PresenceEvent): void {
    const text = format(event, data);
    for (const reader of this.#readers) if (sessionIds.has(reader.sessionId)) this.#write(reader, text);
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#heartbeat);
    for (const reader of this.#readers) reader.response.end();
    this.#readers.clear();
  }

  #tell(organisationId: string, collections: readonly SyncedCollection[]): void {
    const text = format('changed', this.#look(collections));
    for (const reader of this.#readers) {
      if (reader.organisationId === organisationId) this.#write(reader, text);
    }
  }

  #beat(): void {
    const now = this.#now();
    for (const reader of this.#readers) {
      if (reader.expiresAt <= now) {
        this.#drop(reader);
        reader.response.end();
      } else this.#write(reader, ': still here\n\n');
    }
  }

  #write(reader: Reader, text: string): void {
    const { response } = reader;
    if (!response.write(text) && response.writableLength > MAX_WAITING_BYTES) {
      this.#drop(reader);
      response.destroy();
    }
  }

  #drop(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    for (const listener of this.#closed) listener(reader.sessionId);
  }

  #look(collections: readonly SyncedCollection[]): StreamEvent {
    return { collections: [...collections], portalTime: this.#now() };
  }
}

function format(event: 'resync' | 'changed' | 'presence', data: StreamEvent | PresenceEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
