import { COLLABORATION_TAG, HISTORIC_TAG, type LexicalEditor, SKIP_COLLAB_TAG } from 'lexical';
import type * as Y from 'yjs';
import { loadDoc, readBody } from '../../../domain/document/index.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import {
  type BindingReport,
  bindEditor,
  createUpdateBatcher,
  type EditorBinding,
  REMOTE_ORIGIN,
  type UpdateBatcher,
} from '../../../renderer/features/editor/binding/index.ts';
import { createBodyEditor, registerBody } from '../../../renderer/features/editor/body/createBodyEditor.ts';
import { type Caret, caretOf, describeCaret, isKept } from './caret.ts';
import type { Clock } from './clock.ts';

/** What must never be seen, with what was seen. */
export interface Fault {
  readonly kind:
    | 'threw'
    | 'unhealed'
    | 'healing wrote'
    | 'healing moved the selection'
    | 'an edit was lost'
    | 'typing moved the cursor'
    | 'a reader wrote'
    | 'showing a change wrote'
    | 'words were lost'
    | 'documents differ'
    | 'stored updates differ'
    | 'reload differs';
  readonly detail: string;
}

/** One person's window: the product's editor, its behaviour, binding and batcher over one Y.Doc, without a screen. */
export interface Desk {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly editor: LexicalEditor;
  readonly binding: EditorBinding;
  readonly batcher: UpdateBatcher;
  readonly reports: BindingReport[];
  readonly faults: Fault[];
  isOnline: boolean;
  /** Body that the last edit of this person left in the editor; null once something else changed it. */
  intended: string | null;
  /** The word just typed at the cursor. */
  typed: string | null;
  dispose(): void;
}

const bodyOf = (editor: LexicalEditor): string => JSON.stringify(readEditorBody(editor.getEditorState()));

/** An editor of the product that commits without a screen, as Lexical's headless editors do. */
export function createScreenlessEditor(): LexicalEditor {
  const editor = createBodyEditor(true);
  editor._headless = true;
  return editor;
}

/** What happened between the last two comparisons of the binding; after healing, these are the one before it and the one after. */
interface Comparisons {
  before: Caret | null;
  after: Caret | null;
  /** Updates that the document got in between. */
  writes: number;
}

/** The binding reads the editor through `read` each time it compares, and nothing else here does. */
function watchComparisons(editor: LexicalEditor, doc: Y.Doc): Comparisons {
  const seen: Comparisons = { before: null, after: null, writes: 0 };
  let writes = 0;
  doc.on('updateV2', () => {
    writes += 1;
  });
  const read = editor.read.bind(editor);
  editor.read = ((...args: Parameters<LexicalEditor['read']>) => {
    const result = read(...args);
    seen.before = seen.after;
    seen.after = caretOf(editor.getEditorState());
    seen.writes = writes;
    writes = 0;
    return result;
  }) as LexicalEditor['read'];
  return seen;
}

/** Opens a desk on `updates`; `append` is its way to the store, see `createUpdateBatcher`. */
export function openDesk(options: {
  readonly name: string;
  readonly clientId: number;
  readonly updates: readonly Uint8Array[];
  readonly clock: Clock;
  readonly append: (desk: Desk, update: Uint8Array, updateId: string) => Promise<{ savedAt: string }>;
}): Desk {
  const { name, clientId, clock } = options;
  const reports: BindingReport[] = [];
  const faults: Fault[] = [];
  const doc = loadDoc(options.updates, clientId);
  const editor = createScreenlessEditor();
  const comparisons = watchComparisons(editor, doc);
  let batches = 0;

  let isShowing = false;
  const removeListener = editor.registerUpdateListener(({ tags, dirtyElements, dirtyLeaves }) => {
    isShowing = tags.has(COLLABORATION_TAG) || tags.has(HISTORIC_TAG);
    if (tags.has(COLLABORATION_TAG) || tags.has(HISTORIC_TAG) || tags.has(SKIP_COLLAB_TAG)) return;
    if (dirtyElements.size + dirtyLeaves.size > 0 && editor.isEditable()) desk.intended = bodyOf(editor);
  });
  const onReport = (report: BindingReport) => {
    reports.push(report);
    if (report.kind === 'unhealed') faults.push({ kind: 'unhealed', detail: name });
    if (report.kind !== 'healed') return;
    const { before, after, writes } = comparisons;
    if (writes > 0) faults.push({ kind: 'healing wrote', detail: name });
    if (before !== null && !isKept(before, after))
      faults.push({
        kind: 'healing moved the selection',
        detail: `${name}: ${describeCaret(before)} became ${describeCaret(after)}`,
      });
  };
  const binding = bindEditor({ editor, doc, onReport, schedule: clock.schedule });
  const unregister = registerBody(editor, {
    undo: () => binding.undoManager.undo(),
    redo: () => binding.undoManager.redo(),
    onFiles: () => {},
  });
  // Whether edits are undone together is decided by the plan, not by the time that this machine takes.
  binding.undoManager.captureTimeout = 0;
  doc.on('updateV2', (_update: Uint8Array, origin: unknown) => {
    if (origin !== REMOTE_ORIGIN && !editor.isEditable())
      faults.push({ kind: 'a reader wrote', detail: name });
    if (origin !== binding.origin) desk.intended = null;
  });
  const showing = new WeakSet<Y.Transaction>();
  doc.on('beforeTransaction', (transaction: Y.Transaction) => {
    if (isShowing && transaction.origin === binding.origin) showing.add(transaction);
  });
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    if (showing.has(transaction) && transaction.changed.size > 0)
      faults.push({ kind: 'showing a change wrote', detail: name });
  });
  const batcher = createUpdateBatcher({
    doc,
    newId: () => `${name}-${batches++}`,
    now: () => clock.now,
    schedule: clock.schedule,
    append: (update, updateId) => options.append(desk, update, updateId),
  });
  const desk: Desk = {
    name,
    doc,
    editor,
    binding,
    batcher,
    reports,
    faults,
    isOnline: true,
    intended: null,
    typed: null,
    dispose: () => {
      removeListener();
      unregister();
      binding.dispose();
      batcher.dispose();
      doc.destroy();
    },
  };
  return desk;
}

/** Notes if the document does not hold what the last edit left in the editor, or the cursor left the word just typed. */
export function checkEdit(desk: Desk): void {
  const { intended, typed } = desk;
  desk.intended = null;
  desk.typed = null;
  const caret = typed === null ? null : caretOf(desk.editor.getEditorState());
  // A mark that came to stand behind the word belongs to its last letter now.
  const bare = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  const isBehind = (word: string) =>
    caret !== null && bare(caret.text.slice(0, caret.anchor)).endsWith(bare(word));
  if (typed !== null && !isBehind(typed))
    desk.faults.push({
      kind: 'typing moved the cursor',
      detail: `${desk.name}: "${typed}" typed, then at ${describeCaret(caret)}`,
    });
  if (intended === null) return;
  const kept = JSON.stringify(readBody(desk.doc));
  if (kept !== intended)
    desk.faults.push({ kind: 'an edit was lost', detail: `${desk.name}: ${intended} became ${kept}` });
}
