import { $createLinkNode, $isLinkNode } from '@lexical/link';
import { $createListItemNode, $createListNode, $isListItemNode, $isListNode } from '@lexical/list';
import { $createHeadingNode, $isHeadingNode } from '@lexical/rich-text';
import {
  $createTableCellNode,
  $createTableNode,
  $createTableRowNode,
  $isTableNode,
  $isTableRowNode,
} from '@lexical/table';
import {
  $createLineBreakNode,
  $createParagraphNode,
  $createRangeSelection,
  $createTabNode,
  $createTextNode,
  $getRoot,
  $isElementNode,
  $isParagraphNode,
  $setSelection,
  type ElementNode,
  type TextNode,
} from 'lexical';
import type { Peer } from './peer.ts';
import { type Random, wholeOffset } from './random.ts';

const WORDS = ['Điều', 'khoản', 'sở', '31/2026/QĐ-UBND', 'Ễ', 'a', '😀', '😁', 'x😂y'];

const offsetIn = (text: TextNode, random: Random): number =>
  wholeOffset(text.getTextContent(), random.below(text.getTextContentSize() + 1));

function $cell(text: string) {
  return $createTableCellNode(0).append($createParagraphNode().append($createTextNode(text)));
}

function $insertAfter(block: ElementNode | undefined, added: ElementNode): void {
  if (block === undefined) $getRoot().append(added);
  else block.insertAfter(added);
}

type Edit = (random: Random, blocks: ElementNode[], texts: TextNode[]) => void;

const EDITS: Edit[] = [
  (random, blocks) => {
    const block = random.pick(blocks);
    if ($isParagraphNode(block)) block.replace($createHeadingNode(random.pick(['h2', 'h3', 'h4'])), true);
    else if ($isHeadingNode(block)) block.replace($createParagraphNode(), true);
  },
  (random, blocks) => {
    const list = $createListNode(random.pick(['bullet', 'number', 'check']));
    for (let count = 0; count <= random.below(3); count += 1)
      list.append($createListItemNode().append($createTextNode(random.pick(WORDS))));
    $insertAfter(random.pick(blocks), list);
  },
  (random, blocks) => {
    const list = blocks.find($isListNode);
    const items = list?.getChildren().filter($isListItemNode) ?? [];
    if (items.length === 0) return;
    const item = random.pick(items);
    if (random.next() < 0.4) item.remove();
    else if (random.next() < 0.5)
      item.insertAfter($createListItemNode().append($createTextNode(random.pick(WORDS))));
    else item.append($createTextNode(random.pick(WORDS)));
  },
  (random, blocks) => {
    const table = $createTableNode();
    for (let row = 0; row < 2; row += 1)
      table.append($createTableRowNode().append($cell(random.pick(WORDS)), $cell(random.pick(WORDS))));
    $insertAfter(random.pick(blocks), table);
  },
  (random, blocks) => {
    const table = blocks.find($isTableNode);
    const rows = table?.getChildren().filter($isTableRowNode) ?? [];
    if (table === undefined || rows.length === 0) return;
    const row = random.pick(rows);
    if (random.next() < 0.3 && rows.length > 1) row.remove();
    else if (random.next() < 0.5) row.insertAfter($createTableRowNode().append($cell('mới'), $cell('hàng')));
    else row.append($cell(random.pick(WORDS)));
  },
  (random, _, texts) => {
    if (texts.length === 0) return;
    const text = random.pick(texts);
    if ($isLinkNode(text.getParent())) return;
    const link = $createLinkNode(random.pick(['https://a.vn', 'https://b.vn']));
    text.insertBefore(link);
    link.append(text);
  },
  (random, _, texts) => {
    if (texts.length === 0) return;
    const text = random.pick(texts);
    const before = text.splitText(offsetIn(text, random))[0];
    before?.insertAfter(random.next() < 0.7 ? $createLineBreakNode() : $createTabNode());
  },
  (random, blocks) => {
    const block = random.pick(blocks);
    const next = block.getNextSibling();
    if (!$isParagraphNode(block) || !$isParagraphNode(next)) return;
    block.append(...next.getChildren());
    next.remove();
  },
  (random, blocks) => {
    random.pick(blocks).setFormat(random.pick(['center', 'right', 'justify', '']));
  },
  (random, _, texts) => {
    if (texts.length === 0) return;
    const text = random.pick(texts);
    const selection = $createRangeSelection();
    const at = offsetIn(text, random);
    selection.anchor.set(text.getKey(), at, 'text');
    selection.focus.set(text.getKey(), at, 'text');
    $setSelection(selection);
    if (random.next() < 0.5) selection.insertParagraph();
    else selection.insertText(random.pick(WORDS));
  },
  (random, _, texts) => {
    if (texts.length < 2) return;
    const [from, to] = [random.pick(texts), random.pick(texts)];
    const selection = $createRangeSelection();
    selection.anchor.set(from.getKey(), offsetIn(from, random), 'text');
    selection.focus.set(to.getKey(), offsetIn(to, random), 'text');
    $setSelection(selection);
    if (random.next() < 0.5) selection.formatText(random.pick(['bold', 'italic', 'underline']));
    else selection.insertText(random.pick(WORDS));
  },
];

/** One random edit with lists, tables, links, headings, line breaks, selections over several blocks. */
export function richEdit(peer: Peer, random: Random): void {
  peer.editor.update(
    () => {
      const blocks = $getRoot().getChildren().filter($isElementNode);
      if (blocks.length === 0) $getRoot().append($createParagraphNode());
      else random.pick(EDITS)(random, blocks, $getRoot().getAllTextNodes());
    },
    { discrete: true },
  );
}
