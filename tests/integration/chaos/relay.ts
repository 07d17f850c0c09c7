import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

/**
 * What a relay does to what runs over it. `stall`: connections stay and nothing more comes (half-open); `truncate`: each answer
 * stops after some bytes and the connection is cut.
 */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'truncate'; readonly bytes: number };

/** A TCP line on loopback to one of several ports in turn, that a test can spoil. */
export class Relay {
  fault: Fault = { kind: 'none' };
  /** Bytes that went towards the target. */
  sent = 0;
  #cutAt: number[] = [];
  readonly #targets: () => readonly number[];
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  #server: Server | null = null;
  #turn = 0;

  /** `targets` are the ports to choose from, asked at each connection. */
  constructor(targets: () => readonly number[]) {
    this.#targets = targets;
  }

  async start(): Promise<number> {
    const server = createServer((near) => this.#connect(near));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the relay has no port');
    return address.port;
  }

  /** Cuts everything once each time that so many bytes went towards the target. */
  cutAt(places: readonly number[]): void {
    this.#cutAt = [...places].sort((a, b) => a - b);
  }

  /** Cuts that are still to come. */
  get cutsLeft(): number {
    return this.#cutAt.length;
  }

  /** Changes the behaviour, also of what is open; a cut ends it. */
  set(fault: Fault): void {
    const wasStalled = this.fault.kind === 'stall';
    this.fault = fault;
    // What was half-open stays dead for those who wait on it, as behind a router that lost its table.
    if (fault.kind === 'cut' || wasStalled) this.#endAll();
    else if (fault.kind === 'stall')
      for (const { near, far } of this.#pairs) {
        near.pause();
        far.pause();
      }
  }

  async stop(): Promise<void> {
    this.#endAll();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }

  #endAll(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  #connect(near: Socket): void {
    const ports = this.#targets();
    const port = ports[this.#turn++ % Math.max(1, ports.length)];
    if (this.fault.kind === 'cut' || port === undefined) {
      near.destroy();
      return;
    }
    const far = new Socket();
    const pair = { near, far };
    this.#pairs.add(pair);
    let answered = 0;
    const forward = (to: Socket, data: Buffer, isAnswer: boolean): void => {
      const { fault } = this;
      if (fault.kind === 'delay') {
        setTimeout(() => to.write(data), fault.ms);
        return;
      }
      if (isAnswer && fault.kind === 'truncate') {
        const left = fault.bytes - answered;
        answered += data.length;
        if (left < data.length) {
          to.write(data.subarray(0, Math.max(0, left)), () => end());
          return;
        }
      }
      to.write(data);
    };
    const end = (): void => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('data', (data) => {
      this.sent += data.length;
      const cut = this.#cutAt[0];
      if (cut !== undefined && this.sent >= cut) {
        this.#cutAt.shift();
        // What came before the cut still arrives.
        far.write(data, () => this.#endAll());
        near.destroy();
        return;
      }
      forward(far, data, false);
    });
    far.on('data', (data) => forward(near, data, true));
    for (const socket of [near, far]) {
      // A line passes on what it has; it does not gather.
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    if (this.fault.kind === 'stall') near.pause();
    far.connect(port, '127.0.0.1');
  }
}
