import { EventEmitter } from 'node:events';
import { decode, encode } from './codec.ts';
import { strict } from './strict.ts';

/** One message on its way between two ends of a channel; `undefined` says that the other end closed. */
export type Packet = { data: string; ports: Link[] } | undefined;

/** Whoever holds an end of a channel: a port object here, or a process or window elsewhere. */
export interface Holder {
  receive(packet: Packet): void;
}

/** One end of a channel. Keeps what arrives while nobody holds it. */
export class Link {
  other: Link | undefined;
  private holder: Holder | undefined;
  private waiting: Packet[] = [];

  static pair(): [Link, Link] {
    const one = new Link();
    const two = new Link();
    one.other = two;
    two.other = one;
    return [one, two];
  }

  hold(holder: Holder): void {
    this.holder = holder;
    const waiting = this.waiting;
    this.waiting = [];
    for (const packet of waiting) this.deliver(packet);
  }

  /** Takes the end out of its holder's hands; `unread` goes first to the next holder. */
  release(unread: Packet[]): void {
    this.holder = undefined;
    this.waiting = [...unread, ...this.waiting];
  }

  deliver(packet: Packet): void {
    if (this.holder) this.holder.receive(packet);
    else this.waiting.push(packet);
  }

  send(data: string, ports: Link[]): void {
    this.other?.deliver({ data, ports });
  }

  close(): void {
    const other = this.other;
    if (!other) return;
    this.other = undefined;
    other.other = undefined;
    other.deliver(undefined);
  }
}

/** Electron's `MessagePortMain`: queues until `start()`, emits `message` and, after the last one, `close`. */
export class MessagePortMain extends EventEmitter implements Holder {
  link: Link | undefined;
  unread: Packet[] = [];
  started = false;
  scheduled = false;

  constructor(link: Link) {
    super();
    this.link = link;
    link.hold(this);
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return strict('MessagePortMain', this);
  }

  receive(packet: Packet): void {
    this.unread.push(packet);
    this.schedule();
  }

  schedule(): void {
    if (!this.started || this.scheduled || this.unread.length === 0) return;
    this.scheduled = true;
    setImmediate(() => this.drain());
  }

  drain(): void {
    this.scheduled = false;
    try {
      while (this.started && this.unread.length > 0) {
        const packet = this.unread.shift();
        if (!packet) {
          this.link = undefined;
          this.started = false;
          this.emit('close');
          return;
        }
        this.emit('message', { data: decode(packet.data), ports: packet.ports.map(portOf) });
      }
    } finally {
      this.schedule();
    }
  }

  start(): void {
    if (!this.link) return;
    this.started = true;
    this.schedule();
  }

  /** Throws when a port is not a `MessagePortMain`, is already transferred, or is this one. */
  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    const data = encode(message);
    const ports = transferred(transfer, this);
    this.link?.send(data, ports);
  }

  close(): void {
    const link = this.link;
    this.link = undefined;
    this.started = false;
    this.unread = [];
    link?.close();
  }

  /** Ends this object's life; the channel's end lives on wherever it is sent. */
  detach(): Link {
    const link = this.link;
    if (!link) throw new TypeError('Port is already neutered');
    this.link = undefined;
    this.started = false;
    link.release(this.unread);
    this.unread = [];
    return link;
  }
}

/** The port object for an end that arrived here. */
export function portOf(link: Link): MessagePortMain {
  return new MessagePortMain(link);
}

/** Detaches the ports of a transfer list, after all of them have been checked. */
export function transferred(transfer: unknown, self?: MessagePortMain): Link[] {
  if (!Array.isArray(transfer)) throw new TypeError('the transfer list must be an array of MessagePortMain');
  const links = new Set<Link>();
  for (const port of transfer as unknown[]) {
    if (!(port instanceof MessagePortMain)) {
      throw new TypeError('Port at index 0 is not a valid port');
    }
    if (!port.link || links.has(port.link) || port.link === self?.link) {
      throw new TypeError('Port at index 0 is already neutered');
    }
    links.add(port.link);
  }
  return (transfer as MessagePortMain[]).map((port) => port.detach());
}

/** Electron's `MessageChannelMain`. */
export class MessageChannelMain {
  port1: MessagePortMain;
  port2: MessagePortMain;
  constructor() {
    const [one, two] = Link.pair();
    this.port1 = portOf(one);
    this.port2 = portOf(two);
  }
}

/** A frame about a port, as it travels between processes: `['port', id, data, portIds]` or `['portclose', id]`. */
export type PortFrame = ['port', number, string, number[]] | ['portclose', number];

/**
 * The ends of channels that live on the other side of one connection (a utility process, a window).
 * Ids that this side hands out are `first`, `first + 2`, …, so that the two sides never collide.
 */
export class RemotePorts {
  private readonly links = new Map<number, Link>();
  private next: number;
  private readonly write: (frame: PortFrame) => void;

  constructor(first: 1 | 2, write: (frame: PortFrame) => void) {
    this.next = first;
    this.write = write;
  }

  private hold(id: number, link: Link): void {
    this.links.set(id, link);
    link.hold({
      receive: (packet) => {
        if (packet) this.write(['port', id, packet.data, this.export(packet.ports)]);
        else if (this.links.delete(id)) this.write(['portclose', id]);
      },
    });
  }

  /** Sends ends over: their ids, to be written with the message that carries them. */
  export(links: Link[]): number[] {
    return links.map((link) => {
      const id = this.next;
      this.next += 2;
      this.hold(id, link);
      return id;
    });
  }

  /** Ends that arrived with a message. */
  import(ids: number[]): Link[] {
    return ids.map((id) => {
      const [near, far] = Link.pair();
      this.hold(id, near);
      return far;
    });
  }

  read(frame: PortFrame): void {
    const link = this.links.get(frame[1]);
    if (!link) return;
    if (frame[0] === 'port') link.send(frame[2], this.import(frame[3]));
    else {
      this.links.delete(frame[1]);
      link.close();
    }
  }

  /** The other side is gone: every channel that led there closes. */
  closeAll(): void {
    const links = [...this.links.values()];
    this.links.clear();
    for (const link of links) link.close();
  }
}
