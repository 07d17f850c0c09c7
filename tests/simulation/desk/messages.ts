/** What the driver sends to a desk and what comes back; one message each way per round. */

export interface FetchRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** What happens to a request of the desk: `head` first, then `chunk`s, then `end`; or `fail` at any time. */
export type FetchEvent =
  | {
      readonly kind: 'head';
      readonly id: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'fail'; readonly id: number };

/** Which writes of the store find no room: none, all, or those of RxDB's own notes of the exchange. */
export type DiskState = 'sound' | 'full' | 'full-for-notes';

export type ToDesk =
  | { readonly kind: 'start'; readonly folder: string; readonly portalUrl: string; readonly seed: number }
  | { readonly kind: 'stop' }
  /** The power goes, now. */
  | { readonly kind: 'die' }
  | { readonly kind: 'window'; readonly windowId: string }
  | { readonly kind: 'fromWindow'; readonly windowId: string; readonly data: unknown }
  | { readonly kind: 'fetch'; readonly event: FetchEvent }
  /** The clock went on: what is due fires. */
  | { readonly kind: 'advance' }
  /** The machine is on a network again. */
  | { readonly kind: 'online' }
  | { readonly kind: 'disk'; readonly state: DiskState }
  /** Dies at a write of the store, just before or just after it is committed. */
  | { readonly kind: 'dieAt'; readonly write: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'forgetDeath' }
  | { readonly kind: 'dump' };

export type FromDesk =
  | { readonly kind: 'fetch'; readonly request: FetchRequest }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'toWindow'; readonly windowId: string; readonly data: unknown }
  | { readonly kind: 'started'; readonly error: string | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'log'; readonly line: string; readonly level: string }
  | { readonly kind: 'dump'; readonly rows: Readonly<Record<string, readonly Record<string, unknown>[]>> };

export interface Round {
  readonly seq: number;
  readonly items: readonly ToDesk[];
}

export interface Idle {
  readonly seq: number;
  readonly out: readonly FromDesk[];
  /** When the next timer is due, in milliseconds of the driver's clock; null without any. */
  readonly nextDue: number | null;
}

/** Reached the place where it was to die; nothing will come any more. */
export interface Dying {
  readonly dying: true;
  readonly out: readonly FromDesk[];
}

/** Shared with the driver: the clock of the world, and how far this machine's is off, in milliseconds. */
export interface DeskData {
  readonly clock: Float64Array;
  /** A power cut ends the thread itself, and not only what runs in it. */
  readonly mayEnd: boolean;
}
