import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Upload } from '@tus/server';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { reconcileUploads } from '../../../portal/files/finishUpload.ts';
import { removeUnnamed } from '../../../portal/files/removeUnnamed.ts';
import { S3FileStore } from '../../../portal/storage/s3FileStore.ts';
import { type FakeS3, startFakeS3 } from '../support/fakeS3.ts';
import {
  makePortal,
  publishArticle,
  sha256Of,
  startTestServer,
  type TestDesk,
  type TestPortal,
  type TestServer,
} from './support.ts';

const DAY_MS = 86_400_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
afterEach(() => vi.restoreAllMocks());

describe.each(['disk', 's3'] as const)('files on %s:', (kind) => {
  let s3: FakeS3 | null = null;
  let test: TestPortal;
  let url: string;
  let writer: TestDesk;
  let articleId: string;

  beforeAll(async () => {
    s3 = kind === 's3' ? await startFakeS3() : null;
    test = await makePortal(server, s3 ? { files: new S3FileStore(s3.place) } : {});
    url = await test.listen();
    writer = await test.as('writer');
    articleId = (await writer.newArticle()).id;
  });
  afterAll(async () => {
    await test?.close();
    await s3?.stop();
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

  const send = (
    location: string,
    offset: number,
    bytes: Uint8Array,
    desk = writer,
    at = url,
  ): Promise<Response> =>
    fetch(at + location, {
      method: 'PATCH',
      headers: {
        ...desk.headers,
        'tus-resumable': '1.0.0',
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      },
      body: bytes as BodyInit,
    });
  const ask = (location: string, desk = writer, at = url): Promise<Response> =>
    fetch(at + location, { method: 'HEAD', headers: { ...desk.headers, 'tus-resumable': '1.0.0' } });
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
      expect(location).toMatch(/^\/api\/files\/uploads\/[0-9a-z-]+$/);
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
      const left = await test.portal.files.uploads.list();
      expect(left.map((one) => one.id)).not.toContain(location.split('/').at(-1));
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
      const stranger = await test.as('stranger');
      const refused = await begin(10, sha256Of(randomBytes(8)), { desk: stranger });
      expect(refused.status).toBe(403);
      const plain = await fetch(`${url}/api/files/uploads`, { method: 'POST' });
      expect(plain.status).toBe(401);
      expect(await plain.json()).toMatchObject({ code: 'not-signed-in' });
    });

    it('is nobody else’s to go on with', async () => {
      const bytes = pdf(1_000);
      const location = (await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '';
      const colleague = await test.as('colleague');
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
      // The bytes are there, but what takes them never ran.
      vi.spyOn(test.portal.files.uploads, 'head').mockRejectedValueOnce(new Error('killed'));
      expect((await send(location, 0, bytes)).status).toBe(500);
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(404);
      await reconcileUploads(test.portal);
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(200);
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBeGreaterThan(0);
    });

    it('whose end was never answered is taken when the client asks how far it is', async () => {
      const bytes = pdf(4_000);
      const location = (await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '';
      vi.spyOn(test.portal.files.uploads, 'head').mockRejectedValueOnce(new Error('killed'));
      await send(location, 0, bytes);
      expect((await ask(location)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
      expect(await test.portal.files.sizeOf(sha256Of(bytes))).toBe(bytes.byteLength);
    });
    it('whose last step fails says so, and is finished when it is asked for again', async () => {
      const bytes = pdf(50_000);
      const sha256 = sha256Of(bytes);
      await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
      const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      vi.spyOn(test.portal.files.uploads, 'adopt').mockRejectedValueOnce(new Error('the store failed'));
      const answer = await send(location, 0, bytes);
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({ code: 'internal' });
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(404);
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBe(null);
      expect((await ask(location)).headers.get('upload-offset')).toBe(String(bytes.byteLength));
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(200);
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBeGreaterThan(0);
    });

    it('that was taken, but not written down, is written down by the next look', async () => {
      const bytes = pdf(3_000);
      const sha256 = sha256Of(bytes);
      await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
      const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      const { uploads } = test.portal.files;
      const adopt = uploads.adopt.bind(uploads);
      vi.spyOn(test.portal.files, 'sizeOf').mockRejectedValue(new Error('killed'));
      vi.spyOn(uploads, 'adopt').mockImplementation(adopt);
      expect((await send(location, 0, bytes)).status).toBe(500);
      vi.restoreAllMocks();
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBe(null);
      await reconcileUploads(test.portal);
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBeGreaterThan(0);
    });

    it('is finished once when two ask at once what became of it', async () => {
      const bytes = pdf(200_000);
      const sha256 = sha256Of(bytes);
      const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      vi.spyOn(test.portal.files.uploads, 'adopt').mockRejectedValueOnce(new Error('the store failed'));
      await send(location, 0, bytes);
      const answers = await Promise.all([ask(location), ask(location), ask(location)]);
      expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
      expect(await test.portal.files.sizeOf(sha256)).toBe(bytes.byteLength);
    });

    it('goes on while old ones are removed, and is removed itself after a week of silence', async () => {
      const bytes = pdf(30_000);
      const sha256 = sha256Of(bytes);
      const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      for (let offset = 0; offset < 30_000; offset += 10_000) {
        expect((await send(location, offset, bytes.subarray(offset, offset + 10_000))).status).toBe(204);
        await reconcileUploads(test.portal);
      }
      await reconcileUploads(test.portal, Date.now() + 6 * DAY_MS);
      expect((await ask(location)).headers.get('upload-offset')).toBe('30000');
      await reconcileUploads(test.portal, Date.now() + 8 * DAY_MS);
      expect((await ask(location)).status).toBe(404);
      expect((await send(location, 30_000, bytes.subarray(30_000))).status).toBe(404);
      const left = await test.portal.files.uploads.list();
      expect(left.map((one) => one.id)).not.toContain(location.split('/').at(-1));
      const again = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      expect((await send(again, 0, bytes)).status).toBe(204);
      // Whole and taken: nothing of it goes, however old.
      await reconcileUploads(test.portal, Date.now() + 30 * DAY_MS);
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(200);
      expect(await test.portal.files.sizeOf(sha256)).toBe(bytes.byteLength);
    });

    it('into a full store is no success, and goes on when there is room again', async () => {
      const bytes = pdf(40_000);
      const sha256 = sha256Of(bytes);
      await writer.push('files', [writer.fileRow(articleId, bytes, 'application/pdf')]);
      const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
      if (s3) s3.fault = (operation) => (operation === 'UploadPart' ? 'XMinioStorageFull' : null);
      else {
        const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        vi.spyOn(test.portal.files.uploads.tus, 'write').mockRejectedValueOnce(full);
      }
      const answer = await send(location, 0, bytes);
      expect(answer.status).toBe(507);
      expect(await answer.json()).toMatchObject({ code: 'portal-full', message: expect.any(String) });
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(404);
      expect((await writer.pull('files')).get(`${articleId}.${sha256}`)?.storedAt).toBe(null);
      if (s3) s3.fault = () => null;
      const stands = Number((await ask(location)).headers.get('upload-offset'));
      expect((await send(location, stands, bytes.subarray(stands))).status).toBe(204);
      expect((await stored(sha256, { method: 'HEAD' })).status).toBe(200);
    });

    it('that there is no room for does not begin', async () => {
      vi.spyOn(test.portal.files.uploads, 'hasRoomFor').mockResolvedValueOnce(false);
      const answer = await begin(1_000, sha256Of(randomBytes(8)));
      expect(answer.status).toBe(507);
      expect(await answer.json()).toMatchObject({ code: 'portal-full' });
    });

    it('goes through several portals, whichever is asked', async () => {
      const other = await makePortal(server, {
        databaseUrl: test.databaseUrl,
        files: s3 ? new S3FileStore(s3.place) : test.portal.files,
      });
      const urls = [url, await other.listen()];
      try {
        // More than S3's smallest part, in pieces that make none.
        const bytes = pdf(11_000_000);
        const sha256 = sha256Of(bytes);
        const location = (await begin(bytes.byteLength, sha256)).headers.get('location') ?? '';
        const piece = 2_000_000;
        for (let offset = 0, turn = 0; offset < bytes.byteLength; offset += piece, turn += 1) {
          const at = urls[turn % 2] ?? url;
          const answer = await send(location, offset, bytes.subarray(offset, offset + piece), writer, at);
          expect(answer.status).toBe(204);
          expect((await ask(location, writer, urls[(turn + 1) % 2])).headers.get('upload-offset')).toBe(
            String(Math.min(offset + piece, bytes.byteLength)),
          );
        }
        expect(await other.portal.files.sizeOf(sha256)).toBe(bytes.byteLength);
        const read = await (await other.portal.files.read(sha256)).toArray();
        expect(sha256Of(Buffer.concat(read))).toBe(sha256);
      } finally {
        await other.close();
      }
    });
  });

  describe('a file that nothing names', () => {
    it('goes after a week; what an article or a public page names stays', async () => {
      const { files } = test.portal;
      const named = pdf(1_000);
      const shown = pdf(1_200);
      const unnamed = pdf(1_100);
      const { id, doc } = await writer.newArticle({
        files: {
          one: {
            sha256: sha256Of(shown),
            name: 'a.pdf',
            size: shown.byteLength,
            type: 'application/pdf',
            role: 'attachment',
            label: '',
          },
        },
      });
      await writer.push('files', [
        writer.fileRow(articleId, named, 'application/pdf'),
        writer.fileRow(id, shown, 'application/pdf'),
      ]);
      for (const bytes of [named, shown, unnamed])
        await send((await begin(bytes.byteLength, sha256Of(bytes))).headers.get('location') ?? '', 0, bytes);
      const leftover = pdf(900);
      await files.put(leftover);
      await publishArticle(test, id, doc);
      await test.portal.db.deleteFrom('files').where('article_id', '=', id).execute();
      const now = test.portal.now();
      expect(await removeUnnamed(test.portal, Date.now() + 6 * DAY_MS, now + 6 * DAY_MS)).toBe(0);
      // What came in this portal's tests before, named by nothing, goes too.
      await removeUnnamed(test.portal, Date.now() + 8 * DAY_MS, now + 8 * DAY_MS);
      const sizes = [named, shown, unnamed, leftover].map((bytes) => files.sizeOf(sha256Of(bytes)));
      expect(await Promise.all(sizes)).toEqual([named.byteLength, shown.byteLength, null, null]);
      const { rows } = await test.portal.db
        .selectFrom('stored_files')
        .select('sha256')
        .where('sha256', '=', sha256Of(unnamed))
        .execute()
        .then((found) => ({ rows: found }));
      expect(rows).toEqual([]);
      // The very bytes may come once more.
      await writer.push('files', [writer.fileRow(articleId, unnamed, 'application/pdf')]);
      const again = (await begin(unnamed.byteLength, sha256Of(unnamed))).headers.get('location') ?? '';
      expect((await send(again, 0, unnamed)).status).toBe(204);
      expect((await writer.pull('files')).get(`${articleId}.${sha256Of(unnamed)}`)?.storedAt).toBeGreaterThan(
        0,
      );
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
      const stranger = await test.as('stranger');
      const refused = await stored(sha256, {}, stranger);
      expect(refused.status).toBe(404);
      expect(await refused.json()).toMatchObject({ code: 'file-unknown' });
      const publicly = await fetch(`${url}/tep/${sha256}/a.pdf`);
      expect(publicly.status).toBe(404);
    });
  });
});

describe('the S3-compatible store', () => {
  it('says at the start what is wrong with it', async () => {
    const s3 = await startFakeS3();
    try {
      const missing = new S3FileStore({ ...s3.place, bucket: 'another' });
      await expect(missing.open()).rejects.toThrow('another');
      const stranger = { accessKeyId: 'who', secretAccessKey: 'x' };
      await expect(new S3FileStore({ ...s3.place, credentials: stranger }).open()).rejects.toThrow(
        'soan-test',
      );
      await expect(new S3FileStore(s3.place).open()).resolves.toBeUndefined();
    } finally {
      await s3.stop();
    }
  });

  it('takes nothing that is not whole, whatever fails and whichever answer is lost', async () => {
    const s3 = await startFakeS3();
    const files = new S3FileStore(s3.place);
    try {
      const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(6_000_000)]);
      const sha256 = sha256Of(bytes);
      for (const operation of ['UploadPart', 'CompleteMultipartUpload', 'CopyObject', 'DeleteObject']) {
        for (const how of ['InternalError', 'lost']) {
          const id = files.uploads.newName();
          await files.uploads.tus.create(
            new Upload({ id, size: bytes.byteLength, offset: 0, metadata: { sha256 } }),
          );
          // More often than the client tries by itself.
          let times = 5;
          s3.fault = (seen) => (seen === operation && times-- > 0 ? how : null);
          const work = async () => {
            const offset = (await files.uploads.offsetOf(id)) ?? 0;
            if (offset < bytes.byteLength)
              await files.uploads.tus.write(Readable.from([bytes.subarray(offset)]), id, offset);
            return files.uploads.adopt(id, sha256);
          };
          let isTaken = false;
          for (let tries = 0; tries < 6 && !isTaken; tries += 1) {
            isTaken = await work().catch(async () => (await files.sizeOf(sha256)) !== null);
            if (isTaken) {
              const read = await (await files.read(sha256)).toArray();
              expect(sha256Of(Buffer.concat(read)), `${operation} ${how}`).toBe(sha256);
            }
          }
          expect(isTaken, `${operation} ${how}`).toBe(true);
          s3.fault = () => null;
          await files.uploads.drop(id);
          await files.remove(sha256);
          expect([...s3.objects.keys()], `${operation} ${how}`).toEqual([]);
          expect(s3.multiparts.size).toBe(0);
        }
      }
    } finally {
      await s3.stop();
    }
  });
});
