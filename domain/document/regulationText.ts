import { appendRun } from './runs.ts';
import type { Block, ListBlock, Mark, Run, TableCell } from './types.ts';

/** How lines that begin with a number are read. */
export interface RegulationTextOptions {
  /** `list`: `1. …` is an item of a numbered list; `text` (default): a clause, whose number belongs to its words. */
  numbered?: 'list' | 'text';
}

const INLINE = /\*\*\*(.+?)\*\*\*|\*\*(.+?)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*|\[([^\]]+)\]\(([^)\s]+)\)/su;

/** Bold comes before italic in the canonical order. */
const withMarks = (marks: readonly Mark[], ...more: ('bold' | 'italic')[]): Mark[] =>
  (['bold', 'italic'] as const).filter((mark) => marks.includes(mark) || more.includes(mark));

function inline(text: string, marks: readonly Mark[], href: string | undefined, into: Run[]): Run[] {
  const match = INLINE.exec(text);
  if (match === null) {
    appendRun(into, text.replace(/\\([*_[\]()#.\\-])/g, '$1'), marks, href);
    return into;
  }
  const [whole, both, bold, italic, label, target] = match;
  inline(text.slice(0, match.index), marks, href, into);
  if (both !== undefined) inline(both, withMarks(marks, 'bold', 'italic'), href, into);
  else if (bold !== undefined) inline(bold, withMarks(marks, 'bold'), href, into);
  else if (italic !== undefined) inline(italic, withMarks(marks, 'italic'), href, into);
  else inline(label ?? '', marks, target, into);
  return inline(text.slice(match.index + whole.length), marks, href, into);
}

const runsOf = (text: string): Run[] => inline(text, [], undefined, []);

function headingOf(line: string): { level: 2 | 3 | 4; text: string } | null {
  const marked = /^(#{1,6})\s+(.*)$/.exec(line);
  if (marked !== null) {
    const depth = marked[1]?.length ?? 2;
    return { level: depth <= 2 ? 2 : depth === 3 ? 3 : 4, text: marked[2] ?? '' };
  }
  const bare = line.replace(/^\*\*(.*)\*\*$/u, '$1');
  if (bare.length > 160) return null;
  if (/^(chương|phần)\s+([ivxlc]+|\d+)\b/iu.test(bare)) return { level: 2, text: bare };
  if (/^mục\s+([ivxlc]+|\d+)\b/iu.test(bare) || /^điều\s+\d+[a-zđ]?\..*[^.:;,]$/iu.test(bare))
    return { level: 3, text: bare };
  return null;
}

function tableOf(lines: readonly string[]): Block {
  const cells = (line: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  const isRule = (line: string | undefined) => line !== undefined && /^\|?[\s:|-]+\|?$/.test(line);
  const hasHead = isRule(lines[1]);
  const rows = lines.filter((line) => !isRule(line));
  const width = Math.max(...rows.map((line) => cells(line).length));
  return {
    type: 'table',
    rows: rows.map((line, index) => {
      const texts = cells(line);
      return Array.from({ length: width }, (_, column): TableCell => {
        const cell: TableCell = { blocks: [{ type: 'paragraph', runs: runsOf(texts[column] ?? '') }] };
        return hasHead && index === 0 ? { ...cell, header: 'column' } : cell;
      });
    }),
  };
}

/**
 * Makes blocks of a regulation's text in light Markdown: `#` headings (also “Chương …”, “Mục …” and
 * titled “Điều …” lines), `**bold**`, `*italic*`, `[text](address)`, `- ` lists, tables with `|`, a line a
 * paragraph, two blanks at a line's end a line break. Meant for texts that ship with the
 * product and for import of plain text; nothing is ever dropped but the marks themselves.
 */
export function parseRegulationText(text: string, options: RegulationTextOptions = {}): Block[] {
  const blocks: Block[] = [];
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\f', '\n').split('\n');
  let list = null as ListBlock | null;
  for (let at = 0; at < lines.length; at += 1) {
    let line = (lines[at] ?? '').trimStart();
    while (/\S {2,}$/.test(line) && (lines[at + 1] ?? '').trim() !== '') {
      at += 1;
      line = `${line.trimEnd()}\n${(lines[at] ?? '').trimStart()}`;
    }
    line = line.trim();
    const bullet = /^[-*+]\s+(.*)$/su.exec(line);
    const number = options.numbered === 'list' ? /^(\d{1,4})[.)]\s+(.*)$/su.exec(line) : null;
    if (bullet !== null || number !== null) {
      const kind = bullet !== null ? 'bullet' : 'number';
      if (list?.kind !== kind) {
        const start = Number(number?.[1] ?? 1);
        list = { type: 'list', kind, ...(start === 1 ? {} : { start }), items: [] };
        blocks.push(list);
      }
      list.items.push({ runs: runsOf(bullet?.[1] ?? number?.[2] ?? '') });
      continue;
    }
    if (line === '') {
      if (!/^\s*([-*+]|\d{1,4}[.)])\s/.test(lines[at + 1] ?? '')) list = null;
      continue;
    }
    list = null;
    if (line.startsWith('|')) {
      const rows = [line];
      while ((lines[at + 1] ?? '').trim().startsWith('|')) {
        at += 1;
        rows.push((lines[at] ?? '').trim());
      }
      blocks.push(tableOf(rows));
      continue;
    }
    const heading = headingOf(line);
    if (heading !== null) blocks.push({ type: 'heading', level: heading.level, runs: runsOf(heading.text) });
    else if (/^>\s?/.test(line)) blocks.push({ type: 'quote', runs: runsOf(line.replace(/^>\s?/, '')) });
    else blocks.push({ type: 'paragraph', runs: runsOf(line) });
  }
  return blocks;
}
