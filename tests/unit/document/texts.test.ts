import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  createArticleDoc,
  editText,
  pairSegments,
  parseRegulationText,
  readContent,
  renderHtml,
  segments,
  setField,
  setFile,
  setMeta,
  shiftCursor,
  textEdit,
  titleText,
} from '../../../domain/document/index.ts';
import { seeded } from './support/random.ts';
import { SAMPLE, withBody } from './support/samples.ts';

describe('edits of plain texts', () => {
  it.each<[string, string, number | undefined, ReturnType<typeof textEdit>]>([
    ['abc', 'abc', undefined, null],
    ['abc', 'abXc', undefined, { index: 2, remove: 0, insert: 'X' }],
    ['aa', 'aaa', 1, { index: 0, remove: 0, insert: 'a' }],
    ['aa', 'aaa', 3, { index: 2, remove: 0, insert: 'a' }],
    ['aaa', 'aa', 0, { index: 0, remove: 1, insert: '' }],
    ['x😀y', 'x😁y', undefined, { index: 1, remove: 2, insert: '😁' }],
    ['', 'mới', undefined, { index: 0, remove: 0, insert: 'mới' }],
    ['cũ', '', undefined, { index: 0, remove: 2, insert: '' }],
  ])('%j to %j with the cursor at %s', (before, after, cursor, expected) => {
    expect(textEdit(before, after, cursor)).toEqual(expected);
  });

  it('always lead to the new text and never divide a character', () => {
    const random = seeded(9);
    const pool = ['a', 'b', 'ế', '😀', '😁', '𠀀'];
    for (let round = 0; round < 2_000; round += 1) {
      const make = () => Array.from({ length: random.below(7) }, () => random.pick(pool)).join('');
      const [before, after] = [make(), make()];
      const edit = textEdit(before, after, random.below(after.length + 1));
      const applied =
        edit === null
          ? before
          : before.slice(0, edit.index) + edit.insert + before.slice(edit.index + edit.remove);
      expect(applied).toBe(after);
      if (edit === null) continue;
      for (const piece of [
        before.slice(0, edit.index),
        edit.insert,
        before.slice(edit.index, edit.index + edit.remove),
      ])
        expect(piece.isWellFormed()).toBe(true);
    }
  });

  it('keep what another types into the same title', () => {
    const { doc, firstUpdate } = createArticleDoc({
      clientId: 1,
      meta: SAMPLE.meta,
      title: 'Thông báo về lịch',
    });
    const other = new Y.Doc();
    Y.applyUpdateV2(other, firstUpdate);
    const origins: unknown[] = [];
    doc.on('updateV2', (_: Uint8Array, origin: unknown) => origins.push(origin));
    editText(titleText(doc), 'Thông báo khẩn về lịch', 'me');
    editText(titleText(other), 'Thông báo về lịch tiếp dân', 'them');
    Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(other));
    expect(titleText(doc).toString()).toBe('Thông báo khẩn về lịch tiếp dân');
    expect(origins[0]).toBe('me');
  });

  it.each([
    [3, [{ insert: 'ab' }], 5],
    [3, [{ retain: 3 }, { insert: 'ab' }], 3],
    [3, [{ retain: 5 }, { insert: 'ab' }], 3],
    [3, [{ delete: 2 }], 1],
    [3, [{ retain: 2 }, { delete: 5 }], 2],
    [3, [{ delete: 5 }, { insert: 'x' }], 0],
    [5, [{ retain: 1 }, { insert: 'xx' }, { delete: 2 }], 5],
  ])('move a cursor at %d through %j to %d', (position, delta, expected) => {
    expect(shiftCursor(position, delta)).toBe(expected);
  });
});

describe('setting fields, files and meta data', () => {
  it('sets, clears and names the origin', () => {
    const { doc } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta });
    const [file] = SAMPLE.files;
    if (file === undefined) throw new Error('no file');
    const { id, ...entry } = file;
    const origins: unknown[] = [];
    doc.on('updateV2', (_: Uint8Array, origin: unknown) => origins.push(origin));
    setField(doc, 'pages', 3, 'me');
    setFile(doc, id, entry, 'me');
    setMeta(doc, { language: 'en' }, 'me');
    expect(readContent(doc)).toMatchObject({
      fields: { pages: 3 },
      files: [file],
      meta: { ...SAMPLE.meta, language: 'en' },
    });
    setField(doc, 'pages', null, 'me');
    setFile(doc, id, null, 'me');
    expect(readContent(doc)).toMatchObject({ fields: {}, files: [] });
    expect(new Set(origins)).toEqual(new Set(['me']));
  });
});

describe('texts of regulations', () => {
  const html = (text: string, options = {}) =>
    renderHtml({ body: parseRegulationText(text, options) }).split('\n');

  it.each<[string, string, string[]]>([
    [
      'headings',
      '# Một\n## Hai\n### Ba\n#### Bốn',
      ['<h2>Một</h2>', '<h2>Hai</h2>', '<h3>Ba</h3>', '<h4>Bốn</h4>'],
    ],
    [
      'chapters and titled articles',
      'Chương I\nQUY ĐỊNH CHUNG\nMục 2\nĐiều 1. Phạm vi điều chỉnh\nĐiều 2. Quyết định này có hiệu lực.',
      [
        '<h2>Chương I</h2>',
        '<p>QUY ĐỊNH CHUNG</p>',
        '<h3>Mục 2</h3>',
        '<h3>Điều 1. Phạm vi điều chỉnh</h3>',
        '<p>Điều 2. Quyết định này có hiệu lực.</p>',
      ],
    ],
    ['bold headings', '**Chương II**', ['<h2>Chương II</h2>']],
    [
      'marks',
      '**đậm** và *nghiêng* và ***cả hai***',
      ['<p><strong>đậm</strong> và <em>nghiêng</em> và <strong><em>cả hai</em></strong></p>'],
    ],
    ['a star that is no mark', '2 * 3 * 4', ['<p>2 * 3 * 4</p>']],
    [
      'links',
      'xem [đây](https://x.vn/a)',
      ['<p>xem <a href="https://x.vn/a" rel="noopener noreferrer">đây</a></p>'],
    ],
    ['lists', '- một;\n- hai.\n\nsau', ['<ul><li>một;</li><li>hai.</li></ul>', '<p>sau</p>']],
    ['lists with blank lines between', '- một;\n\n- hai.', ['<ul><li>một;</li><li>hai.</li></ul>']],
    [
      'clauses, whose numbers are words',
      '1. Quy chế này\n2. Áp dụng',
      ['<p>1. Quy chế này</p>', '<p>2. Áp dụng</p>'],
    ],
    ['line breaks', 'một  \nhai', ['<p>một<br>hai</p>']],
    ['quotations', '> lời', ['<blockquote><p>lời</p></blockquote>']],
    [
      'tables',
      '| Nội dung | Hạn |\n| --- | --- |\n| Tin | **1** ngày |\n| thiếu |',
      [
        '<div class="table-scroll" tabindex="0"><table><thead><tr><th scope="col">Nội dung</th><th scope="col">Hạn</th></tr></thead>' +
          '<tbody><tr><td>Tin</td><td><strong>1</strong> ngày</td></tr><tr><td>thiếu</td><td></td></tr></tbody></table></div>',
      ],
    ],
    ['nothing', '\n\n  \n', ['']],
    ['Windows line ends and page breaks', 'một\r\nhai\fba', ['<p>một</p>', '<p>hai</p>', '<p>ba</p>']],
  ])('%s', (_, text, expected) => {
    expect(html(text)).toEqual(expected);
  });

  it('reads numbers as a list when asked', () => {
    expect(html('3. ba\n4. bốn', { numbered: 'list' })).toEqual([
      '<ol start="3"><li>ba</li><li>bốn</li></ol>',
    ]);
  });

  it('makes blocks that a document gives back unchanged', () => {
    const body = parseRegulationText(
      '# Một\n**đậm** [x](https://x.vn)\n- a\n- b\n\n| a | b |\n|---|---|\n| c | d |',
    );
    expect(readContent(createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body }).doc).body).toEqual(body);
  });
});

describe('segments', () => {
  const source = withBody(
    { type: 'heading', level: 2, runs: [{ text: 'Điều 1' }] },
    'Nội dung một',
    '',
    'Nội dung hai',
    'Nội dung một',
  );

  it('follow their text and say where they stand', () => {
    const found = segments(source);
    expect(found.map(({ path, kind, text }) => [path, kind, text])).toEqual([
      ['title', 'title', SAMPLE.title],
      ['summary', 'summary', SAMPLE.summary],
      ['body.0', 'heading', 'Điều 1'],
      ['body.1', 'paragraph', 'Nội dung một'],
      ['body.3', 'paragraph', 'Nội dung hai'],
      ['body.4', 'paragraph', 'Nội dung một'],
    ]);
    expect(new Set(found.map((one) => one.id)).size).toBe(found.length);
    const moved = segments({ ...source, body: [...source.body].reverse() });
    expect(new Set(moved.map((one) => one.id))).toEqual(new Set(found.map((one) => one.id)));
  });

  it('reach into lists and tables', () => {
    expect(segments(SAMPLE).map((one) => one.path)).toEqual(
      expect.arrayContaining(['body.5.item.0.list.0.item.0', 'body.8.row.1.cell.2.0']),
    );
  });

  it('pair by order and kind, past what only one side has', () => {
    const target = withBody(
      'Content one',
      { type: 'heading', level: 2, runs: [{ text: 'Added' }] },
      'Content two',
      'Content one',
    );
    const pairs = pairSegments(segments(source), segments(target)).map(({ source: from, target: to }) => [
      from?.text ?? null,
      to?.text ?? null,
    ]);
    expect(pairs.slice(2)).toEqual([
      ['Điều 1', null],
      ['Nội dung một', 'Content one'],
      [null, 'Added'],
      ['Nội dung hai', 'Content two'],
      ['Nội dung một', 'Content one'],
    ]);
  });
});
