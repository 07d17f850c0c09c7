/**
 * Number and symbol of a document (số, ký hiệu). Normative documents carry the year (26/2017/QĐ-UBND),
 * administrative ones don't (1673/QĐ-UBND), Party ones have their own form (80-NQ/TW).
 */
export type DocumentNumberKind = 'normative' | 'administrative' | 'party';

const FORMS: readonly (readonly [DocumentNumberKind, RegExp])[] = [
  ['normative', /^(\d{1,4})\/((?:19|20)\d{2})\/(\p{Lu}[\p{L}\d&]*(?:-\p{Lu}[\p{L}\d&]*)*)$/u],
  ['administrative', /^(\d{1,5})\/(\p{Lu}[\p{L}\d&]*(?:-\p{Lu}[\p{L}\d&]*)+)$/u],
  ['party', /^(\d{1,4})-(\p{Lu}\p{L}*)\/(\p{Lu}\p{L}*)$/u],
];

/** The usual spelling: NFC, no spaces, hyphens for dashes, Đ (U+0110) for the look-alike Ð (U+00D0). */
export function normaliseDocumentNumber(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\s+/gu, '')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\u00D0/gu, '\u0110');
}

/** Which family a number is of, or null if it follows none. Published acts do slip: warn, never refuse. */
export function classifyDocumentNumber(text: string): DocumentNumberKind | null {
  const number = normaliseDocumentNumber(text);
  return FORMS.find(([, form]) => form.test(number))?.[0] ?? null;
}
