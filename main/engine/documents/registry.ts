import type * as Y from 'yjs';
import { applyInAnyOrder, inspectBody } from '../../../domain/document/index.ts';
import type { DeskDatabase } from '../database.ts';
import { loadStored } from './stored.ts';

interface Entry {
  readonly doc: Promise<Y.Doc>;
  readonly windows: Set<string>;
  isSound: boolean | null;
  usedAt: number;
}

/** Documents in memory: those that windows have open, and a few more that were used last. */
export interface Registry {
  /** The document, loaded from the store if it is not in memory. */
  get(articleId: string): Promise<Y.Doc>;
  /** The document if it is in memory. */
  peek(articleId: string): Promise<Y.Doc> | undefined;
  /** Whether a window has it open. */
  isOpen(articleId: string): boolean;
  hold(articleId: string, windowId: string): void;
  release(articleId: string, windowId: string): void;
  releaseWindow(windowId: string): void;
  /** Forgets what is in memory: the store is the truth. */
  drop(articleId: string): void;
  /** Applies a checked update to the document. False, and the document is dropped, when it does not fit. */
  apply(articleId: string, update: Uint8Array): Promise<boolean>;
}

const KEPT = 12;

export function createRegistry(database: DeskDatabase): Registry {
  const entries = new Map<string, Entry>();
  let clock = 0;

  const tidy = () => {
    const idle = [...entries].filter(([, entry]) => entry.windows.size === 0);
    idle.sort(([, a], [, b]) => b.usedAt - a.usedAt);
    for (const [articleId] of idle.slice(KEPT)) entries.delete(articleId);
  };

  const entryOf = (articleId: string): Entry => {
    clock += 1;
    const known = entries.get(articleId);
    if (known) {
      known.usedAt = clock;
      return known;
    }
    const entry: Entry = {
      doc: loadStored(database, articleId),
      windows: new Set(),
      isSound: null,
      usedAt: clock,
    };
    entry.doc.catch(() => {
      if (entries.get(articleId) === entry) entries.delete(articleId);
    });
    entries.set(articleId, entry);
    tidy();
    return entry;
  };

  const drop = (articleId: string) => {
    const entry = entries.get(articleId);
    if (!entry) return;
    entries.delete(articleId);
    // Windows still have it open: the next use loads it again under their names.
    if (entry.windows.size > 0) {
      const again = entryOf(articleId);
      for (const windowId of entry.windows) again.windows.add(windowId);
    }
  };

  return {
    get: (articleId) => entryOf(articleId).doc,
    peek: (articleId) => entries.get(articleId)?.doc,
    isOpen: (articleId) => (entries.get(articleId)?.windows.size ?? 0) > 0,
    hold: (articleId, windowId) => void entryOf(articleId).windows.add(windowId),
    release: (articleId, windowId) => {
      entries.get(articleId)?.windows.delete(windowId);
      tidy();
    },
    releaseWindow: (windowId) => {
      for (const entry of entries.values()) entry.windows.delete(windowId);
      tidy();
    },
    drop,
    apply: async (articleId, update) => {
      const entry = entryOf(articleId);
      const doc = await entry.doc;
      entry.isSound ??= inspectBody(doc).length === 0;
      try {
        applyInAnyOrder(doc, [update]);
        if (entry.isSound && inspectBody(doc).length > 0) throw new Error('unknown content');
        return true;
      } catch {
        drop(articleId);
        return false;
      }
    },
  };
}
