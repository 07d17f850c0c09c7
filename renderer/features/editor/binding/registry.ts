import type * as Y from 'yjs';

/** How the registry gets documents and lets them go. */
export interface DocRegistryOptions {
  /** Loads the document with every local update applied. Asked once, however many open it. */
  load: (articleId: string) => Promise<Y.Doc>;
  /** Called when a document was loaded, before anybody gets it: the place to listen to its updates. */
  onOpened?: (articleId: string, doc: Y.Doc) => void;
  /**
   * Called when nobody holds the document any more; resolves when it may go, for example when all is saved. It may have
   * been acquired again by then, so nothing that it needs may be taken down here.
   */
  onClosing?: (articleId: string, doc: Y.Doc) => Promise<void>;
  /** Called at once before the document is destroyed, when nobody can acquire it any more. */
  onClosed?: (articleId: string, doc: Y.Doc) => void;
}

/** A document in use. `release` lets go of it, once; the document must not be used afterwards. */
export interface HeldDoc {
  doc: Y.Doc;
  release(): Promise<void>;
}

/** The one place in a window where documents are opened. */
export interface DocRegistry {
  /** Opens a document or joins those who have it open. Rejects as `load` does, and may be tried again. */
  acquire(articleId: string): Promise<HeldDoc>;
  /** The document if it is open. */
  peek(articleId: string): Y.Doc | null;
  /** Ids of open documents. */
  openIds(): string[];
}

interface Entry {
  loading: Promise<Y.Doc>;
  doc: Y.Doc | null;
  holders: number;
}

/**
 * One Y.Doc per article and window, counted by its holders: two editors on two copies of a document,
 * or an editor on a document that was let go, would each write their own truth. A document acquired
 * again while it is closing stays open.
 */
export function createDocRegistry(options: DocRegistryOptions): DocRegistry {
  const entries = new Map<string, Entry>();

  const open = (articleId: string): Entry => {
    const entry: Entry = {
      doc: null,
      holders: 0,
      loading: Promise.resolve().then(() => options.load(articleId)),
    };
    entry.loading = entry.loading.then((doc) => {
      entry.doc = doc;
      options.onOpened?.(articleId, doc);
      return doc;
    });
    entries.set(articleId, entry);
    return entry;
  };

  const letGo = async (articleId: string, entry: Entry): Promise<void> => {
    entry.holders -= 1;
    if (entry.holders > 0 || entry.doc === null) return;
    await options.onClosing?.(articleId, entry.doc);
    if (entry.holders > 0 || entries.get(articleId) !== entry) return;
    entries.delete(articleId);
    options.onClosed?.(articleId, entry.doc);
    entry.doc.destroy();
  };

  return {
    acquire: async (articleId) => {
      const entry = entries.get(articleId) ?? open(articleId);
      entry.holders += 1;
      try {
        const doc = await entry.loading;
        let isReleased = false;
        return {
          doc,
          release: async () => {
            if (isReleased) return;
            isReleased = true;
            await letGo(articleId, entry);
          },
        };
      } catch (error) {
        entry.holders -= 1;
        if (entries.get(articleId) === entry) entries.delete(articleId);
        throw error;
      }
    },
    peek: (articleId) => entries.get(articleId)?.doc ?? null,
    openIds: () => [...entries].filter(([, entry]) => entry.doc !== null).map(([articleId]) => articleId),
  };
}
