import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type * as Y from 'yjs';
import type { Refusal } from '../../domain/lib/result.ts';
import { useClient, useShell } from './engine.tsx';
import { createDocuments, type Documents, type OpenDocument, RefusedError } from './openDocuments.ts';

const DocumentsContext = createContext<Documents | null>(null);

/** Holds the documents that are open in this window. */
export function DocumentsProvider({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const shell = useShell();
  const documents = useMemo(() => createDocuments(client), [client]);
  useEffect(() => {
    shell.onClosing(() => documents.flushAll());
    // A reload does not ask the shell; what waits goes out before the page is gone.
    const onBeforeUnload = () => void documents.flushAll();
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => window.removeEventListener('beforeunload', onBeforeUnload);
  }, [documents, shell]);
  return <DocumentsContext value={documents}>{children}</DocumentsContext>;
}

function useDocuments(): Documents {
  const documents = useContext(DocumentsContext);
  if (!documents) throw new Error('outside DocumentsProvider');
  return documents;
}

/** An article's document while a screen shows it. */
export type DocumentState =
  | { readonly status: 'opening' }
  | { readonly status: 'refused'; readonly refusal: Refusal }
  | { readonly status: 'open'; readonly document: OpenDocument };

const OPENING: DocumentState = { status: 'opening' };

/** Opens an article's document and lets it go when the component leaves. `null` opens nothing. */
export function useDocument(articleId: string | null): DocumentState {
  const documents = useDocuments();
  const [state, setState] = useState<{ readonly id: string | null; readonly state: DocumentState }>({
    id: articleId,
    state: OPENING,
  });
  useEffect(() => {
    if (articleId === null) return;
    let left = false;
    let release: (() => Promise<void>) | null = null;
    documents.open(articleId).then(
      (held) => {
        if (left) void held.release();
        else {
          release = held.release;
          setState({ id: articleId, state: { status: 'open', document: held.document } });
        }
      },
      (error: unknown) => {
        const refusal = error instanceof RefusedError ? error.refusal : { code: 'internal' };
        if (!left) setState({ id: articleId, state: { status: 'refused', refusal } });
      },
    );
    return () => {
      left = true;
      setState({ id: null, state: OPENING });
      void release?.();
    };
  }, [articleId, documents]);
  return state.id === articleId ? state.state : OPENING;
}

/** Since when edits of this window could not be written to the disk; null when all is well. */
export function useUnsavedSince(): number | null {
  const documents = useDocuments();
  return useSyncExternalStore(documents.onSaveState, documents.unsavedSince);
}

/** What may be said about saving of one document: when the store last acknowledged, and whether more is on its way. */
export function useSaved(document: OpenDocument): {
  readonly kind: 'saved' | 'saving' | 'failed';
  readonly savedAt: number | null;
} {
  const documents = useDocuments();
  const state = useSyncExternalStore(documents.onSaveState, document.saveState);
  return { kind: state.kind, savedAt: state.savedAt === null ? null : Number(state.savedAt) };
}

/** Something read from a document, read again after it changed, at most every `everyMs`. */
export function useReading<T>(doc: Y.Doc | null, read: (doc: Y.Doc) => T, everyMs = 250): T | null {
  const [value, setValue] = useState<{ readonly of: Y.Doc; readonly value: T } | null>(null);
  const current = doc !== null && value?.of === doc ? value.value : null;
  const first = useMemo(() => (doc === null ? null : read(doc)), [doc, read]);
  useEffect(() => {
    if (doc === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setValue({ of: doc, value: read(doc) });
      }, everyMs);
    };
    setValue({ of: doc, value: read(doc) });
    doc.on('update', update);
    return () => {
      clearTimeout(timer);
      doc.off('update', update);
    };
  }, [doc, read, everyMs]);
  return current ?? first;
}
