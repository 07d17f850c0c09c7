import * as Y from 'yjs';
import type { Schedule } from './bindEditor.ts';

/** Origin with which updates from elsewhere are applied to an open document; they are not saved again. */
export const REMOTE_ORIGIN: unique symbol = Symbol('remote');

/** What the screen may say about saving. `savedAt` is the store's time of the last acknowledgement. */
export type SaveState =
  | { kind: 'saved'; savedAt: string | null }
  | { kind: 'saving'; savedAt: string | null }
  | { kind: 'failed'; savedAt: string | null; failedSince: number; error: unknown };

/** What `createUpdateBatcher` needs. */
export interface UpdateBatcherOptions {
  doc: Y.Doc;
  /** Stores one update and answers when it is on disk. Called again with the same id after a failure. */
  append: (update: Uint8Array, updateId: string) => Promise<{ savedAt: string }>;
  /** A fresh id per batch. */
  newId: () => string;
  /** Milliseconds since the epoch, for `failedSince`. */
  now: () => number;
  schedule: Schedule;
  onState?: (state: SaveState) => void;
  /** Longest time an edit waits before it is handed to `append`; asked anew for each batch. */
  maxDelayMs?: () => number;
  /** Waits between attempts; the last repeats. */
  retryDelaysMs?: readonly number[];
}

/** Collects the edits of a document and sees them to the disk, in order. */
export interface UpdateBatcher {
  state(): SaveState;
  /** Hands over what waits at once. Resolves when everything is acknowledged, rejects with the error if it can't be stored now. */
  flush(): Promise<void>;
  /** True while something is not yet acknowledged: the window must not close silently. */
  hasUnsaved(): boolean;
  /** Stops listening. What waits is dropped: flush first. */
  dispose(): void;
}

interface Batch {
  id: string;
  update: Uint8Array;
}

/**
 * Gathers a document's own updates into one at most every `maxDelayMs()`, hands them to `append` one
 * at a time and in order, and repeats a failed one unchanged under its id until it is acknowledged.
 * The state is `saved` only when the store has acknowledged everything. Updates applied with
 * `REMOTE_ORIGIN` are left out.
 */
export function createUpdateBatcher(options: UpdateBatcherOptions): UpdateBatcher {
  const { doc, append, newId, now, schedule, onState = () => {} } = options;
  const { maxDelayMs = () => 300, retryDelaysMs = [500, 1000, 2000, 5000] } = options;

  let gathered: Uint8Array[] = [];
  let sending: Batch | null = null;
  let isInFlight = false;
  let failures = 0;
  let cancelTimer: (() => void) | null = null;
  let state: SaveState = { kind: 'saved', savedAt: null };
  let waiters: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isDisposed = false;

  const setState = (next: SaveState) => {
    if (next.kind === state.kind && next.savedAt === state.savedAt && next.kind !== 'failed') return;
    state = next;
    onState(next);
  };

  const hasUnsaved = () => sending !== null || gathered.length > 0;

  const settle = (error?: { reason: unknown }) => {
    const settled = waiters;
    waiters = [];
    for (const waiter of settled) {
      if (error) waiter.reject(error.reason);
      else waiter.resolve();
    }
  };

  const setTimer = (task: () => void, delayMs: number) => {
    cancelTimer?.();
    cancelTimer = schedule(() => {
      cancelTimer = null;
      task();
    }, delayMs);
  };

  const takeBatch = (): Batch => {
    const update = gathered.length === 1 && gathered[0] ? gathered[0] : Y.mergeUpdatesV2(gathered);
    gathered = [];
    return { id: newId(), update };
  };

  function send(): void {
    if (isInFlight || isDisposed || !hasUnsaved()) return;
    cancelTimer?.();
    cancelTimer = null;
    sending ??= takeBatch();
    isInFlight = true;
    const batch = sending;
    Promise.resolve()
      .then(() => append(batch.update, batch.id))
      .then(onAcknowledged, onFailed);
  }

  function onAcknowledged(answer: { savedAt: string }): void {
    isInFlight = false;
    sending = null;
    failures = 0;
    if (gathered.length === 0) {
      setState({ kind: 'saved', savedAt: answer.savedAt });
      settle();
      return;
    }
    setState({ kind: 'saving', savedAt: answer.savedAt });
    if (waiters.length > 0) send();
    else if (cancelTimer === null && !isDisposed) setTimer(send, maxDelayMs());
  }

  function onFailed(error: unknown): void {
    isInFlight = false;
    const failedSince = state.kind === 'failed' ? state.failedSince : now();
    setState({ kind: 'failed', savedAt: state.savedAt, failedSince, error });
    settle({ reason: error });
    const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 1000;
    failures += 1;
    if (!isDisposed) setTimer(send, delayMs);
  }

  const onUpdate = (update: Uint8Array, origin: unknown) => {
    if (origin === REMOTE_ORIGIN) return;
    gathered.push(update);
    if (state.kind === 'saved') setState({ kind: 'saving', savedAt: state.savedAt });
    if (!isInFlight && cancelTimer === null) setTimer(send, maxDelayMs());
  };
  doc.on('updateV2', onUpdate);

  return {
    state: () => state,
    hasUnsaved,
    flush: () => {
      if (!hasUnsaved()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        send();
      });
    },
    dispose: () => {
      isDisposed = true;
      cancelTimer?.();
      cancelTimer = null;
      doc.off('updateV2', onUpdate);
      settle(hasUnsaved() ? { reason: new Error('not saved: the batcher was disposed') } : undefined);
    },
  };
}
