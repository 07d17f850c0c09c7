/**
 * Counts words: stretches between blanks that have a letter or digit. Vietnamese is counted by
 * syllables (tiếng), as Vietnamese word processors do.
 */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
