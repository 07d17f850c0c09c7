import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesMap, titleText } from '../../../domain/document/index.ts';
import { openFileStore } from '../../../main/engine/files/fileStore.ts';
import { newFolder, newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakeFiles } from './support/fakeFiles.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { openText, propose } from './support/writing.ts';

const MIB = 1024 * 1024;
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pdf = (size: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);

async function desk() {
  const portal = createFakePortal();
  const files = createFakeFiles(portal);
  const started = await startEngine({ fetch: files.fetch });
  const { window, userData } = started;
  await window.must('session.signIn', { account: 'liaison', password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const folder = join(userData, 'desks', (await readdir(join(userData, 'desks')))[0] ?? '', 'files');
  return { portal, files, ...started, articleId, folder };
}

async function attach(
  window: TestWindow,
  articleId: string,
  bytes: Uint8Array,
  name = 'Công văn.pdf',
  type = 'application/pdf',
) {
  const uploadId = newId('upload');
  await window.must('files.begin', { uploadId, articleId, name, type, size: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += MIB) {
    await window.must('files.chunk', {
      uploadId,
      offset,
      bytes: new Uint8Array(bytes.subarray(offset, offset + MIB)),
    });
  }
  const done = await window.must('files.finish', { uploadId });
  const text = await openText(window, articleId);
  await text.write((doc) =>
    filesMap(doc).set(newId('file'), { ...done, name, type, role: 'attachment', label: '' }),
  );
  return done;
}

/** Files of a store that are in their place. */
const placesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('incoming'))
    .map((entry) => join(entry.parentPath, entry.name));

describe('a file from a window', () => {
  it('is stored under its hash, once, and read back in pieces', async () => {
    const { engine, window, articleId, folder } = await desk();
    const bytes = pdf(2 * MIB + 77);
    const done = await attach(window, articleId, bytes);
    expect(done).toEqual({ sha256: sha(bytes), size: bytes.length });
    expect(await attach(window, articleId, bytes)).toEqual(done);
    expect(await placesIn(folder)).toHaveLength(1);
    expect((await placesIn(folder)).join()).not.toContain(done.sha256.slice(4, 20));
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    const read: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.length; ) {
      const piece = await window.must('files.read', { articleId, sha256: done.sha256, offset });
      expect(piece.bytes.length).toBeLessThanOrEqual(MIB);
      expect(piece.size).toBe(bytes.length);
      read.push(piece.bytes);
      offset += piece.bytes.length;
    }
    expect(sha(Buffer.concat(read))).toBe(done.sha256);
    expect((await window.refusal('files.read', { articleId, sha256: 'a'.repeat(64), offset: 0 })).code).toBe(
      'file-unknown',
    );
    await engine.stop();
  });

  it('takes a piece twice when its answer was lost, and refuses a gap or too much', async () => {
    const { engine, window, articleId } = await desk();
    const bytes = pdf(1000);
    const uploadId = newId('upload');
    const begin = { uploadId, articleId, name: 'a.pdf', type: 'application/pdf', size: 1000 };
    await window.must('files.begin', begin);
    await window.must('files.begin', begin);
    const piece = { uploadId, offset: 0, bytes: new Uint8Array(bytes.subarray(0, 600)) };
    expect(await window.must('files.chunk', piece)).toEqual({ received: 600 });
    expect(await window.must('files.chunk', piece)).toEqual({ received: 600 });
    expect(
      (await window.refusal('files.chunk', { uploadId, offset: 700, bytes: new Uint8Array(10) })).code,
    ).toBe('bad-request');
    expect(
      (await window.refusal('files.chunk', { uploadId, offset: 600, bytes: new Uint8Array(401) })).code,
    ).toBe('bad-request');
    expect(
      await window.must('files.chunk', { uploadId, offset: 600, bytes: new Uint8Array(bytes.subarray(600)) }),
    ).toEqual({ received: 1000 });
    const done = await window.must('files.finish', { uploadId });
    expect(await window.must('files.finish', { uploadId })).toEqual(done);
    expect(done.sha256).toBe(sha(bytes));
    await engine.stop();
  });

  it.each([
    ['file-type-refused', 'virus.exe', 'application/octet-stream', 100],
    ['file-type-refused', 'macro.docm', '', 100],
    ['file-empty', 'a.pdf', 'application/pdf', 0],
    ['file-too-large', 'a.pdf', 'application/pdf', 600 * MIB],
  ])('is refused with %s before any byte of it is taken: %s', async (code, name, type, size) => {
    const { engine, window, articleId, folder } = await desk();
    expect(
      (await window.refusal('files.begin', { uploadId: newId('u'), articleId, name, type, size })).code,
    ).toBe(code);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await engine.stop();
  });

  it('that is no PDF inside, or not whole, is refused, and nothing of it stays', async () => {
    const { engine, window, articleId, folder } = await desk();
    for (const [code, bytes, size] of [
      ['file-type-refused', Buffer.from('MZ this is a program'), 20],
      ['file-damaged', pdf(20), 21],
    ] as const) {
      const uploadId = newId('upload');
      await window.must('files.begin', { uploadId, articleId, name: 'a.pdf', type: 'application/pdf', size });
      await window.must('files.chunk', { uploadId, offset: 0, bytes: new Uint8Array(bytes) });
      expect((await window.refusal('files.finish', { uploadId })).code).toBe(code);
    }
    expect(
      (
        await window.refusal('files.begin', {
          uploadId: newId('u'),
          articleId: 'nowhere',
          name: 'a.pdf',
          type: '',
          size: 5,
        })
      ).code,
    ).toBe('article-unknown');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await engine.stop();
  });

  it('is dropped when it is given up or its window goes', async () => {
    const { engine, window, articleId, folder } = await desk();
    const begin = () => ({
      uploadId: newId('upload'),
      articleId,
      name: 'a.pdf',
      type: 'application/pdf',
      size: 100,
    });
    const first = begin();
    await window.must('files.begin', first);
    await window.must('files.abort', { uploadId: first.uploadId });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await window.must('files.begin', begin());
    expect(await readdir(join(folder, 'incoming'))).toHaveLength(1);
    window.close();
    await expect.poll(() => readdir(join(folder, 'incoming'))).toEqual([]);
    await engine.stop();
  });
});

describe('the store', () => {
  it('removes at its start what was left half-way', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'incoming'));
    await writeFile(join(folder, 'incoming', 'x.part'), 'half');
    await openFileStore(folder, randomBytes(32));
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });
});

describe('sending', () => {
  it('a file that was finished while its article was being declared is not left behind, and goes under its name', async () => {
    const { engine, window, articleId, portal, files } = await desk();
    const bytes = pdf(2000);
    const uploadId = newId('upload');
    await window.must('files.begin', {
      uploadId,
      articleId,
      name: 'a.pdf',
      type: 'application/pdf',
      size: 2000,
    });
    await window.must('files.chunk', { uploadId, offset: 0, bytes: new Uint8Array(bytes) });
    await Promise.all([
      window.must('files.finish', { uploadId }),
      propose(window, articleId, 'declare', null),
    ]);
    await expect.poll(() => portal.rowsOf('files').length, { timeout: 5000 }).toBe(1);
    await expect.poll(() => files.names, { timeout: 5000 }).toEqual(['a.pdf']);
    await engine.stop();
  });

  it('waits for the declaration, goes on from the byte that the portal has, and is done when its store says so', async () => {
    const { engine, window, articleId, portal, files } = await desk();
    const bytes = pdf(7 * MIB);
    const { sha256 } = await attach(window, articleId, bytes);
    await engine.settled();
    expect(portal.requests.filter((one) => one.path.startsWith('/api/files'))).toEqual([]);
    expect(
      (await window.look('outbox.list', {})).items.map((one) => [one.kind, one.state, one.fileName]),
    ).toContainEqual(['file', 'held', 'Công văn.pdf']);
    files.cutAfterPieces = 2;
    await propose(window, articleId, 'declare', null);
    await expect.poll(() => files.stored.has(sha256), { timeout: 10_000 }).toBe(true);
    expect(files.pieces.map((piece) => piece.at)).toEqual([0, 2 * MIB, 4 * MIB, 6 * MIB]);
    expect(files.uploads.size).toBe(1);
    const row = portal.rowsOf('files')[0];
    expect(row).toMatchObject({ id: `${articleId}.${sha256}`, size: bytes.length, held: false });
    portal.put('files', { ...row, id: String(row?.id), storedAt: 12_345 });
    await window.until(
      'articles.detail',
      { articleId },
      (one) => one.files[0]?.storedAt === 12_345 && one.row.pendingFiles === 0,
    );
    await engine.stop();
  });

  it('begins again when the portal has forgotten the upload', async () => {
    const { engine, window, articleId, files, portal } = await desk();
    await attach(window, articleId, pdf(3 * MIB));
    files.cutAfterPieces = 1;
    let forgot = 0;
    portal.intercept = (request) => {
      if (request.method === 'PATCH' && files.pieces.length === 1 && forgot === 0) {
        forgot += 1;
        files.forget();
      }
      return null;
    };
    await propose(window, articleId, 'declare', null);
    await expect.poll(() => files.stored.size, { timeout: 10_000 }).toBe(1);
    await engine.stop();
  });

  it.each(['POST', 'PATCH'])(
    'waits by itself while the portal has no room at %s, and keeps nothing else waiting',
    async (method) => {
      const { engine, window, articleId, files, portal } = await desk();
      await attach(window, articleId, pdf(3 * MIB));
      let full = true;
      portal.intercept = (request) =>
        full && request.method === method && request.path.startsWith('/api/files/uploads')
          ? Response.json({ code: 'portal-full', message: '' }, { status: 507 })
          : null;
      await propose(window, articleId, 'declare', null);
      const isStalled = (items: readonly { kind: string; state: string; code: string | null }[]) =>
        items.some((item) => item.kind === 'file' && item.state === 'waiting' && item.code === 'portal-full');
      await window.until('outbox.list', {}, ({ items }) => isStalled(items));
      expect((await window.look('connection.state', {})).online).toBe(true);
      const text = await openText(window, articleId);
      await text.write((doc) => titleText(doc).insert(0, 'Chữ vẫn đi: '), 'beside');
      await expect.poll(() => portal.rowsOf('updates').some((row) => row.id === 'beside')).toBe(true);
      expect(files.stored.size).toBe(0);
      full = false;
      await window.must('connection.retry', {});
      await expect.poll(() => files.stored.size, { timeout: 10_000 }).toBe(1);
      await engine.stop();
    },
  );

  it('names a file that has vanished, and sends it when it is attached again', async () => {
    const { engine, window, articleId, files, folder, portal } = await desk();
    const bytes = pdf(5000);
    const { sha256 } = await attach(window, articleId, bytes);
    for (const place of await placesIn(folder)) await rm(place);
    await propose(window, articleId, 'declare', null);
    const { items } = await window.until('outbox.list', {}, (one) =>
      one.items.some((item) => item.kind === 'file' && item.state === 'refused'),
    );
    expect(items.find((item) => item.kind === 'file')).toMatchObject({
      code: 'file-vanished',
      fileName: 'Công văn.pdf',
    });
    expect(portal.requests.some((one) => one.method === 'PATCH')).toBe(false);
    await attach(window, articleId, bytes);
    await expect.poll(() => files.stored.has(sha256), { timeout: 10_000 }).toBe(true);
    await engine.stop();
  });
});

describe('reading what is only at the portal', () => {
  it('fetches it, once, and believes only the hash', async () => {
    const { engine, window, articleId, files, portal, folder } = await desk();
    const bytes = pdf(300_000);
    const sha256 = sha(bytes);
    await propose(window, articleId, 'declare', null);
    portal.put('files', {
      id: `${articleId}.${sha256}`,
      articleId,
      sha256,
      size: bytes.length,
      type: 'application/pdf',
      addedBy: 'head',
      at: 1,
      held: false,
      storedAt: 2,
    });
    await engine.settled();
    const args = { articleId, sha256, offset: 0 };
    portal.isDown = true;
    expect((await window.refusal('files.read', args)).code).toBe('portal-unreachable');
    portal.isDown = false;
    expect((await window.refusal('files.read', args)).code).toBe('file-unknown');
    files.stored.set(sha256, Buffer.concat([bytes.subarray(1), Buffer.from('x')]));
    expect((await window.refusal('files.read', args)).code).toBe('file-damaged');
    files.stored.set(sha256, Buffer.concat([bytes, bytes]));
    expect((await window.refusal('files.read', args)).code).toBe('file-damaged');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    files.stored.set(sha256, bytes);
    const gets = () =>
      portal.requests.filter((one) => one.method === 'GET' && one.path.startsWith('/api/files/')).length;
    const before = gets();
    const both = await Promise.all([window.must('files.read', args), window.must('files.read', args)]);
    expect(both.map((one) => one.size)).toEqual([bytes.length, bytes.length]);
    expect(gets() - before).toBe(1);
    await engine.stop();
  });
});

describe('VP17-15.1 the words of attached files', () => {
  const stamped = new TextEncoder().encode('ỦY BAN NHÂN DÂN TỈNH\nTỐI MẬT\nPhương án 03\n');
  const declare = (window: TestWindow, articleId: string) =>
    window.refusal('decisions.propose', {
      decisionId: newId('d'),
      articleId,
      action: 'declare',
      fingerprint: null,
      reason: null,
    });

  it('are read for marks of secrecy, and hold back the declaration, so that nothing leaves', async () => {
    const { engine, window, portal, articleId } = await desk();
    await attach(window, articleId, stamped, 'phuong-an.txt', 'text/plain');
    const detail = await window.until('articles.detail', { articleId }, ({ checks }) =>
      checks.some(({ code }) => code === 'secrecy-mark'),
    );
    expect(detail.checks.find(({ code }) => code === 'secrecy-mark')).toMatchObject({
      severity: 'must',
      ref: 'VP17-15.1',
      place: { kind: 'attachment', name: 'phuong-an.txt', part: 'text', from: 21, to: 28 },
    });
    expect(await declare(window, articleId)).toMatchObject({ code: 'incomplete', ref: 'VP17-15.1' });
    expect(
      portal.requests.filter(({ method, body }) => method === 'POST' && body.includes(articleId)),
    ).toEqual([]);
    await engine.stop();
  });

  it('are waited for when a decision is taken at once', async () => {
    const { engine, window, articleId } = await desk();
    await attach(window, articleId, stamped, 'phuong-an.txt', 'text/plain');
    expect(await declare(window, articleId)).toMatchObject({ code: 'incomplete' });
    await engine.stop();
  });

  it('that cannot be read hold nothing back', async () => {
    const { engine, window, articleId } = await desk();
    await attach(window, articleId, pdf(2_000));
    await propose(window, articleId, 'declare', null);
    await engine.stop();
  });
});
