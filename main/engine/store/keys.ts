import { getStringLengthOfIndexNumber } from 'rxdb';

/**
 * Index keys: values whose order in SQLite is the order that RxDB's own index strings have.
 *
 * RxDB orders an index by a string made of all its fields, texts padded with spaces to `maxLength`, numbers
 * clamped to the schema's bounds and rounded to `multipleOf`, compared by UTF-16 code units. Here every field
 * is a column of its own, short and readable, with the same order.
 */
export type Key = string | number;

/** Below and above every key of a text column: SQLite orders numbers before texts before blobs. No key equals them. */
export const BELOW_TEXT = Number.NEGATIVE_INFINITY;
export const ABOVE_TEXT: Uint8Array = new Uint8Array(0);

const FIRST_HIGH_UNIT = 0xd800;
const MAPPED_UNITS_ALL = /[\ue000-\ue7ff]|[\u{10000}-\u{11fff}]/gu;

/**
 * Rewrites a text so that its UTF-8 bytes (SQLite's order) sort as its UTF-16 units do (JavaScript's order):
 * surrogates move to U+E000–E7FF, what was there or above to U+10000 and up. Lone surrogates survive.
 */
export function toBinaryOrder(text: string): string {
  let rewritten = '';
  let from = 0;
  // Called for every row written or looked for, mostly with short texts: cheaper than a regular expression.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < FIRST_HIGH_UNIT) continue;
    const moved =
      code < 0xe000 ? String.fromCharCode(code + 0x800) : String.fromCodePoint(code - 0xe000 + 0x10000);
    rewritten += text.slice(from, at) + moved;
    from = at + 1;
  }
  return from === 0 ? text : rewritten + text.slice(from);
}

/** Reverse of {@link toBinaryOrder}. */
export function fromBinaryOrder(stored: string): string {
  return stored.replace(MAPPED_UNITS_ALL, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return String.fromCharCode(code < 0x10000 ? code - 0x800 : code - 0x10000 + 0xe000);
  });
}

const FIRST_NO_CONTROL = 0x20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const SPACES_THEN_CONTROL = / *[\u0000-\u001f]/g;
const TEXT_END = '\u0003';

/** Whether the text holds characters that sort below the padding space. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < FIRST_NO_CONTROL) return true;
  return false;
}

/**
 * Key of a text: order as if all texts were padded with spaces for ever.
 * A control character sorts below that padding, so it (with the spaces before it) becomes an escape below the
 * end mark that every key carries.
 */
export function textKey(text: string): string {
  let trimmed = text;
  if (trimmed.endsWith(' ')) trimmed = trimmed.replace(/ +$/, '');
  if (hasControl(trimmed)) {
    trimmed = trimmed.replace(SPACES_THEN_CONTROL, (run) => {
      const spaces = run.length - 1;
      const control = String.fromCharCode(0x30 + run.charCodeAt(spaces));
      return spaces === 0 ? `\u0001${control}` : `\u0002${String(spaces).padStart(7, '0')}${control}`;
    });
  }
  return toBinaryOrder(trimmed) + TEXT_END;
}

/** How numbers of one field become keys; `exact` false means doubles are too coarse for its bounds. */
export type NumberScale = {
  readonly minimum: number;
  readonly maximum: number;
  readonly lowest: number;
  readonly multiplier: number;
  /** Key of RxDB's "all nines" upper bound; Infinity unless a document can reach it. */
  readonly top: number;
};

/** Scale of a number field from its JSON schema, which RxDB requires to have minimum, maximum, multipleOf. */
export function numberScale(schemaPart: Parameters<typeof getStringLengthOfIndexNumber>[0]): NumberScale {
  const { minimum, maximum, roundedMinimum, multiplier, nonDecimals } =
    getStringLengthOfIndexNumber(schemaPart);
  const nines = 10 ** nonDecimals - 1;
  const reachable = maximum - roundedMinimum >= nines;
  const top = reachable ? roundedMinimum + nines + (multiplier - 1) / multiplier : Number.POSITIVE_INFINITY;
  return { minimum, maximum, lowest: roundedMinimum, multiplier, top };
}

/** Key of a number: clamped to the bounds, rounded to the decimals of `multipleOf`, as RxDB's index does. */
export function numberKey(scale: NumberScale, value: number): number {
  const clamped = Math.min(Math.max(value, scale.minimum), scale.maximum);
  const floor = Math.floor(clamped);
  if (scale.multiplier === 1) return floor;
  const shifted = Math.min(Math.round((clamped - floor) * scale.multiplier), scale.multiplier - 1);
  return floor + shifted / scale.multiplier;
}

/** Whether doubles still tell apart all keys near `key`. */
export function isFineEnough(scale: NumberScale, key: number): boolean {
  return Math.abs(key) * scale.multiplier <= Number.MAX_SAFE_INTEGER;
}
