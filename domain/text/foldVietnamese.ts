/** The composed form (NFC), in which texts are typed, pasted and stored. */
export function normaliseNfc(text: string): string {
  return text.normalize('NFC');
}

/**
 * Folds text for search: lower case, without diacritics, đ as d. Composed and decomposed
 * spellings give the same, and so does Ð (U+00D0), which old fonts left in place of Đ.
 */
export function foldVietnamese(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đð]/g, 'd');
}

/** A piece of an address from a title: folded, letters and digits of ASCII, single hyphens, at most `maxLength`, cut between words. May be empty. */
export function slugify(text: string, maxLength = 80): string {
  const slug = foldVietnamese(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (slug.length <= maxLength) return slug;
  const cut = slug.lastIndexOf('-', maxLength);
  return slug.slice(0, cut > 0 ? cut : maxLength);
}
