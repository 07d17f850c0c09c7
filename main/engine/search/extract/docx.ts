import { readZip } from './zip.ts';

/** Parts of a Word document with words of people: the text, headers and footers, notes and comments. */
const PARTS = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$/;
const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Text runs, and what stands for a blank or a new line. Deleted text (`w:delText`) and field codes are not matched. */
const PIECES = /<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>|<w:(tab|br|cr|noBreakHyphen)(?:\s[^>]*)?\/?>|<\/w:(p|tc)>/g;

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function textOfPart(xml: string, maxLength: number): string {
  const pieces: string[] = [];
  let length = 0;
  for (const [, text, special, end] of xml.matchAll(PIECES)) {
    const piece =
      text !== undefined
        ? unescapeXml(text)
        : end === 'p' || special === 'br' || special === 'cr'
          ? '\n'
          : special === 'noBreakHyphen'
            ? '-'
            : '\t';
    pieces.push(piece);
    length += piece.length;
    if (length > maxLength) break;
  }
  return pieces.join('').slice(0, maxLength);
}

/** The text of a Word document (ECMA-376), one line a paragraph, the main text first. Null when it is none or can't be read. */
export async function docxText(bytes: Uint8Array, maxLength: number): Promise<string | null> {
  try {
    const entries = readZip(bytes);
    const parts = entries?.filter((entry) => PARTS.test(entry.name)) ?? [];
    if (!parts.some((part) => part.name === 'word/document.xml')) return null;
    parts.sort((a, b) => Number(b.name === 'word/document.xml') - Number(a.name === 'word/document.xml'));
    let text = '';
    for (const part of parts) {
      if (text.length >= maxLength) break;
      const xml = Buffer.from(await part.read(MAX_PART_BYTES)).toString('utf8');
      text += `${textOfPart(xml, maxLength - text.length)}\n`;
    }
    return text.trim();
  } catch {
    return null;
  }
}
