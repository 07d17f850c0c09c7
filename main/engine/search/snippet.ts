import { matches, type ParsedQuery } from './parse.ts';
import { eachWord } from './tokens.ts';
import type { Marked, Passage, SearchDoc, SearchField, Stretch } from './types.ts';

/** What is kept of an article for its snippets. */
export type DocText = Pick<SearchDoc, SearchField | 'stretches'>;

interface Found {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

const LENGTH = 180;
const LEAD = 24;
/** Only so much of a part is looked through; longer parts are attachments. */
const LOOKED_THROUGH = 60_000;
/** Where a passage is sought, best first when equally good. */
const ORDER: readonly SearchField[] = ['body', 'summary', 'fields', 'attachments', 'title'];

function findIn(text: string, { words }: ParsedQuery): Found[] {
  const found: Found[] = [];
  const known = new Map<string, number>();
  eachWord(text.slice(0, LOOKED_THROUGH), ({ folded }, start, end) => {
    let word = known.get(folded);
    if (word === undefined) {
      word = words.findIndex((one) => matches(one, folded));
      known.set(folded, word);
    }
    if (word >= 0) found.push({ word, start, end });
    return true;
  });
  return found;
}

/** The stretch of hits that fits into a snippet and has most different words, neighbours in the query's order counting extra. */
function bestStretch(found: readonly Found[]): { first: number; last: number; worth: number } {
  let best = { first: 0, last: 0, worth: 0 };
  for (let first = 0; first < found.length; first += 1) {
    const start = (found[first] as Found).start;
    let seen = 0;
    let distinct = 0;
    let pairs = 0;
    let last = first;
    for (let at = first; at < found.length && at < first + 40; at += 1) {
      const hit = found[at] as Found;
      if (hit.end - start > LENGTH - LEAD) break;
      last = at;
      if ((seen & (1 << hit.word)) === 0) distinct += 1;
      seen |= 1 << hit.word;
      const before = found[at - 1];
      if (at > first && before && hit.word === before.word + 1 && hit.start - before.end <= 2) pairs += 1;
    }
    const worth = distinct + Math.min(pairs, 8) * 0.6;
    if (worth > best.worth) best = { first, last, worth };
  }
  return best;
}

const isBlank = (text: string, at: number): boolean => /\s/u.test(text.charAt(at));

/** Whose stretch of a part a place is in, and where it begins and ends. */
function stretchAt(stretches: readonly Stretch[] | undefined, at: number, length: number) {
  let first = 0;
  for (const [name, end] of stretches ?? []) {
    if (at < end) return { name, first, last: end };
    first = end;
  }
  return { name: null, first, last: length };
}

function cut(text: string, from: number, first: number, last: number): { start: number; end: number } {
  let start = Math.max(first, from - LEAD);
  while (start > first && start < from && !isBlank(text, start - 1)) start += 1;
  let end = Math.min(last, start + LENGTH);
  if (end < last) {
    let back = end;
    while (back > from + 1 && !isBlank(text, back)) back -= 1;
    // Without any blank it is cut between characters, not inside one.
    if (back > from + 1) end = back;
    else if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
  }
  return { start, end };
}

/** The passage of a text that shows best why it was found. */
export function snippetOf(text: DocText, query: ParsedQuery): Omit<Passage, 'title'> {
  let best: { field: SearchField; found: Found[]; first: number; worth: number } | null = null;
  for (const field of ORDER) {
    const found = findIn(text[field], query);
    const { first, worth } = bestStretch(found);
    if (worth > 0 && (best === null || worth > best.worth)) best = { field, found, first, worth };
    if (field === 'fields' && best !== null && best.worth >= query.words.length) break;
  }
  const field = best?.field ?? ORDER.find((one) => text[one].trim() !== '') ?? 'body';
  const whole = text[field];
  const from = best?.found[best.first]?.start ?? 0;
  const { name, first, last } = stretchAt(text.stretches?.[field], from, whole.length);
  const { start, end } = cut(whole, from, first, last);
  const lead = start > first ? '…' : '';
  const shift = lead.length - start;
  const ranges = (best?.found ?? [])
    .filter((hit) => hit.start >= start && hit.end <= end)
    .map((hit) => [hit.start + shift, hit.end + shift] as const);
  return { field, name, snippet: { text: lead + whole.slice(start, end), ranges } };
}

/** A whole text with the words of the query marked. */
export function mark(text: string, query: ParsedQuery): Marked {
  return { text, ranges: findIn(text, query).map(({ start, end }) => [start, end] as const) };
}
