/** How reading a file ended. `no-text`: there is none in it, for example in scanned pages. */
export type ReadCode = 'read' | 'no-text' | 'encrypted' | 'damaged';

/** What the engine asks of the thread that reads files; the bytes are handed over. */
export interface ToWorker {
  readonly id: number;
  readonly file: { readonly name: string; readonly type: string };
  readonly bytes: Uint8Array;
  readonly maxLength: number;
}

/** A piece of the text, or the end of it. */
export type FromWorker =
  | { readonly id: number; readonly piece: string }
  | { readonly id: number; readonly code: ReadCode };
