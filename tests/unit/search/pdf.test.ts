import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileReader, type FileReaderOptions } from '../../../main/engine/search/extract/index.ts';
import { doc, idsFor, searchOver, temporaryFolder, textIn } from './support/index.ts';
import { makePdf } from './support/pdf.ts';

const fixture = (name: string) =>
  Uint8Array.from(readFileSync(new URL(`../../fixtures/search/${name}`, import.meta.url)));
const PDF = { name: 'van-ban.pdf', type: 'application/octet-stream' };

function reader(options: FileReaderOptions = {}) {
  const made = createFileReader(options);
  onTestFinished(() => made.stop());
  return made;
}

/** A reader whose thread does this with each file. */
async function broken(code: string, options: FileReaderOptions = {}) {
  const entry = join(await temporaryFolder(), 'thread.cjs');
  const head = "const { parentPort } = require('node:worker_threads');\n";
  await writeFile(entry, `${head}parentPort.on('message', ({ id }) => { ${code} });\n`);
  return reader({ entry, ...options });
}

describe('text layer of PDF files', () => {
  test('Vietnamese in both Unicode forms, page by page', async () => {
    const { text, code } = await reader().read(PDF, fixture('van-ban.pdf'), 10_000);
    expect(code).toBe('read');
    expect(text.normalize('NFC').trim().split('\n')).toEqual([
      'Quyết định phê duyệt đề án chuyển đổi số',
      'Nghị quyết về hòa giải ở cơ sở, khỏe mạnh, thủy lợi tỉnh Đắk Lắk; đủ dấu: Ễ ẵ ỗ ữ ỵ.',
      'Phòng chống cháy rừng mùa khô ở các xã miền núi.',
      'Trang hai: Điều 7 khoản 4.',
    ]);
    const search = await searchOver(doc('a', { attachments: text }));
    for (const typed of ['"chuyển đổi số"', '"hoà giải"', '"chay rung mua kho"', 'dak lak', 'khoẻ mạnh '])
      expect([typed, await idsFor(search, typed)]).toEqual([typed, ['a']]);
  });

  test('nothing is evaluated, fetched or written for it', async () => {
    const path = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      globalThis.fetch = () => { throw new Error('network'); };
      const { fileText } = await import(${path('../../../main/engine/search/extract/fileText.ts')});
      const { readFileSync } = await import('node:fs');
      const bytes = Uint8Array.from(readFileSync(new URL(${path('../../fixtures/search/van-ban.pdf')})));
      let length = 0;
      const code = await fileText({ name: 'a.pdf', type: '' }, bytes, 1000, (piece) => { length += piece.length; });
      console.log(code, length > 150);`;
    const flags = ['--disallow-code-generation-from-strings', '--permission', '--allow-fs-read=*'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...flags,
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(stdout.trim()).toBe('read true');
  });

  test('no more than was asked for, and several files one after the other', async () => {
    const one = reader();
    const pages = Array.from({ length: 40 }, (_, page) => `page ${page} of the plan`);
    const results = await Promise.all([
      one.read(PDF, new Uint8Array(makePdf(pages)), 100),
      one.read({ name: 'a.txt', type: '' }, Uint8Array.from(Buffer.from('một hai')), 100),
      one.read(PDF, new Uint8Array(makePdf(['last'])), 100),
    ]);
    expect(results.map(({ code }) => code)).toEqual(['read', 'read', 'read']);
    expect(results[0]?.text).toHaveLength(100);
    expect(results.slice(1).map(({ text }) => text.trim())).toEqual(['một hai', 'last']);
  });

  test.each([
    ['encrypted', makePdf(['secret'], { isLocked: true })],
    ['no-text', makePdf([''])],
    ['no-text', fixture('anh-quet.pdf')],
    ['damaged', Buffer.from('%PDF-1.7 and then nothing')],
    ['damaged', Buffer.alloc(0)],
  ])('%s: no text', async (code, bytes) => {
    expect(await reader().read(PDF, Uint8Array.from(bytes), 1000)).toEqual({ text: '', code });
  });

  test('a font that does not say which characters it draws gives no words', async () => {
    const differences = '[1 /uniE001 /uniE002 /uniE003]';
    const font = `/Subtype /Type1 /BaseFont /Odd /Encoding << /Type /Encoding /Differences ${differences} >>`;
    expect(await textIn(PDF, Uint8Array.from(makePdf(['\x01\x02\x03'], { font })), 1000)).toBe('');
  });

  test('damaged at any byte it never throws, and never says what is not text', async () => {
    const whole = makePdf(['one line', 'another line']);
    for (let at = 0; at < whole.length; at += 61) {
      const bytes = Uint8Array.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      expect(typeof (await textIn(PDF, bytes, 1000))).toBe('string');
      expect(typeof (await textIn(PDF, Uint8Array.from(whole.subarray(0, at)), 1000))).toBe('string');
    }
  });
});

describe('the thread', () => {
  test('one that never ends is ended', async () => {
    const one = await broken('for (;;);', { maxMs: 200 });
    expect(await one.read(PDF, new Uint8Array(1), 1000)).toEqual({ text: '', code: 'too-slow' });
  });

  test('what one had read before it breaks counts', async () => {
    const one = await broken("parentPort.postMessage({ id, piece: 'first page' }); setImmediate(no.such);");
    expect(await one.read(PDF, new Uint8Array(1), 1000)).toEqual({ text: 'first page', code: 'failed' });
  });

  test.each([
    ['objects', 'Array.from({ length: 10_000 }, () => ({}))'],
    ['bytes', 'new Uint8Array(1_000_000)'],
  ])('one that takes too much memory is ended: %s', async (_what, more) => {
    // Slowly, so that it never meets the limit of the engine itself.
    const rest = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)';
    const one = await broken(`const all = []; for (;;) { all.push(${more}); ${rest}; }`, { maxMemoryMb: 48 });
    expect(await one.read(PDF, new Uint8Array(1), 1000)).toEqual({ text: '', code: 'too-large' });
  });

  test('one that breaks is started anew for the next file', async () => {
    const one = await broken(
      "if (id === 1) process.exit(3); parentPort.postMessage({ id, piece: 'x' }); parentPort.postMessage({ id, code: 'read' });",
    );
    expect((await one.read(PDF, new Uint8Array(1), 1000)).code).toBe('failed');
    expect(await one.read(PDF, new Uint8Array(1), 1000)).toEqual({ text: 'x', code: 'read' });
  });

  test('stopping ends what is being read', async () => {
    const one = await broken('for (;;);');
    const reading = one.read(PDF, new Uint8Array(1), 1000);
    const waiting = one.read(PDF, new Uint8Array(1), 1000);
    await new Promise((resolve) => setImmediate(resolve));
    await one.stop();
    expect([(await reading).code, (await waiting).code]).toEqual(['stopped', 'stopped']);
  });
});
