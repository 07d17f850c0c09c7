import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newId, startEngine } from './support/desk.ts';
import { createFakeFiles } from './support/fakeFiles.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { articleRow } from './support/rows.ts';
import { propose } from './support/writing.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

async function desk() {
  const portal = createFakePortal();
  const files = createFakeFiles(portal);
  const started = await startEngine({ fetch: files.fetch });
  running.push(started.engine);
  const { window, userData } = started;
  await window.must('session.signIn', { account: 'liaison', password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const folder = join(userData, 'desks', (await readdir(join(userData, 'desks')))[0] ?? '', 'files');
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(5000)]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  files.stored.set(sha256, bytes);
  /** An article of somebody else with the file, whose bytes are fetched. */
  const withFile = async () => {
    const articleId = newId('article');
    portal.put('articles', articleRow(articleId));
    const row = { id: `${articleId}.${sha256}`, articleId, sha256, size: bytes.length };
    portal.put('files', {
      ...row,
      type: 'application/pdf',
      addedBy: 'head',
      at: 1,
      held: false,
      storedAt: 2,
    });
    await expect
      .poll(() => window.ask('files.read', { articleId, sha256, offset: 0 }).then((result) => result.ok))
      .toBe(true);
    return { articleId, leave: () => portal.put('files', { id: row.id, articleId, _deleted: true }) };
  };
  return { portal, files, ...started, folder, bytes, sha256, withFile };
}

/** Files of a store that are in their place. */
const placesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('incoming'))
    .map((entry) => join(entry.parentPath, entry.name));
const count = (folder: string) => expect.poll(async () => (await placesIn(folder)).length);

describe('the bytes of a file', () => {
  it('go with the last article that names it, not with the first', async () => {
    const { folder, withFile, engine } = await desk();
    const one = await withFile();
    const two = await withFile();
    await count(folder).toBe(1);
    one.leave();
    await engine.settled();
    expect(await placesIn(folder)).toHaveLength(1);
    two.leave();
    await count(folder).toBe(0);
  });

  it('stay while an own article names them that has not been sent', async () => {
    const { folder, withFile, engine, window, bytes, sha256 } = await desk();
    const other = await withFile();
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
    const uploadId = newId('upload');
    const file = { name: 'a.pdf', type: 'application/pdf', size: bytes.length };
    await window.must('files.begin', { uploadId, articleId, ...file });
    await window.must('files.chunk', { uploadId, offset: 0, bytes: new Uint8Array(bytes) });
    await window.must('files.finish', { uploadId });
    other.leave();
    await engine.settled();
    await propose(window, articleId, 'declare', null);
    await engine.settled();
    expect(await placesIn(folder)).toHaveLength(1);
    expect((await window.must('files.read', { articleId, sha256, offset: 0 })).size).toBe(bytes.length);
  });

  it('that a crash left are removed at the next start; what never had a row is left alone', async () => {
    const { folder, withFile, engine, files, userData } = await desk();
    const gone = await withFile();
    const [place] = await placesIn(folder);
    if (!place) throw new Error('no file');
    const kept = `${folder}-kept`;
    await copyFile(place, kept);
    gone.leave();
    await count(folder).toBe(0);
    running.splice(0);
    await engine.stop();
    // As if it had ended between the row and the bytes.
    await mkdir(dirname(place), { recursive: true });
    await copyFile(kept, place);
    const unknown = join(folder, 'ab', 'cdef');
    await mkdir(dirname(unknown), { recursive: true });
    await writeFile(unknown, 'of a store that was begun afresh');
    const again = await startEngine({ fetch: files.fetch, userData });
    running.push(again.engine);
    await again.window.until('connection.state', {}, (state) => state.online);
    expect(await placesIn(folder)).toEqual([unknown]);
  });
});
