// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import {
  type Block,
  escapeHtml,
  plainText,
  type Run,
  renderHtml,
  safeHref,
  wordCount,
} from '../../../domain/document/index.ts';
import { seeded } from './support/random.ts';
import { RICH_BODY, SAMPLE } from './support/samples.ts';

const paragraph = (...runs: Run[]) => renderHtml({ body: [{ type: 'paragraph', runs }] });

describe('addresses of links', () => {
  it.each([
    ['https://vinhphuc.gov.vn/a?b=1#c', 'https://vinhphuc.gov.vn/a?b=1#c'],
    ['HTTP://X.vn', 'HTTP://X.vn'],
    ['mailto:a@b.vn', 'mailto:a@b.vn'],
    ['tel:+842113862480', 'tel:+842113862480'],
    ['/tin-tuc/1', '/tin-tuc/1'],
    ['#muc-2', '#muc-2'],
    ['?q=a:b', '?q=a:b'],
    ['trang/a:b', 'trang/a:b'],
    ['www.chinhphu.vn', 'https://www.chinhphu.vn'],
    ['//cdn.vn/x', 'https://cdn.vn/x'],
    ['  https://x.vn \n', 'https://x.vn'],
    ['javascript:alert(1)', null],
    ['JaVaScRiPt:alert(1)', null],
    ['java\nscript:alert(1)', null],
    ['\u0001javascript:alert(1)', null],
    [' \tjavascript:alert(1)', null],
    ['data:text/html,<script>', null],
    ['vbscript:x', null],
    ['file:///etc/passwd', null],
    ['blob:https://x', null],
    ['\\\\evil.vn', null],
    ['/\\evil.vn', null],
    ['', null],
    [`https://x.vn/${'a'.repeat(3000)}`, null],
  ])('%j becomes %j', (href, expected) => {
    expect(safeHref(href)).toBe(expected);
  });
});

describe('HTML of a body', () => {
  it('is this for every kind of block', () => {
    expect(renderHtml({ body: RICH_BODY }).split('\n')).toEqual([
      '<h2>Chương I</h2>',
      '<h3 class="align-center"><strong>Điều 1.</strong> Phạm vi</h3>',
      '<h4>Khoản</h4>',
      '<p class="align-justify indent-1">Theo <strong><em>Quyết định<br></em></strong>' +
        '<a href="https://vinhphuc.gov.vn/a?b=1&amp;c=2" rel="noopener noreferrer">26/2017/QĐ-UBND</a>' +
        '<u><s><span class="tab">\t</span>cột</s></u>H<sub>2</sub>O m<sup>2</sup><code><mark> mã</mark></code></p>',
      '<blockquote><p>Nhà nước pháp quyền</p></blockquote>',
      '<ol start="3"><li>ba<ul><li>con</li></ul></li><li>bốn</li></ol>',
      '<ul><li>một</li><li></li></ul>',
      '<ul class="checklist"><li><span class="check" data-checked="true"></span>xong</li>' +
        '<li><span class="check" data-checked="false"></span>chưa</li></ul>',
      '<div class="table-scroll" tabindex="0"><table><thead><tr><th scope="col">Nội dung</th><th scope="colgroup" colspan="2">Thời hạn</th></tr></thead>' +
        '<tbody><tr><th scope="row">Tin tức</th><td>1 ngày</td><td rowspan="2">làm việc</td></tr></tbody></table></div>',
      '<p></p>',
      '<p>Hết.</p>',
    ]);
  });

  it.each<[string, Run, string]>([
    ['a script', { text: '<script>alert(1)</script>' }, '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['an attribute', { text: '" onmouseover="x' }, '<p>&quot; onmouseover=&quot;x</p>'],
    ['a link that is code', { text: 'bấm', href: 'javascript:alert(1)' }, '<p>bấm</p>'],
    [
      'a link with quotes',
      { text: 'x', href: 'https://x.vn/"><script>' },
      '<p><a href="https://x.vn/&quot;&gt;&lt;script&gt;" rel="noopener noreferrer">x</a></p>',
    ],
    ['an entity', { text: '&lt;b&gt;' }, '<p>&amp;lt;b&amp;gt;</p>'],
    ['forbidden characters', { text: 'a\u0000b\u009fc\ud800' }, '<p>a b c\ufffd</p>'],
  ])('escapes %s', (_, run, expected) => {
    expect(paragraph(run)).toBe(expected);
  });

  it('lets nothing through that a browser would run, whatever the text, marks and links', () => {
    const random = seeded(77);
    const bits = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '=',
      '/',
      'script',
      'img src=x onerror=a',
      'javascript:',
      '&#106;',
      '\u0000',
      '\n',
      '<!--',
      ']]>',
      '</p>',
      'style',
    ];
    const text = () => Array.from({ length: 1 + random.below(8) }, () => random.pick(bits)).join('');
    const allowed =
      /^(P|H[234]|STRONG|EM|U|S|SUB|SUP|CODE|MARK|A|BR|SPAN|UL|OL|LI|BLOCKQUOTE|DIV|TABLE|THEAD|TBODY|TR|TH|TD)$/;
    const page = document.implementation.createHTMLDocument('');
    for (let round = 0; round < 400; round += 1) {
      const run = (): Run => ({
        text: text(),
        ...(random.next() < 0.5 ? { href: text() } : {}),
        ...(random.next() < 0.3 ? { marks: ['bold'] } : {}),
      });
      const body: Block[] = [
        { type: 'paragraph', runs: [run(), run()] },
        { type: 'list', kind: 'bullet', items: [{ runs: [run()] }] },
        { type: 'table', rows: [[{ blocks: [{ type: 'heading', level: 3, runs: [run()] }] }]] },
      ];
      page.body.innerHTML = renderHtml({ body });
      for (const element of page.body.querySelectorAll('*')) {
        expect(element.tagName).toMatch(allowed);
        for (const attribute of element.attributes) {
          expect([
            'href',
            'rel',
            'class',
            'scope',
            'tabindex',
            'start',
            'colspan',
            'rowspan',
            'data-checked',
          ]).toContain(attribute.name);
          if (attribute.name === 'href' && URL.canParse(attribute.value, 'https://base.vn/'))
            expect(new URL(attribute.value, 'https://base.vn/').protocol).toMatch(/^(https?|mailto|tel):$/);
        }
      }
    }
  });

  it('escapes quotes of both kinds', () => {
    expect(escapeHtml(`<a b='c' d="e">&`)).toBe('&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;');
  });
});

describe('plain text', () => {
  it('has every line of title, summary and body', () => {
    const text = plainText(SAMPLE);
    for (const words of [
      'Quyết định về Cổng',
      'Ban hành quy chế',
      'con',
      'Tin tức\t1 ngày\tlàm việc',
      '26/2017/QĐ-UBND',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('\n\n');
  });

  it('counts words', () => {
    expect(wordCount({ ...SAMPLE, title: 'Ủy ban nhân dân', summary: '– 1.200 đồng', body: [] })).toBe(6);
  });
});
