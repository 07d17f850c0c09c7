import { readFileSync } from 'node:fs';

const TEXTS = ['st19', 'tb11', 'tb21', 'vp17'];

/** The words of the sample regulations, as they stand there. */
export function sampleWords(): readonly string[] {
  return TEXTS.flatMap((name) => {
    const url = new URL(`../../../portal/sample/texts/${name}.md`, import.meta.url);
    return readFileSync(url, 'utf8')
      .replace(/[*#|>\\]+/g, ' ')
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word));
  });
}

/** Numbers below 1 from a seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SyntheticArticle {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/**
 * An article of `words` words with the frequencies of the sample texts: stretches of two to nine neighbours from random places of them,
 * so that compounds occur as they do in Vietnamese. Every fiftieth stretch is a document number of its own.
 */
export function syntheticArticle(
  number: number,
  random: () => number,
  sample: readonly string[],
  words: number,
): SyntheticArticle {
  const stretch = (count: number): string[] => {
    const from = Math.floor(random() * (sample.length - count));
    return sample.slice(from, from + count);
  };
  const write = (count: number): string => {
    const text: string[] = [];
    while (text.length < count) {
      if (random() < 0.02)
        text.push(`${1 + Math.floor(random() * 3000)}/${2005 + Math.floor(random() * 21)}/QĐ-UBND`);
      else text.push(...stretch(2 + Math.floor(random() * 8)));
    }
    return text.slice(0, count).join(' ');
  };
  return { id: `article-${number}`, title: write(12), body: write(words - 12) };
}
