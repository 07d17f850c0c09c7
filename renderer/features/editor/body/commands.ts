import {
  INSERT_ORDERED_LIST_COMMAND,
  INSERT_UNORDERED_LIST_COMMAND,
  REMOVE_LIST_COMMAND,
} from '@lexical/list';
import { $createHeadingNode, $createQuoteNode } from '@lexical/rich-text';
import { $setBlocksType } from '@lexical/selection';
import {
  $deleteTableColumnAtSelection,
  $deleteTableRowAtSelection,
  $findTableNode,
  $insertTableColumnAtSelection,
  $insertTableRowAtSelection,
  INSERT_TABLE_COMMAND,
} from '@lexical/table';
import { $createParagraphNode, $getSelection, type LexicalEditor } from 'lexical';
import type { BlockKind } from './toolbarState.ts';

/** Makes the blocks of the selection into another kind. */
export function setBlock(editor: LexicalEditor, kind: BlockKind, now: BlockKind): void {
  if (kind === 'bullet' || kind === 'number') {
    if (kind === now) editor.dispatchCommand(REMOVE_LIST_COMMAND, undefined);
    else
      editor.dispatchCommand(
        kind === 'bullet' ? INSERT_UNORDERED_LIST_COMMAND : INSERT_ORDERED_LIST_COMMAND,
        undefined,
      );
    return;
  }
  if (now === 'bullet' || now === 'number') editor.dispatchCommand(REMOVE_LIST_COMMAND, undefined);
  editor.update(() => {
    $setBlocksType($getSelection(), () => {
      if (kind === 'paragraph') return $createParagraphNode();
      return kind === 'quote' ? $createQuoteNode() : $createHeadingNode(kind);
    });
  });
}

export const TABLE_ACTIONS = [
  'rowAbove',
  'rowBelow',
  'columnBefore',
  'columnAfter',
  'deleteRow',
  'deleteColumn',
  'deleteTable',
] as const;
export type TableAction = (typeof TABLE_ACTIONS)[number];

/** A table with a heading row, three by three. */
export function insertTable(editor: LexicalEditor): void {
  editor.dispatchCommand(INSERT_TABLE_COMMAND, {
    rows: '3',
    columns: '3',
    includeHeaders: { rows: true, columns: false },
  });
}

export function changeTable(editor: LexicalEditor, action: TableAction): void {
  editor.update(() => {
    switch (action) {
      case 'rowAbove':
        return void $insertTableRowAtSelection(false);
      case 'rowBelow':
        return void $insertTableRowAtSelection(true);
      case 'columnBefore':
        return void $insertTableColumnAtSelection(false);
      case 'columnAfter':
        return void $insertTableColumnAtSelection(true);
      case 'deleteRow':
        return $deleteTableRowAtSelection();
      case 'deleteColumn':
        return $deleteTableColumnAtSelection();
      case 'deleteTable': {
        const node = $getSelection()?.getNodes()[0];
        const table = node ? $findTableNode(node) : null;
        if (!table) return;
        table.selectNext();
        table.remove();
      }
    }
  });
}
