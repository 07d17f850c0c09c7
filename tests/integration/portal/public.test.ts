import { JSDOM } from 'jsdom';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileStored } from '../../../portal/files/finishUpload.ts';
import { CATEGORY, ORGANISATION, publishArticle, sha256Of, usePortal } from './support.ts';

const held = usePortal();
const BASE = 'https://cong.example.vn';
const NASTY = `Giá "điện" <script>alert('x')</script> & nước`;
const attachment = Buffer.from('phụ lục kèm theo');

const page = async (url: string) => {
  const reply = await held.test.app.inject({ url });
  return { reply, document: new JSDOM(reply.body).window.document };
};
const meta = (document: Document, name: string) =>
  [...document.querySelectorAll(`meta[name="${name}"]`)].map((element) => element.getAttribute('content'));

beforeAll(async () => {
  const { test } = held;
  const [writer, translator, editor, chief] = await Promise.all(
    (['writer', 'translator', 'editor', 'chief'] as const).map((person) => test.as(person)),
  );
  if (!writer || !translator || !editor || !chief) throw new Error('desks');
  await test.portal.files.put(attachment);
  await fileStored(test.portal, ORGANISATION, sha256Of(attachment));
  const { id, doc } = await writer.newArticle({
    title: NASTY,
    summary: 'Tóm tắt về giá điện',
    textFields: { author: 'Phòng Giá', sourceOfficial: '' },
    fields: { documentDate: '2026-08-20' },
    body: [
      { type: 'heading', level: 2, runs: [{ text: 'Đối tượng áp dụng' }] },
      'Hộ nghèo ở phường Đống Đa được hỗ trợ theo Quyết định số 31/2026/QĐ-UBND.',
      { type: 'paragraph', runs: [{ text: 'bấm', href: 'javascript:alert(1)' }, { text: ' <b>đậm</b>' }] },
    ],
    files: {
      f1: {
        sha256: sha256Of(attachment),
        name: 'Phụ lục "mới".txt'.replaceAll('"', ''),
        size: attachment.byteLength,
        type: 'text/plain',
        role: 'attachment',
        label: 'Phụ lục mức hỗ trợ',
      },
    },
  });
  await publishArticle(test, id, doc);
  for (const title of ['Hội nghị bàn về du lịch', 'Hoi nghi khong dau', 'Kế hoạch năm học mới']) {
    const other = await writer.newArticle({ title, body: [`${title}. Diễn ra tại hội trường.`] });
    await publishArticle(test, other.id, other.doc);
  }
  const english = await translator.newArticle(
    {
      meta: { categoryId: CATEGORY, language: 'en' },
      title: 'Electricity prices',
      body: ['They change.'],
      fields: {},
    },
    { unitId: 'mot', channel: 'en', sourceArticleId: id },
  );
  await translator.decide(english.id, 'submit', english.doc);
  await editor.decide(english.id, 'pass', english.doc);
  expect(await chief.decide(english.id, 'approve', english.doc)).toMatchObject({ status: 'accepted' });
  await writer.newArticle({ title: 'Bí mật bản nháp' });
});

describe('the page of an article', () => {
  it('shows the approved text, escaped, with author, source, date and files', async () => {
    const { publicPath } = await (await held.test.as('writer'))
      .pull('articles')
      .then((rows) => [...rows.values()].find((row) => row.title === NASTY) ?? {});
    const { reply, document } = await page(String(publicPath));
    expect(reply.statusCode).toBe(200);
    expect(document.documentElement.lang).toBe('vi');
    expect(document.querySelector('h1')?.textContent).toBe(NASTY);
    expect(document.querySelectorAll('script')).toHaveLength(0);
    expect(document.querySelector('.prose a[href^="javascript"]')).toBeNull();
    expect(document.body.textContent).toContain('<b>đậm</b>');
    const text = document.querySelector('.meta')?.textContent?.replace(/\s+/g, ' ');
    expect(text).toContain('Tác giả: Phòng Giá');
    expect(text).toContain('Nguồn: Sở mot');
    expect(text).toMatch(/Đăng \d\d:\d\d, thứ Năm 27\/8\/2026/);
    expect(document.querySelector('main h2')?.id).toBe('muc-1');
    expect(document.body.textContent).toContain('20/8/2026');
    const link = document.querySelector('aside a[download]');
    expect(link?.textContent).toBe('Phụ lục mức hỗ trợ');
    const file = await held.test.app.inject({ url: link?.getAttribute('href') ?? '' });
    expect(file.body).toBe(attachment.toString());
    expect(file.headers['content-disposition']).toBe(
      `attachment; filename="Phu luc moi.txt"; filename*=UTF-8''Ph%E1%BB%A5%20l%E1%BB%A5c%20m%E1%BB%9Bi.txt`,
    );
    expect(file.headers['x-content-type-options']).toBe('nosniff');
    const again = await held.test.app.inject({
      url: link?.getAttribute('href') ?? '',
      headers: { 'if-none-match': String(file.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  it('has Dublin Core metadata, a canonical address and its counterpart', async () => {
    const { document } = await page('/bai/gia-dien-script-alert-x-script-nuoc');
    const canonical = document.querySelector('link[rel="canonical"]')?.getAttribute('href');
    expect(canonical).toBe(`${BASE}/bai/gia-dien-script-alert-x-script-nuoc`);
    expect(meta(document, 'DC.title')).toEqual([NASTY]);
    expect(meta(document, 'DC.creator')).toEqual(['Phòng Giá']);
    expect(meta(document, 'DC.description')).toEqual(['Tóm tắt về giá điện']);
    expect(meta(document, 'DC.publisher')).toHaveLength(1);
    expect(meta(document, 'DC.identifier')).toContain(canonical);
    expect(meta(document, 'DC.language')).toEqual(['vi']);
    expect(Date.parse(String(meta(document, 'DC.date')[0]))).toBeGreaterThan(0);
    expect(meta(document, 'DC.relation')).toContain(`${BASE}/en/article/electricity-prices`);
    const alternates = Object.fromEntries(
      [...document.querySelectorAll('link[hreflang]')].map((link) => [
        link.getAttribute('hreflang'),
        link.getAttribute('href'),
      ]),
    );
    expect(alternates).toEqual({
      vi: canonical,
      en: `${BASE}/en/article/electricity-prices`,
      'x-default': canonical,
    });
    const english = await page('/en/article/electricity-prices');
    expect(english.document.documentElement.lang).toBe('en');
    expect(english.document.querySelector('.tools a')?.getAttribute('href')).toBe(
      '/bai/gia-dien-script-alert-x-script-nuoc',
    );
    expect(english.document.querySelector('aside a[download]')?.textContent).toBe('Phụ lục mức hỗ trợ');
  });

  it('keeps numbers of documents on one line', async () => {
    const { document } = await page('/bai/gia-dien-script-alert-x-script-nuoc');
    const kept = [...document.querySelectorAll('.prose .nowrap')].map((element) => element.textContent);
    expect(kept).toContain('31/2026/QĐ-UBND');
  });

  it('is asked about each time, by its mark', async () => {
    const url = '/en/article/electricity-prices';
    const first = await held.test.app.inject({ url });
    expect(first.headers['cache-control']).toBe('no-cache');
    expect(first.headers['content-security-policy']).toContain("default-src 'none'");
    expect(first.headers['content-security-policy']).not.toContain('unsafe');
    const etag = String(first.headers.etag);
    expect((await held.test.app.inject({ url, headers: { 'if-none-match': etag } })).statusCode).toBe(304);
  });
});

describe('lists', () => {
  it('show what is published, newest first, and nothing else', async () => {
    const { document } = await page('/');
    const titles = [...document.querySelectorAll('.items h2')].map((element) => element.textContent);
    expect(titles).toEqual(['Kế hoạch năm học mới', 'Hoi nghi khong dau', 'Hội nghị bàn về du lịch', NASTY]);
    expect(document.body.textContent).not.toContain('Bí mật');
    const english = await page('/en/');
    expect([...english.document.querySelectorAll('.items h2')].map((element) => element.textContent)).toEqual(
      ['Electricity prices'],
    );
  });

  it('of a section, of everything, and of a section that is not there', async () => {
    const home = await page('/');
    const link = home.document.querySelector('aside a')?.getAttribute('href') ?? '';
    const section = await page(link);
    expect(section.document.querySelectorAll('.items > li')).toHaveLength(4);
    expect(section.document.querySelector('.nav a[aria-current]')?.getAttribute('href')).toBe(link);
    expect((await page('/tat-ca?page=9999999')).reply.statusCode).toBe(200);
    expect((await page('/chuyen-muc/khong-co')).reply.statusCode).toBe(404);
  });
});

describe('search', () => {
  const titles = async (query: string, path = '/tim-kiem') => {
    const { document } = await page(`${path}?q=${encodeURIComponent(query)}`);
    return [...document.querySelectorAll('.items h2')].map((element) => element.textContent);
  };

  it('finds with and without marks, exact spelling first', async () => {
    expect(await titles('hoi nghi')).toEqual(['Hoi nghi khong dau', 'Hội nghị bàn về du lịch']);
    expect(await titles('hội nghị')).toEqual(['Hội nghị bàn về du lịch', 'Hoi nghi khong dau']);
    expect(await titles('DONG DA')).toEqual([NASTY]);
    expect(await titles('phường đống đa')).toEqual([NASTY]);
    expect(await titles('31/2026/qđ-ubnd')).toEqual([NASTY]);
    expect(await titles('phu luc muc')).toEqual([NASTY]);
    expect(await titles('bi mat ban nhap')).toEqual([]);
    expect(await titles('electricity', '/en/search')).toEqual(['Electricity prices']);
    expect(await titles('electricity')).toEqual([]);
  });

  it('marks what it found in a stretch of the text', async () => {
    const { document } = await page('/tim-kiem?q=dong+da');
    expect(document.querySelector('.items p mark')?.textContent).toBe('Đống Đa');
  });

  it('takes anything as words', async () => {
    for (const query of [
      '%',
      '_',
      '\\',
      "'; drop table publications; --",
      '<script>',
      ' ',
      'a'.repeat(5000),
    ]) {
      const { reply, document } = await page(`/tim-kiem?q=${encodeURIComponent(query)}`);
      expect(reply.statusCode).toBe(200);
      expect(document.querySelectorAll('script')).toHaveLength(0);
    }
    expect(await titles('100%')).toEqual([]);
    expect((await held.test.app.inject({ url: '/tim-kiem?q=a&q=b' })).statusCode).toBe(200);
  });
});

describe('for machines', () => {
  it('the feed is well-formed Atom', async () => {
    const { body, headers } = await held.test.app.inject({ url: '/feed.atom' });
    expect(headers['content-type']).toContain('application/atom+xml');
    const xml = new JSDOM(body, { contentType: 'application/xml' }).window.document;
    expect(xml.documentElement.namespaceURI).toBe('http://www.w3.org/2005/Atom');
    expect([...xml.querySelectorAll('entry > title')].map((element) => element.textContent)).toContain(NASTY);
    for (const entry of xml.querySelectorAll('entry'))
      for (const name of ['id', 'title', 'updated', 'author name'])
        expect(entry.querySelector(name)?.textContent).toBeTruthy();
    expect(Date.parse(xml.querySelector('feed > updated')?.textContent ?? '')).toBeGreaterThan(0);
  });

  it('the sitemap names every public page and its counterpart', async () => {
    const { body } = await held.test.app.inject({ url: '/sitemap.xml' });
    const xml = new JSDOM(body, { contentType: 'application/xml' }).window.document;
    const places = [...xml.querySelectorAll('loc')].map((element) => element.textContent);
    expect(places).toContain(`${BASE}/en/article/electricity-prices`);
    expect(places.filter((place) => place?.includes('/bai/'))).toHaveLength(4);
    expect(body).toContain('hreflang="en"');
    expect((await held.test.app.inject({ url: '/robots.txt' })).body).toContain(
      `Sitemap: ${BASE}/sitemap.xml`,
    );
  });

  it('style and fonts are the portal’s own and never change under their address', async () => {
    const { document } = await page('/');
    const href = document.querySelector('link[rel="stylesheet"]')?.getAttribute('href') ?? '';
    const style = await held.test.app.inject({ url: href });
    expect(style.headers['cache-control']).toContain('immutable');
    expect(style.body).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const font = /url\((\/assets\/[^)]+woff2)\)/.exec(style.body)?.[1] ?? '';
    expect((await held.test.app.inject({ url: font })).headers['content-type']).toBe('font/woff2');
  });
});

describe('what is not there', () => {
  it('is said in the language of the channel', async () => {
    const vi = await page('/khong-co');
    expect(vi.reply.statusCode).toBe(404);
    expect(vi.document.querySelector('h1')?.textContent).toBe('Không có trang này');
    const en = await page('/en/nothing?x=1');
    expect(en.document.documentElement.lang).toBe('en');
    expect(en.document.querySelector('h1')?.textContent).toBe('There is no such page');
    expect(en.reply.headers['cache-control']).toBe('no-store');
  });

  it('a fault is no stack of calls', async () => {
    const { db } = held.test.portal;
    const { sql } = await import('kysely');
    await sql`alter table publications rename to publications_away`.execute(db);
    try {
      const { reply, document } = await page('/en/');
      expect(reply.statusCode).toBe(500);
      expect(document.querySelector('h1')?.textContent).toBe('The portal has a problem');
      expect(reply.body).not.toContain('publications');
    } finally {
      await sql`alter table publications_away rename to publications`.execute(db);
    }
  });
});
