import { describe, expect, it } from 'vitest';
import {
  type Block,
  type ComparedLine,
  canonicalise,
  compareContents,
  compareWords,
  fingerprint,
} from '../../../domain/document/index.ts';
import { seeded } from './support/random.ts';
import { RICH_BODY, SAMPLE, withBody } from './support/samples.ts';

const brief = (words: ReturnType<typeof compareWords>) =>
  words.map((run) => `${run.op === 'same' ? '=' : run.op === 'added' ? '+' : '-'}${run.text}`);

const kinds = (lines: readonly ComparedLine[]) =>
  lines.map((line) => `${line.kind} ${'after' in line ? line.after.text : line.before.text}`);

describe('word by word', () => {
  it.each([
    ['một hai ba', 'một hai ba', ['=một hai ba']],
    ['', 'mới', ['+mới']],
    ['cũ', '', ['-cũ']],
    ['', '', []],
    ['một hai ba', 'một bốn ba', ['=một ', '-hai', '+bốn', '= ba']],
    ['chi 1.154,6 tỷ', 'chi 1.254,6 tỷ', ['=chi ', '-1.154,6', '+1.254,6', '= tỷ']],
    [
      'số 26/2017/QĐ-UBND ngày',
      'số 31/2026/QĐ-UBND ngày',
      ['=số ', '-26/2017/QĐ-UBND', '+31/2026/QĐ-UBND', '= ngày'],
    ],
    ['ngày 03/9/2026.', 'ngày 04/9/2026.', ['=ngày ', '-03/9/2026', '+04/9/2026', '=.']],
    ['Ủy ban nhân dân', 'Hội đồng nhân dân', ['-Ủy ban', '+Hội đồng', '= nhân dân']],
    ['xin chào', 'xin chào!', ['=xin chào', '+!']],
    ['hết. Mới', 'hết, Mới', ['=hết', '-.', '+,', '= Mới']],
  ])('%j to %j', (before, after, expected) => {
    expect(brief(compareWords(before, after))).toEqual(expected);
  });

  it('always gives both texts back', () => {
    const random = seeded(3);
    const words = [
      'Ủy',
      'ban',
      ' ',
      '  ',
      '1.200',
      ',',
      '\n',
      'x',
      '\t',
      '31/2026/QĐ-UBND',
      'e\u0302\u0301',
      '😀',
    ];
    for (let round = 0; round < 500; round += 1) {
      const make = () => Array.from({ length: random.below(14) }, () => random.pick(words)).join('');
      const [before, after] = [make(), make()];
      const runs = compareWords(before, after);
      const side = (without: string) =>
        runs
          .filter((run) => run.op !== without)
          .map((run) => run.text)
          .join('');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }
  });

  it('ends soon on two long texts without a common word', () => {
    const long = (word: string) => Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join(' ');
    const start = performance.now();
    expect(compareWords(long('a'), long('b')).some((run) => run.op === 'removed')).toBe(true);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('fields and files', () => {
  it('finds nothing between equal contents', () => {
    expect(compareContents(SAMPLE, structuredClone(SAMPLE))).toEqual({
      equal: true,
      count: 0,
      fields: [],
      files: [],
      lines: [],
    });
  });

  it('lists what changed, came and went, with old and new', () => {
    const after = {
      ...SAMPLE,
      meta: { ...SAMPLE.meta, categoryId: 'legal-document' },
      title: 'Quyết định về Trang thông tin',
      summary: '',
      fields: { author: 'Sở Thông tin', issuedOn: '2017-08-17', pages: 13, source: 'Công báo' },
    };
    const result = compareContents(SAMPLE, after);
    expect(result.equal).toBe(false);
    expect(result.fields.map(({ id, before, after: now }) => [id, before, now])).toEqual([
      ['meta.categoryId', 'directive-information', 'legal-document'],
      ['title', 'Quyết định về Cổng thông tin', 'Quyết định về Trang thông tin'],
      ['summary', 'Ban hành quy chế.', ''],
      ['field:author', 'Văn phòng UBND tỉnh', 'Sở Thông tin'],
      ['field:pages', 12, 13],
      ['field:source', null, 'Công báo'],
      ['field:urgent', true, null],
    ]);
    expect(brief(result.fields[1]?.words ?? [])).toEqual([
      '=Quyết định về ',
      '-Cổng',
      '+Trang',
      '= thông tin',
    ]);
    expect(result.count).toBe(7);
    expect(result.lines).toEqual([]);
  });

  it('tells a file added, removed, replaced and renamed apart', () => {
    const [file] = SAMPLE.files;
    if (file === undefined) throw new Error('no file');
    const other = { ...file, id: 'f2' };
    const change = (before: typeof SAMPLE.files, after: typeof SAMPLE.files) =>
      compareContents({ ...SAMPLE, files: before }, { ...SAMPLE, files: after }).files.map((one) => one.kind);
    expect(change([file], [file, other])).toEqual(['added']);
    expect(change([file, other], [file])).toEqual(['removed']);
    expect(change([file], [{ ...file, sha256: 'c'.repeat(64) }])).toEqual(['replaced']);
    expect(change([file], [{ ...file, label: 'khác' }])).toEqual(['described']);
  });
});

describe('the body', () => {
  const change = (before: (Block | string)[], after: (Block | string)[]) =>
    compareContents(withBody(...before), withBody(...after));

  it.each<[string, (Block | string)[], (Block | string)[], string[], number]>([
    [
      'inserted',
      ['một', 'hai'],
      ['một', 'mới tinh', 'hai'],
      ['same một', 'inserted mới tinh', 'same hai'],
      1,
    ],
    ['deleted', ['một', 'giữa', 'hai'], ['một', 'hai'], ['same một', 'deleted giữa', 'same hai'], 1],
    ['changed', ['một hai ba bốn'], ['một hai ba năm'], ['changed một hai ba năm'], 1],
    ['replaced', ['một hai'], ['ba bốn'], ['deleted một hai', 'inserted ba bốn'], 2],
    [
      'moved',
      ['đoạn thứ nhất', 'đoạn giữa', 'đoạn cuối cùng'],
      ['đoạn giữa', 'đoạn cuối cùng', 'đoạn thứ nhất'],
      ['same đoạn giữa', 'same đoạn cuối cùng', 'moved đoạn thứ nhất'],
      1,
    ],
    [
      'changed beside an insertion',
      ['Điều 1. Phạm vi điều chỉnh', 'Điều 2. Đối tượng áp dụng'],
      [
        'Điều 1. Phạm vi điều chỉnh mới',
        'Điều xen vào hoàn toàn khác biệt',
        'Điều 2. Đối tượng được áp dụng',
      ],
      [
        'changed Điều 1. Phạm vi điều chỉnh mới',
        'inserted Điều xen vào hoàn toàn khác biệt',
        'changed Điều 2. Đối tượng được áp dụng',
      ],
      3,
    ],
    [
      'restyled by a mark',
      ['một'],
      [{ type: 'paragraph', runs: [{ text: 'một', marks: ['bold'] }] }],
      ['restyled một'],
      1,
    ],
    [
      'restyled by kind',
      ['một'],
      [{ type: 'heading', level: 2, runs: [{ text: 'một' }] }],
      ['restyled một'],
      1,
    ],
    [
      'restyled by a link',
      [{ type: 'paragraph', runs: [{ text: 'x', href: 'https://a.vn' }] }],
      [{ type: 'paragraph', runs: [{ text: 'x', href: 'https://b.vn' }] }],
      ['restyled x'],
      1,
    ],
  ])('%s', (_, before, after, expected, count) => {
    const result = change(before, after);
    expect(kinds(result.lines)).toEqual(expected);
    expect(result.count).toBe(count);
  });

  it('shows lists by item and tables by row', () => {
    const after = structuredClone(RICH_BODY);
    const list = after[5];
    const table = after[8];
    if (list?.type !== 'list' || table?.type !== 'table') throw new Error('sample changed');
    list.items[0]?.lists?.[0]?.items.push({ runs: [{ text: 'con nữa' }] });
    const cell = table.rows[1]?.[1]?.blocks[0];
    if (cell?.type === 'paragraph') cell.runs = [{ text: '2 ngày' }];
    const result = change(RICH_BODY, after);
    expect(kinds(result.lines.filter((line) => line.kind !== 'same'))).toEqual([
      'inserted con nữa',
      'changed Tin tức\t2 ngày\tlàm việc',
    ]);
    const row = result.lines.find((line) => line.kind === 'changed');
    expect(row && 'words' in row ? brief(row.words) : null).toEqual([
      '=Tin tức\t',
      '-1',
      '+2',
      '= ngày\tlàm việc',
    ]);
  });

  it('never says nothing when the fingerprints differ', () => {
    const random = seeded(11);
    for (let round = 0; round < 300; round += 1) {
      const after = structuredClone(RICH_BODY);
      const at = random.below(after.length);
      const block = after[at];
      const dice = random.below(5);
      if (dice === 0) after.splice(at, 1);
      else if (dice === 1) after.splice(at, 0, { type: 'paragraph', runs: [] });
      else if (dice === 2 && block && 'runs' in block) block.align = 'right';
      else if (dice === 3 && block?.type === 'list')
        after.splice(
          at,
          1,
          { ...block, items: block.items.slice(1) },
          { ...block, items: block.items.slice(0, 1) },
        );
      else if (dice === 4 && block?.type === 'table') for (const one of block.rows[0] ?? []) one.colSpan = 3;
      const [before, now] = [withBody(...RICH_BODY), withBody(...after)];
      const result = compareContents(before, now);
      expect(result.equal).toBe(fingerprint(before) === fingerprint(now));
      expect(result.count > 0, `round ${round}`).toBe(!result.equal);
    }
  });

  it('holds every line of both sides exactly once', () => {
    const random = seeded(5);
    const pool = ['a b c d', 'a b c e', 'x y z', '', 'Điều 1', 'Điều 2', 'm n o p q'];
    for (let round = 0; round < 300; round += 1) {
      const make = () => Array.from({ length: random.below(8) }, () => random.pick(pool));
      const [before, after] = [make(), make()];
      const { lines, equal } = change(before, after);
      if (equal || lines.length === 0) continue;
      const olds = lines.flatMap((line) => ('before' in line ? [line.before] : []));
      const news = lines.flatMap((line) => ('after' in line ? [line.after.text] : []));
      expect(news).toEqual(after);
      expect([...olds].sort((a, b) => a.block - b.block).map((line) => line.text)).toEqual(before);
    }
  });

  it('compares a long document with itself shuffled in reasonable time', () => {
    const random = seeded(8);
    const body = Array.from(
      { length: 1_500 },
      (_, at) => `Đoạn ${at} quy định về việc cung cấp thông tin số ${at % 7}`,
    );
    const shuffled = body
      .filter(() => random.next() < 0.9)
      .map((text, at) => (at % 9 === 0 ? `${text} sửa` : text));
    const start = performance.now();
    const result = change(body, shuffled);
    expect(result.count).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it('a content read back from its canonical form differs in nothing', () => {
  const content = withBody(...RICH_BODY);
  const { form: _form, ...read } = JSON.parse(canonicalise(content));
  const compared = compareContents(read, content);
  expect(compared.count).toBe(0);
  expect(compared.lines.filter((line) => line.kind !== 'same')).toEqual([]);
  const changed = compareContents({ ...read, title: 'Tiêu đề khác' }, content);
  expect(changed.fields.map((field) => field.id)).toEqual(['title']);
  expect(changed.files).toEqual([]);
  expect(changed.count).toBe(1);
});
