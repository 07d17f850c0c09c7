import { describe, expect, it } from 'vitest';
import { matching } from '../../../main/engine/store/matching.ts';

function* numbers(seen: number[]): Generator<number> {
  for (let i = 0; i < 1000; i++) {
    seen.push(i);
    yield i;
  }
}
const first = <T>(source: Iterable<T>, count: number): T[] => {
  const found: T[] = [];
  for (const value of source) {
    found.push(value);
    if (found.length === count) break;
  }
  return found;
};
const isEven = (value: number) => value % 2 === 0;

describe('matching', () => {
  it('passes all on without a matcher, and reads no further than asked', () => {
    const seen: number[] = [];
    expect(first(matching(numbers(seen), undefined, {}), 3)).toEqual([0, 1, 2]);
    expect(seen).toHaveLength(3);
  });

  it('reads one by one where nothing can take long', () => {
    const seen: number[] = [];
    expect(first(matching(numbers(seen), isEven, { a: { $gt: 1 } }), 3)).toEqual([0, 2, 4]);
    expect(seen).toHaveLength(5);
  });

  it('reads a little further with a regular expression anywhere, in the same order', () => {
    for (const selector of [
      { a: { $regex: 'x' } },
      { $or: [{ a: { $not: { $regex: 'x' } } }] },
      { a: /x/ },
    ]) {
      const seen: number[] = [];
      expect(first(matching(numbers(seen), isEven, selector, 3), 3)).toEqual([0, 2, 4]);
      expect(seen.length).toBeLessThan(12);
      expect([...matching(numbers([]), isEven, selector)]).toEqual([...Array(500).keys()].map((i) => i * 2));
    }
  });

  it('passes the errors of the matcher on', () => {
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => [...matching([1], broken, { a: { $regex: 'x' } })]).toThrow(TypeError);
  });

  it('ends a matcher that runs over its time with STORE_QUERY_REFUSED, summed over all documents', () => {
    const slow = () => {
      const until = performance.now() + 30;
      while (performance.now() < until);
      return true;
    };
    const startedAt = performance.now();
    expect(() => [...matching(numbers([]), slow, { a: { $regex: 'x' } })]).toThrow(/STORE_QUERY_REFUSED/);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it('refuses a selector nested over 1,000 deep', () => {
    let selector: object = {};
    for (let i = 0; i < 1000; i++) selector = { $and: selector };
    expect([...matching([1], () => true, selector)]).toEqual([1]);
    expect(() => [...matching([1], () => true, { $and: selector })]).toThrow(/STORE_QUERY_REFUSED/);
  });
});
