import { $toggleLink, TOGGLE_LINK_COMMAND } from '@lexical/link';
import { $isListItemNode, $isListNode, registerList } from '@lexical/list';
import { DRAG_DROP_PASTE, HeadingNode, registerRichText } from '@lexical/rich-text';
import { registerTablePlugin, registerTableSelectionObserver } from '@lexical/table';
import {
  $createLineBreakNode,
  $getSelection,
  $isLineBreakNode,
  $isRangeSelection,
  COMMAND_PRIORITY_EDITOR,
  COMMAND_PRIORITY_LOW,
  createEditor,
  type LexicalEditor,
  type LexicalNode,
  mergeRegister,
  ParagraphNode,
  REDO_COMMAND,
  TextNode,
  UNDO_COMMAND,
} from 'lexical';
import { safeHref } from '../../../../domain/document/index.ts';
import { documentNodes } from '../../../../domain/document/nodes.ts';
import { normaliseNfc } from '../../../../domain/text/index.ts';

const theme = {
  text: {
    bold: 'b',
    italic: 'i',
    underline: 'u',
    strikethrough: 's',
    underlineStrikethrough: 'us',
    subscript: 'sub',
    superscript: 'sup',
    code: 'code',
    highlight: 'mark',
  },
  list: { nested: { listitem: 'nested' } },
  table: 'body-table',
  tableCellSelected: 'cell-selected',
  tableSelection: 'table-selected',
};

/** An editor over the body of an article: rich text, lists, links, tables, no history of its own. */
export function createBodyEditor(isEditable: boolean): LexicalEditor {
  return createEditor({
    namespace: 'soan-body',
    nodes: [...documentNodes],
    editable: isEditable,
    theme,
    onError: (error) => {
      throw error;
    },
  });
}

/** Moves the ends of the selection that stand in a text; without it, a text made shorter leaves them further on. */
function $moveBack(node: TextNode, offsetOf: (offset: number) => number): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  for (const point of [selection.anchor, selection.focus])
    if (point.type === 'text' && point.key === node.getKey())
      point.set(point.key, offsetOf(point.offset), 'text');
}

/** A paragraph pasted into a list item becomes a line of it: opened again, it would be joined to the words before. */
function $looseInItem(paragraph: ParagraphNode): void {
  if (!$isListItemNode(paragraph.getParent())) return;
  const isLine = (node: LexicalNode | null) => node !== null && !$isListNode(node) && !$isLineBreakNode(node);
  if (isLine(paragraph.getPreviousSibling())) paragraph.insertBefore($createLineBreakNode());
  if (isLine(paragraph.getNextSibling())) paragraph.insertAfter($createLineBreakNode());
  for (const child of paragraph.getChildren()) paragraph.insertBefore(child);
  paragraph.remove();
}

/** What the editor asks of the screen around it. */
export interface BodyHandlers {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Makes the editor behave as one: typing, pasting, lists, tables, links, undo through the document. Returns the way to end it. */
export function registerBody(editor: LexicalEditor, handlers: BodyHandlers): () => void {
  return mergeRegister(
    registerRichText(editor),
    registerList(editor),
    registerTablePlugin(editor),
    registerTableSelectionObserver(editor, true),
    editor.registerCommand(
      TOGGLE_LINK_COMMAND,
      (payload) => {
        const url = typeof payload === 'string' ? safeHref(payload) : null;
        $toggleLink(url);
        return true;
      },
      COMMAND_PRIORITY_EDITOR,
    ),
    editor.registerCommand(
      UNDO_COMMAND,
      () => {
        handlers.undo();
        return true;
      },
      COMMAND_PRIORITY_EDITOR,
    ),
    editor.registerCommand(
      REDO_COMMAND,
      () => {
        handlers.redo();
        return true;
      },
      COMMAND_PRIORITY_EDITOR,
    ),
    editor.registerCommand(
      DRAG_DROP_PASTE,
      (files) => {
        handlers.onFiles(files);
        return true;
      },
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerNodeTransform(TextNode, (node) => {
      // A syllable that is still being composed must stay as the input method left it.
      if (editor.isComposing()) return;
      const text = node.getTextContent();
      const composed = normaliseNfc(text);
      if (composed === text) return;
      $moveBack(node, (offset) => normaliseNfc(text.slice(0, offset)).length);
      node.setTextContent(composed);
    }),
    editor.registerNodeTransform(ParagraphNode, $looseInItem),
    editor.registerNodeTransform(HeadingNode, (node) => {
      // Level 1 is the title of the article; deeper than 4 says nothing to a reader.
      const tag = node.getTag();
      if (tag === 'h1') node.setTag('h2');
      else if (tag === 'h5' || tag === 'h6') node.setTag('h4');
    }),
  );
}
