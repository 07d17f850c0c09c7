import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { buildApp } from '../../portal/app.ts';
import type { Portal } from '../../portal/context.ts';
import { type OpenDatabase, openDatabase } from '../../portal/storage/database.ts';
import { FileStore } from '../../portal/storage/fileStore.ts';

/** A request as it arrives at the portal. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An open event stream; ends when the portal or the reader ends it. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  close(): void;
}

export interface StreamListener {
  onChunk(bytes: Uint8Array): void;
  onEnd(): void;
}

/** As far as a broken connection goes. */
interface Connected {
  readonly connection: { readonly stream: Duplex };
  on(event: 'error', listener: () => void): void;
}

type App = Awaited<ReturnType<typeof buildApp>>['app'];

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The portal, as it is: its app on PostgreSQL, reached through connections that never leave the process. `crash` throws
 * away the app with all that it had in memory and breaks its database connections; `start` begins another one.
 */
export class SimulatedPortal {
  readonly #url: string;
  readonly #folder: string;
  readonly #now: () => number;
  #database: OpenDatabase | null = null;
  #app: App | null = null;
  #portal: Portal | null = null;

  constructor(url: string, folder: string, now: () => number) {
    this.#url = url;
    this.#folder = folder;
    this.#now = now;
  }

  get portal(): Portal {
    if (!this.#portal) throw new Error('the portal is down');
    return this.#portal;
  }

  get isUp(): boolean {
    return this.#app !== null;
  }

  async start(): Promise<void> {
    this.#database = await openDatabase(this.#url, () => {});
    const files = new FileStore(this.#folder);
    await files.open();
    const { app, portal } = await buildApp({
      db: this.#database.db,
      databaseUrl: null,
      files,
      tokenKey: new Uint8Array(32).fill(7),
      now: this.#now,
      publicUrl: 'https://cong.example.vn',
      requestsPerMinute: 100_000_000,
      logger: false,
    });
    await app.ready();
    this.#app = app;
    this.#portal = portal;
  }

  /** Answers one request; null when the portal went away before it had an answer. */
  async ask(asked: Asked): Promise<Answer | null> {
    const reply = await this.#send(asked);
    if (!reply) return null;
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of reply) chunks.push(chunk as Uint8Array);
    } catch {
      return null;
    }
    return { status: reply.statusCode ?? 0, headers: plain(reply), body: Buffer.concat(chunks) };
  }

  async listen(asked: Asked, listener: StreamListener): Promise<OpenStream | null> {
    const reply = await this.#send(asked);
    if (!reply) return null;
    reply.on('data', (bytes: Uint8Array) => listener.onChunk(new Uint8Array(bytes)));
    reply.once('close', () => listener.onEnd());
    reply.on('error', () => {});
    return {
      status: reply.statusCode ?? 0,
      headers: plain(reply),
      close: () => reply.destroy(),
    };
  }

  /** Until the portal rests and what it announced has reached the streams. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await turn();
      const pool = this.#database?.pool;
      const isBusy = pool && (pool.waitingCount > 0 || pool.totalCount > pool.idleCount);
      quiet = isBusy ? 0 : quiet + 1;
      // PostgreSQL needs the processor more than who waits for it.
      if (isBusy) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Ends at once, whatever it was doing; what was committed stays. */
  async crash(): Promise<void> {
    const [app, database] = [this.#app, this.#database];
    this.#app = null;
    this.#portal = null;
    if (!app || !database) return;
    app.server.closeAllConnections();
    const clients = (database.pool as unknown as { _clients: Connected[] })._clients;
    for (const client of [...clients]) {
      client.on('error', () => {});
      client.connection.stream.destroy();
    }
    const closed = app.close().then(() => database.close());
    await Promise.race([closed.catch(() => {}), longEnough()]);
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    await this.#database?.close();
    this.#app = null;
  }

  #send(asked: Asked): Promise<IncomingMessage | null> {
    const app = this.#app;
    if (!app) return Promise.resolve(null);
    return new Promise((resolve) => {
      const request: ClientRequest = httpRequest({
        method: asked.method,
        path: asked.path,
        headers: {
          ...asked.headers,
          host: 'portal',
          connection: 'close',
          ...(asked.body ? { 'content-length': String(asked.body.byteLength) } : {}),
        },
        createConnection: () => connect(app),
      });
      request.once('response', resolve);
      request.on('error', () => resolve(null));
      request.end(asked.body ?? undefined);
    });
  }
}

/** A connection to the app's server without a socket. */
function connect(app: App): Duplex {
  const [here, there] = duplexPair();
  const likeSocket = { setNoDelay: same, setKeepAlive: same, setTimeout: same, ref: same, unref: same };
  Object.assign(here, likeSocket);
  Object.assign(there, { ...likeSocket, remoteAddress: '127.0.0.1', remotePort: 1 });
  here.on('error', () => {});
  there.on('error', () => {});
  app.server.emit('connection', there);
  return here;
}

/** Nobody waits for the end of a process that was killed. */
async function longEnough(): Promise<void> {
  for (let waits = 0; waits < 20; waits += 1) await new Promise((resolve) => setTimeout(resolve, 500));
}

function same<T>(this: T): T {
  return this;
}

const plain = (reply: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(reply.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
