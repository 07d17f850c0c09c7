import { describe, expect, it } from 'vitest';
import { collationKey } from '../../../domain/text/index.ts';

const collator = new Intl.Collator('vi', { numeric: true });
const byKey = (one: string, other: string): number => {
  const [a, b] = [collationKey(one), collationKey(other)];
  return a < b ? -1 : a > b ? 1 : 0;
};
/** Sorted so that a stable sort can't leave it as it is. */
const sorted = (texts: readonly string[]): string[] => [...texts].reverse().sort(byKey);

describe('Vietnamese alphabetical order', () => {
  it.each<[string, string[]]>([
    ['letters', [...'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz']],
    ['tones: ngang, huyền, hỏi, ngã, sắc, nặng', ['ma', 'mà', 'mả', 'mã', 'má', 'mạ', 'mă', 'mằ', 'mâ']],
    ['small before capital', ['an', 'An', 'AN', 'àn', 'Àn']],
    ['letters before tones', ['Hoà An', 'Hoa Bình', 'Hoà Bình']],
    ['numbers by value', ['Nghị quyết số 2', 'Nghị quyết số 9', 'Nghị quyết số 10', 'Nghị quyết số 010 a']],
    ['shorter first', ['', 'Đầu', 'Đầu tư', 'Đầu tư công']],
    ['curly quotes as straight ones', ['‘Zét’', '“An', '"Ba”', '“Ca']],
    ['signs, digits, letters, others', ['“An”', '2 bài', 'an', 'Zét', 'Ж', '字']],
  ])('%s', (_, texts) => {
    expect(sorted(texts)).toEqual(texts);
  });

  it('gives both Unicode forms the same key', () => {
    for (const text of ['Quyết định phê duyệt', 'Đường ở ngoại ô', 'ẾỆỚỢỰĂ'])
      expect(collationKey(text.normalize('NFD'))).toBe(collationKey(text));
  });

  it('orders as Intl.Collator does, whatever is written in Vietnamese', () => {
    const letters = [
      ...'aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵfjwz',
    ];
    const others = [...' -,.:;!?()"\'/%&0123456789', ' ', ' ', ' '];
    let state = 20251122;
    const int = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const pick = (list: readonly string[]): string => list[int(list.length)] ?? '';
    const text = (alphabet: readonly string[]) =>
      Array.from({ length: int(12) }, () => {
        const character = int(4) === 0 ? pick(others) : pick(alphabet);
        return int(4) === 0 ? character.toUpperCase() : character;
      }).join('');
    for (let round = 0; round < 20_000; round++) {
      // Few letters, so that many pairs differ late.
      const few = int(2) === 0 ? letters : [...'aàáăằđd'];
      const [one, other] = [text(few), text(few)];
      expect(byKey(one, other), JSON.stringify([one, other])).toBe(Math.sign(collator.compare(one, other)));
    }
  });

  it('tells apart where a tone or a capital stands in a long title', () => {
    const long = (at: number, letter: string) => `${'a'.repeat(at)}${letter}${'a'.repeat(200 - at)}`;
    for (const letter of ['á', 'A'])
      for (let at = 1; at < 200; at += 7)
        expect(byKey(long(at, letter), long(at - 1, letter)), `${letter} at ${at}`).toBe(-1);
  });
});
