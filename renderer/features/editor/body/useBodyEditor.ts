import type { LexicalEditor } from 'lexical';
import { useEffect, useMemo, useRef, useState } from 'react';
import type * as Y from 'yjs';
import { bindEditor, type EditorBinding } from '../binding/index.ts';
import { createBodyEditor, registerBody } from './createBodyEditor.ts';

/** The editor of a body while a screen shows it. */
export interface BodyHandle {
  readonly editor: LexicalEditor;
  readonly doc: Y.Doc;
  /** Null for a moment after opening. */
  readonly binding: EditorBinding | null;
}

/** An editor bound to a document's body. Read-only when `isEditable` is false; it may change while it stands. */
export function useBodyEditor(
  doc: Y.Doc,
  isEditable: boolean,
  onFiles: (files: readonly File[]) => void,
): BodyHandle {
  const editor = useMemo(() => createBodyEditor(isEditable), [doc]);
  const [binding, setBinding] = useState<EditorBinding | null>(null);
  const handleFiles = useRef(onFiles);
  useEffect(() => {
    handleFiles.current = onFiles;
  });
  useEffect(() => {
    editor.setEditable(isEditable);
  }, [editor, isEditable]);
  useEffect(() => {
    const bound = bindEditor({
      editor,
      doc,
      onReport: (report) => {
        if (report.kind !== 'healed') console.warn('editor and document', report);
      },
    });
    const unregister = registerBody(editor, {
      undo: () => bound.undoManager.undo(),
      redo: () => bound.undoManager.redo(),
      onFiles: (files) => handleFiles.current(files),
    });
    setBinding(bound);
    return () => {
      setBinding(null);
      unregister();
      bound.dispose();
    };
  }, [editor, doc]);
  return useMemo(() => ({ editor, doc, binding }), [editor, doc, binding]);
}
