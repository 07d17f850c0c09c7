import type { Refusal } from '../lib/result.ts';
import type { ArgsOf, Contract, ReplyOf } from './define.ts';
import type { Desk } from './desk.ts';

/** Messages on the port between a window and the engine. `name` is `area.verb`. */
export type ToEngine =
  | { readonly kind: 'request'; readonly id: string; readonly name: string; readonly args: unknown }
  | { readonly kind: 'watch'; readonly id: string; readonly name: string; readonly args: unknown }
  | { readonly kind: 'unwatch'; readonly id: string };

export type ToWindow =
  | { readonly kind: 'reply'; readonly id: string; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'reply'; readonly id: string; readonly ok: false; readonly error: Refusal }
  /** A query's value: at once, and again when it changed. */
  | { readonly kind: 'value'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'announcement'; readonly name: string; readonly value: unknown };

type Names<A extends keyof Desk, K extends Contract['kind']> = {
  [V in keyof Desk[A] & string]: Desk[A][V] extends { readonly kind: K } ? `${A}.${V}` : never;
}[keyof Desk[A] & string];

export type RequestName = { [A in keyof Desk]: Names<A, 'request'> }[keyof Desk];
export type QueryName = { [A in keyof Desk]: Names<A, 'query'> }[keyof Desk];
export type AnnouncementName = { [A in keyof Desk]: Names<A, 'announcement'> }[keyof Desk];

type At<N extends string> = N extends `${infer A extends keyof Desk}.${infer V}`
  ? Desk[A][V & keyof Desk[A]]
  : never;
export type Args<N extends RequestName | QueryName> = ArgsOf<At<N>>;
export type Reply<N extends RequestName | QueryName | AnnouncementName> = ReplyOf<At<N>>;

/** What the preload puts into the window as `soan`: one function per name of the contract, nothing else. */
export type Bridge = {
  readonly [A in keyof Desk]: {
    readonly [V in keyof Desk[A]]: Desk[A][V] extends { readonly kind: 'request' }
      ? (id: string, args: unknown) => Promise<ToWindow>
      : Desk[A][V] extends { readonly kind: 'query' }
        ? (id: string, args: unknown, listener: (message: ToWindow) => void) => void
        : (listener: (value: unknown) => void) => void;
  };
} & {
  readonly engine: {
    /** Lets go of a query. */
    readonly unwatch: (id: string) => void;
    /** Calls back at every connection to the engine: the first, and each after it was started again. */
    readonly onConnected: (listener: () => void) => void;
  };
  readonly shell: ShellBridge;
};

/** The few things the shell itself does for a window. */
export interface ShellBridge {
  readonly info: () => Promise<ShellInfo>;
  readonly setLanguage: (language: 'vi' | 'en') => Promise<void>;
  readonly setTheme: (theme: 'system' | 'light' | 'dark') => Promise<void>;
  /** Opens a page of the portal in the system's browser; other addresses are refused. */
  readonly openPublicPage: (path: string) => Promise<boolean>;
  /** Opens the folder of a desk in the system's file manager, by its name; false when that was not possible. */
  readonly showDeskFolder: (folder: string) => Promise<boolean>;
  readonly print: () => Promise<void>;
  /** Before the window closes: the listener hands over what is not acknowledged yet. The window waits two seconds at most. */
  readonly onClosing: (listener: () => Promise<void>) => void;
}

export interface ShellInfo {
  readonly version: string;
  readonly electron: string;
  readonly platform: string;
  readonly locale: string;
}
