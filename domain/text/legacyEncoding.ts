/** Encodings before Unicode that are still met in offices (TCVN 6909:2001 replaced them in 2003). */
export type LegacyEncoding = 'tcvn3' | 'vni';

/**
 * Letters of TCVN 5712:1993 (TCVN3, ABC): signs of Unicode inside words (U+00A1 to U+00BF), and capitals with marks after a small
 * letter, which no language that uses them writes.
 */
const TCVN3_LETTER =
  /(?<=\p{L})[\u00A8-\u00AE\u00B5-\u00BE](?=[\p{L}\s.,;:!?)]|$)|[\u00A1-\u00AE\u00B5-\u00BE](?=\p{L})|(?<=[a-z])[\u00C6-\u00DE]/gu;
/** VNI-Windows: a vowel and a mark that no Unicode spelling of Vietnamese has side by side. */
const VNI_PAIR =
  /[aeouyôöAEOUYÔÖ][øûïõØÛÏÕ]|[aeyAEY][ùÙ]|[aAeEoO][äåÄÅ]|[aA][âêáàãéèúüëÂÊÁÀÃÉÈÚÜË]|[eE][âáàãÂÁÀÃ]|[oO][âÂ]|[ñÑ][aeiouyôöAEIOUYÔÖ]/gu;
const VIETNAMESE_UNICODE = /[\u1EA0-\u1EF9]/u;

const ENOUGH_HITS = 3;
const ENOUGH_OF_WORDS = 0.25;

/**
 * Whether a text is written in an encoding before Unicode and so reads as gibberish, decided by what characters stand side by
 * side; null for Unicode, and where there is too little to tell. Foreign names, degrees and powers (25°C, km²) do not mislead it.
 */
export function detectLegacyEncoding(text: string): LegacyEncoding | null {
  if (VIETNAMESE_UNICODE.test(text.normalize('NFC'))) return null;
  const words = text.split(/\s+/u).filter((word) => /\p{L}/u.test(word)).length;
  const isMuch = (pattern: RegExp) => {
    const hits = text.match(pattern)?.length ?? 0;
    return hits >= ENOUGH_HITS && hits >= words * ENOUGH_OF_WORDS;
  };
  if (isMuch(TCVN3_LETTER)) return 'tcvn3';
  return isMuch(VNI_PAIR) ? 'vni' : null;
}
