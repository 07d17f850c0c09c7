import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * How the line between a desk and the portal behaves: as it should, cut, a gateway's error page with status 500, a login page
 * where JSON was expected, or an answer that stops half-way.
 */
export type LineMode = 'pass' | 'cut' | 'error' | 'garbage' | 'half';

const PAGE = '<!doctype html><title>Login</title><h1>Wi-Fi</h1>';

/** A line on loopback that a desk uses instead of the portal's address, and that a test can spoil. */
export class WeakLine {
  mode: LineMode = 'pass';
  url = '';
  /** Requests that reached the line, by method and path. */
  readonly seen: string[] = [];
  /** The access token that came over the line last. */
  bearer = '';
  readonly #target: () => string;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(target: () => string) {
    this.#target = target;
  }

  async start(): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      this.seen.push(`${incoming.method} ${incoming.url}`);
      this.bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? this.bearer;
      if (this.mode === 'cut') return void incoming.socket.destroy();
      if (this.mode === 'error') {
        return void outgoing.writeHead(500, { 'content-type': 'text/html' }).end(PAGE);
      }
      if (this.mode === 'garbage') {
        return void outgoing.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      }
      const half = this.mode === 'half';
      const onward = request(
        new URL(incoming.url ?? '/', this.#target()),
        { method: incoming.method, headers: { ...incoming.headers, 'accept-encoding': 'identity' } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.on('data', (part: Buffer) => {
            if (!half) return void outgoing.write(part);
            outgoing.write(part.subarray(0, Math.ceil(part.length / 2)), () => incoming.socket.destroy());
          });
          answer.on('end', () => outgoing.end());
        },
      );
      onward.on('error', () => incoming.socket.destroy());
      incoming.on('error', () => onward.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this.url;
  }

  /** Changes the behaviour; what runs over the line at the moment is cut when it gets worse. */
  set(mode: LineMode): void {
    this.mode = mode;
    if (mode !== 'pass') for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }
}
