import { describe, expect, it } from 'vitest';
import {
  type ListShape,
  offsetOf,
  pagesFor,
  scrollToShow,
  totalHeight,
  visibleRows,
} from '../../../renderer/features/desk/listWindow.ts';

const plain: ListShape = { total: 10_000, rowHeight: 56, headHeight: 32, heads: [] };
const grouped: ListShape = { total: 100, rowHeight: 50, headHeight: 30, heads: [0, 10, 40] };

describe('a window on a long list', () => {
  it('draws only what is in sight and a little more', () => {
    const { from, to } = visibleRows(plain, 56 * 5_000, 560, 8);
    expect(from).toBe(4_992);
    expect(to).toBe(5_019);
  });

  it.each([
    ['the start', 0, 0],
    ['beyond the end', 10_000_000, 9_991],
  ])('stays inside the list at %s', (_name, scrollTop, from) => {
    const window = visibleRows(plain, scrollTop, 600, 8);
    expect(window.from).toBe(from);
    expect(window.to).toBeLessThanOrEqual(10_000);
    expect(window.to).toBeGreaterThan(window.from);
  });

  it('draws nothing of an empty list', () => {
    expect(visibleRows({ ...plain, total: 0 }, 0, 600)).toEqual({ from: 0, to: 0 });
  });

  it('counts group heads in offsets and height', () => {
    expect(offsetOf(grouped, 0)).toBe(0);
    expect(offsetOf(grouped, 1)).toBe(80);
    expect(offsetOf(grouped, 10)).toBe(530);
    expect(offsetOf(grouped, 11)).toBe(610);
    expect(totalHeight(grouped)).toBe(100 * 50 + 3 * 30);
  });

  it('finds the row at a place below group heads', () => {
    const top = offsetOf(grouped, 60);
    expect(visibleRows(grouped, top, 100, 0).from).toBe(60);
  });

  it.each([
    [0, 40, [0]],
    [95, 105, [0, 1]],
    [200, 300, [2]],
    [250, 301, [2, 3]],
  ])('asks for the pages of rows %i to %i', (from, to, pages) => {
    expect(pagesFor(from, to, 100)).toEqual(pages);
  });

  it('scrolls no further than needed', () => {
    expect(scrollToShow(plain, 3, 0, 560)).toBeNull();
    expect(scrollToShow(plain, 20, 0, 560)).toBe(21 * 56 - 560);
    expect(scrollToShow(plain, 2, 560, 560)).toBe(112);
  });
});
