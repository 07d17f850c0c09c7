import { eachWord, type Form, hasMarks } from './tokens.ts';

export interface QueryWord extends Form {
  /** Typed with marks, so that spellings with the same marks come first. */
  readonly isMarked: boolean;
  /** Words that begin with it count too: it may still be being typed. */
  readonly isPrefix: boolean;
  /** Must stand right after the word before it. */
  readonly follows: boolean;
  /** Tone-free spelling and tone, for comparing the beginnings of words. */
  readonly stem: string;
  readonly tone: string;
}

export interface ParsedQuery {
  readonly words: readonly QueryWord[];
  readonly isMarked: boolean;
}

export const MAX_QUERY_WORDS = 24;
const MAX_QUERY_LENGTH = 1000;
const QUOTED = /["“”„«»]/u;

const TRAILING_TONE = /[\u0300\u0301\u0303\u0309\u0323]+$/;

/**
 * Reads what somebody typed. Stretches in quotes are phrases, and so is what is written without blanks (`26/2017/QĐ-UBND`).
 * The last word may be unfinished unless a blank or a quote follows it. No input is an error.
 */
export function parseQuery(input: string): ParsedQuery {
  const text = input.slice(0, MAX_QUERY_LENGTH);
  const isOpen = /[\p{L}\p{M}\p{N}]$/u.test(text);
  const words: QueryWord[] = [];
  const pieces = text.split(QUOTED);
  pieces.forEach((piece, index) => {
    // A quote that is never closed still quotes; the last word of it may be unfinished.
    const chunks = index % 2 === 1 ? [piece] : piece.split(/\s+/u);
    for (const chunk of chunks) {
      let isFirst = true;
      eachWord(chunk, (form) => {
        if (words.length >= MAX_QUERY_WORDS) return false;
        const tone = TRAILING_TONE.exec(form.key)?.[0] ?? '';
        const stem = form.key.slice(0, form.key.length - tone.length);
        const { key, folded } = form;
        words.push({ key, folded, stem, tone, isMarked: hasMarks(form), isPrefix: false, follows: !isFirst });
        isFirst = false;
        return true;
      });
    }
  });
  const last = words.at(-1);
  if (last && isOpen) words[words.length - 1] = { ...last, isPrefix: true };
  const distinct = words.filter(
    (word, index) =>
      word.follows ||
      words[index + 1]?.follows ||
      !words.some((other, at) => at < index && other.key === word.key && !other.follows),
  );
  return { words: distinct, isMarked: distinct.some((word) => word.isMarked) };
}

/** Whether a word of a text is spelt, marks and tone included, as the query says. */
export function isExact(word: QueryWord, key: string): boolean {
  if (key === word.key) return true;
  return word.isPrefix && key.startsWith(word.stem) && (word.tone === '' || key.endsWith(word.tone));
}

/** Whether a word of a text, whatever its marks, is one that the query asks for. */
export const matches = (word: QueryWord, folded: string): boolean =>
  folded === word.folded || (word.isPrefix && folded.startsWith(word.folded));
