import type { ArticleContent, Block, TableCell } from '../../../../domain/document/index.ts';

const cell = (text: string, more: Partial<TableCell> = {}): TableCell => ({
  blocks: [{ type: 'paragraph', runs: [{ text }] }],
  ...more,
});

/** A body with every kind of block and mark. */
export const RICH_BODY: Block[] = [
  { type: 'heading', level: 2, runs: [{ text: 'Chương I' }] },
  {
    type: 'heading',
    level: 3,
    runs: [{ text: 'Điều 1.', marks: ['bold'] }, { text: ' Phạm vi' }],
    align: 'center',
  },
  { type: 'heading', level: 4, runs: [{ text: 'Khoản' }] },
  {
    type: 'paragraph',
    align: 'justify',
    indent: 1,
    runs: [
      { text: 'Theo ' },
      { text: 'Quyết định\n', marks: ['bold', 'italic'] },
      { text: '26/2017/QĐ-UBND', href: 'https://vinhphuc.gov.vn/a?b=1&c=2' },
      { text: '\tcột', marks: ['underline', 'strikethrough'] },
      { text: 'H' },
      { text: '2', marks: ['subscript'] },
      { text: 'O m' },
      { text: '2', marks: ['superscript'] },
      { text: ' mã', marks: ['code', 'highlight'] },
    ],
  },
  { type: 'quote', runs: [{ text: 'Nhà nước pháp quyền' }] },
  {
    type: 'list',
    kind: 'number',
    start: 3,
    items: [
      {
        runs: [{ text: 'ba' }],
        lists: [{ type: 'list', kind: 'bullet', items: [{ runs: [{ text: 'con' }] }] }],
      },
      { runs: [{ text: 'bốn' }] },
    ],
  },
  { type: 'list', kind: 'bullet', items: [{ runs: [{ text: 'một' }] }, { runs: [] }] },
  {
    type: 'list',
    kind: 'check',
    items: [
      { runs: [{ text: 'xong' }], checked: true },
      { runs: [{ text: 'chưa' }], checked: false },
    ],
  },
  {
    type: 'table',
    rows: [
      [cell('Nội dung', { header: 'both' }), cell('Thời hạn', { header: 'column', colSpan: 2 })],
      [cell('Tin tức', { header: 'row' }), cell('1 ngày'), cell('làm việc', { rowSpan: 2 })],
    ],
  },
  { type: 'paragraph', runs: [] },
  { type: 'paragraph', runs: [{ text: 'Hết.' }] },
];

/** A content with a value in every place. */
export const SAMPLE: ArticleContent = {
  meta: { categoryId: 'directive-information', language: 'vi' },
  title: 'Quyết định về Cổng thông tin',
  summary: 'Ban hành quy chế.',
  fields: { author: 'Văn phòng UBND tỉnh', issuedOn: '2017-08-17', pages: 12, urgent: true },
  files: [
    {
      id: 'f1',
      sha256: 'a'.repeat(64),
      name: 'QĐ 26.pdf',
      size: 1234,
      type: 'application/pdf',
      role: 'signedDocument',
      label: 'Quyết định 26/2017/QĐ-UBND',
    },
  ],
  body: RICH_BODY,
};

/** A content with another body. */
export const withBody = (...body: (Block | string)[]): ArticleContent => ({
  ...SAMPLE,
  body: body.map((block) =>
    typeof block === 'string' ? { type: 'paragraph', runs: [{ text: block }] } : block,
  ),
});
