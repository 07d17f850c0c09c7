import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore as TusStore } from '@tus/file-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { reconcileUploads } from '../../../portal/files/finishUpload.ts';
import { sha256Of, type TestDesk, usePortal } from './support.ts';

const held = usePortal();
let url: string;
let writer: TestDesk;
let articleId: string;

beforeAll(async () => {
  url = await held.test.listen();
  writer = await held.test.as('writer');
  articleId = (await writer.newArticle()).id;
});

const pdf = (size: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size)]);
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function begin(
  size: number,
  sha256: string,
  more: { name?: string; type?: string; article?: string; desk?: TestDesk } = {},
): Promise<Response> {
  const metadata = {
    sha256,
    articleId: more.article ?? articleId,
    filename: more.name ?? 'Văn bản.pdf',
    filetype: more.type ?? 'application/pdf',
  };
  return fetch(`${url}/api/files/uploads`, {
    method: 'POST',
    headers: {
      ...(more.desk ?? writer).headers,
      'tus-resumable': '1.0.0',
      'upload-length': String(size),
      'upload-metadata': Object.entries(metadata)
        .map(([key, value]) => `${key} ${base64(value)}`)
        .join(','),
    },
  });
}

const send = (location: string, offset: number, bytes: Uint8Array, desk = writer): Promise<Response> =>
  fetch(url + location, {
    method: 'PATCH',
    headers: {
      ...desk.headers,
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: bytes as BodyInit,
  });
const ask = (location: string, desk = writer): Promise<Response> =>
  fetch(url + location, { method: 'HEAD', headers: { ...desk.headers, 'tus-resumable': '1.0.0' } });
const stored = (
  sha256: string,
  init: RequestInit = {},
  desk = writer,
  article = articleId,
): Promise<Response> =>
  fetch(`${url}/api/files/${sha256}?articleId=${article}`, {
    ...init,
    headers: { ...desk.headers, ...init.headers },
  });

describe('an upload', () => {
  it('goes on where it was cut off, and the store has it under its digest', async () => {
    const bytes = pdf(300_000);
    const sha256 = sha256Of(bytes);
    await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
    expect((await stored(sha256, { method: 'HEAD' })).status).toBe(404);
    const begun = await begin(bytes.byteLength, sha256);
    expect(begun.status).toBe(201);
    const location = begun.headers.get('location') ?? '';
    expect(location).toMatch(/^\/api\/files\/uploads\/[0-9a-f]+$/);
    expect((await send(location, 0, bytes.subarray(0, 100_000))).status).toBe(204);
    expect((await ask(location)).headers.get('upload-offset')).toBe('100000');
    expect((await send(location, 50_000, bytes.subarray(50_000))).status).toBe(409);
    expect((await send(location, 100_000, bytes.subarray(100_000))).status).toBe(204);

    const head = await stored(sha256, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(bytes.byteLength));
    expect(sha256Of(new Uint8Array(await (await stored(sha256)).arrayBuffer()))).toBe(sha256);
    const row = (await writer.pull('files')).get(`${articleId}.${sha256}`);
    expect(row?.storedAt).toBeGreaterThan(0);
    expect((await ask(location)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
  });

  it('with other bytes than announced is refused and removed', async () => {
    const bytes = pdf(5_000);
    const sha256 = sha256Of(pdf(5_000));
    const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
    const answer = await send(location, 0, bytes);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'file-damaged',
      message: expect.stringContaining('Tệp'),
    });
    expect((await ask(location)).status).toBe(404);
    expect((await stored(sha256, { method: 'HEAD' })).status).toBe(404);
    expect(await readdir(held.test.portal.files.uploadsFolder)).not.toContain(location.split('/').at(-1));
  });

  it('of a program under the name of a document is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('MZ'), randomBytes(500)]);
    const location = (await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '';
    const answer = await send(location, 0, bytes);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'file-type-refused' });
  });

  it.each([
    [
      'of a refused type',
      { name: 'tro-choi.exe', type: 'application/octet-stream' },
      415,
      'file-type-refused',
      10,
    ],
    ['of another type than its name', { name: 'a.pdf', type: 'image/png' }, 415, 'file-type-refused', 10],
    ['that is too large', {}, 413, 'file-too-large', 600 * 1024 * 1024],
    ['that is empty', {}, 400, 'file-empty', 0],
    ['for an article that nobody declared', { article: 'nobody-declared' }, 409, 'not-declared', 10],
  ] as const)('%s does not begin', async (_, more, status, code, size) => {
    const answer = await begin(size, sha256Of(randomBytes(8)), more);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('needs its digest, and somebody who may write the article', async () => {
    expect(await (await begin(10, 'not-a-digest')).json()).toMatchObject({ code: 'bad-request' });
    const stranger = await held.test.as('stranger');
    const refused = await begin(10, sha256Of(randomBytes(8)), { desk: stranger });
    expect(refused.status).toBe(403);
    const plain = await fetch(`${url}/api/files/uploads`, { method: 'POST' });
    expect(plain.status).toBe(401);
    expect(await plain.json()).toMatchObject({ code: 'not-signed-in' });
  });

  it('is nobody else’s to go on with', async () => {
    const bytes = pdf(1_000);
    const location = (await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '';
    const colleague = await held.test.as('colleague');
    expect((await ask(location, colleague)).status).toBe(404);
    expect((await send(location, 0, bytes, colleague)).status).toBe(404);
    expect((await send(location, 0, bytes)).status).toBe(204);
  });

  it('of bytes that the store has is answered at once', async () => {
    const bytes = pdf(20_000);
    const sha256 = sha256Of(bytes);
    const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
    await send(location, 0, bytes);
    const second = await writer.newArticle();
    const row = writer.fileRow(second.id, bytes, 'application/pdf');
    const { conflicts } = await writer.push('files', [row]);
    expect(conflicts).toMatchObject([{ id: row.id, storedAt: expect.any(Number) }]);
    const again = await begin(bytes.byteLength, sha256, { article: second.id });
    expect(again.status).toBe(201);
    expect(again.headers.get('upload-offset')).toBe(String(bytes.byteLength));
    const known = again.headers.get('location') ?? '';
    expect((await ask(known)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
    expect((await send(known, 0, bytes)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
    expect((await stored(sha256, {}, writer, second.id)).status).toBe(200);
  });

  it('that was whole when the portal was killed is taken at the next start', async () => {
    const bytes = pdf(4_000);
    const sha256 = sha256Of(bytes);
    await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
    const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
    const folder = held.test.portal.files.uploadsFolder;
    // The bytes are there, but the hook that takes them never ran.
    await writeFile(join(folder, location.split('/').at(-1) ?? ''), bytes);
    await reconcileUploads(held.test.portal, new TusStore({ directory: folder }));
    expect((await stored(sha256, { method: 'HEAD' })).status).toBe(200);
    expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBeGreaterThan(0);
  });

  it('whose end was never answered is taken when the client asks how far it is', async () => {
    const bytes = pdf(4_000);
    const location = (await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '';
    await writeFile(join(held.test.portal.files.uploadsFolder, location.split('/').at(-1) ?? ''), bytes);
    expect((await ask(location)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
    expect(await held.test.portal.files.sizeOf(sha256Of(bytes))).toBe(bytes.byteLength);
  });
});

describe('a stored file', () => {
  it('is read in ranges, and only by those who may see its article', async () => {
    const bytes = pdf(10_000);
    const sha256 = sha256Of(bytes);
    await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
    await send((await begin(bytes.byteLength, sha256)).headers.get('location') ?? '', 0, bytes);
    const part = await stored(sha256, { headers: { range: 'bytes=100-199' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${bytes.byteLength}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
    expect((await stored(sha256, { headers: { range: 'bytes=99999-' } })).status).toBe(416);
    const stranger = await held.test.as('stranger');
    const refused = await stored(sha256, {}, stranger);
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ code: 'file-unknown' });
    const publicly = await fetch(`${url}/tep/${sha256}/a.pdf`);
    expect(publicly.status).toBe(404);
  });
});
