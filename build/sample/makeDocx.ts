/**
 * Makes the DOCX of the sample's published document from its text, laid out as offices do: A4, Times New Roman 13,
 * national heading, headings of chapters and articles, numbered clauses, recipients and signature side by side.
 *
 *   node build/sample/makeDocx.ts [text.md] [out.docx]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  Footer,
  HeadingLevel,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';

const SAMPLE = join(import.meta.dirname, '../../portal/sample');
const FONT = 'Times New Roman';
/** Half points. */
const SIZE = 26;
const SMALL_SIZE = 22;
const mm = (millimetres: number): number => Math.round((millimetres / 25.4) * 1440);

type Inline = TextRun | ExternalHyperlink;

function inline(text: string, style: { bold?: boolean; italics?: boolean } = {}): Inline[] {
  const parts = text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|\[[^\]]+\]\([^)]+\))/u).filter((part) => part !== '');
  return parts.map((part) => {
    const link = /^\[([^\]]+)\]\(([^)]+)\)$/u.exec(part);
    if (link)
      return new ExternalHyperlink({
        link: link[2] ?? '',
        children: [new TextRun({ text: link[1] ?? '', style: 'Hyperlink' })],
      });
    if (part.startsWith('**')) return new TextRun({ ...style, text: part.slice(2, -2), bold: true });
    if (part.startsWith('*')) return new TextRun({ ...style, text: part.slice(1, -1), italics: true });
    return new TextRun({ ...style, text: part });
  });
}

const plain = (line: string): string => line.replace(/^\*+|\*+$/gu, '');
const centred = (line: string, bold = true): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ text: plain(line), bold, italics: !bold })],
  });

/** Two columns without lines: the national heading, or recipients and signature. */
function columns(left: readonly Paragraph[], right: readonly Paragraph[]): Table {
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const borders = { top: none, bottom: none, left: none, right: none };
  const widths = [mm(70), mm(95)];
  const cells = [left, right].map(
    (children, index) =>
      new TableCell({ children, borders, width: { size: widths[index] ?? 0, type: WidthType.DXA } }),
  );
  return new Table({
    width: { size: mm(165), type: WidthType.DXA },
    columnWidths: widths,
    borders: { ...borders, insideHorizontal: none, insideVertical: none },
    rows: [new TableRow({ children: cells })],
  });
}

/** The promulgating decision: everything before the regulation. */
function decision(lines: readonly string[]): (Paragraph | Table)[] {
  const number = lines[0] ?? '';
  const place = lines[1] ?? '';
  const recipientsAt = lines.indexOf('**Nơi nhận:**');
  const signatureAt = lines.findIndex((line) => line.startsWith('**TM.'));
  const blank = (): Paragraph => new Paragraph({});
  const head = columns(
    [
      centred('ỦY BAN NHÂN DÂN'),
      centred('TỈNH VĨNH PHÚC'),
      new Paragraph({ alignment: AlignmentType.CENTER, children: inline(number) }),
    ],
    [
      centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'),
      centred('Độc lập - Tự do - Hạnh phúc'),
      centred(place, false),
    ],
  );
  const middle = lines
    .slice(2, recipientsAt)
    .map((line) => (/^\*\*[^*]+\*\*$/u.test(line) ? centred(line) : body(line)));
  const recipients = lines.slice(recipientsAt, signatureAt).map((line) => {
    const title = line.startsWith('**');
    const run = new TextRun({ text: plain(line), size: SMALL_SIZE, bold: title, italics: title });
    return new Paragraph({ spacing: { after: 0 }, children: [run] });
  });
  const signature = lines
    .slice(signatureAt)
    .flatMap((line, index, all) =>
      index === all.length - 1 ? [blank(), blank(), centred(line)] : [centred(line)],
    );
  return [head, blank(), ...middle, blank(), columns(recipients, signature)];
}

function body(line: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.JUSTIFIED,
    indent: { firstLine: mm(10) },
    children: inline(line),
  });
}

/** The regulation: chapters, articles, clauses (numbered by Word, anew in each article), points and dashes. */
function regulation(lines: readonly string[]): Paragraph[] {
  let article = 0;
  return lines.map((line, index) => {
    const title = /^(#{2,3}) (.*)$/u.exec(line);
    if (title) {
      const chapter = title[1] === '##';
      if (!chapter) article += 1;
      return new Paragraph({
        heading: chapter ? HeadingLevel.HEADING_1 : HeadingLevel.HEADING_2,
        keepNext: true,
        pageBreakBefore: index === 0,
        children: inline(title[2] ?? ''),
      });
    }
    if (/^\*\*?[^*]+\*?\*$/u.test(line)) return centred(line, line.startsWith('**'));
    const clause = /^\d+\. (.*)$/u.exec(line);
    if (clause)
      return new Paragraph({
        alignment: AlignmentType.JUSTIFIED,
        numbering: { reference: 'clauses', level: 0, instance: article },
        children: inline(clause[1] ?? ''),
      });
    return body(line);
  });
}

const heading = (size: number, alignment: (typeof AlignmentType)[keyof typeof AlignmentType]) => ({
  run: { font: FONT, size, bold: true, color: '000000' },
  paragraph: { alignment, spacing: { before: 200, after: 100 } },
});

async function make(text: string): Promise<Buffer> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const start = lines.indexOf('## QUY CHẾ');
  if (start < 0) throw new Error('the text has no heading "## QUY CHẾ"');
  const document = new Document({
    title: 'Quyết định số 26/2017/QĐ-UBND',
    creator: 'Ủy ban nhân dân tỉnh Vĩnh Phúc',
    styles: {
      default: {
        document: { run: { font: FONT, size: SIZE }, paragraph: { spacing: { after: 100, line: 288 } } },
        heading1: heading(SIZE, AlignmentType.CENTER),
        heading2: heading(SIZE, AlignmentType.LEFT),
      },
    },
    numbering: {
      config: [
        {
          reference: 'clauses',
          levels: [
            {
              level: 0,
              format: LevelFormat.DECIMAL,
              text: '%1.',
              alignment: AlignmentType.LEFT,
              style: { paragraph: { indent: { left: 0, firstLine: mm(10) } } },
            },
          ],
        },
      ],
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(20), bottom: mm(20), left: mm(30), right: mm(15) },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ children: [PageNumber.CURRENT] })],
              }),
            ],
          }),
        },
        children: [...decision(lines.slice(0, start)), ...regulation(lines.slice(start))],
      },
    ],
  });
  return Packer.toBuffer(document);
}

const from = process.argv[2] ?? join(SAMPLE, 'texts/vp17.md');
const to = process.argv[3] ?? join(SAMPLE, 'files/quyet-dinh-26-2017-qd-ubnd.docx');
await mkdir(dirname(to), { recursive: true });
await writeFile(to, await make(await readFile(from, 'utf8')));
