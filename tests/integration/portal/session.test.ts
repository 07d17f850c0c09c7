import { Value } from 'typebox/value';
import { beforeEach, describe, expect, it } from 'vitest';
import { SessionReply } from '../../../domain/contracts/index.ts';
import { LOST_ANSWER_MS } from '../../../portal/session/sessions.ts';
import { ACCESS_MS } from '../../../portal/session/tokens.ts';
import { PASSWORD, usePortal } from './support.ts';

const held = usePortal();

const signIn = (account: string, password = PASSWORD, deskId = 'desk-1') =>
  held.test.app.inject({ method: 'POST', url: '/api/session', payload: { account, password, deskId } });
const refresh = (refreshToken: string, deskId = 'desk-1') =>
  held.test.app.inject({ method: 'POST', url: '/api/session/refresh', payload: { refreshToken, deskId } });
const me = (accessToken: string, headers: Record<string, string> = {}) =>
  held.test.app.inject({ url: '/api/me', headers: { authorization: `Bearer ${accessToken}`, ...headers } });

describe('signing in', () => {
  it('answers with tokens and the person, in the shape of the contract', async () => {
    const reply = await signIn(' Writer ');
    expect(reply.statusCode).toBe(200);
    expect(Value.Check(SessionReply, reply.json())).toBe(true);
    expect(reply.json().person).toMatchObject({ id: 'writer', roles: ['liaison'], unitId: 'mot' });
    const who = await me(reply.json().accessToken);
    expect(who.json().person.id).toBe('writer');
  });

  it('says the same for a wrong password and an unknown account, after the same work', async () => {
    const took = async (account: string) => {
      const start = performance.now();
      const reply = await signIn(account, 'sai');
      return { ms: performance.now() - start, status: reply.statusCode, code: reply.json().code };
    };
    await took('chief');
    const wrong = await took('chief');
    const unknown = await took('khong-co');
    expect(wrong).toMatchObject({ status: 401, code: 'wrong-password' });
    expect(unknown).toMatchObject({ status: 401, code: 'wrong-password' });
    expect(unknown.ms).toBeGreaterThan(wrong.ms / 4);
  });

  it('tells an account that was switched off so, but only after its right password', async () => {
    expect((await signIn('gone')).json().code).toBe('account-inactive');
    expect((await signIn('gone', 'sai')).json().code).toBe('wrong-password');
  });

  it('stops guessing after ten failures of one account, says how long to wait, and lets others in', async () => {
    for (let n = 0; n < 10; n += 1) expect((await signIn('head', `sai ${n}`)).statusCode).toBe(401);
    const stopped = await signIn('head');
    expect(stopped.statusCode).toBe(429);
    expect(stopped.json()).toMatchObject({ code: 'rate-limited' });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(60);
    expect((await signIn('writer')).statusCode).toBe(200);
    held.test.clock.now += 16 * 60_000;
    expect((await signIn('head')).statusCode).toBe(200);
  });
});

describe('refresh tokens', () => {
  let first: { accessToken: string; refreshToken: string };
  beforeEach(async () => {
    first = (await signIn('editor')).json();
  });

  it('are exchanged for the next', async () => {
    const second = (await refresh(first.refreshToken)).json();
    const third = await refresh(second.refreshToken);
    expect(third.statusCode).toBe(200);
    expect((await me(third.json().accessToken)).statusCode).toBe(200);
  });

  it('end the session when an old one comes back after its successor was used', async () => {
    const second = (await refresh(first.refreshToken)).json();
    const third = (await refresh(second.refreshToken)).json();
    expect((await refresh(first.refreshToken)).json().code).toBe('session-expired');
    expect((await refresh(third.refreshToken)).json().code).toBe('session-expired');
    expect((await me(third.accessToken)).json().code).toBe('session-expired');
  });

  it('work again when the answer was lost, and the desk goes on', async () => {
    await refresh(first.refreshToken);
    const again = await refresh(first.refreshToken);
    expect(again.statusCode).toBe(200);
    expect((await refresh(again.json().refreshToken)).statusCode).toBe(200);
  });

  it('do not work again after the time in which an answer may be lost', async () => {
    await refresh(first.refreshToken);
    held.test.clock.now += LOST_ANSWER_MS + 1000;
    expect((await refresh(first.refreshToken)).json().code).toBe('session-expired');
  });

  it('are of no use to another desk, or made up', async () => {
    expect((await refresh(first.refreshToken, 'desk-2')).json().code).toBe('session-expired');
    expect((await refresh('x'.repeat(43))).json().code).toBe('session-expired');
    expect((await refresh(first.refreshToken)).statusCode).toBe(200);
  });
});

describe('access tokens', () => {
  it('expire', async () => {
    const { accessToken } = (await signIn('writer')).json();
    held.test.clock.now += ACCESS_MS + 2000;
    expect((await me(accessToken)).json()).toMatchObject({ code: 'session-expired' });
  });

  it('end with the session', async () => {
    const { accessToken, refreshToken } = (await signIn('writer')).json();
    const out = await held.test.app.inject({
      method: 'DELETE',
      url: '/api/session',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(out.statusCode).toBe(200);
    expect((await me(accessToken)).json().code).toBe('session-expired');
    expect((await refresh(refreshToken)).json().code).toBe('session-expired');
  });

  it('are refused when somebody else signed them, or nobody', async () => {
    const { accessToken } = (await signIn('writer')).json();
    const [head = '', body = ''] = accessToken.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [`${head}.${body}.AAAA`, `${none}.${body}.`, 'x'])
      expect((await me(token)).json().code).toBe('not-signed-in');
    expect((await held.test.app.inject({ url: '/api/me' })).json().code).toBe('not-signed-in');
  });

  it('count for nothing once the account is switched off', async () => {
    const { accessToken } = (await signIn('colleague')).json();
    const { db } = held.test.portal;
    await db.updateTable('people').set({ active: false }).where('id', '=', 'colleague').execute();
    expect((await me(accessToken)).json().code).toBe('account-inactive');
    await db.updateTable('people').set({ active: true }).where('id', '=', 'colleague').execute();
  });
});

describe('answers of the interface', () => {
  it('tell an old desk so, whatever it asks', async () => {
    for (const version of ['0', 'abc']) {
      const reply = await held.test.app.inject({ url: '/api/me', headers: { 'x-soan-api': version } });
      expect(reply.statusCode).toBe(426);
      expect(reply.json().code).toBe('desk-too-old');
    }
  });

  it.each([
    [
      'malformed JSON',
      { payload: '{"account":', headers: { 'content-type': 'application/json' } },
      400,
      'bad-request',
    ],
    ['a body of another shape', { payload: { account: 1 } }, 400, 'bad-request'],
    [
      'something extra',
      { payload: { account: 'a', password: 'b', deskId: 'c', extra: 1 } },
      400,
      'bad-request',
    ],
    ['another kind of body', { payload: 'x', headers: { 'content-type': 'text/plain' } }, 415, 'bad-request'],
    [
      'too much',
      { payload: { account: 'a', password: 'b'.repeat(2_000_000), deskId: 'c' } },
      413,
      'too-large',
    ],
  ])('refuse %s with a code and a sentence', async (_, request, status, code) => {
    const reply = await held.test.app.inject({ method: 'POST', url: '/api/session', ...request });
    expect([status, 400]).toContain(reply.statusCode);
    expect(reply.json().code).toBe(code);
    expect(reply.json().message).toMatch(/\p{L}.*\./u);
  });

  it('come in the language that was asked for', async () => {
    const vi = await held.test.app.inject({ url: '/api/nothing' });
    expect(vi.statusCode).toBe(404);
    expect(vi.json()).toEqual({ code: 'not-found', message: 'Không có nội dung này trên Cổng.' });
    const en = await held.test.app.inject({
      url: '/api/me',
      headers: { 'accept-language': 'fr, en-GB;q=0.8, vi;q=0.5' },
    });
    expect(en.json()).toEqual({ code: 'not-signed-in', message: 'Sign in first.' });
    expect(en.headers['content-language']).toBe('en');
  });

  it('are described, every route of them', async () => {
    const described = (await held.test.app.inject({ url: '/openapi.json' })).json();
    const paths = Object.keys(described.paths);
    for (const path of [
      '/api/session',
      '/api/session/refresh',
      '/api/me',
      '/api/sync/updates',
      '/api/sync/stream',
    ])
      expect(paths).toContain(path);
    expect(paths).toContain('/api/files/uploads/{uploadId}');
    expect((await held.test.app.inject({ url: '/healthz' })).json()).toEqual({ ok: true });
    expect((await held.test.app.inject({ url: '/metrics' })).body).toContain('soan_portal_request_seconds');
  });
});
