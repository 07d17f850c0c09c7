import {
  $getAnchorAndFocusForUserState,
  type BindingV2,
  createBindingV2__EXPERIMENTAL as createBinding,
  type Provider,
  syncYjsChangesToLexicalV2__EXPERIMENTAL as syncDocToEditor,
  syncLexicalUpdateToYjsV2__EXPERIMENTAL as syncEditorToDoc,
  syncYjsStateToLexicalV2__EXPERIMENTAL as syncWholeDocToEditor,
  type UserState,
} from '@lexical/yjs';
import {
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  COLLABORATION_TAG,
  HISTORIC_TAG,
  type LexicalEditor,
  SKIP_COLLAB_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  TabNode,
  type UpdateListenerPayload,
} from 'lexical';
import type * as Y from 'yjs';
import { bodyRoot } from '../../../../domain/document/index.ts';
import { documentNodes } from '../../../../domain/document/nodes.ts';
import { bodyDifference } from '../../../../domain/document/readEditor.ts';
import { eventsOfShown, keepBlocks, writingBlocks } from './keptBlocks.ts';
import {
  $isSelectionAstray,
  $isSelectionSound,
  $mendSelection,
  $placeSelection,
  $restoreSelection,
} from './selection.ts';
import { SoundUndoManager } from './soundUndo.ts';
import { withWholeCharacters } from './wholeCharacters.ts';

/** Runs `task` once after `delayMs` and returns what cancels it. */
export type Schedule = (task: () => void, delayMs: number) => () => void;

/** What led to a comparison: a pause in typing, a change that came through the document, a failed carry-over. */
export type CheckCause = 'pause' | 'change' | 'sync-failed';

/** What the binding tells its owner. */
export type BindingReport =
  /** The editor showed something else than the document and was rebuilt from it. */
  | { kind: 'healed'; cause: CheckCause }
  /** The editor still shows something else after rebuilding: reload the window. */
  | { kind: 'unhealed' }
  /** An update of the editor threw, or could not be carried over; a check follows at once. */
  | { kind: 'sync-failed'; error: unknown };

/** What `bindEditor` needs. */
export interface BindEditorOptions {
  /** Created with `documentNodes` and without content of its own. */
  editor: LexicalEditor;
  /** With every local update already applied. */
  doc: Y.Doc;
  onReport?: (report: BindingReport) => void;
  /** Pause in typing after which editor and document are compared. */
  checkAfterMs?: number;
  schedule?: Schedule;
}

/** Both ends of a cursor as positions of Yjs, which stay where they are while others write. */
export type Cursor = Pick<UserState, 'anchorPos' | 'focusPos'>;

/** Where a cursor stands among the nodes that the editor has now. */
export type CursorPoints = ReturnType<typeof $getAnchorAndFocusForUserState>;

/** A live binding. */
export interface EditorBinding {
  /** Where the cursor of this editor stands; null before it stood anywhere. */
  cursor(): Cursor | null;
  /** Calls back whenever it may stand elsewhere. Returns the way to stop. */
  onCursor(listener: () => void): () => void;
  /** Where a cursor stands now, inside a read of the editor; its keys are null when it is in nothing that is shown. */
  $locate(cursor: Cursor): CursorPoints;
  /** Undo and redo of what this editor did; others' edits stay. The only history: no HistoryPlugin. */
  undoManager: Y.UndoManager;
  /** Origin of this editor's transactions, as `updateV2` events of the document name it. */
  origin: unknown;
  /** Compares now, and heals if need be. True if the editor showed the document's content. */
  check(): boolean;
  /** Ends the binding; editor and document stay as they are. */
  dispose(): void;
}

const defaultSchedule: Schedule = (task, delayMs) => {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
};

/** A cursor that says nothing but where it is. */
const userState = (cursor: Cursor): UserState => ({
  ...cursor,
  focusing: true,
  name: '',
  color: '',
  awarenessData: {},
});

/**
 * The binding wants a provider with awareness. The cursors of others are drawn elsewhere, but our own place is
 * kept in it: that is how the binding finds the cursor again after somebody else's edit.
 */
function localProvider(clientId: number, onPlace: () => void): Provider {
  let own: UserState | null = userState({ anchorPos: null, focusPos: null });
  return {
    awareness: {
      getLocalState: () => own,
      getStates: () => new Map(own === null ? [] : [[clientId, own]]),
      setLocalState: (state) => {
        own = state;
        onPlace();
      },
      setLocalStateField: (field, value) => {
        if (own === null) return;
        own = { ...own, [field]: value };
        onPlace();
      },
      on: () => {},
      off: () => {},
    },
    connect: () => {},
    disconnect: () => {},
    on: () => {},
    off: () => {},
  };
}

/**
 * Not carried over: the format that the next letter would get, which Lexical notes on a block as soon
 * as it is opened. Opening a document must not write to it.
 */
const excludedProperties = new Map(
  documentNodes.map((node) => [node, new Set(['__textFormat', '__textStyle'])] as const),
);

/**
 * Binds an editor to the body of a document. The document is the truth: what it holds is shown, and
 * after every pause the two are compared; where they differ the editor is rebuilt from the document
 * and the place of the cursor kept. The editor's state is never written back over the document, and an
 * editor that is not editable writes nothing. While
 * bound, errors in the editor's updates come to `onReport` and not to the editor's own handler.
 *
 * Throws if the document is empty: its updates must be applied first, or the editor would write a
 * first paragraph of its own that later stands twice.
 */
export function bindEditor(options: BindEditorOptions): EditorBinding {
  const { editor, doc, onReport = () => {}, checkAfterMs = 800, schedule = defaultSchedule } = options;
  if (doc.store.clients.size === 0)
    throw new Error('document not loaded: apply its updates before binding an editor to it');

  keepBlocks(doc);
  const root = bodyRoot(doc);
  const cursorListeners = new Set<() => void>();
  const provider = localProvider(doc.clientID, () => {
    for (const listener of [...cursorListeners]) listener();
  });
  const binding: BindingV2 = createBinding(editor, 'body', doc, new Map(), { excludedProperties });
  const undoManager = new SoundUndoManager(root, { trackedOrigins: new Set([binding]), captureTimeout: 500 });

  let cancelCheck: (() => void) | null = null;
  let isCheckQueued = false;
  let isDisposed = false;
  let isRebuilding = false;

  /** What differed in a fresh editor too: Lexical can't show some nodes where they stand. */
  let unavoidable: string | null = null;

  const difference = (): string | null => {
    // Reading through the editor commits what is pending, so that nothing half-done is compared.
    const found = editor.read(() => bodyDifference(editor.getEditorState(), doc));
    return found === unavoidable ? null : found;
  };

  /** An editor has a paragraph where there is nothing; the document gets it with the first letter. */
  const fillEmptyEditor = () => {
    if (!editor.getEditorState().read(() => $getRoot().isEmpty())) return;
    editor.update(() => void $getRoot().append($createParagraphNode()), {
      discrete: true,
      tag: [COLLABORATION_TAG, SKIP_COLLAB_TAG],
    });
  };

  const showWholeDoc = () => {
    syncWholeDocToEditor(binding, provider);
    fillEmptyEditor();
  };

  const rebuild = () => {
    const placed = editor.getEditorState().read(() => $placeSelection(binding.mapping));
    isRebuilding = true;
    try {
      showWholeDoc();
    } finally {
      isRebuilding = false;
    }
    if (placed !== null) moveSelection(() => $restoreSelection(placed, binding.mapping));
  };

  // Without the tag that keeps updates from the document: the binding must learn where the selection stands now.
  const moveSelection = (move: () => void) =>
    editor.update(move, { discrete: true, tag: SKIP_SCROLL_INTO_VIEW_TAG });

  const mendSelection = () => {
    if (!editor.getEditorState().read($isSelectionSound)) moveSelection($mendSelection);
  };

  const check = (cause: CheckCause): boolean => {
    cancelCheck?.();
    cancelCheck = null;
    if (isDisposed) return true;
    // A rebuild would break the syllable an input method is composing: that can wait, but not
    // when somebody else's words are missing, because the next key would delete them.
    if (cause === 'pause' && editor.isComposing()) {
      checkLater();
      return true;
    }
    if (difference() === null) {
      mendSelection();
      return true;
    }
    rebuild();
    const left = difference();
    if (left !== 'content') unavoidable = left ?? unavoidable;
    onReport(left === 'content' ? { kind: 'unhealed' } : { kind: 'healed', cause });
    return false;
  };

  function checkLater(): void {
    cancelCheck?.();
    cancelCheck = schedule(() => check('pause'), checkAfterMs);
  }

  /**
   * Compares before the next key can arrive. An editor that missed a change would take it back with
   * the next local edit, since the binding carries over whole children of what was edited.
   */
  function checkAtOnce(cause: CheckCause): void {
    if (isCheckQueued) return;
    isCheckQueued = true;
    queueMicrotask(() => {
      isCheckQueued = false;
      check(cause);
    });
  }

  const guarded = (carryOver: () => void): boolean => {
    try {
      carryOver();
      return true;
    } catch (error) {
      onReport({ kind: 'sync-failed', error });
      checkAtOnce('sync-failed');
      return false;
    }
  };

  const onDocChange = (events: unknown[], transaction: Y.Transaction) => {
    if (transaction.origin === binding) return;
    // Typed for events of any shared type; below the body's root there are only these.
    const bodyEvents = events as Y.YEvent<Y.XmlElement | Y.XmlText>[];
    // The binding asks each event for its delta and uses none. Asking would delete idle marks of formats, in
    // this window alone: see newDoc.
    const isUndo = transaction.origin === undoManager;
    // After an undo the cursor goes where Lexical puts it; with an edit under way its place is not settled yet.
    const isFollowed = !isUndo && editor._pendingEditorState === null;
    const placed = isFollowed ? editor.getEditorState().read(() => $placeSelection(binding.mapping)) : null;
    const shown = eventsOfShown(binding.mapping, bodyEvents, transaction);
    for (const event of bodyEvents) event._delta ??= [];
    if (!guarded(() => syncDocToEditor(binding, provider, shown, transaction, isUndo))) return;
    fillEmptyEditor();
    const isAstray = () => placed !== null && $isSelectionAstray(placed, binding.mapping);
    if (placed !== null && editor.getEditorState().read(isAstray))
      moveSelection(() => $restoreSelection(placed, binding.mapping));
    checkAtOnce('change');
  };

  const onEditorUpdate = (update: UpdateListenerPayload) => {
    if (isRebuilding || update.tags.has(SKIP_COLLAB_TAG)) return;
    const isFromDoc = update.tags.has(COLLABORATION_TAG) || update.tags.has(HISTORIC_TAG);
    if (isFromDoc || !editor.isEditable()) {
      // What Lexical joined on its own account is made anew with the next change from the document. If every desk wrote
      // the joined text, it would stand there as often.
      for (const key of update.normalizedNodes) binding.mapping.deleteNode(key);
      return;
    }
    const { prevEditorState, editorState, dirtyElements, dirtyLeaves, normalizedNodes, tags } = update;
    const isCarried = guarded(() =>
      withWholeCharacters(() =>
        writingBlocks(binding.mapping, () =>
          syncEditorToDoc(
            binding,
            provider,
            prevEditorState,
            editorState,
            dirtyElements,
            dirtyLeaves,
            normalizedNodes,
            tags,
          ),
        ),
      ),
    );
    if (isCarried && dirtyElements.size + dirtyLeaves.size > 0) checkLater();
  };

  // Where an error handler throws, as many do, Lexical leaves half an update behind; here an error
  // drops its update and leads to a comparison.
  const ownHandler = editor._onError;
  editor._onError = (error) => {
    onReport({ kind: 'sync-failed', error });
    checkAtOnce('sync-failed');
  };

  root.observeDeep(onDocChange);
  const removeListener = editor.registerUpdateListener(onEditorUpdate);
  // A tab is a character of the text here: see TEXT_ATTRIBUTES in domain/document.
  const removeTransform = editor.registerNodeTransform(TabNode, (tab) => {
    tab.replace($createTextNode('\t').setFormat(tab.getFormat()));
  });
  showWholeDoc();

  return {
    cursor: () => {
      const own = provider.awareness.getLocalState();
      return own?.anchorPos && own.focusPos ? { anchorPos: own.anchorPos, focusPos: own.focusPos } : null;
    },
    onCursor: (listener) => {
      cursorListeners.add(listener);
      return () => cursorListeners.delete(listener);
    },
    $locate: (cursor) => $getAnchorAndFocusForUserState(binding, userState(cursor)),
    undoManager,
    origin: binding,
    check: () => check('sync-failed'),
    dispose: () => {
      if (isDisposed) return;
      isDisposed = true;
      cancelCheck?.();
      editor._onError = ownHandler;
      root.unobserveDeep(onDocChange);
      removeListener();
      removeTransform();
      undoManager.destroy();
    },
  };
}
