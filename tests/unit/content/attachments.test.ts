import { describe, expect, test } from 'vitest';
import rules from '../../../domain/content/attachmentRules.json' with { type: 'json' };
import {
  allowedExtensions,
  checkAttachment,
  checkFirstBytes,
  MAX_ATTACHMENT_BYTES,
  mediaTypeOf,
} from '../../../domain/content/attachments.ts';

const MIB = 1024 * 1024;
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('what may be attached', () => {
  test.each([
    ['Quyết định 26.docx', 1, DOCX],
    ['bản đồ.PDF', 200 * MIB, 'application/pdf'],
    ['toàn cảnh.mp4', 256 * MIB, 'video/mp4'],
    ['so-lieu.csv', 10, 'application/vnd.ms-excel'],
    ['van-ban.txt', 10, 'text/plain; charset=utf-8'],
    ['anh.jpeg', 10, ''],
    ['cong-van.doc', 10, 'application/octet-stream'],
    ['bao.cao.thang.11.xlsx', 10, 'application/octet-stream'],
  ])('%s (%i bytes, %o) passes', (name, size, type) => {
    expect(checkAttachment({ name, size, type })).toEqual([]);
  });

  test.each([
    ['cai-dat.exe', '', 'executable'],
    ['van-ban.pdf.exe', 'application/pdf', 'executable'],
    ['phim.lnk', '', 'executable'],
    ['chay.ps1', '', 'script'],
    ['hinh.SVG', 'image/svg+xml', 'script'],
    ['trang.html', 'text/html', 'web-page'],
    ['mau.docm', '', 'macro'],
    ['bang.xlsb', '', 'macro'],
    ['ho-so.zip', 'application/zip', 'archive'],
    ['khong-duoi', '', 'unknown'],
    ['ban-ve.dwg', '', 'unknown'],
    ['van-ban.pdf', 'text/html', 'mismatch'],
    ['../../etc/passwd.txt', 'text/plain', 'name'],
    ['C:\\temp\\a.txt', 'text/plain', 'name'],
    ['anh\u202Efdp.jpg', 'image/jpeg', 'name'],
    ['a\u0000.pdf', 'application/pdf', 'name'],
    ['.pdf', 'application/pdf', 'name'],
    [`${'a'.repeat(260)}.pdf`, 'application/pdf', 'name'],
  ])('%s (%s) is refused: %s', (name, type, reason) => {
    expect(checkAttachment({ name, size: 10, type })).toMatchObject([
      { code: 'file-type-refused', severity: 'must', params: { reason } },
    ]);
  });

  test.each([
    [0, 'file-empty'],
    [-1, 'file-empty'],
    [Number.NaN, 'file-empty'],
    [MAX_ATTACHMENT_BYTES + 1, 'file-too-large'],
  ])('%d bytes: %s', (size, code) => {
    expect(checkAttachment({ name: 'a.pdf', size, type: '' })).toMatchObject([{ code }]);
  });

  test('the limit lets 200 MB through and is said in bytes', () => {
    expect(MAX_ATTACHMENT_BYTES).toBeGreaterThan(200_000_000);
    const [issue] = checkAttachment({ name: 'a.pdf', size: MAX_ATTACHMENT_BYTES + 1, type: '' });
    expect(issue?.params).toEqual({ size: MAX_ATTACHMENT_BYTES + 1, maximum: MAX_ATTACHMENT_BYTES });
  });

  test('no extension is both allowed and refused, all are lower case', () => {
    const refused = Object.values(rules.refused).flat();
    expect(allowedExtensions().filter((extension) => refused.includes(extension))).toEqual([]);
    expect([...refused, ...allowedExtensions()].filter((e) => e !== e.toLowerCase())).toEqual([]);
  });

  test('the type a file is served under comes from its name', () => {
    expect(mediaTypeOf('a.DOCX')).toBe(DOCX);
    expect(mediaTypeOf('a.html')).toBe('application/octet-stream');
    expect(mediaTypeOf('constructor')).toBe('application/octet-stream');
  });
});

describe('first bytes', () => {
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  test.each([
    ['a.pdf', '255044462d312e37', null],
    ['a.docx', '504b030414000600', null],
    ['a.doc', '7b5c727466315c616e7369', null],
    ['a.png', '89504e470d0a1a0a0000', null],
    ['a.txt', 'c490c3a2792e', null],
    ['a.mp4', '00000018667479706d703432', null],
    ['a.pdf', '4d5a90000300', 'executable'],
    ['a.txt', '2321202f62696e2f7368', 'executable'],
    ['a.pdf', '3c21444f43545950', 'mismatch'],
    ['a.jpg', '89504e470d0a1a0a', 'mismatch'],
    ['a.docx', '', 'mismatch'],
  ])('%s starting with %s: %o', (name, hex, reason) => {
    const issues = checkFirstBytes(name, bytes(hex));
    expect(issues.map((issue) => issue.params?.reason ?? null)).toEqual(reason === null ? [] : [reason]);
  });
});
