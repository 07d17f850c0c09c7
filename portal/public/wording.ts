import { type Html, html, trusted } from './html.ts';

/** A number and symbol of a document, which no line break may part (`31/2026/QĐ-UBND`, `80-NQ/TW`). */
const DOCUMENT_NUMBER = /\d+(?:\/\d{4})?\/\p{Lu}[\p{L}\d]*(?:-\p{Lu}[\p{L}\d&]*)+|\d+-\p{Lu}+\/\p{Lu}+/gu;

/** Short text as a page shows it: numbers of documents stay whole, a dash never begins a line. */
export function wording(text: string): Html {
  const pieces: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(DOCUMENT_NUMBER)) {
    pieces.push(html`${dashed(text.slice(at, match.index))}<span class="nowrap">${match[0]}</span>`);
    at = match.index + match[0].length;
  }
  return html`${pieces}${dashed(text.slice(at))}`;
}

/** The same in the words of a body, whose markup is left as it is. */
export function bodyWording(body: string): string {
  return body
    .split(/(<[^>]*>)/)
    .map((piece) =>
      piece.startsWith('<')
        ? piece
        : piece.replace(
            DOCUMENT_NUMBER,
            (number) => html`<span class="nowrap">${trusted(number)}</span>`.html,
          ),
    )
    .join('');
}

const dashed = (text: string): string => text.replace(/ ([-–]) /g, '\u00a0$1 ');
