import type { FetchEvent, FetchRequest } from './desk/messages.ts';
import { Failure } from './failure.ts';
import type { Answer, OpenStream, SimulatedPortal } from './portal.ts';
import type { Random } from './random.ts';

/**
 * The line between one desk and the portal. `cut`: every request fails at once. `silent`: what is sent is never
 * answered, an open stream stays open and says nothing. `flaky`: each request has a fate of its own.
 */
export type LineMode = 'good' | 'flaky' | 'cut' | 'silent';

/** What becomes of a request on a flaky line. */
const FATES = {
  passes: 62,
  /** Never arrives; the desk is told so. */
  'lost-request': 6,
  /** Has its effect; the desk is told that it failed. */
  'lost-answer': 9,
  /** The desk gives up, and it arrives later all the same. */
  'late-request': 4,
  /** Arrives twice. */
  duplicate: 5,
  'delayed-answer': 5,
  /** Breaks off in the middle of the answer. */
  truncated: 3,
  /** The answer ends early, as if it were whole. */
  cropped: 2,
  /** Something in between answers 502, without the portal. */
  'proxy-error': 2,
  /** Something in between loses patience: 504, but the portal has done it. */
  'proxy-timeout': 2,
} as const;

interface Up {
  readonly desk: number;
  readonly request: FetchRequest;
  /** Rounds to wait before it arrives. */
  wait: number;
  /** Nobody waits for the answer any more. */
  readonly isOrphan: boolean;
}

interface Down {
  readonly event: FetchEvent;
  wait: number;
}

interface Line {
  mode: LineMode;
  readonly downs: Down[];
  readonly streams: Map<number, { stream: OpenStream | null; isDead: boolean }>;
  /** Requests that hang on a silent line. */
  readonly hanging: Set<number>;
}

export interface NetworkOptions {
  readonly portal: SimulatedPortal;
  readonly desks: number;
  /** Sees whatever leaves a desk, also where it never arrives. */
  readonly onRequest: (desk: number, request: FetchRequest) => void;
  /** Sees whatever the portal answered, also where the answer is lost on the way. */
  readonly onAnswer: (desk: number, request: FetchRequest, answer: Answer) => Promise<void>;
}

const isStream = (request: FetchRequest): boolean => request.path.startsWith('/api/sync/stream');
const isRefresh = (request: FetchRequest): boolean => request.path.startsWith('/api/session');

/** All lines. Nothing moves but in `round`. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #lines: Line[];
  #ups: Up[] = [];
  #random: Random;
  /** The portal ends after it has done so many more pushes, before it answers; 0: it does not. */
  crashAfterPushes = 0;
  /** Requests that arrive together are worked on together, and their order is PostgreSQL's. */
  isCrowded = false;
  /** Requests that reached the portal, by what was asked. */
  readonly counts = new Map<string, number>();

  constructor(options: NetworkOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#lines = Array.from({ length: options.desks }, () => ({
      mode: 'good',
      downs: [],
      streams: new Map(),
      hanging: new Set(),
    }));
  }

  /** What happens from here on is drawn from this. */
  draw(random: Random): void {
    this.#random = random;
  }

  mode(desk: number): LineMode {
    return this.#line(desk).mode;
  }

  setMode(desk: number, mode: LineMode): void {
    const line = this.#line(desk);
    line.mode = mode;
    if (mode === 'silent') for (const stream of line.streams.values()) stream.isDead = true;
    if (mode === 'cut') this.breakAll(desk);
    if (mode !== 'silent') {
      // What hung is reset when the line comes back.
      for (const id of line.hanging) this.#down(desk, { kind: 'fail', id });
      line.hanging.clear();
    }
  }

  /** Every open connection of a desk breaks. */
  breakAll(desk: number): void {
    const line = this.#line(desk);
    for (const [id, { stream }] of line.streams) {
      stream?.close();
      this.#down(desk, { kind: 'fail', id });
    }
    line.streams.clear();
  }

  /** The desk has gone: nothing reaches it any more. */
  forget(desk: number): void {
    const line = this.#line(desk);
    for (const { stream } of line.streams.values()) stream?.close();
    line.streams.clear();
    line.downs.length = 0;
    line.hanging.clear();
    this.#ups = this.#ups.map((up) => (up.desk === desk ? { ...up, isOrphan: true } : up));
  }

  sent(desk: number, request: FetchRequest): void {
    this.#options.onRequest(desk, request);
    this.#ups.push({ desk, request, wait: 0, isOrphan: false });
  }

  aborted(desk: number, id: number): void {
    const line = this.#line(desk);
    line.streams.get(id)?.stream?.close();
    line.streams.delete(id);
    line.hanging.delete(id);
  }

  /** Nothing is on its way. */
  get isQuiet(): boolean {
    return this.#ups.length === 0 && this.#lines.every((line) => line.downs.length === 0);
  }

  /** What arrives at a desk now. */
  arrivals(desk: number): FetchEvent[] {
    const line = this.#line(desk);
    const now: FetchEvent[] = [];
    const blocked = new Set<number>();
    const later: Down[] = [];
    for (const down of line.downs) {
      // Of one answer nothing overtakes what came before it.
      if (down.wait > 0 || blocked.has(down.event.id)) {
        if (down.wait > 0) down.wait -= 1;
        blocked.add(down.event.id);
        later.push(down);
      } else now.push(down.event);
    }
    line.downs.splice(0, line.downs.length, ...later);
    return now;
  }

  /** Brings the requests that have arrived to the portal, one after the other. */
  async deliver(): Promise<void> {
    const ready = this.#ups.filter((up) => up.wait === 0);
    this.#ups = this.#ups.filter((up) => up.wait > 0);
    for (const up of this.#ups) up.wait -= 1;
    ready.sort(
      (a, b) =>
        a.desk - b.desk ||
        (a.request.path < b.request.path
          ? -1
          : a.request.path > b.request.path
            ? 1
            : a.request.id - b.request.id),
    );
    this.#random.shuffle(ready);
    if (this.isCrowded) await Promise.all(ready.map((up) => this.#carry(up)));
    else for (const up of ready) await this.#carry(up);
    await this.#options.portal.settle();
  }

  async #carry({ desk, request, isOrphan }: Up): Promise<void> {
    const line = this.#line(desk);
    if (isOrphan) {
      if (isStream(request)) await this.#openAndLeave(request);
      else await this.#ask(desk, request);
      return;
    }
    if (line.mode === 'cut') return this.#down(desk, { kind: 'fail', id: request.id });
    if (line.mode === 'silent') {
      line.hanging.add(request.id);
      return;
    }
    if (isStream(request)) return this.#listen(desk, request);
    const fate = line.mode === 'flaky' ? this.#random.weighted(FATES) : 'passes';
    if (fate === 'lost-request') return this.#down(desk, { kind: 'fail', id: request.id });
    if (fate === 'proxy-error') return this.#give(desk, request, proxyAnswer(502), 0);
    if (fate === 'late-request' && !isRefresh(request)) {
      this.#ups.push({ desk, request, wait: 1 + this.#random.below(6), isOrphan: true });
      return this.#down(desk, { kind: 'fail', id: request.id });
    }
    const answer = await this.#ask(desk, request);
    if (!answer) return this.#down(desk, { kind: 'fail', id: request.id });
    if (fate === 'duplicate') await this.#ask(desk, request);
    if (fate === 'lost-answer') return this.#down(desk, { kind: 'fail', id: request.id });
    if (fate === 'proxy-timeout') return this.#give(desk, request, proxyAnswer(504), 0);
    if (fate === 'truncated' || fate === 'cropped')
      return this.#give(desk, request, answer, 0, fate === 'truncated' ? 'fail' : 'end');
    this.#give(desk, request, answer, fate === 'delayed-answer' ? 1 + this.#random.below(6) : 0);
  }

  async #ask(desk: number, request: FetchRequest): Promise<Answer | null> {
    const { portal } = this.#options;
    const key = `${request.method} ${request.path.split('?')[0]}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    const answer = await portal.ask(request);
    if (!answer) return null;
    // Another request may have brought it down meanwhile.
    if (!portal.isUp) return null;
    try {
      await this.#options.onAnswer(desk, request, answer);
    } catch (error) {
      if (error instanceof Failure || portal.isUp) throw error;
      return null;
    }
    if (this.crashAfterPushes > 0 && request.method !== 'GET' && !isRefresh(request)) {
      this.crashAfterPushes -= 1;
      if (this.crashAfterPushes === 0) {
        await portal.crash();
        return null;
      }
    }
    return answer;
  }

  #give(
    desk: number,
    request: FetchRequest,
    answer: Answer,
    wait: number,
    cut: 'fail' | 'end' | null = null,
  ): void {
    const { id } = request;
    const { status, headers, body } = answer;
    const {
      'content-length': _length,
      'transfer-encoding': _coding,
      connection: _connection,
      ...rest
    } = headers;
    this.#down(desk, { kind: 'head', id, status, headers: rest }, wait);
    const bytes = cut ? body.subarray(0, this.#random.below(body.byteLength + 1)) : body;
    if (bytes.byteLength > 0) this.#down(desk, { kind: 'chunk', id, bytes });
    this.#down(desk, { kind: cut ?? 'end', id });
  }

  async #listen(desk: number, request: FetchRequest): Promise<void> {
    const line = this.#line(desk);
    const { id } = request;
    const one: { stream: OpenStream | null; isDead: boolean } = { stream: null, isDead: false };
    line.streams.set(id, one);
    this.counts.set('GET /api/sync/stream', (this.counts.get('GET /api/sync/stream') ?? 0) + 1);
    let isOpen = false;
    const early: Uint8Array[] = [];
    const onChunk = (bytes: Uint8Array) => {
      if (!isOpen) early.push(bytes);
      else if (!one.isDead && line.streams.has(id)) this.#down(desk, { kind: 'chunk', id, bytes });
    };
    const onEnd = () => {
      if (!one.isDead && line.streams.delete(id)) this.#down(desk, { kind: 'end', id });
    };
    const stream = await this.#options.portal.listen(request, { onChunk, onEnd });
    if (!stream) {
      line.streams.delete(id);
      return this.#down(desk, { kind: 'fail', id });
    }
    one.stream = stream;
    this.#down(desk, { kind: 'head', id, status: stream.status, headers: stream.headers });
    isOpen = true;
    for (const bytes of early) onChunk(bytes);
    // Now and then a stream is half-open from its beginning.
    if (line.mode === 'flaky' && this.#random.chance(0.1)) one.isDead = true;
  }

  /** A stream whose desk is gone by the time it arrives: it has no end that could be waited for. */
  async #openAndLeave(request: FetchRequest): Promise<void> {
    const nobody = { onChunk: () => undefined, onEnd: () => undefined };
    const stream = await this.#options.portal.listen(request, nobody);
    stream?.close();
  }

  #down(desk: number, event: FetchEvent, wait = 0): void {
    this.#line(desk).downs.push({ event, wait });
  }

  #line(desk: number): Line {
    const line = this.#lines[desk];
    if (!line) throw new Error(`no desk ${desk}`);
    return line;
  }
}

const proxyAnswer = (status: number): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: new TextEncoder().encode('<html><body>Bad gateway</body></html>'),
});
