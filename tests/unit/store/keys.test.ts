import { DatabaseSync } from 'node:sqlite';
import { getIndexableStringMonad, getNumberIndexString, getStringLengthOfIndexNumber } from 'rxdb';
import { describe, expect, it } from 'vitest';
import {
  fromBinaryOrder,
  isFineEnough,
  numberKey,
  numberScale,
  textKey,
  toBinaryOrder,
} from '../../../main/engine/store/keys.ts';

const texts = [
  '',
  'a',
  'a!',
  'a b',
  'a  b',
  'a   ',
  'a\t',
  'a\n',
  'a \t',
  'a  \t',
  'a\u0001\u0001',
  'a\u0001',
  'a\u001f',
  'a\u001f!',
  '\u0001',
  '\u0002',
  '\u0003',
  '\u0003a',
  ' ',
  ' a',
  ' \u0005',
  '!',
  'Đơn',
  'đơn',
  'hòa',
  'hoà',
  'hòa'.normalize('NFD'),
  'văn bản',
  'văn  bản',
  '😀',
  '😀a',
  '\ud83d',
  '\ude00',
  '\ud800',
  '\udfff',
  '\ue000',
  '\ue7ff',
  '\ue800',
  '\uf8ff',
  '\ufffd',
  '\ufffe',
  '\u{10ffff}',
  '퟿',
];
const sign = (n: number) => Math.sign(n);
const byUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

describe('keys of texts', () => {
  it('keep the order that RxDB gives texts padded with spaces', () => {
    const place = getIndexableStringMonad<{ text: string }>(
      {
        version: 0,
        primaryKey: 'text',
        type: 'object',
        properties: { text: { type: 'string', maxLength: 12 } },
      } as never,
      ['text'],
    );
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE keys (a ANY, b ANY) STRICT');
    const compare = db.prepare('SELECT (? > ?) - (?1 < ?2) AS sign');
    for (const a of texts) {
      for (const b of texts) {
        const expected = byUnits(place({ text: a } as never), place({ text: b } as never));
        const found = Number(compare.get(textKey(a), textKey(b))?.sign);
        expect(found, JSON.stringify([a, b])).toBe(sign(expected));
      }
    }
    db.close();
  });

  it('toBinaryOrder keeps the order of UTF-16 units in UTF-8, and comes back', () => {
    for (const a of texts) {
      expect(fromBinaryOrder(toBinaryOrder(a))).toBe(a);
      expect(toBinaryOrder(a).isWellFormed()).toBe(true);
      for (const b of texts) {
        const bytes = Buffer.compare(Buffer.from(toBinaryOrder(a)), Buffer.from(toBinaryOrder(b)));
        expect(sign(bytes), JSON.stringify([a, b])).toBe(byUnits(a, b));
      }
    }
  });

  it('leave Vietnamese text readable', () => {
    expect(textKey('Quyết định')).toBe('Quyết định\u0003');
    expect(toBinaryOrder('tin-2025/01')).toBe('tin-2025/01');
  });
});

describe('keys of numbers', () => {
  const parts = [
    { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.01 },
    { type: 'integer', minimum: 0, maximum: 999, multipleOf: 1 },
    { type: 'number', minimum: 2.5, maximum: 99.5, multipleOf: 0.5 },
    { type: 'number', minimum: 1, maximum: 1e15, multipleOf: 0.01 },
  ] as const;
  const numbers = [
    -1e9, -10, -9.995, -3.337, -0.005, 0, 0.004, 0.006, 1, 2, 2.5, 9.99, 9.999, 10, 99.5, 998.7, 999, 1e3,
    1732233333333.01,
  ];

  it.each(parts)('$minimum to $maximum by $multipleOf keep the order of index strings', (part) => {
    const scale = numberScale(part);
    const lengths = getStringLengthOfIndexNumber(part);
    for (const a of numbers) {
      for (const b of numbers) {
        const expected = byUnits(getNumberIndexString(lengths, a), getNumberIndexString(lengths, b));
        expect(sign(numberKey(scale, a) - numberKey(scale, b)), `${a} ${b}`).toBe(expected);
      }
    }
  });

  it('say when doubles are too coarse', () => {
    const scale = numberScale(parts[3]);
    expect(isFineEnough(scale, 1732233333333.01)).toBe(true);
    expect(isFineEnough(scale, 9e14)).toBe(false);
  });

  it('know whether a document can reach the bound of all nines', () => {
    expect(numberScale(parts[1]).top).toBe(999);
    expect(numberScale(parts[0]).top).toBe(Number.POSITIVE_INFINITY);
  });
});
