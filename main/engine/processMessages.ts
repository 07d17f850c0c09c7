/** Messages between the shell and the engine's process. Windows talk over ports of their own (`domain/contracts/wire.ts`). */
export type ToEngineProcess =
  | {
      readonly kind: 'start';
      readonly userData: string;
      readonly portalUrl: string;
      readonly version: string;
      /** What the engine before this one asked to be kept (`hold`). */
      readonly held: Readonly<Record<string, string>>;
    }
  /** Comes with one port. */
  | { readonly kind: 'window'; readonly windowId: number }
  /** Whether the system says that it has a network; a hint, no proof. */
  | { readonly kind: 'online'; readonly online: boolean }
  /** The machine woke up. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'secret'; readonly id: string; readonly ok: boolean; readonly value: string }
  /** Write what there is, close, end. */
  | { readonly kind: 'stop' };

export type FromEngine =
  | { readonly kind: 'ready' }
  /** The engine can't work; code of `domain/contracts/errors.ts`. */
  | { readonly kind: 'fatal'; readonly code: string }
  /** Which portal this desk belongs to now. */
  | { readonly kind: 'portal'; readonly url: string }
  /** Keep this secret in memory for the next engine, should this one end unasked; null: let go. */
  | { readonly kind: 'hold'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'protect'; readonly id: string; readonly text: string }
  | { readonly kind: 'unprotect'; readonly id: string; readonly base64: string };
