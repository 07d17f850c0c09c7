import { shortestEdit } from './shortestEdit.ts';
import type { WordRun } from './types.ts';

/**
 * A syllable, or a number or document symbol as a whole (1.154,6; 03/9/2026; 31/2026/QĐ-UBND); a
 * stretch of blanks; or any other single character.
 */
const TOKEN =
  /[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}]|[.,:](?=\p{N})(?<=\p{N}.)|[/-](?=[\p{L}\p{N}]))*|\s+|./gsu;

/** Beyond so many differences word by word, the texts are shown one after the other. */
const MAX_EDITS = 2000;

/** Divides text into the pieces that are compared. Joined they give the text again. */
export function wordTokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

function push(runs: WordRun[], op: WordRun['op'], text: string): void {
  if (text === '') return;
  const last = runs.at(-1);
  if (last !== undefined && last.op === op) last.text += text;
  else runs.push({ op, text });
}

/** Gathers each stretch of changes into one removal and one addition; a lone blank between changes belongs to both. */
function gather(raw: readonly WordRun[]): WordRun[] {
  const runs: WordRun[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    push(runs, 'removed', removed);
    push(runs, 'added', added);
    removed = '';
    added = '';
  };
  raw.forEach((run, index) => {
    const isBetween = removed + added !== '' && index < raw.length - 1 && run.text.trim() === '';
    if (run.op === 'removed') removed += run.text;
    else if (run.op === 'added') added += run.text;
    else if (isBetween && !run.text.includes('\n')) {
      removed += run.text;
      added += run.text;
    } else {
      flush();
      push(runs, 'same', run.text);
    }
  });
  flush();
  return runs;
}

/** Compares two texts word by word. */
export function compareWords(before: string, after: string): WordRun[] {
  if (before === after) return before === '' ? [] : [{ op: 'same', text: before }];
  const [old, next] = [wordTokens(before), wordTokens(after)];
  const stretches = shortestEdit(old, next, MAX_EDITS) ?? [
    { op: 'removed', count: old.length },
    { op: 'added', count: next.length },
  ];
  let row = 0;
  let column = 0;
  const raw = stretches.map(({ op, count }): WordRun => {
    const words = op === 'added' ? next.slice(column, column + count) : old.slice(row, row + count);
    if (op !== 'added') row += count;
    if (op !== 'removed') column += count;
    return { op, text: words.join('') };
  });
  return gather(raw);
}

/** Bag of a text's words, blanks left out. */
export function wordBag(text: string): Map<string, number> {
  const bag = new Map<string, number>();
  for (const token of wordTokens(text)) {
    if (token.trim() !== '') bag.set(token, (bag.get(token) ?? 0) + 1);
  }
  return bag;
}

/** Share of words two bags have in common, 0 to 1 (Dice). */
export function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  let total = 0;
  for (const [word, times] of a) {
    common += Math.min(times, b.get(word) ?? 0);
    total += times;
  }
  for (const times of b.values()) total += times;
  return total === 0 ? 0 : (2 * common) / total;
}
