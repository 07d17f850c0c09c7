import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { joinRuns } from './runs.ts';
import type { ArticleContent, Block, ListBlock, Segment } from './types.ts';

type Found = Omit<Segment, 'id'>;

function listSegments(list: ListBlock, path: string): Found[] {
  return list.items.flatMap((item, index) => [
    { path: `${path}.item.${index}`, kind: 'item' as const, text: joinRuns(item.runs) },
    ...(item.lists ?? []).flatMap((nested, at) => listSegments(nested, `${path}.item.${index}.list.${at}`)),
  ]);
}

function blockSegments(block: Block, path: string): Found[] {
  if (block.type === 'list') return listSegments(block, path);
  if (block.type !== 'table') return [{ path, kind: block.type, text: joinRuns(block.runs) }];
  return block.rows.flatMap((row, rowAt) =>
    row.flatMap((cell, cellAt) =>
      cell.blocks.flatMap((inner, at) => blockSegments(inner, `${path}.row.${rowAt}.cell.${cellAt}.${at}`)),
    ),
  );
}

/**
 * The pieces of a content that are translated one by one, in reading order, empty ones left out.
 * An id follows its text when the block moves, and changes when the text does: that is how a
 * translation sees which source pieces changed after it was made.
 */
export function segments(content: ArticleContent): Segment[] {
  const found: Found[] = [
    { path: 'title', kind: 'title', text: content.title },
    { path: 'summary', kind: 'summary', text: content.summary },
    ...content.body.flatMap((block, index) => blockSegments(block, `body.${index}`)),
  ];
  const seen = new Map<string, number>();
  return found
    .filter((one) => one.text.trim() !== '')
    .map((one) => {
      if (one.kind === 'title' || one.kind === 'summary') return { id: one.kind, ...one };
      const digest = bytesToHex(sha256(utf8ToBytes(`${one.kind}\n${one.text}`))).slice(0, 16);
      const times = (seen.get(digest) ?? 0) + 1;
      seen.set(digest, times);
      return { id: `${digest}-${times}`, ...one };
    });
}

/** A source piece and the piece that translates it; either may be missing. */
export interface SegmentPair {
  source: Segment | null;
  target: Segment | null;
}

/**
 * Pairs the pieces of a source and its translation by their order and kind, so that a heading added
 * on one side does not shift all that follows: the longest common sequence of kinds.
 */
export function pairSegments(source: readonly Segment[], target: readonly Segment[]): SegmentPair[] {
  const width = target.length + 1;
  const best = new Uint32Array((source.length + 1) * width);
  const at = (row: number, column: number) => best[row * width + column] ?? 0;
  for (let row = source.length - 1; row >= 0; row -= 1)
    for (let column = target.length - 1; column >= 0; column -= 1)
      best[row * width + column] =
        source[row]?.kind === target[column]?.kind
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: SegmentPair[] = [];
  let row = 0;
  let column = 0;
  while (row < source.length || column < target.length) {
    const left = source[row] ?? null;
    const right = target[column] ?? null;
    if (left !== null && right !== null && left.kind === right.kind) {
      pairs.push({ source: left, target: right });
      row += 1;
      column += 1;
    } else if (right === null || (left !== null && at(row + 1, column) >= at(row, column + 1))) {
      pairs.push({ source: left, target: null });
      row += 1;
    } else {
      pairs.push({ source: null, target: right });
      column += 1;
    }
  }
  return pairs;
}
