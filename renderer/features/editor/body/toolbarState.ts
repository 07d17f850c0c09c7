import { $isLinkNode } from '@lexical/link';
import { $isListNode } from '@lexical/list';
import { $isHeadingNode, $isQuoteNode } from '@lexical/rich-text';
import { $isTableCellNode } from '@lexical/table';
import {
  $findMatchingParent,
  $getSelection,
  $isRangeSelection,
  $isRootOrShadowRoot,
  type LexicalEditor,
  mergeRegister,
} from 'lexical';
import { useEffect, useState } from 'react';

export type BlockKind = 'paragraph' | 'h2' | 'h3' | 'h4' | 'quote' | 'bullet' | 'number';

/** What is on at the cursor. */
export interface ToolbarState {
  readonly block: BlockKind;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly link: string | null;
  readonly inTable: boolean;
}

const NOTHING_ON: ToolbarState = {
  block: 'paragraph',
  bold: false,
  italic: false,
  underline: false,
  link: null,
  inTable: false,
};

function $readState(): ToolbarState {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return NOTHING_ON;
  const node = selection.anchor.getNode();
  const list = $findMatchingParent(node, $isListNode);
  const top = $findMatchingParent(node, (one) => {
    const parent = one.getParent();
    return parent !== null && $isRootOrShadowRoot(parent);
  });
  const link = $findMatchingParent(node, $isLinkNode);
  let block: BlockKind = 'paragraph';
  if (list) block = list.getListType() === 'number' ? 'number' : 'bullet';
  else if ($isQuoteNode(top)) block = 'quote';
  else if ($isHeadingNode(top)) {
    const tag = top.getTag();
    block = tag === 'h3' || tag === 'h4' ? tag : 'h2';
  }
  return {
    block,
    bold: selection.hasFormat('bold'),
    italic: selection.hasFormat('italic'),
    underline: selection.hasFormat('underline'),
    link: link?.getURL() ?? null,
    inTable: $findMatchingParent(node, $isTableCellNode) !== null,
  };
}

const same = (a: ToolbarState, b: ToolbarState): boolean =>
  (Object.keys(a) as (keyof ToolbarState)[]).every((key) => a[key] === b[key]);

/** What is on at the cursor, as the toolbar shows it. */
export function useToolbarState(editor: LexicalEditor): ToolbarState {
  const [state, setState] = useState(NOTHING_ON);
  useEffect(
    () =>
      mergeRegister(
        editor.registerUpdateListener(({ editorState }) => {
          const next = editorState.read($readState);
          setState((now) => (same(now, next) ? now : next));
        }),
      ),
    [editor],
  );
  return state;
}
