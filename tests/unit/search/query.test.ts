import { describe, expect, test } from 'vitest';
import { foldVietnamese } from '../../../domain/text/index.ts';
import type { SearchFilters } from '../../../main/engine/search/index.ts';
import { doc, idsFor, searchOver } from './support/index.ts';

describe('what is found', () => {
  test('every word must be there', async () => {
    const search = await searchOver(
      doc('a', { body: 'cải cách hành chính' }),
      doc('b', { body: 'cải cách' }),
    );
    expect(await idsFor(search, 'cải cách hành ')).toEqual(['a']);
  });

  test('a phrase stands in one piece, in order, inside one field', async () => {
    const search = await searchOver(
      doc('phrase', { body: 'về cải cách hành chính của tỉnh' }),
      doc('apart', { body: 'hành chính cần cải cách' }),
      doc('across', { title: 'cải cách', summary: 'hành chính' }),
    );
    expect(await idsFor(search, '"cải cách hành chính"')).toEqual(['phrase']);
    expect((await idsFor(search, 'cải cách hành chính')).length).toBe(3);
    expect(await idsFor(search, '“cải cách” “hành chính”')).toHaveLength(3);
  });

  test('phrases with repeated words', async () => {
    const search = await searchOver(doc('a', { body: 'xanh xanh đỏ' }), doc('b', { body: 'xanh đỏ xanh' }));
    expect(await idsFor(search, '"xanh xanh đỏ"')).toEqual(['a']);
  });

  test('title before summary before fields before body before attachments', async () => {
    const word = 'nhuận bút';
    const parts = ['attachments', 'body', 'fields', 'summary', 'title'] as const;
    const search = await searchOver(...parts.map((part) => doc(part, { [part]: word })));
    expect(await idsFor(search, 'nhuan but')).toEqual([...parts].reverse());
  });

  test('neighbours in the text before words apart', async () => {
    const search = await searchOver(
      doc('apart', { body: 'công việc của dân và các dịch giả vụ mùa' }),
      doc('together', { body: 'việc của dân và các giả mùa dịch vụ công' }),
    );
    expect(await idsFor(search, 'dịch vụ công ')).toEqual(['together', 'apart']);
  });

  test('a word that only begins so comes after the whole word', async () => {
    const search = await searchOver(doc('begins', { title: 'thông' }), doc('whole', { title: 'thô' }));
    expect(await idsFor(search, 'tho')).toEqual(['whole', 'begins']);
    expect(await idsFor(search, 'tho ')).toEqual(['whole']);
  });

  test('most of a long query is enough when nothing has all of it, and it says so', async () => {
    const search = await searchOver(
      doc('a', { body: 'thời hạn trả lời câu hỏi của công dân' }),
      doc('b', { body: 'câu' }),
    );
    const found = await search.query({ text: 'thời hạn trả lời câu hỏi xyzzy ' });
    expect(found).toMatchObject({ total: 1, isRelaxed: true, hits: [{ articleId: 'a' }] });
    expect(await search.query({ text: 'câu hỏi ' })).toMatchObject({ isRelaxed: false });
  });

  test('pages of one list neither overlap nor leave anything out', async () => {
    const docs = Array.from({ length: 300 }, (_, index) =>
      doc(`a${index}`, { body: `tin tức ${'khác '.repeat(index % 7)}` }),
    );
    const search = await searchOver(...docs);
    const seen: string[] = [];
    for (let offset = 0; offset < 300; offset += 37) {
      const { total, hits } = await search.query({ text: 'tin tức', offset, count: 37 });
      expect(total).toBe(300);
      seen.push(...hits.map((hit) => hit.articleId));
    }
    expect(new Set(seen).size).toBe(300);
    expect(seen).toHaveLength(300);
  });

  test.each<[string, SearchFilters, string[]]>([
    ['unit', { unitIds: ['u2'] }, ['b']],
    ['category', { categoryIds: ['c1', 'c3'] }, ['a', 'c']],
    ['state', { states: ['published'] }, ['c']],
    ['channel', { channels: ['en'] }, ['b']],
    ['date, both ends', { dates: { of: 'updated', from: 20, to: 30 } }, ['b', 'c']],
    ['a date that some do not have', { dates: { of: 'published', from: 0 } }, ['c']],
    ['several together', { unitIds: ['u1'], states: ['draft'] }, ['a']],
    ['none fits', { unitIds: [] }, []],
  ])('filter by %s', async (_name, filters, expected) => {
    const body = 'nội dung';
    const search = await searchOver(
      doc('a', { body, unitId: 'u1', categoryId: 'c1', dates: { updated: 10, published: null, due: null } }),
      doc('b', {
        body,
        unitId: 'u2',
        categoryId: 'c2',
        channel: 'en',
        dates: { updated: 20, published: null, due: null },
      }),
      doc('c', {
        body,
        unitId: 'u1',
        categoryId: 'c3',
        state: 'published',
        dates: { updated: 30, published: 5, due: null },
      }),
    );
    const { total, hits } = await search.query({ text: 'nội dung', filters });
    expect(hits.map((hit) => hit.articleId).sort()).toEqual(expected);
    expect(total).toBe(expected.length);
  });

  test('snippets show where, as text and ranges', async () => {
    const body = `${'Mở đầu dài dòng. '.repeat(40)}Mức chi trả nhuận bút do Bộ Tài chính hướng dẫn. ${'Phần cuối. '.repeat(40)}`;
    const search = await searchOver(doc('a', { title: 'Quy chế nhuận bút', body }));
    const [hit] = (await search.query({ text: 'nhuan but' })).hits;
    expect(hit?.field).toBe('body');
    const { text, ranges } = hit?.snippet ?? { text: '', ranges: [] };
    expect(text.length).toBeLessThanOrEqual(200);
    expect(ranges.map(([start, end]) => text.slice(start, end))).toEqual(['nhuận', 'bút']);
    expect(hit?.title.ranges.map(([start, end]) => hit.title.text.slice(start, end))).toEqual([
      'nhuận',
      'bút',
    ]);
  });

  test('a passage names its field or file and stays inside it', async () => {
    const [first, second, third] = ['Số 12 phố Hàng Bài\n', 'quy-che.pdf\n', 'Quy chế nhuận bút, Điều 3\n'];
    const search = await searchOver(
      doc('a', {
        fields: first,
        attachments: `${second}${third}`,
        stretches: {
          fields: [['address', first.length]],
          attachments: [
            ['to-trinh.docx', second.length],
            ['quy-che.pdf', second.length + third.length],
          ],
        },
      }),
      doc('b', { body: 'nhuận bút' }),
    );
    const passages = await search.passages('nhuan but', ['a', 'b', 'unknown']);
    expect([...passages.keys()]).toEqual(['a', 'b']);
    expect(passages.get('a')).toMatchObject({ field: 'attachments', name: 'quy-che.pdf' });
    expect(passages.get('a')?.snippet.text.trim()).toBe(third.trim());
    expect(passages.get('b')).toMatchObject({ field: 'body', name: null });
    expect((await search.passages('hang bai', ['a'])).get('a')).toMatchObject({ name: 'address' });
    // Asked again it is as it is now, not as it was.
    search.put(doc('b', { body: 'không còn' }));
    await search.flush();
    expect((await search.passages('nhuan but', ['b'])).get('b')?.snippet.ranges).toEqual([]);
  });

  test('a plain count over all articles finds the same', async () => {
    const words = ['hoà', 'hòa', 'hóa', 'đá', 'da', 'ban', 'bàn', 'bản', 'dân', 'dan', 'xã', 'xa'];
    let state = 7;
    const pick = (count: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % count;
    };
    const bodies = Array.from({ length: 700 }, () =>
      Array.from({ length: 1 + pick(6) }, () => words[pick(words.length)]).join(' '),
    );
    const search = await searchOver(...bodies.map((body, index) => doc(`a${index}`, { body })));
    for (let index = 0; index < 700; index += 9) {
      search.remove(`a${index}`);
      bodies[index] = '';
    }
    await search.flush();
    for (let asked = 0; asked < 60; asked += 1) {
      const typed = Array.from({ length: 1 + pick(3) }, () => words[pick(words.length)] ?? '');
      const wanted = typed.map(foldVietnamese);
      const expected = bodies.flatMap((body, index) => {
        const has = new Set(foldVietnamese(body).split(' '));
        return wanted.every((word) => has.has(word)) ? [`a${index}`] : [];
      });
      const found = await search.query({ text: `${typed.join(' ')} `, count: 10_000, snippets: false });
      const ids = found.isRelaxed ? [] : found.hits.map((hit) => hit.articleId).sort();
      expect([typed, ids]).toEqual([typed, expected.sort()]);
      if (!found.isRelaxed) expect(found.total).toBe(expected.length);
      // The first page is the beginning of the whole list.
      const page = await search.query({ text: `${typed.join(' ')} `, count: 20, snippets: false });
      expect(page.hits.map((hit) => hit.articleId)).toEqual(
        found.hits.slice(0, 20).map((hit) => hit.articleId),
      );
    }
  });

  test.each([
    '',
    '   ',
    '"',
    '""',
    '***',
    '\ud800',
    '/-/',
    '🙂',
    'a'.repeat(100_000),
    'a '.repeat(5000),
    '"'.repeat(999),
    '\u0301',
    '(((((((',
  ])('whatever is typed is no error: %j', async (text) => {
    const search = await searchOver(doc('a', { body: 'chữ a' }));
    await expect(search.query({ text })).resolves.toHaveProperty('hits');
    await expect(search.query({ text: 'a', offset: -5, count: Number.NaN })).resolves.toHaveProperty('hits');
  });
});
