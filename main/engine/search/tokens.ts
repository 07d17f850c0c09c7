import { foldVietnamese } from '../../../domain/text/index.ts';

/** A word as the index knows it. One object for each `key`, so that forms can be compared by identity. */
export interface Form {
  /** Lower case with its marks, the tone taken out and put at the end: `hòa` and `hoà` are one. */
  readonly key: string;
  /** Without any marks, `đ` as `d`, numbers without leading zeros. */
  readonly folded: string;
}

const TONE = /[\u0300\u0301\u0303\u0309\u0323]/g;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const MAX_WORD = 64;
const MAX_KNOWN = 200_000;

let byRaw = new Map<string, Form>();
let byKey = new Map<string, Form>();

/** The tone marks of a syllable moved to its end, so that where they are placed makes no difference. */
function keyOf(word: string): string {
  const apart = word.toLowerCase().replaceAll('ð', 'đ').normalize('NFD');
  const tones = apart.match(TONE);
  const rest = apart.replace(TONE, '').normalize('NFC');
  return tones === null ? rest : rest + tones.join('');
}

const foldedOf = (word: string): string => foldVietnamese(word).replace(/^0+(?=\d+$)/, '');

/** The form with this key, made if it is new. */
export function internForm(key: string, folded: string): Form {
  const known = byKey.get(key);
  if (known) return known;
  if (byKey.size >= MAX_KNOWN) {
    byKey = new Map();
    byRaw = new Map();
  }
  const form = { key, folded };
  byKey.set(key, form);
  return form;
}

/** The form of a word. */
export function formOf(word: string): Form {
  const known = byRaw.get(word);
  if (known) return known;
  const cut = word.slice(0, MAX_WORD);
  const form = internForm(keyOf(cut), foldedOf(cut));
  if (byRaw.size < MAX_KNOWN) byRaw.set(word, form);
  return form;
}

/**
 * Calls `visit` with every word of a text and its UTF-16 offsets. Words are stretches of letters and digits; the parts of
 * a document number (26/2017/QĐ-UBND) are words that follow each other. `visit` ends it by returning false.
 */
export function eachWord(
  text: string,
  visit: (form: Form, start: number, end: number) => boolean | undefined,
): void {
  for (const match of text.matchAll(WORD)) {
    if (visit(formOf(match[0]), match.index, match.index + match[0].length) === false) return;
  }
}

/** Whether a word was typed with marks (`đ` counts as one). */
export const hasMarks = (form: Form): boolean => form.key !== form.folded && /[^\d]/.test(form.folded);
