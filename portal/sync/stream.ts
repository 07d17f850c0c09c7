import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamEvent, SyncedCollection } from '../../domain/contracts/index.ts';
import type { Announcer } from '../storage/announcer.ts';

interface Reader {
  readonly response: ServerResponse;
  readonly organisationId: string;
  readonly expiresAt: number;
}

const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a slow reader before it is dropped; it comes back with a resync. */
const MAX_WAITING_BYTES = 64 * 1024;

/** The open streams of this process. An event is written out once for all; one timer beats for all. */
export class StreamHub {
  readonly #readers = new Set<Reader>();
  readonly #now: () => number;
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
  open(request: IncomingMessage, response: ServerResponse, organisationId: string, expiresAt: number): void {
    const reader = { response, organisationId, expiresAt };
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.on('error', () => this.#readers.delete(reader));
    request.socket.setNoDelay(true);
    request.once('close', () => this.#readers.delete(reader));
    response.once('close', () => this.#readers.delete(reader));
    this.#readers.add(reader);
    this.#write(reader, format('resync', [], this.#now()));
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#heartbeat);
    for (const reader of this.#readers) reader.response.end();
    this.#readers.clear();
  }

  #tell(organisationId: string, collections: readonly SyncedCollection[]): void {
    const text = format('changed', collections, this.#now());
    for (const reader of this.#readers) {
      if (reader.organisationId === organisationId) this.#write(reader, text);
    }
  }

  #beat(): void {
    const now = this.#now();
    for (const reader of this.#readers) {
      if (reader.expiresAt <= now) {
        this.#readers.delete(reader);
        reader.response.end();
      } else this.#write(reader, ': still here\n\n');
    }
  }

  #write(reader: Reader, text: string): void {
    const { response } = reader;
    if (!response.write(text) && response.writableLength > MAX_WAITING_BYTES) {
      this.#readers.delete(reader);
      response.destroy();
    }
  }
}

function format(
  event: 'resync' | 'changed',
  collections: readonly SyncedCollection[],
  portalTime: number,
): string {
  const data: StreamEvent = { collections: [...collections], portalTime };
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
