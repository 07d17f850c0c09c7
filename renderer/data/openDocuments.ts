import type * as Y from 'yjs';
import { applyInAnyOrder, newDoc } from '../../domain/document/index.ts';
import type { Refusal } from '../../domain/lib/result.ts';
import {
  createDocRegistry,
  createUpdateBatcher,
  REMOTE_ORIGIN,
  type SaveState,
  type UpdateBatcher,
} from '../features/editor/binding/index.ts';
import type { EngineClient } from './client.ts';

/** A refusal of the engine where only a rejection can carry it. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** One document of this window. */
export interface OpenDocument {
  readonly articleId: string;
  readonly doc: Y.Doc;
  /** Sees every edit to the disk. Rejects with {@link RefusedError} when it can't be stored now. */
  readonly flush: () => Promise<void>;
  readonly saveState: () => SaveState;
  /** Somebody else has it open now: edits are handed over sooner, at the price of more and smaller rows. */
  readonly setShared: (isShared: boolean) => void;
}

export interface Documents {
  open(
    articleId: string,
  ): Promise<{ readonly document: OpenDocument; readonly release: () => Promise<void> }>;
  /** Hands over at once whatever waits in any document; resolves when each is stored or could not be. */
  flushAll(): Promise<void>;
  /** The earliest moment since which an edit could not be stored; null when everything can. */
  unsavedSince(): number | null;
  onSaveState(listener: () => void): () => void;
}

const UNSAVED_PAUSE_MS = 1_000;
const BATCH_MS = 300;
const SHARED_BATCH_MS = 60;
const NEVER_SAVED: SaveState = { kind: 'saved', savedAt: null };
const pause = (forMs: number) => new Promise((resolve) => setTimeout(resolve, forMs));

/**
 * The documents of a window: opened once however many screens show them, their edits batched to the engine, edits from
 * elsewhere applied as they come, opened again after the engine was started again. A document that nobody shows any
 * more stays until its last edit is on the disk.
 */
export function createDocuments(client: EngineClient): Documents {
  const batchers = new Map<string, UpdateBatcher>();
  const shared = new Set<string>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  const fetchState = async (articleId: string): Promise<Uint8Array> => {
    const opened = await client.ask('documents.open', { articleId });
    if (!opened.ok) throw new RefusedError(opened.error);
    return opened.value.state;
  };

  const registry = createDocRegistry({
    load: async (articleId) => {
      const state = await fetchState(articleId);
      const doc = newDoc(articleId);
      applyInAnyOrder(doc, [state], REMOTE_ORIGIN);
      return doc;
    },
    onOpened: (articleId, doc) => {
      batchers.set(
        articleId,
        createUpdateBatcher({
          doc,
          newId: () => crypto.randomUUID(),
          now: Date.now,
          schedule: (task, delayMs) => {
            const timer = setTimeout(task, delayMs);
            return () => clearTimeout(timer);
          },
          append: async (update, updateId) => {
            const answer = await client.ask('documents.append', { articleId, updateId, update }, updateId);
            if (!answer.ok) throw new RefusedError(answer.error);
            return { savedAt: String(answer.value.savedAt) };
          },
          onState: tell,
          maxDelayMs: () => (shared.has(articleId) ? SHARED_BATCH_MS : BATCH_MS),
        }),
      );
    },
    onClosing: async (articleId) => {
      const batcher = batchers.get(articleId);
      while (batcher?.hasUnsaved()) {
        try {
          await batcher.flush();
        } catch {
          await pause(UNSAVED_PAUSE_MS);
        }
      }
    },
    onClosed: (articleId) => {
      batchers.get(articleId)?.dispose();
      batchers.delete(articleId);
      shared.delete(articleId);
      void client.ask('documents.close', { articleId });
    },
  });

  client.listen('documents.changed', ({ articleId, update }) => {
    const doc = registry.peek(articleId);
    if (doc) applyInAnyOrder(doc, [update], REMOTE_ORIGIN);
  });

  client.onReconnected(() => {
    for (const articleId of registry.openIds()) {
      fetchState(articleId).then(
        (state) => {
          const doc = registry.peek(articleId);
          if (doc) applyInAnyOrder(doc, [state], REMOTE_ORIGIN);
        },
        () => undefined,
      );
    }
  });

  return {
    open: async (articleId) => {
      const held = await registry.acquire(articleId);
      const document: OpenDocument = {
        articleId,
        doc: held.doc,
        flush: () => batchers.get(articleId)?.flush() ?? Promise.resolve(),
        saveState: () => batchers.get(articleId)?.state() ?? NEVER_SAVED,
        setShared: (isShared) => {
          if (isShared) shared.add(articleId);
          else shared.delete(articleId);
        },
      };
      return { document, release: () => held.release() };
    },
    flushAll: async () => {
      await Promise.allSettled([...batchers.values()].map((batcher) => batcher.flush()));
    },
    unsavedSince: () => {
      let since: number | null = null;
      for (const batcher of batchers.values()) {
        const state = batcher.state();
        if (state.kind === 'failed') since = Math.min(since ?? state.failedSince, state.failedSince);
      }
      return since;
    },
    onSaveState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
