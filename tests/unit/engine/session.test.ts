import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalisePortalUrl } from '../../../main/engine/session/session.ts';
import { newFolder, newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakePortal, type createFakePortal as FakePortalMaker } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

type Portal = ReturnType<typeof FakePortalMaker>;

const signIn = (window: TestWindow, account = 'liaison') =>
  window.ask('session.signIn', { account, password: 'right' });
const refreshes = (portal: Portal) =>
  portal.requests.filter((one) => one.path === '/api/session/refresh').length;

async function signedIn(portal: Portal, account = 'liaison', userData?: string) {
  const desk = await startEngine({ fetch: portal.fetch, ...(userData === undefined ? {} : { userData }) });
  await signIn(desk.window, account);
  await desk.window.until('directory.all', {}, (all) => all.profile !== null);
  return desk;
}

async function draft(window: TestWindow, title = 'Bài') {
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title });
  return articleId;
}

describe('signing in', () => {
  it('says why it did not work, and keeps nothing', async () => {
    const portal = createFakePortal();
    const { engine, window } = await startEngine({ fetch: portal.fetch });
    const wrong = await window.refusal('session.signIn', { account: 'liaison', password: 'wrong' });
    expect(wrong.code).toBe('wrong-password');
    const answers: [string, () => Response][] = [
      ['portal-error', () => new Response('oops', { status: 500 })],
      ['portal-garbage', () => new Response('<html>Wi-Fi sign-in</html>')],
      ['portal-garbage', () => new Response('{"accessToken":"x"}')],
      ['portal-garbage', () => new Response('not found', { status: 404 })],
      ['desk-too-old', () => new Response('{"code":"desk-too-old","message":""}', { status: 426 })],
      ['rate-limited', () => new Response('{}', { status: 429, headers: { 'retry-after': '9' } })],
      ['account-inactive', () => new Response('{"code":"account-inactive","message":""}', { status: 403 })],
    ];
    for (const [code, response] of answers) {
      portal.intercept = response;
      expect((await window.refusal('session.signIn', { account: 'liaison', password: 'right' })).code).toBe(
        code,
      );
    }
    portal.intercept = null;
    portal.isDown = true;
    expect((await window.refusal('session.signIn', { account: 'liaison', password: 'right' })).code).toBe(
      'portal-unreachable',
    );
    expect(await window.look('session.state', {})).toMatchObject({ status: 'signed-out', person: null });
    await engine.stop();
  });

  it('never writes the password or a bare token to disk', async () => {
    const portal = createFakePortal();
    const { engine, window, userData } = await startEngine({ fetch: portal.fetch });
    await signIn(window);
    const text = await readFile(join(userData, 'session.json'), 'utf8');
    expect(text).not.toContain('right');
    expect(text).not.toContain('refresh-token-number');
    await engine.stop();
  });
});

describe('a restart', () => {
  it('without the portal keeps the person signed in, with all their work', async () => {
    const portal = createFakePortal();
    const first = await signedIn(portal);
    const articleId = await draft(first.window, 'Còn đây');
    await first.engine.stop();
    portal.isDown = true;
    const { engine, window } = await startEngine({ fetch: portal.fetch, userData: first.userData });
    expect(await window.look('session.state', {})).toMatchObject({
      status: 'signed-in',
      person: { id: 'liaison' },
    });
    const { rows } = await window.look('articles.list', { view: 'all', sort: 'due', offset: 0, count: 9 });
    expect(rows.map((row) => [row.id, row.title])).toEqual([[articleId, 'Còn đây']]);
    const text = await openText(window, articleId);
    await text.write(writeWhole('Viết khi không có mạng.'));
    await window.until(
      'connection.state',
      {},
      (state) => !state.online && state.problem === 'portal-unreachable' && state.nextTryAt !== null,
    );
    await engine.stop();
  });

  it('renews once for all who wait, and has the next refresh token on disk before it uses the access token', async () => {
    const portal = createFakePortal();
    const first = await signedIn(portal);
    await first.engine.stop();
    const before = refreshes(portal);
    const seen: string[] = [];
    portal.intercept = async (request) => {
      if (request.path.startsWith('/api/sync/')) {
        const stored = JSON.parse(await readFile(join(first.userData, 'session.json'), 'utf8')) as {
          signedIn: { refreshToken: string };
        };
        seen.push(Buffer.from(stored.signedIn.refreshToken, 'base64').toString().replace('protected ', ''));
      }
      return null;
    };
    const { engine, window } = await startEngine({ fetch: portal.fetch, userData: first.userData });
    await window.until('connection.state', {}, (state) => state.online);
    await engine.settled();
    expect(refreshes(portal) - before).toBe(1);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.every((token) => portal.refreshTokens.has(token))).toBe(true);
    await engine.stop();
  });

  it('puts a damaged session file aside and loses no work', async () => {
    const portal = createFakePortal();
    const first = await signedIn(portal);
    const articleId = await draft(first.window);
    await first.engine.stop();
    await writeFile(join(first.userData, 'session.json'), '{"deskId": 5');
    const { engine, window } = await startEngine({ fetch: portal.fetch, userData: first.userData });
    expect(await window.look('session.state', {})).toMatchObject({ status: 'signed-out' });
    expect((await readdir(first.userData)).some((name) => name.includes('damaged'))).toBe(true);
    await signIn(window);
    await window.until('articles.detail', { articleId }, ({ row }) => row.local);
    await engine.stop();
  });

  it('without a key store keeps session and desk open until the app ends, and no longer', async () => {
    const portal = createFakePortal();
    const userData = await newFolder();
    const protect = () => Promise.reject(new Error('no key store'));
    const first = await startEngine({ fetch: portal.fetch, userData, protect });
    await signIn(first.window);
    expect(await first.window.look('session.state', {})).toMatchObject({ status: 'signed-in' });
    expect(await readFile(join(userData, 'session.json'), 'utf8')).toContain('"refreshToken":null');
    await first.engine.stop();
    const second = await startEngine({ fetch: portal.fetch, userData, protect });
    expect(await second.window.look('session.state', {})).toMatchObject({
      status: 'locked',
      person: { id: 'liaison' },
    });
    await second.engine.stop();
  });
});

describe('a session that has run out', () => {
  it('lets work go on here, says so, and sends everything after the next sign-in', async () => {
    const portal = createFakePortal();
    const { engine, window } = await signedIn(portal);
    await engine.settled();
    portal.refreshTokens.clear();
    portal.intercept = (request) =>
      request.path.startsWith('/api/sync/')
        ? new Response('{"code":"not-signed-in","message":""}', { status: 401 })
        : null;
    portal.cutStreams();
    await window.until('session.state', {}, (state) => state.status === 'expired');
    await window.until(
      'connection.state',
      {},
      (state) => !state.online && state.problem === 'session-expired',
    );
    const articleId = await draft(window, 'Vẫn viết được');
    await propose(window, articleId, 'declare', null);
    await window.until(
      'outbox.list',
      {},
      ({ items }) => items.length === 2 && items.every((item) => item.state !== 'accepted'),
    );
    portal.intercept = null;
    await signIn(window);
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.kind === 'text' && item.state === 'accepted'),
    );
    expect(portal.rowsOf('updates')).toHaveLength(1);
    await engine.stop();
  });

  it('is not blamed when the portal takes none of its own fresh tokens', async () => {
    const portal = createFakePortal();
    const { engine, window } = await signedIn(portal);
    portal.intercept = (request) =>
      request.path.startsWith('/api/sync/')
        ? new Response('{"code":"not-signed-in","message":""}', { status: 401 })
        : null;
    portal.cutStreams();
    await window.until('connection.state', {}, (state) => !state.online && state.problem === 'portal-error');
    expect(await window.look('session.state', {})).toMatchObject({ status: 'signed-in' });
    await engine.stop();
  });
});

describe('people at one machine', () => {
  it('do not see each other’s rows, and find their own again', async () => {
    const portal = createFakePortal();
    const { engine, window, userData } = await signedIn(portal);
    const mine = await draft(window, 'Của tôi');
    await window.must('session.signOut', {});
    expect(
      (await window.look('articles.list', { view: 'all', sort: 'due', offset: 0, count: 9 })).total,
    ).toBe(0);
    expect((await window.refusal('documents.open', { articleId: mine })).code).toBe('not-signed-in');
    await signIn(window, 'translator');
    expect(
      (await window.look('articles.list', { view: 'all', sort: 'due', offset: 0, count: 9 })).total,
    ).toBe(0);
    expect((await window.refusal('documents.open', { articleId: mine })).code).toBe('article-unknown');
    expect(await readdir(join(userData, 'desks'))).toHaveLength(2);
    await window.must('session.signOut', {});
    await signIn(window, 'liaison');
    await window.until(
      'articles.list',
      { view: 'all', sort: 'due', offset: 0, count: 9 },
      ({ rows }) => rows[0]?.id === mine,
    );
    await engine.stop();
  });
});

describe('the address of a portal', () => {
  it.each([
    ['https://cong.example.vn/', 'https://cong.example.vn'],
    ['https://cong.example.vn/soan/', 'https://cong.example.vn/soan'],
    ['http://127.0.0.1:3080', 'http://127.0.0.1:3080'],
    ['http://localhost:3080', 'http://localhost:3080'],
    ['http://cong.example.vn', null],
    ['https://a:b@cong.example.vn', null],
    ['https://cong.example.vn/?x=1', null],
    ['file:///etc/passwd', null],
    ['', null],
  ])('%s', (text, expected) => expect(normalisePortalUrl(text)).toBe(expected));

  it('is refused when it can not be one', async () => {
    const portal = createFakePortal();
    const { engine, window } = await startEngine({ fetch: portal.fetch });
    expect((await window.refusal('session.setPortal', { url: 'javascript:alert(1)' })).code).toBe(
      'bad-request',
    );
    expect(await window.must('session.setPortal', { url: 'https://cong.example.vn/' })).toMatchObject({
      portalUrl: 'https://cong.example.vn',
    });
    await engine.stop();
  });
});
