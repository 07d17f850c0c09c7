import { countWords } from '../text/index.ts';
import { joinRuns } from './runs.ts';
import type { ArticleContent, Block, BodyLine, ListBlock, TableCell } from './types.ts';

function listLines(list: ListBlock, block: number, depth: number): BodyLine[] {
  return list.items.flatMap((item) => [
    ...(item.runs.length > 0 || item.lists === undefined
      ? [{ kind: 'item' as const, level: depth, block, text: joinRuns(item.runs) }]
      : []),
    ...(item.lists ?? []).flatMap((nested) => listLines(nested, block, depth + 1)),
  ]);
}

function cellText(cell: TableCell): string {
  return bodyLines(cell.blocks)
    .map((line) => line.text)
    .join('\n');
}

function blockLines(block: Block, index: number): BodyLine[] {
  if (block.type === 'list') return listLines(block, index, 1);
  if (block.type === 'table')
    return block.rows.map((row) => ({
      kind: 'row',
      level: 0,
      block: index,
      text: row.map(cellText).join('\t'),
    }));
  const level = block.type === 'heading' ? block.level : 0;
  return [{ kind: block.type, level, block: index, text: joinRuns(block.runs) }];
}

/** The body line by line, in reading order. */
export function bodyLines(blocks: readonly Block[]): BodyLine[] {
  return blocks.flatMap(blockLines);
}

/** Title, summary and body as plain text for search, one line each; without fields. */
export function plainText(content: ArticleContent): string {
  const lines = bodyLines(content.body).map((line) => line.text);
  return [content.title, content.summary, ...lines].filter((line) => line.trim() !== '').join('\n');
}

/** Words of title, summary and body; Vietnamese counts by syllables divided by spaces (tiếng). */
export function wordCount(content: ArticleContent): number {
  return countWords(plainText(content));
}
