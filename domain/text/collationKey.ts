/** Signs in the order of CLDR, digits, the Vietnamese alphabet with the foreign letters in their Latin places. Other letters stand after these. */
const SIGNS = ' _-–—,;:!?.\'"()[]{}§@*/\\&#%`^+<=>|~$';
const DIGITS = '0123456789';
const LETTERS = 'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz';
/** Huyền, hỏi, ngã, sắc, nặng; ngang has no mark. */
const TONES = '\u0300\u0309\u0303\u0301\u0323';
const SHAPES = /[\u0302\u0306\u031b]/u;

/** Lower than all codes: ends one level of the key. */
const END = ' ';
const FIRST_CODE = 0x21;
const LAST_CODE = 0x7e;
const LARGEST_GAP = LAST_CODE - FIRST_CODE;

/** One byte for each sign, digit and letter. */
const CODES: ReadonlyMap<string, string> = new Map(
  [...SIGNS, ...DIGITS, ...LETTERS].map((character, place) => [
    character,
    String.fromCharCode(FIRST_CODE + place),
  ]),
);
const ALIKE: Readonly<Record<string, string>> = { '\u00a0': ' ', '‘': "'", '’': "'", '“': '"', '”': '"' };
const codeOf = (character: string): string => CODES.get(ALIKE[character] ?? character) ?? character;

/** A number as its length and digits, so that 9 stands before 10. */
function numberCodes(digits: string): string {
  const significant = digits.replace(/^0+(?=.)/, '');
  const length = codeOf(String(Math.min(significant.length, DIGITS.length) - 1));
  return length + [...significant].map(codeOf).join('');
}

/** Where something stands after the last place: the nearer the higher, because one that has nothing there is lower. */
function gapCodes(gap: number): string {
  const whole = Math.floor(gap / LARGEST_GAP);
  return String.fromCharCode(FIRST_CODE).repeat(whole) + String.fromCharCode(LAST_CODE - (gap % LARGEST_GAP));
}

/**
 * A text whose order by character codes is the Vietnamese alphabetical order of `text`: first a ă â b c d đ e ê …, then tones (ngang, huyền,
 * hỏi, ngã, sắc, nặng), then small letters before capitals; numbers by their value. As `Intl.Collator('vi', { numeric: true })` for what is
 * written in Vietnamese; both Unicode forms give the same. Not to be shown: it reads as nothing.
 */
export function collationKey(text: string): string {
  let letters = '';
  let tones = '';
  let capitals = '';
  let place = 0;
  let tonePlace = 0;
  let capitalPlace = 0;
  for (const [part, digits, base = '', marks = ''] of text
    .normalize('NFD')
    .matchAll(/([0-9]+)|(\P{M})(\p{M}*)|\p{M}/gu)) {
    if (digits) letters += numberCodes(digits);
    else if (base === '') continue;
    else {
      const small = base.toLowerCase();
      const shape = SHAPES.exec(marks)?.[0] ?? '';
      const code = CODES.get((small + shape).normalize('NFC')) ?? codeOf(small);
      letters += code;
      const tone = [...marks].find((mark) => TONES.includes(mark));
      if (tone !== undefined) {
        tones += gapCodes(place - tonePlace) + codeOf(String(TONES.indexOf(tone)));
        tonePlace = place;
      }
      if (small !== base) {
        capitals += gapCodes(place - capitalPlace);
        capitalPlace = place;
      }
    }
    if (part !== '') place += 1;
  }
  return `${letters}${END}${tones}${END}${capitals}`;
}
