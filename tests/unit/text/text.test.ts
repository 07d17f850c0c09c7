import { describe, expect, it } from 'vitest';
import {
  countWords,
  foldVietnamese,
  formatBytes,
  formatDate,
  formatInstantDate,
  formatNumber,
  formatTime,
  normaliseNfc,
  slugify,
} from '../../../domain/text/index.ts';

const LOWER = 'aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ';
const BARE = 'aaaaaaaaaaaaaaaaaabcddeeeeeeeeeeeeghiiiiiiklmnoooooooooooooooooopqrstuuuuuuuuuuuuvxyyyyyy';

describe('folding for search', () => {
  it('folds the whole alphabet, both cases, composed and decomposed', () => {
    for (const text of [
      LOWER,
      LOWER.toUpperCase(),
      LOWER.normalize('NFD'),
      LOWER.toUpperCase().normalize('NFD'),
    ])
      expect(foldVietnamese(text)).toBe(BARE);
  });

  it.each([
    ['Ủy ban nhân dân tỉnh Vĩnh Phúc', 'uy ban nhan dan tinh vinh phuc'],
    ['QĐ-UBND', 'qd-ubnd'],
    ['QÐ-UBND', 'qd-ubnd'],
    ['Đắk Lắk, Ðà Nẵng', 'dak lak, da nang'],
    ['hoà = hòa', 'hoa = hoa'],
    ['İstanbul', 'istanbul'],
    ['1.154,6 ha', '1.154,6 ha'],
    ['', ''],
  ])('%j folds to %j', (text, folded) => {
    expect(foldVietnamese(text)).toBe(folded);
    expect(foldVietnamese(text.normalize('NFD'))).toBe(folded);
  });

  it('is done when it is done', () => {
    expect(foldVietnamese(foldVietnamese('Trường Đại học Ễ'))).toBe(foldVietnamese('Trường Đại học Ễ'));
  });

  it('composes', () => {
    expect(normaliseNfc('Tie\u0302\u0301ng')).toBe('Tiếng');
  });
});

describe('addresses from titles', () => {
  it.each([
    ['Quyết định 26/2017/QĐ-UBND', 'quyet-dinh-26-2017-qd-ubnd'],
    ['  – Đối thoại! ', 'doi-thoai'],
    ['***', ''],
    ['a'.repeat(100), 'a'.repeat(80)],
    [`${'từ '.repeat(40)}`, 'tu-'.repeat(26).concat('tu')],
  ])('%j becomes %j', (title, slug) => {
    expect(slugify(title)).toBe(slug);
    expect(slug.length).toBeLessThanOrEqual(80);
  });
});

describe('numbers', () => {
  it.each([
    [1154.6, 'vi', '1.154,6'],
    [1154.6, 'en', '1,154.6'],
    [0, 'vi', '0'],
    [-0.001, 'vi', '0'],
    [-1234567.5, 'vi', '-1.234.567,5'],
    [12.345, 'vi', '12,35'],
    [999, 'vi', '999'],
    [1000, 'en', '1,000'],
    [Number.NaN, 'vi', ''],
    [Number.POSITIVE_INFINITY, 'en', ''],
  ] as const)('%d in %s is %j', (value, language, expected) => {
    expect(formatNumber(value, language)).toBe(expected);
  });

  it.each([
    [0, '0 B'],
    [1023, '1.023 B'],
    [1024, '1 KB'],
    [1_048_575, '1 MB'],
    [6_920_000, '6,6 MB'],
    [200 * 1024 * 1024, '200 MB'],
    [1024 ** 3 - 1, '1 GB'],
    [5 * 1024 ** 5, '5.120 TB'],
    [-5, '0 B'],
  ])('%d bytes are %j', (size, expected) => {
    expect(formatBytes(size, 'vi').replace('\u00a0', ' ')).toBe(expected);
    expect(formatBytes(size, 'vi')).toContain('\u00a0');
  });

  it('writes sizes in English too', () => {
    expect(formatBytes(6_920_000, 'en')).toBe('6.6\u00a0MB');
  });
});

describe('dates and times', () => {
  it.each([
    ['2026-09-03', '03/9/2026', '3 Sep 2026'],
    ['2026-02-03', '03/02/2026', '3 Feb 2026'],
    ['2026-01-15', '15/01/2026', '15 Jan 2026'],
    ['2017-08-17', '17/8/2017', '17 Aug 2017'],
    ['2026-12-31', '31/12/2026', '31 Dec 2026'],
    ['2024-02-29', '29/02/2024', '29 Feb 2024'],
    ['2026-02-29', '', ''],
    ['2026-13-01', '', ''],
    ['03/9/2026', '', ''],
    ['', '', ''],
  ])('%j is %j and %j', (date, vietnamese, english) => {
    expect(formatDate(date, 'vi')).toBe(vietnamese);
    expect(formatDate(date, 'en')).toBe(english);
  });

  it.each([
    ['2026-09-03T07:36:08Z', '14:36', '14:36:08', '03/9/2026'],
    ['2026-09-02T17:00:00.000Z', '00:00', '00:00:00', '03/9/2026'],
    ['2026-09-03T16:59:59Z', '23:59', '23:59:59', '03/9/2026'],
    ['2026-09-03T14:36:08+07:00', '14:36', '14:36:08', '03/9/2026'],
    ['rubbish', '', '', ''],
  ])('%j in Vietnam is %j, %j on %j', (instant, time, seconds, day) => {
    expect(formatTime(instant)).toBe(time);
    expect(formatTime(instant, { seconds: true })).toBe(seconds);
    expect(formatInstantDate(instant, 'vi')).toBe(day);
  });

  it('takes another zone when told', () => {
    expect(formatTime(0, { offsetMinutes: -90 })).toBe('22:30');
    expect(formatInstantDate(0, 'en', -90)).toBe('31 Dec 1969');
  });
});

describe('counting words', () => {
  it.each([
    ['Ủy ban nhân dân', 4],
    ['  một\thai\n\nba\u00a0bốn ', 4],
    ['– … !', 0],
    ['1.154,6 ha', 2],
    ['', 0],
  ])('%j has %d', (text, count) => {
    expect(countWords(text)).toBe(count);
  });
});
