import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Block,
  type ComparedLine,
  compareContents,
  compareWords,
} from '../../../domain/document/index.ts';
import { shortestEdit } from '../../../domain/document/shortestEdit.ts';
import { SAMPLE } from './support/samples.ts';

const SYLLABLES =
  'ủy ban nhân dân tỉnh quyết định ban hành quy chế cung cấp thông tin cổng điện tử người hưởng trợ cấp thất nghiệp đường phường xã huyện nghĩa tiếng việt 1.154,6 31/2026/QĐ-UBND 03/9/2026'.split(
    ' ',
  );
const syllable = fc.constantFrom(...SYLLABLES);
const sentence = fc.array(syllable, { minLength: 0, maxLength: 25 }).map((words) => words.join(' '));
const bodyOf = (texts: readonly string[]): Block[] =>
  texts.map((text) => ({ type: 'paragraph', runs: text === '' ? [] : [{ text }] }));
const compareBodies = (before: readonly string[], after: readonly string[]) =>
  compareContents({ ...SAMPLE, body: bodyOf(before) }, { ...SAMPLE, body: bodyOf(after) });

it('shows every word that came and every word that went, and joins to both texts', () => {
  fc.assert(
    fc.property(sentence, sentence, (before, after) => {
      const runs = compareWords(before, after);
      const side = (without: string) =>
        runs
          .filter((run) => run.op !== without)
          .map((run) => run.text)
          .join('');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }),
    { numRuns: 400, seed: 1 },
  );
});

it('never cuts a syllable: letters and marks on both sides of a cut belong to two words', () => {
  fc.assert(
    fc.property(sentence, sentence, (before, after) => {
      for (const [without, whole] of [
        ['added', before],
        ['removed', after],
      ] as const) {
        let at = 0;
        for (const run of compareWords(before, after)) {
          if (run.op === without) continue;
          const around = whole.slice(Math.max(0, at - 1), at + 1);
          expect(around).not.toMatch(/^[\p{L}\p{M}\p{N}]{2}$/u);
          at += run.text.length;
        }
      }
    }),
    { numRuns: 400, seed: 2 },
  );
});

it('composed and decomposed marks stay with their letter', () => {
  const cut = compareWords('Nghị quyết', 'Nghi\u0323 quyết nghĩa');
  for (const { text } of cut) expect(text).not.toMatch(/^\p{M}/u);
});

/** Paragraphs with a number, so that no two are alike. */
const paragraphs = fc
  .array(fc.array(syllable, { minLength: 6, maxLength: 14 }), { minLength: 3, maxLength: 12 })
  .map((all) => all.map((words, at) => `Khoản ${at} ${words.join(' ')} mục${at} điểm${at * 7}`));

const textsOf = (lines: readonly ComparedLine[], side: 'before' | 'after'): string[] =>
  lines.flatMap((line) => (side in line ? [(line as Record<typeof side, { text: string }>)[side].text] : []));

it('a paragraph that stands elsewhere has moved, and nothing else happened', () => {
  fc.assert(
    fc.property(paragraphs, fc.nat(), fc.nat(), (before, one, other) => {
      const from = one % before.length;
      const to = other % before.length;
      const after = before.toSpliced(from, 1).toSpliced(to, 0, before[from] ?? '');
      const { lines } = compareBodies(before, after);
      const kinds = new Set(lines.map((line) => line.kind));
      expect(kinds.has('inserted') || kinds.has('deleted') || kinds.has('changed')).toBe(false);
      const moved = lines.flatMap((line) => (line.kind === 'moved' ? [line] : []));
      expect(moved).toHaveLength(from === to ? 0 : 1);
      for (const line of moved) expect(line.words.every((run) => run.op === 'same')).toBe(true);
    }),
    { numRuns: 300, seed: 3 },
  );
});

it('each line of the old text and each of the new is shown exactly once, whatever was done', () => {
  fc.assert(
    fc.property(
      fc.array(sentence, { maxLength: 10 }),
      fc.array(sentence, { maxLength: 10 }),
      (one, other) => {
        const before = one.filter((text) => text !== '');
        const after = other.filter((text) => text !== '');
        const { lines, equal } = compareBodies(before, after);
        if (equal) return;
        expect(textsOf(lines, 'after')).toEqual(after);
        expect(textsOf(lines, 'before').sort()).toEqual([...before].sort());
      },
    ),
    { numRuns: 400, seed: 4 },
  );
});

it('a whole paragraph that moved is not taken for another that resembles it', () => {
  const moved = 'Công dân nộp hồ sơ tại Bộ phận Một cửa của Sở trong giờ hành chính';
  const like = 'Công dân nộp hồ sơ tại Bộ phận Một cửa của huyện ngoài giờ hành chính';
  const keep = 'Sở trả kết quả sau năm ngày làm việc kể từ ngày nhận đủ hồ sơ';
  const { lines } = compareBodies([moved, keep], [like, keep, moved]);
  expect(lines.map((line) => line.kind)).toEqual(['inserted', 'same', 'moved']);
});

it('finds the shortest way, as an exhaustive search does', () => {
  const shortest = (a: readonly string[], b: readonly string[]): number => {
    const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
    for (let row = a.length; row >= 0; row -= 1)
      for (let column = b.length; column >= 0; column -= 1) {
        const at = (r: number, c: number) => table[r]?.[c] ?? 0;
        const line = table[row];
        if (!line) continue;
        if (row === a.length) line[column] = b.length - column;
        else if (column === b.length) line[column] = a.length - row;
        else if (a[row] === b[column]) line[column] = at(row + 1, column + 1);
        else line[column] = 1 + Math.min(at(row + 1, column), at(row, column + 1));
      }
    return table[0]?.[0] ?? 0;
  };
  const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 14 });
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      const found = shortestEdit(a, b, 100) ?? [];
      const edits = found.reduce((sum, { op, count }) => sum + (op === 'same' ? 0 : count), 0);
      expect(edits).toBe(shortest(a, b));
      if (edits > 0) expect(shortestEdit(a, b, edits - 1)).toBeNull();
      let row = 0;
      let column = 0;
      for (const { op, count } of found) {
        if (op === 'same') expect(a.slice(row, row + count)).toEqual(b.slice(column, column + count));
        if (op !== 'added') row += count;
        if (op !== 'removed') column += count;
      }
      expect([row, column]).toEqual([a.length, b.length]);
    }),
    { numRuns: 600, seed: 5 },
  );
});
