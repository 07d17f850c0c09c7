import { foldVietnamese } from '../../domain/text/index.ts';
import { type Html, html } from './html.ts';

const AROUND = 120;

/** Marks the words of a query in a text, whatever marks either was typed with. */
export function highlight(text: string, query: string): Html {
  const composed = text.normalize('NFC');
  const folded = foldVietnamese(composed);
  // Folding keeps the length of composed Vietnamese; where it doesn't, places can't be told.
  if (folded.length !== composed.length) return html`${composed}`;
  const pieces: Html[] = [];
  let at = 0;
  for (const [from, to] of matches(folded, query)) {
    pieces.push(html`${composed.slice(at, from)}<mark>${composed.slice(from, to)}</mark>`);
    at = to;
  }
  return html`${pieces}${composed.slice(at)}`;
}

/** A stretch of a long text around the first place that has words of the query, cut between words. */
export function snippet(text: string, query: string): Html {
  const composed = text.normalize('NFC').replace(/\s+/gu, ' ');
  const folded = foldVietnamese(composed);
  const first = folded.length === composed.length ? matches(folded, query)[0]?.[0] : undefined;
  const middle = first ?? 0;
  const from = middle <= AROUND ? 0 : composed.indexOf(' ', middle - AROUND) + 1;
  const lastBlank = composed.lastIndexOf(' ', middle + AROUND * 2);
  const isWhole = middle + AROUND * 2 >= composed.length;
  const to = isWhole || lastBlank <= middle ? Math.min(composed.length, middle + AROUND * 2) : lastBlank;
  return html`${from > 0 ? '… ' : ''}${highlight(composed.slice(from, to), query)}${to < composed.length ? ' …' : ''}`;
}

/** Where the words stand, in order, overlapping ones joined. */
function matches(folded: string, query: string): [from: number, to: number][] {
  const words = [...new Set(foldVietnamese(query).split(/\s+/u).filter(Boolean))];
  const whole = words.length > 1 && folded.includes(words.join(' ')) ? [words.join(' ')] : words;
  const found: [number, number][] = [];
  for (const word of whole) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length))
      found.push([at, at + word.length]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of found) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
