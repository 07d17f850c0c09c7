import type { Random } from '../../unit/document/support/random.ts';

const SYLLABLES = [
  'Ủy',
  'ban',
  'nhân',
  'dân',
  'tỉnh',
  'điện',
  'tử',
  '15/8',
  '1.200',
  'x',
  'Ễ',
  'quyết định',
  'kỳ',
];
/** The same letters in several code points each, as some keyboards and pasted texts bring them. */
const COMBINING = ['tiếng', 'Việt', 'ưở', 'Ễ', 'hòa', 'đ̣'].map((word) => word.normalize('NFD'));
/** Several code units a character; neighbours in the table share the first one. */
const WIDE = ['😀', '😁', '😂', '👨‍👩‍👧', '🇻🇳', '𠀀', '𠀁', 'x😂y', '👍🏽'];

/** A word to type: mostly Vietnamese, now and then with combining marks or characters of several code units. */
export function anyWord(random: Random): string {
  const kind = random.next();
  if (kind < 0.12) return random.pick(WIDE);
  if (kind < 0.25) return random.pick(COMBINING);
  return random.pick(SYLLABLES);
}

/** A few words that are hardly ever met twice, so that a place among them can be told from others. */
export function sentence(random: Random): string {
  const count = 2 + random.below(5);
  return Array.from({ length: count }, () => `${anyWord(random)}${random.below(900)}`).join(' ');
}
