import { describe, expect, it } from 'vitest';
import en from '../../../assets/strings/public.en.json' with { type: 'json' };
import vi from '../../../assets/strings/public.vi.json' with { type: 'json' };
import { ERROR_CODES } from '../../../domain/contracts/index.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import { sectionOf, sectionPath } from '../../../portal/public/addresses.ts';
import { html, trusted } from '../../../portal/public/html.ts';
import { languageOf, sentence } from '../../../portal/public/sentences.ts';
import { highlight, snippet } from '../../../portal/public/snippet.ts';
import { bodyWording, wording } from '../../../portal/public/wording.ts';

describe('html', () => {
  it.each([
    ['text', html`<p>${'<b> & "x" \'y\''}</p>`, '<p>&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;</p>'],
    ['markup', html`<p>${html`<b>${'<'}</b>`}</p>`, '<p><b>&lt;</b></p>'],
    ['lists', html`${['<', 1, html`<i></i>`]}`, '&lt;1<i></i>'],
    ['nothing', html`a${null}${undefined}${false}${''}${0}b`, 'a0b'],
    ['what XML forbids', html`${'a\u0000b\u000bc\ud800d'}`, 'a b c\ufffdd'],
  ])('writes %s', (_, made, expected) => {
    expect(made.html).toBe(expected);
  });
});

describe('strings', () => {
  const keysOf = (value: object, path = ''): string[] =>
    Object.entries(value).flatMap(([key, one]) =>
      typeof one === 'string' ? [`${path}${key}`] : keysOf(one, `${path}${key}.`),
    );
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

  it('are the same in both languages, with the same values to fill in', () => {
    expect(keysOf(en)).toEqual(keysOf(vi));
    for (const key of keysOf(vi)) {
      const read = (file: object) =>
        key
          .split('.')
          .reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], file) as string;
      expect(holes(read(en)), key).toEqual(holes(read(vi)));
      expect(read(vi), key).toBe(read(vi).normalize('NFC'));
    }
  });

  it('have a sentence for every code', () => {
    for (const code of ERROR_CODES)
      for (const language of ['vi', 'en'] as const) sentence(language, `error.${code}`);
  });

  it('are chosen by what the caller prefers, Vietnamese otherwise', () => {
    expect(languageOf(undefined)).toBe('vi');
    expect(languageOf('*')).toBe('vi');
    expect(languageOf('en-US,en;q=0.9')).toBe('en');
    expect(languageOf('en;q=0.3, vi-VN;q=0.8')).toBe('vi');
    expect(languageOf('en;q=0')).toBe('vi');
    expect(languageOf('fr')).toBe('vi');
  });

  it('that are not there are a fault', () => {
    expect(() => sentence('vi', 'public.khong-co')).toThrow();
    expect(() => sentence('vi', 'public')).toThrow();
  });
});

describe('search results', () => {
  it.each([
    ['Hội nghị', 'hoi', '<mark>Hội</mark> nghị'],
    ['Đống Đa', 'dong da', '<mark>Đống Đa</mark>'],
    ['một hai một', 'mot', '<mark>một</mark> hai <mark>một</mark>'],
    ['a <b> đ', 'b', 'a &lt;<mark>b</mark>&gt; đ'],
    ['Hội nghi\u0323', 'nghị', 'Hội <mark>nghị</mark>'],
    ['không có gì', 'xyz', 'không có gì'],
    ['abab', 'ab ba', '<mark>abab</mark>'],
  ])('%s, asked for %s', (text, query, expected) => {
    expect(highlight(text, query).html).toBe(expected);
  });

  it('show the place in a long text, cut between words', () => {
    const text = `${'đầu '.repeat(200)}cây cầu Long Biên ${'cuối '.repeat(200)}`;
    const { html: shown } = snippet(text, 'long bien');
    expect(shown).toContain('<mark>Long Biên</mark>');
    expect(shown).toMatch(/^… đầu .* cuối …$/);
    expect(shown.length).toBeLessThan(500);
    expect(snippet('ngắn', 'x').html).toBe('ngắn');
    expect(snippet('a'.repeat(1000), 'zzz').html.length).toBeLessThan(300);
  });
});

describe('wording', () => {
  it('keeps numbers of documents whole and dashes at the end of a line', () => {
    expect(wording('Số 31/2026/QĐ-UBND và 80-NQ/TW - 1673/QĐ-UBND <').html).toBe(
      'Số <span class="nowrap">31/2026/QĐ-UBND</span> và <span class="nowrap">80-NQ/TW</span>\u00a0- <span class="nowrap">1673/QĐ-UBND</span> &lt;',
    );
    expect(bodyWording('<a href="/31/2026/QĐ-UBND">64/2007/NĐ-CP</a> 1/2 km').toString()).toBe(
      '<a href="/31/2026/QĐ-UBND"><span class="nowrap">64/2007/NĐ-CP</span></a> 1/2 km',
    );
    expect(html`${trusted('x')}`.html).toBe('x');
  });
});

describe('addresses of sections', () => {
  it('lead back to their section, each of both channels', () => {
    const profile = getProfile('VP17');
    if (!profile) throw new Error('VP17');
    for (const language of ['vi', 'en'] as const) {
      const paths = new Set<string>();
      for (const category of profile.categories) {
        const path = sectionPath(language, category);
        expect(path).toMatch(/^\/[a-z0-9/-]+$/);
        paths.add(path);
        expect(sectionOf(profile, language, path.slice(path.lastIndexOf('/') + 1))?.id).toBe(category.id);
      }
      expect(paths.size).toBe(profile.categories.length);
    }
  });
});
