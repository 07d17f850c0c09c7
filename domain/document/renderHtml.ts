import { joinRuns } from './runs.ts';
import { safeHref } from './safeHref.ts';
import type {
  Align,
  ArticleContent,
  Block,
  ListBlock,
  ListItem,
  Mark,
  Run,
  TableBlock,
  TableCell,
} from './types.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const MARK_TAGS: Record<Mark, string> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  subscript: 'sub',
  superscript: 'sup',
  code: 'code',
  highlight: 'mark',
};

/** Escapes text for HTML and XML, in elements and in quoted attributes. Characters that either forbids become spaces. */
export function escapeHtml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the page
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ')
      .toWellFormed()
  );
}

function runHtml(run: Run): string {
  const text = escapeHtml(run.text).replaceAll('\n', '<br>').replaceAll('\t', '<span class="tab">\t</span>');
  return (run.marks ?? []).reduceRight(
    (inner, mark) => `<${MARK_TAGS[mark]}>${inner}</${MARK_TAGS[mark]}>`,
    text,
  );
}

function runsHtml(runs: readonly Run[]): string {
  let html = '';
  for (let at = 0; at < runs.length; ) {
    const href = runs[at]?.href;
    let end = at;
    let inner = '';
    for (; end < runs.length && runs[end]?.href === href; end += 1) {
      const run = runs[end];
      if (run !== undefined) inner += runHtml(run);
    }
    const target = href === undefined ? null : safeHref(href);
    html += target === null ? inner : `<a href="${escapeHtml(target)}"${relOf(target)}>${inner}</a>`;
    at = end;
  }
  return html;
}

const relOf = (target: string): string => (/^https?:/i.test(target) ? ' rel="noopener noreferrer"' : '');

function classOf(align: Align | undefined, indent?: number): string {
  const names = [align === undefined ? '' : `align-${align}`, indent === undefined ? '' : `indent-${indent}`];
  const joined = names.filter((name) => name !== '').join(' ');
  return joined === '' ? '' : ` class="${joined}"`;
}

function itemHtml(item: ListItem, kind: ListBlock['kind']): string {
  const box = kind === 'check' ? `<span class="check" data-checked="${item.checked === true}"></span>` : '';
  return `${box}${runsHtml(item.runs)}${(item.lists ?? []).map(listHtml).join('')}`;
}

function listHtml(list: ListBlock): string {
  const body = list.items.map((item) => `<li>${itemHtml(item, list.kind)}</li>`).join('');
  if (list.kind === 'number')
    return `<ol${list.start === undefined ? '' : ` start="${list.start}"`}>${body}</ol>`;
  return `<ul${list.kind === 'check' ? ' class="checklist"' : ''}>${body}</ul>`;
}

function cellHtml(cell: TableCell): string {
  const spans = `${cell.colSpan === undefined ? '' : ` colspan="${cell.colSpan}"`}${
    cell.rowSpan === undefined ? '' : ` rowspan="${cell.rowSpan}"`
  }`;
  const only = cell.blocks.length === 1 ? cell.blocks[0] : undefined;
  const inner =
    only?.type === 'paragraph' && only.align === undefined && only.indent === undefined
      ? runsHtml(only.runs)
      : blocksHtml(cell.blocks);
  if (cell.header === undefined) return `<td${spans}>${inner}</td>`;
  const scope = cell.header === 'row' ? 'row' : 'col';
  return `<th scope="${cell.colSpan !== undefined && scope === 'col' ? 'colgroup' : scope}"${spans}>${inner}</th>`;
}

function tableHtml(table: TableBlock): string {
  const rows = table.rows.filter((row) => row.length > 0);
  const isHead = (row: TableCell[]) =>
    row.every((cell) => cell.header === 'column' || cell.header === 'both');
  let headCount = 0;
  while (headCount < rows.length - 1 && isHead(rows[headCount] ?? [])) headCount += 1;
  const html = (part: TableCell[][]) => part.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('');
  const head = headCount > 0 ? `<thead>${html(rows.slice(0, headCount))}</thead>` : '';
  // A wide table scrolls inside its own region, reachable by keyboard.
  return `<div class="table-scroll" tabindex="0"><table>${head}<tbody>${html(rows.slice(headCount))}</tbody></table></div>`;
}

function blockHtml(block: Block): string {
  if (block.type === 'list') return block.items.length === 0 ? '' : listHtml(block);
  if (block.type === 'table') return block.rows.length === 0 ? '' : tableHtml(block);
  const inner = runsHtml(block.runs);
  if (block.type === 'quote') return `<blockquote><p${classOf(block.align)}>${inner}</p></blockquote>`;
  if (block.type === 'heading')
    return joinRuns(block.runs).trim() === ''
      ? ''
      : `<h${block.level}${classOf(block.align)}>${inner}</h${block.level}>`;
  return `<p${classOf(block.align, block.indent)}>${inner}</p>`;
}

function blocksHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('');
}

/**
 * The body as HTML for public pages: only the tags written here, every text and attribute escaped,
 * links only to http, https, mailto, tel and relative addresses (others lose the link and keep
 * their words), no styles and no scripts, heading cells with their scope. The caller writes the
 * title, the summary and the element with the `lang` attribute around it.
 */
export function renderHtml(content: Pick<ArticleContent, 'body'>): string {
  return content.body
    .map(blockHtml)
    .filter((html) => html !== '')
    .join('\n');
}
