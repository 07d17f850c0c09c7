import * as Y from 'yjs';
import {
  ALIGN_NUMBERS,
  BODY_ELEMENTS,
  BODY_TEXTS,
  ELEMENT_ATTRIBUTES,
  HEADER_COLUMN_BIT,
  HEADER_ROW_BIT,
  MARK_BITS,
  MAX_BODY_DEPTH,
  TEXT_PROPERTIES,
} from './bodyShape.ts';
import { appendRun, joinRuns } from './runs.ts';
import type { Align, Block, ListBlock, ListItem, Mark, Run, TableBlock, TableCell } from './types.ts';

type Child = Y.XmlElement | Y.XmlText;
type Attributes = Record<string, unknown>;

const INLINE_ELEMENTS: ReadonlySet<string> = new Set(['link', 'autolink', 'linebreak']);

/** What is wrong with a body that the editor would not open. */
export interface BodyProblem {
  kind: 'unknown-element' | 'unknown-text' | 'unknown-attribute' | 'foreign-child' | 'too-deep';
  name: string;
}

function childrenOf(element: Y.XmlElement): Child[] {
  return element
    .toArray()
    .filter((child): child is Child => child instanceof Y.XmlElement || child instanceof Y.XmlText);
}

function attributesOf(element: Y.XmlElement): Attributes {
  return element.getAttributes() as Attributes;
}

function marksOf(format: unknown): Mark[] {
  if (typeof format !== 'number') return [];
  return MARK_BITS.filter(([, bit]) => (format & bit) !== 0).map(([mark]) => mark);
}

function alignOf(attributes: Attributes): Align | undefined {
  return ALIGN_NUMBERS.find(([, number]) => number === attributes.__format)?.[0];
}

function smallCount(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : undefined;
}

function readText(text: Y.XmlText, href: string | undefined, into: Run[]): void {
  for (const part of text.toDelta() as { insert: unknown; attributes?: Attributes }[]) {
    if (typeof part.insert !== 'string') continue;
    const properties = part.attributes?.p;
    const format =
      typeof properties === 'object' && properties !== null ? (properties as Attributes).__format : undefined;
    appendRun(into, part.insert, marksOf(format), href);
  }
}

function readInline(children: readonly Child[], href: string | undefined, depth: number, into: Run[]): void {
  for (const child of children) {
    if (child instanceof Y.XmlText) readText(child, href, into);
    else if (child.nodeName === 'linebreak') appendRun(into, '\n', [], href);
    else if (depth < MAX_BODY_DEPTH) {
      const isLink = child.nodeName === 'link' || child.nodeName === 'autolink';
      const url = isLink ? attributesOf(child).__url : undefined;
      const unlinked = child.nodeName === 'autolink' && attributesOf(child).__isUnlinked === true;
      const target = typeof url === 'string' && url !== '' && !unlinked ? url : href;
      if (!isLink && into.length > 0) appendRun(into, '\n', [], undefined);
      readInline(childrenOf(child), target, depth + 1, into);
    }
  }
}

function inlineOf(children: readonly Child[], depth: number): Run[] {
  const runs: Run[] = [];
  readInline(children, undefined, depth, runs);
  return runs;
}

function readItem(element: Y.XmlElement, kind: ListBlock['kind'], depth: number): ListItem {
  const inline: Child[] = [];
  const lists: ListBlock[] = [];
  for (const child of childrenOf(element)) {
    if (child instanceof Y.XmlElement && child.nodeName === 'list' && depth < MAX_BODY_DEPTH) {
      const list = readList(child, depth + 1);
      if (list.items.length > 0) lists.push(list);
    } else inline.push(child);
  }
  const item: ListItem = { runs: inlineOf(inline, depth + 1) };
  if (kind === 'check') item.checked = attributesOf(element).__checked === true;
  if (lists.length > 0) item.lists = lists;
  return item;
}

function readList(element: Y.XmlElement, depth: number): ListBlock {
  const attributes = attributesOf(element);
  const type = attributes.__listType;
  const kind = type === 'bullet' || type === 'check' ? type : 'number';
  const start = kind === 'number' ? smallCount(attributes.__start, 0, 1_000_000) : undefined;
  const list: ListBlock = { type: 'list', kind, items: [] };
  if (start !== undefined && start !== 1) list.start = start;
  for (const child of childrenOf(element)) {
    const isItem = child instanceof Y.XmlElement && child.nodeName === 'listitem';
    const item: ListItem = isItem ? readItem(child, kind, depth + 1) : { runs: inlineOf([child], depth + 1) };
    // Lexical gives a nested list an item of its own; to a reader it belongs to the item before.
    const before = list.items.at(-1);
    if (item.runs.length === 0 && item.lists !== undefined && before !== undefined)
      before.lists = [...(before.lists ?? []), ...item.lists];
    else list.items.push(item);
  }
  return list;
}

function readCell(element: Y.XmlElement, depth: number): TableCell {
  const attributes = attributesOf(element);
  const state = typeof attributes.__headerState === 'number' ? attributes.__headerState : 0;
  const heads = { column: (state & HEADER_ROW_BIT) !== 0, row: (state & HEADER_COLUMN_BIT) !== 0 };
  const cell: TableCell = { blocks: readBlocks(childrenOf(element), depth + 1) };
  if (heads.column || heads.row)
    cell.header = heads.column && heads.row ? 'both' : heads.row ? 'row' : 'column';
  const colSpan = smallCount(attributes.__colSpan, 2, 1000);
  const rowSpan = smallCount(attributes.__rowSpan, 2, 10_000);
  if (colSpan !== undefined) cell.colSpan = colSpan;
  if (rowSpan !== undefined) cell.rowSpan = rowSpan;
  return cell;
}

function readTable(element: Y.XmlElement, depth: number): TableBlock {
  const table: TableBlock = { type: 'table', rows: [] };
  for (const row of childrenOf(element)) {
    if (!(row instanceof Y.XmlElement) || row.nodeName !== 'tablerow') {
      table.rows.push([{ blocks: readBlocks([row], depth + 1) }]);
      continue;
    }
    const cells = childrenOf(row).map((cell) =>
      cell instanceof Y.XmlElement && cell.nodeName === 'tablecell'
        ? readCell(cell, depth + 2)
        : { blocks: readBlocks([cell], depth + 2) },
    );
    if (cells.length > 0) table.rows.push(cells);
  }
  return table;
}

function readBlock(element: Y.XmlElement, depth: number): Block {
  if (element.nodeName === 'list' && depth < MAX_BODY_DEPTH) return readList(element, depth);
  if (element.nodeName === 'table' && depth < MAX_BODY_DEPTH) return readTable(element, depth);
  const attributes = attributesOf(element);
  const runs = inlineOf(childrenOf(element), depth + 1);
  const align = alignOf(attributes);
  const aligned = align === undefined ? {} : { align };
  if (element.nodeName === 'quote') return { type: 'quote', runs, ...aligned };
  if (element.nodeName === 'heading') {
    const level = attributes.__tag === 'h3' ? 3 : /^h[456]$/.test(String(attributes.__tag)) ? 4 : 2;
    return { type: 'heading', level, runs, ...aligned };
  }
  const indent = smallCount(attributes.__indent, 1, 20);
  return { type: 'paragraph', runs, ...aligned, ...(indent === undefined ? {} : { indent }) };
}

function readBlocks(children: readonly Child[], depth: number): Block[] {
  const blocks: Block[] = [];
  let loose: Child[] = [];
  const closeLoose = () => {
    if (loose.length > 0) blocks.push({ type: 'paragraph', runs: inlineOf(loose, depth) });
    loose = [];
  };
  for (const child of children) {
    if (child instanceof Y.XmlText || INLINE_ELEMENTS.has(child.nodeName)) loose.push(child);
    else {
      closeLoose();
      const block = readBlock(child, depth);
      const isHollow =
        (block.type === 'list' && block.items.length === 0) ||
        (block.type === 'table' && block.rows.length === 0);
      if (!isHollow) blocks.push(block);
    }
  }
  closeLoose();
  return blocks;
}

/** True if a block shows nothing: a paragraph, heading or quotation of no runs. */
function isEmptyBlock(block: Block): boolean {
  return block.type === 'paragraph' && joinRuns(block.runs) === '';
}

/**
 * The blocks below a body's root, straight from the Y tree: a function of the document's state
 * alone, whatever the order of updates, the client ids, the platform or the build of the editor.
 * Content of unknown nodes is kept as plain paragraphs, never dropped. No content are: empty
 * paragraphs at the end (an editor adds one to an empty body), lists without items, tables without cells.
 */
export function readBlocksOf(root: Y.XmlElement): Block[] {
  const blocks = readBlocks(childrenOf(root), 0);
  let end = blocks.length;
  for (let last = blocks[end - 1]; last !== undefined && isEmptyBlock(last); last = blocks[end - 1]) end -= 1;
  return blocks.slice(0, end);
}

function textProblems(text: Y.XmlText): BodyProblem[] {
  const problems: BodyProblem[] = [];
  for (const part of text.toDelta() as { insert: unknown; attributes?: Attributes }[]) {
    const { t: type = 'text', p: properties } = part.attributes ?? {};
    if (typeof part.insert !== 'string') problems.push({ kind: 'foreign-child', name: 'embed' });
    if (typeof type !== 'string' || !BODY_TEXTS.has(type))
      problems.push({ kind: 'unknown-text', name: String(type) });
    for (const name of Object.keys(properties ?? {}))
      if (!TEXT_PROPERTIES.has(name)) problems.push({ kind: 'unknown-attribute', name });
  }
  return problems;
}

/** At most ten things in a body that the editor would not open. Needs no editor. */
export function inspectRoot(root: Y.XmlElement): BodyProblem[] {
  const problems: BodyProblem[] = [];
  const waiting: { element: Y.XmlElement; depth: number }[] = [{ element: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined && problems.length < 10; next = waiting.pop()) {
    const { element, depth } = next;
    if (depth > MAX_BODY_DEPTH) {
      problems.push({ kind: 'too-deep', name: element.nodeName });
      continue;
    }
    for (const name of Object.keys(attributesOf(element)))
      if (!ELEMENT_ATTRIBUTES.has(name) && !name.startsWith('s_'))
        problems.push({ kind: 'unknown-attribute', name });
    for (const child of element.toArray() as unknown[]) {
      if (child instanceof Y.XmlText) problems.push(...textProblems(child));
      else if (!(child instanceof Y.XmlElement)) problems.push({ kind: 'foreign-child', name: typeof child });
      else if (!BODY_ELEMENTS.has(child.nodeName))
        problems.push({ kind: 'unknown-element', name: child.nodeName });
      else waiting.push({ element: child, depth: depth + 1 });
    }
  }
  return problems.slice(0, 10);
}
