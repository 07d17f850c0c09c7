import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../../../main/engine/custody/custody.ts';
import { SCRYPT_COST } from '../../../main/engine/custody/wrap.ts';
import type { EngineOptions } from '../../../main/engine/engine.ts';
import { newFolder, newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakePortal, type FakePortal } from './support/fakePortal.ts';

const PORTAL = 'http://127.0.0.1:1';
const noKeyStore = () => Promise.reject(new Error('no key store'));
const all = { view: 'all', sort: 'due', offset: 0, count: 9 } as const;

type Started = Awaited<ReturnType<typeof startEngine>>;

/** A desk of the liaison officer, with an article that was never sent. */
async function made(portal: FakePortal, options: Partial<EngineOptions> = {}) {
  const desk = await startEngine({ fetch: portal.fetch, ...options });
  await desk.window.must('session.signIn', { account: 'liaison', password: 'right' });
  await desk.window.until('directory.all', {}, (directory) => directory.profile !== null);
  const articleId = newId('article');
  await desk.window.must('articles.create', { articleId, categoryId: 'other', title: 'Chưa gửi' });
  await desk.engine.stop();
  return { userData: desk.userData, articleId, folder: folderOf(desk.userData, PORTAL, 'liaison') };
}

async function again(
  portal: FakePortal,
  userData: string,
  options: Partial<EngineOptions> = {},
): Promise<Started> {
  const desk = await startEngine({ fetch: portal.fetch, userData, ...options });
  onTestFinished(() => desk.engine.stop());
  return desk;
}

const signIn = (window: TestWindow, password: string, more: object = {}) =>
  window.ask('session.signIn', { account: 'liaison', password, ...more });
const titles = async (window: TestWindow) =>
  (await window.look('articles.list', all)).rows.map((row) => row.title);
const keysIn = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as Record<string, unknown>;
const changePassword = (portal: FakePortal, password: string) => {
  portal.password = password;
};

describe('the file of keys', () => {
  it('holds the key only wrapped, by the key store and by the password', async () => {
    const secrets: string[] = [];
    const portal = createFakePortal();
    const { folder } = await made(portal, {
      protect: async (text) => {
        secrets.push(text);
        return Buffer.from(`protected ${text}`).toString('base64');
      },
    });
    const keys = await keysIn(folder);
    const made1 = JSON.parse(secrets.find((text) => text.includes('"desk"')) ?? '{}') as { key: string };
    expect(Buffer.from(made1.key, 'base64')).toHaveLength(32);
    const password = keys.password as Record<string, unknown>;
    expect({ kdf: password.kdf, system: typeof keys.system }).toEqual({ kdf: 'scrypt', system: 'string' });
    const text = JSON.stringify({ ...keys, system: null });
    for (const form of [made1.key, Buffer.from(made1.key, 'base64').toString('hex'), 'right'])
      expect(text).not.toContain(form);
    expect(SCRYPT_COST).toBeGreaterThanOrEqual(2 ** 17);
  });

  it('names the account and the portal, and nothing else of the person', async () => {
    const { folder, userData } = await made(createFakePortal());
    const text = await readFile(join(folder, 'keys.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ account: 'liaison', portalUrl: PORTAL, generation: 0 });
    expect(text).not.toContain('unit-a');
    expect(basename(folder)).toMatch(/^[0-9a-f]{32}$/);
    expect(await readdir(join(userData, 'desks'))).toEqual([basename(folder)]);
  });

  it('has a copy that serves when it is damaged or lost', async () => {
    const portal = createFakePortal();
    const { folder, userData } = await made(portal);
    await writeFile(join(folder, 'keys.json'), '{"format":1');
    const second = await startEngine({ fetch: portal.fetch, userData });
    expect(await titles(second.window)).toEqual(['Chưa gửi']);
    await second.engine.stop();
    await rm(join(folder, 'keys.json'));
    const third = await again(portal, userData);
    expect(await titles(third.window)).toEqual(['Chưa gửi']);
  });
});

describe('without a key store', () => {
  it('the desk waits for the password after a start, and opens offline', async () => {
    const portal = createFakePortal();
    const { userData, folder } = await made(portal, { protect: noKeyStore });
    expect(await keysIn(folder)).toMatchObject({ system: null });
    portal.isDown = true;
    const { window } = await again(portal, userData, { protect: noKeyStore });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'locked', hasDeskHere: true });
    expect(await titles(window)).toEqual([]);
    expect((await window.refusal('documents.open', { articleId: 'x' })).code).toBe('not-signed-in');
    expect(await signIn(window, 'wrong')).toMatchObject({
      ok: false,
      error: { code: 'wrong-password-here' },
    });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'locked' });
    expect(await signIn(window, 'right')).toMatchObject({ ok: true, value: { status: 'expired' } });
    expect(await titles(window)).toEqual(['Chưa gửi']);
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'other', title: 'Viết ngoại tuyến' });
    await window.until('connection.state', {}, (state) => !state.online && !state.reachable);
    portal.isDown = false;
    await window.must('connection.retry', {});
    await window.until('connection.state', {}, (state) => !state.online && state.reachable);
    expect(await signIn(window, 'right')).toMatchObject({ ok: true, value: { status: 'signed-in' } });
    await window.until('connection.state', {}, (state) => state.online);
    expect((await titles(window)).sort()).toEqual(['Chưa gửi', 'Viết ngoại tuyến']);
  });

  it('an engine that is started again gets key and session back from the shell, which forgets them at sign-out', async () => {
    const portal = createFakePortal();
    const kept: Record<string, string> = {};
    const hold = (name: string, value: string | null) => {
      if (value === null) delete kept[name];
      else kept[name] = value;
    };
    const { userData } = await made(portal, { protect: noKeyStore, hold });
    expect(Object.keys(kept)).toHaveLength(2);
    const { window } = await again(portal, userData, { protect: noKeyStore, hold, held: { ...kept } });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'signed-in' });
    expect(await titles(window)).toEqual(['Chưa gửi']);
    await window.must('session.signOut', {});
    expect(kept).toEqual({});
    portal.isDown = true;
    expect(await signIn(window, 'wrong')).toMatchObject({ error: { code: 'wrong-password-here' } });
    expect(await signIn(window, 'right')).toMatchObject({ ok: true });
    expect(await titles(window)).toEqual(['Chưa gửi']);
  });
});

describe('with a key store', () => {
  it('that lost its key the password opens the desk, and the new key store keeps it from then on', async () => {
    const portal = createFakePortal();
    const { userData } = await made(portal);
    const second = await startEngine({ fetch: portal.fetch, userData, unprotect: noKeyStore });
    expect(await second.window.look('session.state', {})).toMatchObject({ status: 'locked' });
    await second.engine.stop();
    portal.isDown = true;
    const protect = async (text: string) => Buffer.from(`other ${text}`).toString('base64');
    const unprotect = async (base64: string) => {
      const text = Buffer.from(base64, 'base64').toString();
      if (!text.startsWith('other ')) throw new Error('sealed elsewhere');
      return text.slice(6);
    };
    const third = await startEngine({ fetch: portal.fetch, userData, protect, unprotect });
    expect(await signIn(third.window, 'right')).toMatchObject({ ok: true });
    await third.engine.stop();
    const fourth = await again(portal, userData, { protect, unprotect });
    expect(await titles(fourth.window)).toEqual(['Chưa gửi']);
  });

  it('a password changed at the portal replaces the former one here without a word', async () => {
    const portal = createFakePortal();
    const { userData } = await made(portal);
    changePassword(portal, 'newer');
    const second = await startEngine({ fetch: portal.fetch, userData });
    expect(await signIn(second.window, 'newer')).toMatchObject({ ok: true });
    await second.window.must('session.signOut', {});
    portal.isDown = true;
    expect(await signIn(second.window, 'right')).toMatchObject({ error: { code: 'wrong-password-here' } });
    expect(await signIn(second.window, 'newer')).toMatchObject({ ok: true });
    expect(await titles(second.window)).toEqual(['Chưa gửi']);
    await second.engine.stop();
  });

  it('does not open the desk for any password when somebody signs in offline', async () => {
    const portal = createFakePortal();
    const { userData } = await made(portal);
    const { window } = await again(portal, userData);
    await window.must('session.signOut', {});
    portal.isDown = true;
    expect(await signIn(window, 'anything')).toMatchObject({ error: { code: 'wrong-password-here' } });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'signed-out' });
    expect(await window.ask('session.signIn', { account: 'head', password: 'right' })).toMatchObject({
      error: { code: 'portal-unreachable' },
    });
  });
});

describe('when neither the key store nor the password of now opens it', () => {
  async function changed() {
    const portal = createFakePortal();
    const desk = await made(portal, { protect: noKeyStore });
    changePassword(portal, 'newer');
    const started = await again(portal, desk.userData, { protect: noKeyStore });
    return { portal, ...desk, ...started };
  }

  it('asks for the former password, changes nothing meanwhile, and needs it once', async () => {
    const { portal, userData, window, folder, engine } = await changed();
    const before = await readFile(join(folder, 'keys.json'), 'utf8');
    expect(await signIn(window, 'newer')).toMatchObject({ error: { code: 'former-password' } });
    expect(portal.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/session' });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'locked' });
    expect(await signIn(window, 'newer', { formerPassword: 'wrong' })).toMatchObject({
      error: { code: 'former-password-wrong' },
    });
    expect(await readFile(join(folder, 'keys.json'), 'utf8')).toBe(before);
    expect(await signIn(window, 'newer', { formerPassword: 'right' })).toMatchObject({ ok: true });
    expect(await titles(window)).toEqual(['Chưa gửi']);
    await engine.stop();
    const next = await again(portal, userData, { protect: noKeyStore });
    expect(await signIn(next.window, 'newer')).toMatchObject({ ok: true });
    expect(await titles(next.window)).toEqual(['Chưa gửi']);
  });

  it('puts the desk aside whole when the person chooses so, and never otherwise', async () => {
    const { portal, userData, window, folder, engine } = await changed();
    const files = (await readdir(folder)).sort();
    expect(await signIn(window, 'newer', { afresh: true })).toMatchObject({ ok: true });
    await window.until('directory.all', {}, (directory) => directory.profile !== null);
    expect(await titles(window)).toEqual([]);
    expect(await keysIn(folder)).toMatchObject({ generation: 1 });
    const aside = (await readdir(join(userData, 'desks'))).filter((name) => name.includes('.aside-'));
    expect(aside).toHaveLength(1);
    expect((await readdir(join(userData, 'desks', aside[0] ?? ''))).sort()).toEqual(files);
    await engine.stop();

    // What was put aside still opens with the former password.
    await rm(folder, { recursive: true });
    await rename(join(userData, 'desks', aside[0] ?? ''), folder);
    const back = await again(portal, userData, { protect: noKeyStore });
    expect(await signIn(back.window, 'newer', { formerPassword: 'right' })).toMatchObject({ ok: true });
    expect(await titles(back.window)).toEqual(['Chưa gửi']);
  });
});

describe('a desk whose file of keys is gone', () => {
  it('is named and left alone', async () => {
    const portal = createFakePortal();
    const { userData, folder } = await made(portal);
    await rm(join(folder, 'keys.json'));
    await rm(join(folder, 'backups'), { recursive: true });
    const { window } = await again(portal, userData);
    expect(await window.look('session.state', {})).toMatchObject({ status: 'locked' });
    expect(await signIn(window, 'right')).toMatchObject({ error: { code: 'key-missing' } });
    expect(await readdir(folder)).toContain('desk.sqlite');
    expect(await signIn(window, 'right', { afresh: true })).toMatchObject({ ok: true });
    expect((await readdir(join(userData, 'desks'))).filter((name) => name.includes('.aside-'))).toHaveLength(
      1,
    );
  });

  it('or another desk’s does not open', async () => {
    const portal = createFakePortal();
    const { userData, folder } = await made(portal);
    const other = await startEngine({ fetch: portal.fetch, userData });
    await other.window.must('session.signIn', { account: 'translator', password: 'right' });
    await other.engine.stop();
    const foreign = folderOf(userData, PORTAL, 'translator');
    for (const place of ['keys.json', 'backups/keys.json'])
      await cp(join(foreign, place), join(folder, place));
    const { window } = await again(portal, userData);
    await window.must('session.signOut', {});
    portal.isDown = true;
    expect((await signIn(window, 'right')).ok).toBe(false);
    expect((await readdir(folder)).filter((name) => name.startsWith('desk.sqlite'))).toContain('desk.sqlite');
  });
});

describe('a store that is not sealed', () => {
  it('is a trouble, not a loss', async () => {
    const portal = createFakePortal();
    const { userData, folder } = await made(portal);
    const { DatabaseSync } = await import('node:sqlite');
    for (const name of await readdir(folder))
      if (name.startsWith('desk.sqlite')) await rm(join(folder, name));
    const plain = join(await newFolder(), 'plain.sqlite');
    const { createDatabaseFile } = await import('../../../main/engine/store/create.ts');
    createDatabaseFile(plain);
    new DatabaseSync(plain).close();
    await cp(plain, join(folder, 'desk.sqlite'));
    const { window } = await again(portal, userData);
    expect(await window.look('store.trouble', {})).toMatchObject({
      trouble: { code: 'store-not-sealed', mayStartAfresh: true, folder: basename(folder) },
    });
    expect(await readdir(folder)).toContain('desk.sqlite');
  });
});
