import { diffArrays } from 'diff';
import { compareWords, likeness, wordBag } from './compareWords.ts';
import { bodyLines } from './plainText.ts';
import { stableJson } from './stableJson.ts';
import type { Block, BodyLine, ComparedLine, ListBlock } from './types.ts';

/** A line with everything about it that is no words: two lines of equal look differ in nothing. */
interface StyledLine {
  line: BodyLine;
  look: string;
  bag: Map<string, number> | null;
}

/** Lines that have at least this share of words in common are one line that changed. */
const CHANGED_LIKENESS = 0.5;
/** A line elsewhere must be this like to count as moved. */
const MOVED_LIKENESS = 0.8;
/** Gaps larger than this (product of lines) are not searched for changed lines in all pairs. */
const MAX_PAIRS = 250_000;
const MAX_LINE_EDITS = 4000;

function itemLooks(list: ListBlock): string[] {
  return list.items.flatMap((item, index) => {
    const head = index === 0 ? [list.start ?? 1] : [];
    const own = stableJson([list.kind, ...head, item.checked ?? null, item.runs]);
    const shown = item.runs.length > 0 || item.lists === undefined;
    return [...(shown ? [own] : []), ...(item.lists ?? []).flatMap(itemLooks)];
  });
}

function looks(block: Block): string[] {
  if (block.type === 'list') return itemLooks(block);
  if (block.type === 'table')
    return block.rows.map((row, index) => stableJson([index === 0 ? 'table' : 'row', row]));
  return [stableJson(block)];
}

function styledLines(blocks: readonly Block[]): StyledLine[] {
  const all = blocks.flatMap(looks);
  return bodyLines(blocks).map((line, index) => ({ line, look: all[index] ?? '', bag: null }));
}

function bagOf(line: StyledLine): Map<string, number> {
  line.bag ??= wordBag(line.line.text);
  return line.bag;
}

function pairOf(before: StyledLine, after: StyledLine): ComparedLine {
  if (before.line.text !== after.line.text)
    return {
      kind: 'changed',
      before: before.line,
      after: after.line,
      words: compareWords(before.line.text, after.line.text),
    };
  return { kind: before.look === after.look ? 'same' : 'restyled', before: before.line, after: after.line };
}

type Step = { before: StyledLine | null; after: StyledLine | null };

/** Pairs the lines of a gap in order so that the pairs are as like as possible. */
function alignGap(removed: StyledLine[], added: StyledLine[]): Step[] {
  const width = added.length + 1;
  if (removed.length * added.length > MAX_PAIRS)
    return [
      ...removed.map((before) => ({ before, after: null })),
      ...added.map((after) => ({ before: null, after })),
    ];
  const score = new Float64Array((removed.length + 1) * width);
  const at = (row: number, column: number) => score[row * width + column] ?? 0;
  const like = removed.map((before) => added.map((after) => likeness(bagOf(before), bagOf(after))));
  const gain = (row: number, column: number) => {
    const value = like[row]?.[column] ?? 0;
    return value >= CHANGED_LIKENESS ? value : 0;
  };
  for (let row = removed.length - 1; row >= 0; row -= 1)
    for (let column = added.length - 1; column >= 0; column -= 1)
      score[row * width + column] = Math.max(
        at(row + 1, column),
        at(row, column + 1),
        gain(row, column) > 0 ? gain(row, column) + at(row + 1, column + 1) : 0,
      );
  const steps: Step[] = [];
  let row = 0;
  let column = 0;
  while (row < removed.length || column < added.length) {
    const before = removed[row] ?? null;
    const after = added[column] ?? null;
    const paired = before !== null && after !== null && gain(row, column) > 0;
    if (paired && at(row, column) === gain(row, column) + at(row + 1, column + 1)) {
      steps.push({ before, after });
      row += 1;
      column += 1;
    } else if (after === null || (before !== null && at(row, column) === at(row + 1, column))) {
      steps.push({ before, after: null });
      row += 1;
    } else {
      steps.push({ before: null, after });
      column += 1;
    }
  }
  return steps;
}

interface Gap {
  readonly removed: StyledLine[];
  readonly added: StyledLine[];
}

/** The lines that stayed, in pairs, and between them what went and what came. */
function stretches(before: StyledLine[], after: StyledLine[]): (Step | Gap)[] {
  const changes = diffArrays(
    before.map((line) => line.line.text),
    after.map((line) => line.line.text),
    { maxEditLength: MAX_LINE_EDITS },
  );
  if (!changes) return [{ removed: before, added: after }];
  const found: (Step | Gap)[] = [];
  let gap: Gap = { removed: [], added: [] };
  let row = 0;
  let column = 0;
  const closeGap = () => {
    if (gap.removed.length + gap.added.length > 0) found.push(gap);
    gap = { removed: [], added: [] };
  };
  for (const change of changes) {
    const count = change.value.length;
    if (change.removed) {
      gap.removed.push(...before.slice(row, row + count));
      row += count;
    } else if (change.added) {
      gap.added.push(...after.slice(column, column + count));
      column += count;
    } else {
      closeGap();
      for (let index = 0; index < count; index += 1)
        found.push({ before: before[row + index] ?? null, after: after[column + index] ?? null });
      row += count;
      column += count;
    }
  }
  closeGap();
  return found;
}

/** Shorter lines ("Điều 2.") are too common to have moved when they turn up elsewhere. */
const MOVED_WORDS = 4;

/**
 * Lines that stand elsewhere word for word. They are found before gaps are aligned: otherwise a line that only
 * resembles one of them would take its place, and both would be shown as rewritten.
 */
function findWholeMoves(found: readonly (Step | Gap)[]): Map<StyledLine, StyledLine> {
  const gaps = found.flatMap((one) => ('removed' in one ? [one] : []));
  const gone = new Map<string, StyledLine[]>();
  for (const line of gaps.flatMap((gap) => gap.removed)) {
    const same = gone.get(line.line.text);
    if (same) same.push(line);
    else gone.set(line.line.text, [line]);
  }
  const moves = new Map<StyledLine, StyledLine>();
  for (const line of gaps.flatMap((gap) => gap.added)) {
    const from = gone.get(line.line.text);
    if (from === undefined || bagOf(line).size < MOVED_WORDS) continue;
    const first = from.shift();
    if (first !== undefined) moves.set(line, first);
  }
  return moves;
}

function align(found: readonly (Step | Gap)[], moves: ReadonlyMap<StyledLine, StyledLine>): Step[] {
  const away = new Set(moves.values());
  return found.flatMap((one) => {
    if (!('removed' in one)) return [one];
    const steps: Step[] = [];
    let column = 0;
    const moveOnTo = (end: number) => {
      for (; column < end; column += 1) steps.push({ before: null, after: one.added[column] ?? null });
    };
    const aligned = alignGap(
      one.removed.filter((line) => !away.has(line)),
      one.added.filter((line) => !moves.has(line)),
    );
    for (const step of aligned) {
      if (step.after !== null) {
        moveOnTo(one.added.indexOf(step.after, column));
        column += 1;
      }
      steps.push(step);
    }
    moveOnTo(one.added.length);
    return steps;
  });
}

/** Finds, for lines that came, the lines that went elsewhere: first with equal words, then very like ones. */
function findMoves(
  steps: readonly Step[],
  whole: ReadonlyMap<StyledLine, StyledLine>,
): Map<StyledLine, StyledLine> {
  const moves = new Map(whole);
  const taken = new Set(whole.values());
  const gone = steps.flatMap(({ before, after }) =>
    before && !after && !taken.has(before) && bagOf(before).size > 0 ? [before] : [],
  );
  const come = steps.flatMap(({ before, after }) =>
    after && !before && !moves.has(after) && bagOf(after).size > 0 ? [after] : [],
  );
  const take = (after: StyledLine, before: StyledLine | undefined) => {
    if (before === undefined) return;
    moves.set(after, before);
    taken.add(before);
  };
  for (const after of come)
    take(
      after,
      gone.find((before) => !taken.has(before) && before.line.text === after.line.text),
    );
  if (gone.length * come.length > MAX_PAIRS) return moves;
  for (const after of come) {
    if (moves.has(after)) continue;
    let best: StyledLine | undefined;
    let bestLike = MOVED_LIKENESS;
    for (const before of gone) {
      const like = taken.has(before) ? 0 : likeness(bagOf(before), bagOf(after));
      if (like > bestLike || (like === bestLike && best === undefined)) {
        best = before;
        bestLike = like;
      }
    }
    take(after, best);
  }
  return moves;
}

/** Compares two bodies line by line, in reading order of the new one. */
export function compareLines(before: readonly Block[], after: readonly Block[]): ComparedLine[] {
  const found = stretches(styledLines(before), styledLines(after));
  const whole = findWholeMoves(found);
  const steps = align(found, whole);
  const moves = findMoves(steps, whole);
  const movedAway = new Set(moves.values());
  return steps.flatMap((step): ComparedLine[] => {
    if (step.before && step.after) return [pairOf(step.before, step.after)];
    if (step.before) return movedAway.has(step.before) ? [] : [{ kind: 'deleted', before: step.before.line }];
    if (!step.after) return [];
    const from = moves.get(step.after);
    if (from === undefined) return [{ kind: 'inserted', after: step.after.line }];
    const words = compareWords(from.line.text, step.after.line.text);
    return [{ kind: 'moved', before: from.line, after: step.after.line, words }];
  });
}

/** Only for bodies that differ in structure and in no line: says of every line that its form changed. */
export function restyleAll(lines: readonly ComparedLine[]): ComparedLine[] {
  return lines.map((line) => (line.kind === 'same' ? { ...line, kind: 'restyled' } : line));
}
