import { expect, test } from 'vitest';
import { compileCalendar, defaultCalendar } from '../../../domain/deadlines/index.ts';
import type { ArticleContent, Block } from '../../../domain/document/index.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import { countOpenChecks } from '../../../portal/decisions/derive.ts';

const profile = getProfile('VP17');
const compiled = compileCalendar(defaultCalendar());
if (!profile || !compiled.ok) throw new Error('no organisation to test with');
const organisation = {
  id: 'o',
  name: { vi: 'Tỉnh', en: 'Province' },
  profile,
  calendar: compiled.calendar,
  rulesVersion: 1,
};

const say = (text: string): Block[] => [{ type: 'paragraph', runs: [{ text }] }];
const content = (body: Block[], more: Partial<ArticleContent> = {}): ArticleContent => ({
  meta: { categoryId: 'news-events', language: 'vi' },
  title: 'Tin',
  summary: 'Tóm tắt',
  fields: { mediaKind: 'news' },
  files: [],
  body,
  ...more,
});
const count = (one: ArticleContent): number =>
  countOpenChecks(organisation, { channel: 'vi', categoryId: 'news-events' }, one);

test.each([
  ['an ordinary text', content(say('Nội dung.')), 0],
  ['VP17-15.1 a stamp', content(say('TUYỆT MẬT')), 1],
  ['the number of an identity card', content(say('CCCD 026085001234')), 1],
  ['what only deserves a look', content(say('Theo TTXVN, mưa lớn kéo dài. Xem 026085001234.')), 0],
  ['no body', content([]), 1],
])('WF11 the portal counts by itself what holds a text back: %s', (_what, one, expected) => {
  expect(count(one)).toBe(expected);
});

test('VP17-15.1 the portal reads the names of files', () => {
  const file = {
    id: 'f',
    sha256: 'a'.repeat(64),
    size: 9,
    type: 'application/pdf',
    role: 'attachment',
    label: '',
  };
  expect(count(content(say('Nội dung.'), { files: [{ ...file, name: 'KH 07 (MẬT).pdf' }] }))).toBe(1);
  expect(count(content(say('Nội dung.'), { files: [{ ...file, name: 'Giá mật ong.pdf' }] }))).toBe(0);
});
