import { expect, test } from 'vitest';
import { type DescribedArticle, dublinCore } from '../../../domain/content/dublinCore.ts';
import { getProfile } from '../../../domain/regulations/profiles.ts';

const profile = getProfile('VP17');
if (!profile) throw new Error('VP17 is missing');

const article: DescribedArticle = {
  categoryId: 'legal-documents',
  language: 'vi',
  unitName: 'Văn phòng UBND tỉnh',
  publishedAt: '2026-11-22T08:00:00+07:00',
  url: 'https://portal.example/vi/quyet-dinh-26',
};
const content = {
  title: ' Quyết định số 26/2017/QĐ-UBND ',
  summary: 'Ban hành Quy chế',
  fields: { documentNumber: '26/2017/QĐ-UBND' },
};

test('VP17-4.16 the elements in order, the mandatory six first', () => {
  expect(dublinCore(content, article, profile)).toEqual([
    ['DC.title', 'Quyết định số 26/2017/QĐ-UBND'],
    ['DC.creator', 'Văn phòng UBND tỉnh'],
    ['DC.date', '2026-11-22T08:00:00+07:00'],
    ['DC.description', 'Ban hành Quy chế'],
    ['DC.publisher', 'Ủy ban nhân dân tỉnh Vĩnh Phúc'],
    ['DC.identifier', 'https://portal.example/vi/quyet-dinh-26'],
    ['DC.identifier', '26/2017/QĐ-UBND'],
    ['DC.language', 'vi'],
    ['DC.subject', 'Hệ thống văn bản quy phạm pháp luật của tỉnh'],
    ['DC.coverage', 'Tỉnh Vĩnh Phúc'],
    ['DC.type', 'Text'],
    ['DC.format', 'text/html'],
  ]);
});

test('VP17-4.16 all fifteen elements, when there is something to say', () => {
  const fields = {
    author: 'Phòng biên tập',
    sourceOfficial: 'Báo Vĩnh Phúc',
    sourceUrl: 'https://bao.example/1',
  };
  const full = dublinCore(
    { ...content, fields },
    {
      ...article,
      contributors: ['Biên tập viên 1'],
      keywords: ['cổng thông tin'],
      related: ['https://portal.example/en/decision-26'],
      rights: 'Ghi rõ nguồn khi sử dụng lại',
    },
    profile,
  );
  expect(new Set(full.map(([name]) => name)).size).toBe(15);
  expect(full).toContainEqual(['DC.creator', 'Phòng biên tập']);
  expect(full).toContainEqual(['DC.source', 'https://bao.example/1']);
});

test('the English channel has English names; the mandatory elements are never empty', () => {
  const english = dublinCore(
    { title: 'Decision', summary: '', fields: { reused: true, author: 3 } },
    { ...article, language: 'en', unitName: 'Office' },
    profile,
  );
  expect(english).toContainEqual(['DC.publisher', "People's Committee of Vĩnh Phúc province"]);
  expect(english).toContainEqual(['DC.description', 'Decision']);
  expect(english).toContainEqual(['DC.creator', 'Office']);
});
