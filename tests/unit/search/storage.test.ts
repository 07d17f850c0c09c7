import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openSearch } from '../../../main/engine/search/index.ts';
import { doc, idsFor, KEY, openIn, temporaryFolder } from './support/index.ts';

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    doc(`a${index}`, {
      version: `v${index}`,
      title: `Tin số ${index}`,
      body: `nội dung chung riêng${index}`,
    }),
  );

async function filledFolder(count: number): Promise<string> {
  const folder = await temporaryFolder();
  const search = await openSearch({ folder, key: KEY });
  for (const one of many(count)) search.put(one);
  await search.flush();
  await search.close();
  return folder;
}

describe('the index on disk', () => {
  test('is there again after a restart, with versions, snippets and filters', async () => {
    const search = await openIn(await filledFolder(600));
    expect((await search.known()).get('a17')).toBe('v17');
    const { total, hits } = await search.query({ text: 'riêng17 ', filters: { unitIds: ['unit-a'] } });
    expect(total).toBe(1);
    expect(hits[0]?.snippet.text).toContain('riêng17');
    expect((await search.query({ text: 'noi dung' })).total).toBe(600);
  });

  test('changes and removals, many times over, leave the last state', async () => {
    const folder = await temporaryFolder();
    let search = await openSearch({ folder, key: KEY });
    for (let round = 0; round < 40; round += 1) {
      for (let index = 0; index < 30; index += 1)
        search.put(doc(`a${index}`, { version: `${round}`, body: `vòng lan${round} bài số${index}` }));
      if (round % 5 === 0) await search.flush();
    }
    search.remove('a3');
    await search.flush();
    await search.close();
    search = await openIn(folder);
    expect((await search.query({ text: 'vòng' })).total).toBe(29);
    expect(await idsFor(search, 'lan38 ')).toEqual([]);
    expect((await search.query({ text: 'lan39 ' })).total).toBe(29);
    expect(await idsFor(search, 'số3 ')).toEqual([]);
    const files = await readdir(folder);
    expect(files.length).toBeLessThan(60);
  });

  test('what is removed or replaced is not found, before and after a restart', async () => {
    const folder = await filledFolder(200);
    const counts = async (search: Awaited<ReturnType<typeof openIn>>) => [
      (await search.query({ text: 'noi dung' })).total,
      (await search.query({ text: 'riêng5 ' })).total,
      (await search.query({ text: 'riêng6 ' })).total,
      (await search.query({ text: 'mới6 ' })).total,
    ];
    const before = await openSearch({ folder, key: KEY });
    await before.known();
    before.remove('a5');
    before.put(doc('a6', { body: 'nội dung mới6' }));
    await before.flush();
    expect(await counts(before)).toEqual([199, 0, 0, 1]);
    await before.close();
    expect(await counts(await openIn(folder))).toEqual([199, 0, 0, 1]);
  });

  test('changes in the middle of background work are not undone by it', async () => {
    const search = await openIn(await temporaryFolder(), { sliceMs: 0 });
    const docs = Array.from({ length: 120 }, (_, index) =>
      doc(`a${index}`, { body: Array.from({ length: 300 }, (_, word) => `w${index}x${word}`).join(' ') }),
    );
    await search.known();
    for (const one of docs) search.put(one);
    const removed = new Set<string>();
    for (let next = 0; search.progress().waiting > 0; ) {
      await new Promise((resolve) => setImmediate(resolve));
      // In the index, and often in a segment that is just being joined with others.
      if (search.progress().indexed + removed.size <= next) continue;
      search.remove(`a${next}`);
      removed.add(`a${next}`);
      next += 2;
    }
    await search.flush();
    expect(removed.size).toBeGreaterThan(10);
    expect(search.progress().indexed).toBe(120 - removed.size);
    const { hits, total } = await search.query({ text: 'w', count: 1000 });
    expect(total).toBe(120 - removed.size);
    for (const { articleId } of hits) expect(removed.has(articleId)).toBe(false);
    expect(new Set(hits.map((hit) => hit.articleId)).size).toBe(total);
  });

  test('nothing of the texts stands on disk in the clear', async () => {
    const marks = [
      'Bímật-Tiêuđề-8842',
      'zqxvtomtat',
      'zqxvtruong',
      'zqxvnoidung',
      'zqxvtep',
      'zqxvunit',
      'zqxvid',
    ];
    const folder = await temporaryFolder();
    const seen: Buffer[] = [];
    const collect = async () => {
      for (const name of await readdir(folder)) {
        seen.push(Buffer.from(name));
        const bytes = await readFile(join(folder, name)).catch(() => null);
        if (bytes) seen.push(bytes);
      }
    };
    const search = await openIn(folder, { saveAfterMs: 1 });
    for (let round = 0; round < 50; round += 1) {
      const [title = '', summary, fields, body, attachments, unitId, id] = marks as string[];
      search.put(
        doc(`${id}${round}`, {
          title,
          summary,
          fields,
          body,
          attachments,
          unitId,
          categoryId: 'zqxvloai',
          state: 'zqxvtrang',
        } as object),
      );
      if (round % 3 === 0) await Promise.all([search.flush(), collect(), collect()]);
    }
    await search.flush();
    await collect();
    const all = Buffer.concat(seen);
    expect(all.length).toBeGreaterThan(10_000);
    for (const mark of [...marks, 'bimat', 'tieude', 'zqxvloai', 'zqxvtrang'])
      for (const encoding of ['utf8', 'utf16le'] as const)
        expect(all.includes(Buffer.from(mark, encoding)), mark).toBe(false);
  });

  test.each(['manifest', 'segment', 'texts'])(
    'a damaged %s is reported, never trusted, and put right by putting again',
    async (kind) => {
      const folder = await filledFolder(300);
      const name = (await readdir(folder)).find((one) => one.startsWith(kind)) ?? '';
      const bytes = await readFile(join(folder, name));
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(join(folder, name), bytes);
      const onProblem = vi.fn();
      const search = await openIn(folder, { onProblem });
      const known = await search.known();
      if (kind !== 'texts') {
        expect(onProblem).toHaveBeenCalledWith('damaged', name);
        expect(known.size).toBeLessThan(300);
      }
      // A damaged text costs its snippet alone.
      const { hits } = await search.query({ text: 'noi dung', count: 300 });
      expect(hits.length).toBe(known.size);
      for (const one of many(300)) if (!known.has(one.id)) search.put(one);
      await search.flush();
      expect((await search.query({ text: 'noi dung' })).total).toBe(300);
    },
  );

  test('a missing pack of texts makes its articles unknown', async () => {
    const folder = await filledFolder(300);
    for (const name of await readdir(folder)) if (name.startsWith('texts')) await rm(join(folder, name));
    const onProblem = vi.fn();
    const search = await openIn(folder, { onProblem });
    expect((await search.known()).size).toBe(0);
    expect(onProblem).toHaveBeenCalledWith('damaged', expect.stringMatching(/^texts-/));
  });

  test('one file in the place of another is not taken', async () => {
    const folder = await temporaryFolder();
    const first = await openSearch({ folder, key: KEY });
    first.put(doc('a', { body: 'cũ' }));
    await first.flush();
    const before = (await readdir(folder)).find((one) => one.startsWith('segment')) ?? '';
    const old = await readFile(join(folder, before));
    first.put(doc('a', { version: '2', body: 'mới' }));
    await first.flush();
    await first.close();
    const after = (await readdir(folder)).find((one) => one.startsWith('segment')) ?? '';
    expect(after).not.toBe(before);
    await writeFile(join(folder, after), old);
    const search = await openIn(folder);
    expect((await search.known()).size).toBe(0);
  });

  test('under another key it is built anew', async () => {
    const folder = await filledFolder(20);
    const onProblem = vi.fn();
    const search = await openIn(folder, { key: new Uint8Array(32).fill(9), onProblem });
    expect((await search.known()).size).toBe(0);
    expect(onProblem).toHaveBeenCalledWith('damaged', 'manifest');
    search.put(doc('a', { body: 'mới' }));
    await search.flush();
    expect(await idsFor(search, 'mới')).toEqual(['a']);
  });

  test('a key of another length is refused', async () => {
    await expect(openSearch({ folder: await temporaryFolder(), key: new Uint8Array(16) })).rejects.toThrow(
      RangeError,
    );
  });

  test('what a crash left half-written is removed', async () => {
    const folder = await filledFolder(5);
    await writeFile(join(folder, '.0123456789abcdef.part'), 'half');
    await writeFile(join(folder, 'segment-999'), 'never named');
    const search = await openIn(folder);
    await search.known();
    const names = await readdir(folder);
    expect(names).not.toContain('.0123456789abcdef.part');
    expect(names).not.toContain('segment-999');
  });

  test('a folder that takes nothing is told; the search goes on', async () => {
    const folder = await filledFolder(5);
    const onProblem = vi.fn();
    const search = await openIn(folder, { onProblem });
    await search.known();
    await rm(folder, { recursive: true });
    search.put(doc('b', { body: 'sau khi hỏng' }));
    await expect(search.flush()).rejects.toThrow();
    expect(onProblem).toHaveBeenCalledWith('write-failed', 'ENOENT');
    expect(search.progress().problem).toBe('ENOENT');
    expect(await idsFor(search, 'sau khi')).toEqual(['b']);
  });

  test('progress is told and ends idle', async () => {
    const states: string[] = [];
    const search = await openIn(await temporaryFolder(), { onProgress: ({ state }) => states.push(state) });
    for (const one of many(200)) search.put(one);
    expect(search.progress()).toMatchObject({ waiting: 200 });
    await search.flush();
    expect(search.progress()).toMatchObject({ state: 'idle', indexed: 200, waiting: 0, problem: null });
    expect(states).toContain('idle');
  });
});
