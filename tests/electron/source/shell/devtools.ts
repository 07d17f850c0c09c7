import type { Readable, Writable } from 'node:stream';

type Params = Record<string, unknown>;
type Listener = (params: Params) => void;
interface Answer {
  id?: number;
  method?: string;
  params?: Params;
  sessionId?: string;
  result?: unknown;
  error?: { message: string };
}

/** Chromium's DevTools protocol over the two pipes that also keep Chromium alive. */
export class DevTools {
  private readonly input: Writable;
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void; method: string }
  >();
  private readonly listeners = new Map<string, Listener[]>();
  private chunks: Buffer[] = [];
  private nextId = 1;
  private closed = false;

  constructor(input: Writable, output: Readable) {
    this.input = input;
    input.on('error', () => this.close());
    output.on('error', () => this.close());
    output.on('close', () => this.close());
    output.on('data', (chunk: Buffer) => this.read(chunk));
  }

  private read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      this.chunks.push(rest.subarray(0, end));
      const text = Buffer.concat(this.chunks).toString('utf8');
      this.chunks = [];
      rest = rest.subarray(end + 1);
      this.dispatch(JSON.parse(text) as Answer);
    }
    if (rest.length > 0) this.chunks.push(rest);
  }

  private dispatch(message: Answer): void {
    if (message.id !== undefined) {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
      else waiting?.resolve(message.result);
      return;
    }
    for (const listener of this.listeners.get(`${message.sessionId ?? ''} ${message.method ?? ''}`) ?? []) {
      try {
        listener(message.params ?? {});
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }

  /** Rejects with the protocol's message, or when Chromium is gone. */
  send<T = Params>(method: string, params: Params = {}, sessionId?: string): Promise<T> {
    if (this.closed) return Promise.reject(new Error(`${method}: Chromium is gone`));
    const id = this.nextId++;
    const text = JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) });
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, method });
      this.input.write(`${text}\0`);
    });
  }

  on(sessionId: string, method: string, listener: Listener): void {
    const key = `${sessionId} ${method}`;
    this.listeners.set(key, [...(this.listeners.get(key) ?? []), listener]);
  }

  forget(sessionId: string): void {
    for (const key of [...this.listeners.keys()]) {
      if (key.startsWith(`${sessionId} `)) this.listeners.delete(key);
    }
  }

  /** Ends Chromium, too: it lives only as long as its pipes. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.input.destroy();
    for (const waiting of this.waiting.values()) {
      waiting.reject(new Error(`${waiting.method}: Chromium is gone`));
    }
    this.waiting.clear();
  }
}
