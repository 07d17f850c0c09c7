import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { titleText } from '../../../domain/document/index.ts';
import { createDisk } from '../../../main/engine/documents/disk.ts';
import { createDocuments } from '../../../main/engine/documents/documents.ts';
import { createRegistry } from '../../../main/engine/documents/registry.ts';
import { createWindow, newFolder, newId, startEngine } from './support/desk.ts';
import { createFakePortal, HEAD } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

async function desk(account = 'liaison') {
  const portal = createFakePortal();
  const started = await startEngine({ fetch: portal.fetch });
  await started.window.must('session.signIn', { account, password: 'right' });
  await started.window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  const create = () =>
    started.window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  return { portal, ...started, articleId, create };
}

const updateWith = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  titleText(doc).insert(0, text);
  return Y.encodeStateAsUpdateV2(doc);
};

describe('creating', () => {
  it('twice is creating once', async () => {
    const { engine, window, articleId, create } = await desk();
    await create();
    await create();
    const { doc } = await openText(window, articleId);
    expect(titleText(doc).toString()).toBe('Bài');
    expect(
      (await window.look('articles.list', { view: 'all', sort: 'due', offset: 0, count: 9 })).total,
    ).toBe(1);
    await engine.stop();
  });

  it('is for those who may submit, in a category of the profile that takes articles', async () => {
    const { engine, window } = await desk();
    const args = { articleId: newId('article'), title: '' };
    expect((await window.refusal('articles.create', { ...args, categoryId: 'no-such' })).code).toBe(
      'category-unknown',
    );
    await window.must('session.signOut', {});
    await window.must('session.signIn', { account: 'chief', password: 'right' });
    await window.until('directory.all', {}, (all) => all.profile !== null);
    expect((await window.refusal('articles.create', { ...args, categoryId: 'other' })).code).toBe(
      'wrong-role',
    );
    await engine.stop();
  });
});

describe('appending', () => {
  it('has one effect under one id, and refuses another text under it', async () => {
    const { engine, window, articleId, create } = await desk();
    await create();
    const update = updateWith('x');
    const args = { articleId, updateId: newId('u'), update };
    const first = await window.must('documents.append', args);
    expect(await window.must('documents.append', args)).toEqual(first);
    expect((await window.refusal('documents.append', { ...args, update: updateWith('y') })).code).toBe(
      'bad-request',
    );
    const { doc } = await openText(window, articleId);
    expect(titleText(doc).toString()).toHaveLength(4);
    await engine.stop();
  });

  it('refuses what is no update, and the text stays as it was', async () => {
    const { engine, window, articleId, create } = await desk();
    await create();
    const foreign = new Y.Doc();
    const root = foreign.get('root-v2', Y.XmlElement) as Y.XmlElement;
    root.push([new Y.XmlElement('script')]);
    for (const update of [
      new Uint8Array(),
      new Uint8Array([1, 2, 3]),
      updateWith('x').slice(0, -3),
      new Uint8Array(9_000_000),
    ]) {
      const refusal = await window.refusal('documents.append', { articleId, updateId: newId('u'), update });
      expect(refusal.code).toBe('malformed-update');
    }
    const { doc } = await openText(window, articleId);
    expect(titleText(doc).toString()).toBe('Bài');
    await engine.stop();
  });

  it('refuses articles that are not here, and people who may not write them', async () => {
    const { engine, window, portal } = await desk();
    const nowhere = { articleId: 'nowhere', updateId: newId('u'), update: updateWith('x') };
    expect((await window.refusal('documents.append', nowhere)).code).toBe('article-unknown');
    portal.put('articles', articleOf('of-another-unit', 'unit-b'));
    await window.until('articles.detail', { articleId: 'of-another-unit' }, ({ mayEdit }) => !mayEdit);
    expect(
      (await window.refusal('documents.append', { ...nowhere, articleId: 'of-another-unit' })).code,
    ).toBe('forbidden');
    await engine.stop();
  });

  it('tells the other windows, not the one that wrote', async () => {
    const { engine, window, articleId, create } = await desk();
    const other = createWindow(engine);
    await create();
    await openText(other, articleId);
    const text = await openText(window, articleId);
    await text.write(writeWhole('Một đoạn.'));
    await vi.waitFor(() => expect(other.announcements).toHaveLength(1));
    expect(window.announcements).toHaveLength(0);
    expect(other.announcements[0]?.value).toMatchObject({ articleId, authorId: 'liaison' });
    await engine.stop();
  });

  it('tells every window what came from another desk', async () => {
    const { engine, window, portal, articleId, create } = await desk();
    await create();
    await propose(window, articleId, 'declare', null);
    await openText(window, articleId);
    const update = Buffer.from(updateWith('Từ máy khác ')).toString('base64');
    portal.put('updates', {
      id: newId('u'),
      articleId,
      authorId: HEAD.id,
      deskId: 'other',
      at: 5,
      held: false,
      update,
    });
    await vi.waitFor(() => expect(window.announcements).toHaveLength(1));
    expect(window.announcements[0]?.value).toMatchObject({ articleId, authorId: HEAD.id });
    const { doc } = await openText(window, articleId);
    expect(titleText(doc).toString()).toContain('Từ máy khác ');
    await engine.stop();
  });
});

describe('a disk that takes nothing', () => {
  it('is said with its code; the text in memory does not run ahead of the store', async () => {
    const rows: unknown[] = [];
    let isFull = true;
    const updates = {
      findOne: () => ({ exec: async () => null }),
      find: () => ({ exec: async () => rows }),
      bulkInsert: async (added: unknown[]) => {
        if (isFull) throw Object.assign(new Error('full'), { code: 'STORE_FULL' });
        rows.push(...added);
        return { error: [] };
      },
    };
    const snapshots = { findOne: () => ({ exec: async () => null }) };
    const database = { updates, snapshots } as unknown as Parameters<typeof createDocuments>[0]['database'];
    const registry = createRegistry(database);
    const nothing = () => undefined;
    const disk = createDisk({
      folder: '/nowhere',
      now: () => 7,
      log: nothing,
      onChange: nothing,
      onRecovered: nothing,
    });
    const announce = vi.fn();
    const rights = async () => ({ mayEdit: true, mayContribute: true, held: false });
    const documents = createDocuments({
      nextOrder: () => 1,
      hasLeft: () => false,
      database,
      registry,
      disk,
      deskId: 'd',
      authorId: 'p',
      now: () => 7,
      rights,
      onWritten: () => undefined,
      announce,
    });
    const args = { articleId: 'a', updateId: 'u', update: updateWith('mất') };
    expect(await documents.append(args, 'w')).toEqual({ ok: false, error: { code: 'disk-full' } });
    expect(disk.unsavedSince()).toBe(7);
    expect(announce).not.toHaveBeenCalled();
    expect(titleText(await registry.get('a')).toString()).toBe('');
    isFull = false;
    expect(await documents.append(args, 'w')).toEqual({ ok: true, value: { savedAt: 7 } });
    expect(disk.unsavedSince()).toBeNull();
    expect(titleText(await registry.get('a')).toString()).toBe('mất');
  });
});

describe('a damaged store', () => {
  it('is named as such and left as it is', async () => {
    const { engine, userData, portal } = await desk();
    await engine.stop();
    const folder = join(userData, 'desks', (await readdir(join(userData, 'desks')))[0] ?? '');
    for (const name of await readdir(folder))
      if (name.startsWith('desk.sqlite-')) await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'desk.sqlite'), 'this is no database, but somebody’s letters'.repeat(400));
    const again = await startEngine({ fetch: portal.fetch, userData });
    expect(await again.window.look('store.trouble', {})).toMatchObject({
      trouble: { code: 'store-damaged', backup: null, mayStartAfresh: true },
    });
    expect(await readFile(join(folder, 'desk.sqlite'), 'utf8')).toContain('somebody’s letters');
    await again.engine.stop();
    expect(await readdir(folder)).toContain('desk.sqlite');
  });
});

describe('kill -9 in the middle of writing', () => {
  it('loses nothing that was acknowledged', { timeout: 60_000 }, async () => {
    const portal = createFakePortal();
    const userData = await newFolder();
    const first = await startEngine({ fetch: portal.fetch, userData });
    await first.window.must('session.signIn', { account: 'liaison', password: 'right' });
    await first.window.until('directory.all', {}, (all) => all.profile !== null);
    const articleId = newId('article');
    await first.window.must('articles.create', { articleId, categoryId: 'other', title: '' });
    await first.engine.stop();
    const acknowledged: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const child = fork(
        new URL('./support/writingChild.ts', import.meta.url),
        [userData, articleId, String(round)],
        { silent: true },
      );
      let said = '';
      let inRound = 0;
      child.stderr?.on('data', (data: Buffer) => {
        said += data;
      });
      const enough = new Promise<void>((resolve) => {
        child.on('message', (word: string) => {
          acknowledged.push(word);
          inRound += 1;
          if (inRound > 8 + round) resolve();
        });
      });
      const ended = once(child, 'exit');
      await Promise.race([enough, ended.then(() => Promise.reject(new Error(`the child ended: ${said}`)))]);
      child.kill('SIGKILL');
      await ended;
    }
    portal.isDown = true;
    const { engine, window } = await startEngine({ fetch: portal.fetch, userData });
    const { doc } = await openText(window, articleId);
    const words = new Set(titleText(doc).toString().split(' '));
    expect(acknowledged.length).toBeGreaterThan(40);
    expect(acknowledged.filter((word) => !words.has(word))).toEqual([]);
    await engine.stop();
  });
});

function articleOf(id: string, unitId: string) {
  return {
    id,
    unitId,
    channel: 'vi',
    categoryId: 'other',
    sourceArticleId: null,
    counterpartId: null,
    title: 'Của đơn vị khác',
    summary: '',
    state: 'published',
    version: 1,
    fingerprint: null,
    contributors: [],
    createdBy: 'x',
    createdAt: 1,
    updatedAt: 1,
    submittedAt: 1,
    publishedAt: 1,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  };
}
