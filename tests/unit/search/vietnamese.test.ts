import { describe, expect, test } from 'vitest';
import { measureRecall } from '../../bench/support/recall.ts';
import { doc, idsFor, searchOver } from './support/index.ts';

describe('Vietnamese', () => {
  test.each([
    ['without marks finds with marks', 'van ban', 'Văn bản quy phạm'],
    ['with marks finds without', 'văn bản', 'van ban quy pham'],
    ['đ is d', 'dak lak', 'Đắk Lắk'],
    ['d is đ', 'đak lak', 'Dak Lak'],
    ['Ð of old fonts is Đ', 'quyết định', 'Quyết Ðịnh'],
    ['tone on the first vowel', 'hòa bình', 'Hoà Bình'],
    ['tone on the second vowel', 'thuỷ lợi', 'thủy lợi'],
    ['composed finds decomposed', 'tiếng Việt'.normalize('NFC'), 'tiếng Việt'.normalize('NFD')],
    ['decomposed finds composed', 'tiếng Việt'.normalize('NFD'), 'tiếng Việt'.normalize('NFC')],
    ['tone written before the circumflex', 'vie\u0323\u0302t', 'việt'],
    ['capitals', 'ỦY BAN', 'ủy ban'],
    ['beginning of the last word', 'ủy ban nh', 'Ủy ban nhân dân'],
    ['beginning without marks', 'uy ban nha', 'Ủy ban nhân dân'],
    ['number without leading zero', 'ngày 7/5', 'ngày 07/5/2026'],
  ])('%s', async (_name, text, title) => {
    expect(await idsFor(await searchOver(doc('a', { title }), doc('b', { title: 'khác' })), text)).toEqual([
      'a',
    ]);
  });

  test('a query with marks ranks the same marks first, whatever else speaks for the others', async () => {
    const search = await searchOver(
      doc('other', { title: 'Bạn bàn bán', body: 'bàn '.repeat(50) }),
      doc('exact', { body: `${'chữ '.repeat(200)} bản` }),
    );
    expect(await idsFor(search, 'bản ')).toEqual(['exact', 'other']);
    expect(await idsFor(search, 'bàn ')).toEqual(['other', 'exact']);
  });

  test('another placement of the tone is the same marks, another tone is not', async () => {
    const search = await searchOver(doc('hoá', { title: 'hoá' }), doc('hoà', { title: 'hoà' }));
    expect((await idsFor(search, 'hòa '))[0]).toBe('hoà');
    expect((await idsFor(search, 'hóa '))[0]).toBe('hoá');
  });

  test('a document number is found as a whole and not taken apart', async () => {
    const search = await searchOver(
      doc('it', { body: 'Quyết định số 26/2017/QĐ-UBND ngày 17/8/2017' }),
      doc('parts', { body: '26 văn bản năm 2017, các QĐ của UBND' }),
      doc('longer', { body: '126/2017/QĐ-UBND' }),
    );
    expect(await idsFor(search, '26/2017/QĐ-UBND')).toEqual(['it']);
    expect(await idsFor(search, '26/2017/qd-ub')).toEqual(['it']);
    expect(await idsFor(search, '27/2017/QĐ-UBND')).toEqual([]);
    expect(await idsFor(search, 'chuyện 99/2017/QĐ-UBND gì đó')).toEqual([]);
  });

  test('recall on the queries written by hand', async () => {
    const { queries, recall, missed } = await measureRecall();
    expect(queries).toBe(60);
    expect(recall, missed.join('\n')).toBeGreaterThanOrEqual(0.95);
  });
});
