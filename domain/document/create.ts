import * as Y from 'yjs';
import { ALIGN_NUMBERS, HEADER_COLUMN_BIT, HEADER_ROW_BIT, MARK_BITS } from './bodyShape.ts';
import { newDoc } from './newDoc.ts';
import { bodyRoot, fieldsMap, fieldText, filesMap, metaMap, summaryText, titleText } from './read.ts';
import type { Align, Block, ListBlock, ListItem, Mark, NewArticle, Run, TableCell } from './types.ts';

type Node = Y.XmlElement | Y.XmlText;

function element(name: string, attributes: Record<string, unknown>, children: Node[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    // The type says string, but Yjs stores any JSON value here, and so does the binding.
    if (value !== undefined) made.setAttribute(key, value as string);
  }
  if (children.length > 0) made.insert(0, children);
  return made;
}

function formatNumber(marks: readonly Mark[] | undefined): number {
  return MARK_BITS.reduce((sum, [mark, bit]) => (marks?.includes(mark) ? sum | bit : sum), 0);
}

function alignNumber(align: Align | undefined): number | undefined {
  return ALIGN_NUMBERS.find(([name]) => name === align)?.[1];
}

/** Texts and line breaks of runs without link, as the binding writes them: neighbouring text nodes share one Y text. */
function plainNodes(runs: readonly Run[]): Node[] {
  const nodes: Node[] = [];
  let parts: { insert: string; attributes: Record<string, unknown> }[] = [];
  const closeText = () => {
    if (parts.length > 0) {
      const text = new Y.XmlText();
      text.applyDelta(parts);
      nodes.push(text);
    }
    parts = [];
  };
  for (const run of runs) {
    const format = formatNumber(run.marks);
    for (const piece of run.text.split(/(\n)/)) {
      if (piece === '') continue;
      if (piece === '\n') {
        closeText();
        nodes.push(element('linebreak', {}, []));
        continue;
      }
      const attributes: Record<string, unknown> = {};
      if (format !== 0) attributes.p = { __format: format };
      // The binding numbers the text nodes so that Yjs doesn't join them.
      if (parts.length > 0) attributes.i = parts.length;
      parts.push({ insert: piece, attributes });
    }
  }
  closeText();
  return nodes;
}

function inlineNodes(runs: readonly Run[]): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < runs.length; ) {
    const href = runs[at]?.href;
    let end = at;
    while (end < runs.length && runs[end]?.href === href) end += 1;
    const children = plainNodes(runs.slice(at, end));
    if (href === undefined) nodes.push(...children);
    else nodes.push(element('link', { __url: href }, children));
    at = end;
  }
  return nodes;
}

function itemElements(item: ListItem, value: number): Y.XmlElement[] {
  const own = element(
    'listitem',
    { __value: value === 1 ? undefined : value, __checked: item.checked },
    inlineNodes(item.runs),
  );
  const nestedValue = value + 1;
  const nested = (item.lists ?? []).map((list) =>
    element('listitem', { __value: nestedValue === 1 ? undefined : nestedValue }, [listElement(list)]),
  );
  return item.runs.length === 0 && nested.length > 0 ? nested : [own, ...nested];
}

function listElement(list: ListBlock): Y.XmlElement {
  const start = list.start ?? 1;
  const items: Y.XmlElement[] = [];
  let value = start;
  for (const item of list.items) {
    items.push(...itemElements(item, value));
    if (item.runs.length > 0 || item.lists === undefined) value += 1;
  }
  const kind = list.kind === 'number' ? {} : { __listType: list.kind, __tag: 'ul' };
  return element('list', { ...kind, __start: start === 1 ? undefined : start }, items);
}

function cellElement(cell: TableCell): Y.XmlElement {
  const column = cell.header === 'column' || cell.header === 'both' ? HEADER_ROW_BIT : 0;
  const row = cell.header === 'row' || cell.header === 'both' ? HEADER_COLUMN_BIT : 0;
  const blocks: Block[] = cell.blocks.length === 0 ? [{ type: 'paragraph', runs: [] }] : cell.blocks;
  return element(
    'tablecell',
    {
      __headerState: column + row === 0 ? undefined : column + row,
      __colSpan: cell.colSpan === 1 ? undefined : cell.colSpan,
      __rowSpan: cell.rowSpan === 1 ? undefined : cell.rowSpan,
    },
    blocks.map(blockElement),
  );
}

/** A block in the form that the V2 binding writes. */
export function blockElement(block: Block): Y.XmlElement {
  if (block.type === 'list') return listElement(block);
  if (block.type === 'table') {
    const rows = block.rows.map((row) => element('tablerow', {}, row.map(cellElement)));
    return element('table', {}, rows);
  }
  const align = alignNumber(block.align);
  const children = inlineNodes(block.runs);
  if (block.type === 'heading')
    return element('heading', { __tag: `h${block.level}`, __format: align }, children);
  if (block.type === 'quote') return element('quote', { __format: align }, children);
  return element('paragraph', { __format: align, __indent: block.indent }, children);
}

/** Appends blocks to the body's root in the form that the V2 binding writes. For documents not yet open in an editor. */
export function writeBody(doc: Y.Doc, blocks: readonly (Block | string)[]): void {
  const elements = blocks.map((block) =>
    blockElement(
      typeof block === 'string' ? { type: 'paragraph', runs: block === '' ? [] : [{ text: block }] } : block,
    ),
  );
  bodyRoot(doc).push(elements);
}

/**
 * Creates the document of a new article, once, by its creator; every other machine starts from
 * `firstUpdate` (Yjs V2 encoding). A body without blocks gets one empty paragraph, because an
 * editor that opens a body without any would have to add one, and two editors would add two.
 * The same arguments give the same bytes.
 */
export function createArticleDoc(article: NewArticle): { doc: Y.Doc; firstUpdate: Uint8Array } {
  const doc = newDoc();
  doc.clientID = article.clientId;
  doc.transact(() => {
    metaMap(doc).set('categoryId', article.meta.categoryId);
    metaMap(doc).set('language', article.meta.language);
    if (article.title) titleText(doc).insert(0, article.title);
    if (article.summary) summaryText(doc).insert(0, article.summary);
    for (const [id, text] of Object.entries(article.textFields ?? {}))
      if (text !== '') fieldText(doc, id).insert(0, text);
    for (const [id, value] of Object.entries(article.fields ?? {})) fieldsMap(doc).set(id, value);
    for (const [id, file] of Object.entries(article.files ?? {})) filesMap(doc).set(id, { ...file });
    writeBody(doc, article.body?.length ? article.body : ['']);
  });
  return { doc, firstUpdate: Y.encodeStateAsUpdateV2(doc) };
}
