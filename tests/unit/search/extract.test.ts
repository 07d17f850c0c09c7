import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textIn } from './support/index.ts';

const sample = readFileSync(
  new URL('../../../portal/sample/files/quyet-dinh-26-2017-qd-ubnd.docx', import.meta.url),
);
const DOCX = { name: 'a.docx', type: 'application/octet-stream' };
const TXT = { name: 'a.txt', type: 'text/plain' };

describe('text of attached files', () => {
  test('a Word document, paragraph by paragraph', async () => {
    const text = await textIn(DOCX, sample, 100_000);
    expect(text).toContain('Số: 26/2017/QĐ-UBND\n');
    expect(text).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(text).not.toMatch(/<\/?w:/);
  });

  test('no more than was asked for', async () => {
    expect((await textIn(DOCX, sample, 500)).length).toBeLessThanOrEqual(500);
    expect(await textIn(TXT, Buffer.from('văn bản dài'), 7)).toBe('văn bản');
  });

  test('a damaged Word document at any byte never throws', async () => {
    for (let at = 0; at < sample.length; at += 397) {
      const bytes = Buffer.from(sample);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
      await textIn(DOCX, bytes, 1000);
      await textIn(DOCX, sample.subarray(0, at), 1000);
    }
  });

  test.each([
    ['UTF-8', Buffer.from('tiếng Việt')],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('tiếng Việt')])],
    ['UTF-16 LE', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('tiếng Việt', 'utf16le')])],
    ['UTF-16 BE', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('tiếng Việt', 'utf16le').swap16()])],
  ])('a text file in %s', async (_name, bytes) => {
    expect(await textIn(TXT, bytes, 100)).toBe('tiếng Việt');
  });

  test.each([
    ['an older encoding', TXT, Buffer.from([0x74, 0x69, 0xd5, 0x6e, 0x67])],
    ['bytes that are no text', TXT, Buffer.from([0x61, 0, 1, 2])],
    ['no ZIP', DOCX, Buffer.from('not a zip')],
    ['another kind', { name: 'a.png', type: 'image/png' }, Buffer.from('x')],
  ])('no text of %s', async (_name, file, bytes) => {
    expect(await textIn(file, bytes, 100)).toBe('');
  });
});
