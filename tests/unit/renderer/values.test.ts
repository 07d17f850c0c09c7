import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../domain/contracts/errors.ts';
import type { Result } from '../../../domain/lib/result.ts';
import { placeOf } from '../../../renderer/data/citation.ts';
import type { EngineClient } from '../../../renderer/data/client.ts';
import { CHUNK_BYTES, uploadFile } from '../../../renderer/features/editor/files/uploadFile.ts';
import { readDay, writeDay } from '../../../renderer/ui/DateField.tsx';

describe('a typed day', () => {
  it.each([
    ['3/9/2026', '2026-09-03'],
    ['03/09/2026', '2026-09-03'],
    [' 3-9-26 ', '2026-09-03'],
    ['03.9.2026', '2026-09-03'],
    ['2026-09-03', '2026-09-03'],
    ['29/2/2028', '2028-02-29'],
    ['29/2/2026', null],
    ['31/11/2026', null],
    ['9/13/2026', null],
    ['hôm nay', null],
    ['', null],
  ])('%j is read as %j', (typed, day) => {
    expect(readDay(typed)).toBe(day);
  });

  it.each([
    ['2026-09-03', '03/9/2026'],
    ['2026-02-03', '03/02/2026'],
    ['2026-12-31', '31/12/2026'],
    ['', ''],
  ])('%j is written as %j', (day, text) => {
    expect(writeDay(day)).toBe(text);
  });
});

describe('a place in a regulation', () => {
  it.each([
    ['VP17-7.4', 'Điều 7 khoản 4', 'Art. 7(4)'],
    ['VP17-4.15.b', 'Điều 4 khoản 15 điểm b', 'Art. 4(15)(b)'],
    ['VP17-5', 'Điều 5', 'Art. 5'],
    ['WF9', '', ''],
    ['', '', ''],
  ])('%s', (ref, vietnamese, english) => {
    expect(placeOf(ref, 'vi')).toBe(vietnamese);
    expect(placeOf(ref, 'en')).toBe(english);
  });
});

describe('attaching a file', () => {
  const pdf = (size: number) => {
    const bytes = new Uint8Array(size);
    bytes.set(new TextEncoder().encode('%PDF-1.7'));
    return new File([bytes], 'van-ban.pdf', { type: 'application/pdf' });
  };
  const engine = (refuse: Record<string, string> = {}) => {
    const asked: { name: string; args: Record<string, unknown> }[] = [];
    const ask = async (name: string, args: Record<string, unknown>): Promise<Result<unknown>> => {
      asked.push({ name, args });
      const code = refuse[name];
      if (code) return { ok: false, error: { code } };
      return { ok: true, value: name === 'files.finish' ? { sha256: 'a'.repeat(64), size: 7 } : {} };
    };
    return { asked, client: { ask } as unknown as Pick<EngineClient, 'ask'> };
  };
  const go = (client: Pick<EngineClient, 'ask'>, file: File, isCancelled = () => false) =>
    uploadFile(client, 'article', 'upload', file, () => {}, isCancelled);

  it('carries it in pieces, in order, and names what the engine found', async () => {
    const { client, asked } = engine();
    const result = await go(client, pdf(CHUNK_BYTES * 2 + 5));
    expect(result).toEqual({
      ok: true,
      value: { sha256: 'a'.repeat(64), size: 7, name: 'van-ban.pdf', type: 'application/pdf' },
    });
    const pieces = asked.filter(({ name }) => name === 'files.chunk').map(({ args }) => args);
    expect(pieces.map((piece) => piece.offset)).toEqual([0, CHUNK_BYTES, CHUNK_BYTES * 2]);
    expect(pieces.map((piece) => (piece.bytes as Uint8Array).byteLength)).toEqual([
      CHUNK_BYTES,
      CHUNK_BYTES,
      5,
    ]);
  });

  it.each([
    ['an executable', new File([new Uint8Array(20)], 'cai-dat.exe'), 'file-type-refused'],
    [
      'a program under another name',
      new File([new Uint8Array([0x4d, 0x5a, ...Array(20).fill(0)])], 'a.pdf'),
      'file-type-refused',
    ],
    ['an empty file', new File([], 'a.pdf', { type: 'application/pdf' }), 'file-empty'],
  ])('refuses %s before a byte is sent', async (_name, file, code) => {
    const { client, asked } = engine();
    const result = await go(client, file);
    expect(result?.ok === false && result.error.code).toBe(code);
    expect(ERROR_CODES as readonly string[]).toContain(code);
    expect(asked).toEqual([]);
  });

  it('says when the file vanished, and gives up what was begun', async () => {
    const { client, asked } = engine();
    const file = pdf(CHUNK_BYTES + 1);
    const slice = file.slice.bind(file);
    Object.defineProperty(file, 'slice', {
      value: (from: number, to: number) =>
        from > 0
          ? { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }
          : slice(from, to),
    });
    const result = await go(client, file);
    expect(result).toEqual({ ok: false, error: { code: 'file-vanished' } });
    expect(asked.at(-1)?.name).toBe('files.abort');
  });

  it('says so when the file became shorter while it was read', async () => {
    const { client, asked } = engine();
    const file = pdf(100);
    const slice = file.slice.bind(file);
    Object.defineProperty(file, 'slice', {
      value: (from: number, to: number) => slice(from, Math.min(to, 50)),
    });
    expect(await go(client, file)).toEqual({ ok: false, error: { code: 'file-vanished' } });
    expect(asked.at(-1)?.name).toBe('files.abort');
  });

  it('stops when the disk is full', async () => {
    const { client, asked } = engine({ 'files.chunk': 'disk-full' });
    const result = await go(client, pdf(100));
    expect(result).toEqual({ ok: false, error: { code: 'disk-full' } });
    expect(asked.at(-1)?.name).toBe('files.abort');
  });

  it('answers nothing when it was cancelled', async () => {
    const { client, asked } = engine();
    expect(await go(client, pdf(100), () => true)).toBeNull();
    expect(asked.map(({ name }) => name)).toEqual(['files.begin', 'files.abort']);
  });
});
