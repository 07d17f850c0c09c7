import { ALIGN_NUMBERS, HEADER_COLUMN_BIT, HEADER_ROW_BIT, MARK_BITS, MAX_BODY_DEPTH } from './bodyShape.ts';
import type { BodyChild, BodyElement, BodyText } from './bodyTree.ts';
import { appendRun, joinRuns } from './runs.ts';
import type { Align, Block, ListBlock, ListItem, Mark, Run, TableBlock, TableCell } from './types.ts';

const INLINE_ELEMENTS: ReadonlySet<string> = new Set(['link', 'autolink', 'linebreak']);

const isElement = (child: BodyChild, name?: string): child is BodyElement =>
  'name' in child && (name === undefined || child.name === name);

function marksOf(format: unknown): Mark[] {
  if (typeof format !== 'number') return [];
  return MARK_BITS.filter(([, bit]) => (format & bit) !== 0).map(([mark]) => mark);
}

function alignOf(element: BodyElement): Align | undefined {
  const format = element.attribute('__format');
  return ALIGN_NUMBERS.find(([, number]) => number === format)?.[0];
}

function smallCount(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : undefined;
}

/** Runs that are being gathered. `isApart` is true behind the edge of a block: what comes next stands on a line of its own. */
interface Gathering {
  readonly runs: Run[];
  isApart: boolean;
}

function gather(into: Gathering, text: string, marks: Mark[], href: string | undefined): void {
  if (text === '') return;
  if (into.isApart && into.runs.length > 0) appendRun(into.runs, '\n', [], undefined);
  into.isApart = false;
  appendRun(into.runs, text, marks, href);
}

function readText(text: BodyText, href: string | undefined, into: Gathering): void {
  for (const part of text.parts()) gather(into, part.text.toWellFormed(), marksOf(part.format), href);
}

function readInline(
  children: readonly BodyChild[],
  href: string | undefined,
  depth: number,
  into: Gathering,
): void {
  for (const child of children) {
    if (!isElement(child)) readText(child, href, into);
    else if (child.name === 'linebreak') gather(into, '\n', [], href);
    else if (depth < MAX_BODY_DEPTH) {
      const isLink = child.name === 'link' || child.name === 'autolink';
      const url = isLink ? child.attribute('__url') : undefined;
      const unlinked = child.name === 'autolink' && child.attribute('__isUnlinked') === true;
      const target = typeof url === 'string' && url !== '' && !unlinked ? url.toWellFormed() : href;
      if (!isLink) into.isApart = true;
      readInline(child.children(), target, depth + 1, into);
      if (!isLink) into.isApart = true;
    }
  }
}

function inlineOf(children: readonly BodyChild[], depth: number): Run[] {
  const into: Gathering = { runs: [], isApart: false };
  readInline(children, undefined, depth, into);
  return into.runs;
}

function readItem(element: BodyElement, kind: ListBlock['kind'], depth: number): ListItem {
  const inline: BodyChild[] = [];
  const lists: ListBlock[] = [];
  for (const child of element.children()) {
    if (isElement(child, 'list') && depth < MAX_BODY_DEPTH) {
      const list = readList(child, depth + 1);
      if (list.items.length > 0) lists.push(list);
    } else if (isElement(child, 'paragraph')) {
      // Lexical makes it loose text of the item when the document is opened.
      inline.push(...child.children());
    } else inline.push(child);
  }
  const item: ListItem = { runs: inlineOf(inline, depth + 1) };
  if (kind === 'check') item.checked = element.attribute('__checked') === true;
  if (lists.length > 0) item.lists = lists;
  return item;
}

function readList(element: BodyElement, depth: number): ListBlock {
  const type = element.attribute('__listType');
  const kind = type === 'bullet' || type === 'check' ? type : 'number';
  const start = kind === 'number' ? smallCount(element.attribute('__start'), 0, 1_000_000) : undefined;
  const list: ListBlock = { type: 'list', kind, items: [] };
  if (start !== undefined && start !== 1) list.start = start;
  for (const child of element.children()) {
    const isItem = isElement(child, 'listitem');
    const item: ListItem = isItem ? readItem(child, kind, depth + 1) : { runs: inlineOf([child], depth + 1) };
    // Lexical gives a nested list an item of its own; to a reader it belongs to the item before.
    const before = list.items.at(-1);
    if (item.runs.length === 0 && item.lists !== undefined && before !== undefined)
      before.lists = [...(before.lists ?? []), ...item.lists];
    else list.items.push(item);
  }
  return list;
}

function readCell(element: BodyElement, depth: number): TableCell {
  const state = smallCount(element.attribute('__headerState'), 0, 3) ?? 0;
  const heads = { column: (state & HEADER_ROW_BIT) !== 0, row: (state & HEADER_COLUMN_BIT) !== 0 };
  const cell: TableCell = { blocks: readBlocks(element.children(), depth + 1) };
  if (heads.column || heads.row)
    cell.header = heads.column && heads.row ? 'both' : heads.row ? 'row' : 'column';
  const colSpan = smallCount(element.attribute('__colSpan'), 2, 1000);
  const rowSpan = smallCount(element.attribute('__rowSpan'), 2, 10_000);
  if (colSpan !== undefined) cell.colSpan = colSpan;
  if (rowSpan !== undefined) cell.rowSpan = rowSpan;
  return cell;
}

function readTable(element: BodyElement, depth: number): TableBlock {
  const table: TableBlock = { type: 'table', rows: [] };
  for (const row of element.children()) {
    if (!isElement(row, 'tablerow')) {
      table.rows.push([{ blocks: readBlocks([row], depth + 1) }]);
      continue;
    }
    const cells = row
      .children()
      .map((cell) =>
        isElement(cell, 'tablecell') ? readCell(cell, depth + 2) : { blocks: readBlocks([cell], depth + 2) },
      );
    if (cells.length > 0) table.rows.push(cells);
  }
  return table;
}

function readBlock(element: BodyElement, depth: number): Block {
  if (element.name === 'list' && depth < MAX_BODY_DEPTH) return readList(element, depth);
  if (element.name === 'table' && depth < MAX_BODY_DEPTH) return readTable(element, depth);
  const runs = inlineOf(element.children(), depth + 1);
  const align = alignOf(element);
  const aligned = align === undefined ? {} : { align };
  if (element.name === 'quote') return { type: 'quote', runs, ...aligned };
  if (element.name === 'heading') {
    const level =
      element.attribute('__tag') === 'h3' ? 3 : /^h[456]$/.test(String(element.attribute('__tag'))) ? 4 : 2;
    return { type: 'heading', level, runs, ...aligned };
  }
  const indent = smallCount(element.attribute('__indent'), 1, 20);
  return { type: 'paragraph', runs, ...aligned, ...(indent === undefined ? {} : { indent }) };
}

/** The blocks of some children of a body, empty paragraphs at their end included. */
export function readBlocks(children: readonly BodyChild[], depth: number): Block[] {
  const blocks: Block[] = [];
  let loose: BodyChild[] = [];
  const closeLoose = () => {
    if (loose.length > 0) blocks.push({ type: 'paragraph', runs: inlineOf(loose, depth) });
    loose = [];
  };
  for (const child of children) {
    if (!isElement(child) || INLINE_ELEMENTS.has(child.name)) loose.push(child);
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
 * The blocks below a body's root, straight from the tree: a function of the document's state
 * alone, whatever the order of updates, the client ids, the platform or the build of the editor.
 * Content of unknown nodes is kept as plain paragraphs, never dropped. No content are: empty
 * paragraphs at the end (an editor adds one to an empty body), lists without items, tables without cells.
 */
export function readBlocksOf(root: BodyElement): Block[] {
  const blocks = readBlocks(root.children(), 0);
  let end = blocks.length;
  for (let last = blocks[end - 1]; last !== undefined && isEmptyBlock(last); last = blocks[end - 1]) end -= 1;
  return blocks.slice(0, end);
}
