import { $createLinkNode, $isLinkNode, TOGGLE_LINK_COMMAND } from '@lexical/link';
import {
  $createListItemNode,
  $createListNode,
  $isListItemNode,
  $isListNode,
  INSERT_CHECK_LIST_COMMAND,
} from '@lexical/list';
import { $createHeadingNode } from '@lexical/rich-text';
import { $createTableCellNode, $createTableNode, $createTableRowNode, $isTableRowNode } from '@lexical/table';
import {
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isParagraphNode,
  $isRangeSelection,
  $isTextNode,
  $setCompositionKey,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  type ElementNode,
  FORMAT_ELEMENT_COMMAND,
  FORMAT_TEXT_COMMAND,
  INDENT_CONTENT_COMMAND,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  INSERT_TAB_COMMAND,
  type LexicalNode,
  OUTDENT_CONTENT_COMMAND,
  REDO_COMMAND,
  type TextNode,
  UNDO_COMMAND,
} from 'lexical';
import {
  changeTable,
  insertTable,
  setBlock,
  TABLE_ACTIONS,
} from '../../../renderer/features/editor/body/commands.ts';
import { type Random, wholeOffset } from '../../unit/document/support/random.ts';
import type { Desk } from './desk.ts';
import { anyWord, sentence } from './words.ts';

/** One thing that a person does; answers what it was, in words, or nothing if there was nothing to do it with. */
type Action = (desk: Desk, random: Random) => string | undefined;

const textsOf = (): TextNode[] => $getRoot().getAllTextNodes();
const blocksOf = (): ElementNode[] => $getRoot().getChildren().filter($isElementNode);

const anyOffset = (text: TextNode, random: Random): number =>
  wholeOffset(text.getTextContent(), random.below(text.getTextContentSize() + 1));

/** Puts the cursor into a text, a quarter of the times a selection of up to a few characters or, rarely, of several blocks. */
function $select(random: Random, wantsRange?: boolean): string | undefined {
  const isRange = wantsRange ?? random.next() < 0.25;
  const texts = textsOf();
  if (texts.length === 0) {
    const last = $getRoot().getLastDescendant() ?? $getRoot();
    if ($isElementNode(last)) last.selectEnd();
    return $isElementNode(last) ? 'the empty end' : undefined;
  }
  const from = random.pick(texts);
  const at = anyOffset(from, random);
  const selection = from.select(at, at);
  if (!isRange) return `"${from.getTextContent()}" at ${at}`;
  const to = random.next() < 0.3 ? random.pick(texts) : from;
  const whole = to.getTextContent();
  const end =
    to === from
      ? wholeOffset(whole, Math.min(whole.length, at + 1 + random.below(4)))
      : anyOffset(to, random);
  selection.focus.set(to.getKey(), end, 'text');
  return `"${from.getTextContent()}" at ${at} to "${whole}" at ${end}`;
}

/** True for a cursor in a text or an empty block. */
function $isInText(): boolean {
  const selection = $getSelection();
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return false;
  const node = selection.anchor.getNode();
  return $isTextNode(node) || node.isEmpty();
}

/** Does something where the cursor is, or where it is put first. */
function atCursor(
  act: (desk: Desk, random: Random) => string | undefined,
  options: { isRange?: boolean } = {},
): Action {
  return (desk, random) => {
    let place: string | undefined = 'the cursor';
    const moves = random.next() < 0.5;
    desk.editor.update(
      () => {
        const selection = $getSelection();
        const isUsable =
          $isRangeSelection(selection) && !(options.isRange === true && selection.isCollapsed());
        if (moves || !isUsable) place = $select(random, options.isRange);
      },
      { discrete: true },
    );
    if (place === undefined) return undefined;
    const done = act(desk, random);
    return done === undefined ? undefined : `${done}; ${place}`;
  };
}

/** Changes nodes directly, as a command of the screen would. */
function directly(change: (random: Random) => string | undefined): Action {
  return (desk, random) => {
    let done: string | undefined;
    desk.editor.update(
      () => {
        done = change(random);
      },
      random.next() < 0.5 ? { discrete: true } : {},
    );
    return done;
  };
}

function $cell(text: string) {
  return $createTableCellNode(0).append($createParagraphNode().append($createTextNode(text)));
}

function $pasted(random: Random): LexicalNode[] {
  const nodes: LexicalNode[] = [];
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const kind = random.next();
    const text = $createTextNode(sentence(random));
    if (kind < 0.6) nodes.push($createParagraphNode().append(text));
    else if (kind < 0.75) nodes.push($createHeadingNode(random.pick(['h1', 'h2', 'h5'])).append(text));
    else if (kind < 0.9) {
      const items = [text, $createTextNode(anyWord(random))];
      nodes.push(
        $createListNode('bullet').append(...items.map((item) => $createListItemNode().append(item))),
      );
    } else nodes.push($createParagraphNode().append($createLinkNode('https://vinhphuc.gov.vn').append(text)));
  }
  return nodes;
}

const actions = {
  type: atCursor(
    (desk, random) => {
      const word = anyWord(random);
      const isInText = desk.editor.getEditorState().read($isInText);
      desk.editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, word);
      desk.typed = isInText ? word : null;
      return `types "${word}"`;
    },
    { isRange: false },
  ),
  splice: directly((random) => {
    const texts = textsOf();
    if (texts.length === 0) return undefined;
    const text = random.pick(texts);
    const whole = text.getTextContent();
    const at = wholeOffset(whole, random.below(whole.length + 1));
    const end =
      random.next() < 0.6 ? at : wholeOffset(whole, Math.min(whole.length, at + 1 + random.below(3)));
    const word = end === at || random.next() < 0.3 ? anyWord(random) : '';
    text.spliceText(at, end - at, word, true);
    return `puts "${word}" for ${end - at} units of "${whole}" at ${at}`;
  }),
  erase: atCursor(
    (desk) => {
      desk.editor.update(() => {
        const selection = $getSelection();
        if ($isRangeSelection(selection)) selection.removeText();
      });
      return 'erases';
    },
    { isRange: true },
  ),
  enter: atCursor((desk) => {
    desk.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    return 'presses Enter';
  }),
  format: atCursor(
    (desk, random) => {
      const mark = random.pick(['bold', 'italic', 'underline'] as const);
      desk.editor.dispatchCommand(FORMAT_TEXT_COMMAND, mark);
      return `makes ${mark}`;
    },
    { isRange: true },
  ),
  select: (desk, random) => {
    let place: string | undefined;
    desk.editor.update(() => {
      place = $select(random);
    });
    return place === undefined ? undefined : `goes to ${place}`;
  },
  lineBreak: atCursor((desk, random) => {
    if (random.next() < 0.3) {
      desk.editor.dispatchCommand(INSERT_TAB_COMMAND, undefined);
      return 'presses Tab';
    }
    desk.editor.dispatchCommand(INSERT_LINE_BREAK_COMMAND, false);
    return 'breaks the line';
  }),
  block: atCursor((desk, random) => {
    const kind = random.pick(['paragraph', 'h2', 'h3', 'quote', 'bullet', 'number', 'bullet'] as const);
    const now = random.pick(['paragraph', 'bullet'] as const);
    if (random.next() < 0.1) desk.editor.dispatchCommand(INSERT_CHECK_LIST_COMMAND, undefined);
    else setBlock(desk.editor, kind, now);
    return `makes it a ${kind} (was ${now})`;
  }),
  indent: atCursor((desk, random) => {
    const command = random.pick([INDENT_CONTENT_COMMAND, INDENT_CONTENT_COMMAND, OUTDENT_CONTENT_COMMAND]);
    desk.editor.dispatchCommand(command, undefined);
    return command === INDENT_CONTENT_COMMAND ? 'indents' : 'outdents';
  }),
  align: atCursor((desk, random) => {
    const align = random.pick(['center', 'right', 'justify', ''] as const);
    desk.editor.dispatchCommand(FORMAT_ELEMENT_COMMAND, align);
    return `aligns "${align}"`;
  }),
  link: atCursor(
    (desk, random) => {
      const url = random.pick(['https://a.vn', 'https://b.vn', null]);
      desk.editor.dispatchCommand(TOGGLE_LINK_COMMAND, url);
      return `links to ${url}`;
    },
    { isRange: true },
  ),
  table: atCursor((desk, random) => {
    if (random.next() < 0.5) {
      insertTable(desk.editor);
      return 'inserts a table';
    }
    desk.editor.update(() => {
      const table = $createTableNode();
      for (let row = 0; row < 2; row += 1)
        table.append($createTableRowNode().append($cell(anyWord(random)), $cell(anyWord(random))));
      const block = blocksOf().at(-1);
      if (block === undefined) $getRoot().append(table);
      else block.insertAfter(table);
    });
    return 'puts a table at the end';
  }),
  row: (desk, random) => {
    const action = random.pick(TABLE_ACTIONS);
    let place: string | undefined;
    desk.editor.update(
      () => {
        const rows = blocksOf()
          .flatMap((block) => block.getChildren())
          .filter($isTableRowNode);
        if (rows.length === 0) return;
        const cells = random.pick(rows).getChildren().filter($isElementNode);
        if (cells.length === 0) return;
        const cell = random.pick(cells);
        cell.selectStart();
        place = `"${cell.getTextContent()}"`;
      },
      { discrete: true },
    );
    if (place === undefined) return undefined;
    changeTable(desk.editor, action);
    return `changes a table: ${action}; at ${place}`;
  },
  item: directly((random) => {
    const lists = blocksOf().filter($isListNode);
    if (lists.length === 0) return undefined;
    const items = random.pick(lists).getChildren().filter($isListItemNode);
    if (items.length === 0) return undefined;
    const item = random.pick(items);
    const was = item.getTextContent();
    if (random.next() < 0.4) {
      item.remove();
      return `removes the item "${was}"`;
    }
    const word = anyWord(random);
    item.insertAfter($createListItemNode().append($createTextNode(word)));
    return `adds the item "${word}" after "${was}"`;
  }),
  paste: atCursor((desk, random) => {
    const kind = random.next();
    let pasted = '';
    desk.editor.update(() => {
      const selection = $getSelection();
      if (!$isRangeSelection(selection)) return;
      if (kind < 0.5) {
        const nodes = $pasted(random);
        pasted = nodes.map((node) => `${node.getType()} "${node.getTextContent()}"`).join(', ');
        selection.insertNodes(nodes);
      } else {
        pasted = Array.from({ length: 1 + random.below(3) }, () => sentence(random)).join('\n');
        selection.insertRawText(pasted);
      }
    });
    return `pastes ${pasted}`;
  }),
  addBlock: directly((random) => {
    const blocks = blocksOf();
    const text = sentence(random);
    const added = $createParagraphNode().append($createTextNode(text));
    const block = blocks.length === 0 ? undefined : random.pick(blocks);
    if (block === undefined) $getRoot().append(added);
    else if (random.next() < 0.5) block.insertBefore(added);
    else block.insertAfter(added);
    return `adds the paragraph "${text}" beside "${block?.getTextContent()}"`;
  }),
  removeBlock: directly((random) => {
    const blocks = blocksOf();
    if (blocks.length === 0 || (blocks.length === 1 && random.next() < 0.7)) return undefined;
    const block = random.pick(blocks);
    const was = block.getTextContent();
    block.remove();
    return `removes the block "${was}"`;
  }),
  joinBlocks: directly((random) => {
    const blocks = blocksOf();
    if (blocks.length === 0) return undefined;
    const block = random.pick(blocks);
    const next = block.getNextSibling();
    if (!$isParagraphNode(block) || !$isParagraphNode(next)) return undefined;
    const was = next.getTextContent();
    block.append(...next.getChildren());
    next.remove();
    return `joins "${was}" to the block before`;
  }),
  moveBlock: directly((random) => {
    const blocks = blocksOf();
    if (blocks.length < 2) return undefined;
    const [block, target] = [random.pick(blocks), random.pick(blocks)];
    if (block.is(target)) return undefined;
    target.insertAfter(block);
    return `moves "${block.getTextContent()}" behind "${target.getTextContent()}"`;
  }),
  splitBlock: directly((random) => {
    const texts = textsOf();
    if (texts.length === 0) return undefined;
    const text = random.pick(texts);
    const size = text.getTextContentSize();
    const parent = text.getParent();
    if (size < 2 || !$isParagraphNode(parent)) return undefined;
    const at = wholeOffset(text.getTextContent(), 1 + random.below(size - 1));
    const tail = text.splitText(at).at(-1);
    if (!$isTextNode(tail) || $isLinkNode(tail.getParent())) return undefined;
    const paragraph = $createParagraphNode();
    const moved = [tail, ...tail.getNextSiblings()];
    parent.insertAfter(paragraph);
    paragraph.append(...moved);
    return `divides "${parent.getTextContent()}" before "${tail.getTextContent()}"`;
  }),
  /** As an input method does: the syllable grows in place, and is the method's own until the next key elsewhere. */
  compose: atCursor(
    (desk, random) => {
      const syllable = random.pick(['tiê', 'tiế', 'Viê', 'Việ', 'ươ']);
      desk.editor.update(() => {
        const selection = $getSelection();
        if (!$isRangeSelection(selection)) return;
        selection.insertText(syllable);
        const { anchor } = selection;
        if (anchor.type === 'text') $setCompositionKey(anchor.key);
      });
      return `composes "${syllable}"`;
    },
    { isRange: false },
  ),
  endComposition: (desk) => {
    if (!desk.editor.isComposing()) return undefined;
    desk.editor.update(() => $setCompositionKey(null));
    return 'ends composing';
  },
  undo: (desk) => {
    desk.editor.dispatchCommand(UNDO_COMMAND, undefined);
    return 'undoes';
  },
  redo: (desk) => {
    desk.editor.dispatchCommand(REDO_COMMAND, undefined);
    return 'redoes';
  },
} satisfies Record<string, Action>;

/** Name of something that a person does in the editor. */
export type ActionName = keyof typeof actions;

/** How often each is done, of 100. */
const SHARES: Readonly<Record<ActionName, number>> = {
  type: 15,
  splice: 16,
  erase: 7,
  enter: 5,
  format: 6,
  select: 3,
  lineBreak: 2,
  block: 3,
  indent: 2,
  align: 1,
  link: 2,
  table: 1,
  row: 2,
  item: 2,
  paste: 2,
  addBlock: 6,
  removeBlock: 3,
  joinBlocks: 1,
  moveBlock: 1,
  splitBlock: 2,
  compose: 2,
  endComposition: 2,
  undo: 10,
  redo: 4,
};

/** Draws what is done next. */
export function anyAction(random: Random): ActionName {
  let rest = random.next() * Object.values(SHARES).reduce((sum, share) => sum + share, 0);
  for (const [name, share] of Object.entries(SHARES)) {
    rest -= share;
    if (rest < 0) return name as ActionName;
  }
  return 'type';
}

/** Does it; answers what was done, in words, or nothing if there was nothing to do it with. Any other key ends composing. */
export function act(name: ActionName, desk: Desk, random: Random): string | undefined {
  if (desk.editor.isComposing() && name !== 'endComposition')
    desk.editor.update(() => $setCompositionKey(null), { discrete: true });
  const action: Action = actions[name];
  return action(desk, random);
}
