import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonicalise, fingerprint } from '../../../domain/document/index.ts';
import { ConfigError, readConfig } from '../../../portal/config.ts';
import { isEvidence } from '../../../portal/decisions/evidence.ts';
import { PortalError, toPortalError } from '../../../portal/errors.ts';
import { parseRange } from '../../../portal/files/range.ts';
import { SignInLimit } from '../../../portal/session/signInLimit.ts';

describe('ranges', () => {
  it.each([
    [undefined, null],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=90-500', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
  ] as const)('%s of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3080,
      databaseUrl: null,
      sample: false,
      publicUrl: null,
      trustProxy: false,
    });
  });

  it.each([
    [{ SOAN_PORTAL_PORT: '70000' }],
    [{ SOAN_PORTAL_PORT: '-1' }],
    [{ SOAN_PORTAL_PUBLIC_URL: 'ftp://x' }],
    [{ SOAN_PORTAL_PUBLIC_URL: 'cong.vn' }],
    [{ DATABASE_URL: '' }],
    [{ DATABASE_URL: 'http://x' }],
    [{ SOAN_PORTAL_REQUESTS_PER_MINUTE: '0' }],
  ])('%j is refused', (env) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
  });

  it('take an address with or without a slash at its end', () => {
    expect(readConfig({ SOAN_PORTAL_PUBLIC_URL: 'https://cong.vn/' }).publicUrl).toBe('https://cong.vn');
  });
});

describe('evidence', () => {
  const content = {
    meta: { categoryId: 'other', language: 'vi' as const },
    title: 'Tiêu đề',
    summary: '',
    fields: {},
    files: [],
    body: [],
  };
  const canonical = canonicalise(content);

  it('is the canonical content whose digest is the fingerprint', async () => {
    expect(await isEvidence(deflateRawSync(canonical), fingerprint(content))).toBe(true);
    expect(await isEvidence(deflateRawSync(canonical), fingerprint({ ...content, title: 'Khác' }))).toBe(
      false,
    );
    expect(await isEvidence(deflateRawSync(`${canonical} `), fingerprint(content))).toBe(false);
    expect(await isEvidence(new Uint8Array([1, 2, 3]), fingerprint(content))).toBe(false);
  });
});

describe('errors', () => {
  it.each([
    [new PortalError('four-eyes'), 'four-eyes', 403],
    [Object.assign(new Error('x'), { code: 'ENOSPC' }), 'disk-full', 507],
    [Object.assign(new Error('x'), { code: '53100' }), 'disk-full', 507],
    [Object.assign(new Error('x'), { statusCode: 413 }), 'too-large', 413],
    [Object.assign(new Error('x'), { statusCode: 415 }), 'bad-request', 400],
    [new Error('a bug'), 'internal', 500],
    ['not even an error', 'internal', 500],
  ])('%s', (error, code, status) => {
    const known = toPortalError(error);
    expect([known.code, known.statusCode]).toEqual([code, status]);
  });
});

describe('the limit of sign-ins', () => {
  it('counts failures by account and address, forgets them in time and after a success', () => {
    let now = 0;
    const limit = new SignInLimit(() => now);
    for (let n = 0; n < 10; n += 1) expect(limit.attempt('A ', '1.1.1.1')).toBe(0);
    expect(limit.attempt('a', '1.1.1.1')).toBe(900);
    expect(limit.attempt('a', '2.2.2.2')).toBe(0);
    now = 15 * 60_000;
    expect(limit.attempt('a', '1.1.1.1')).toBe(0);
    limit.succeeded('a', '1.1.1.1');
    for (let n = 0; n < 10; n += 1) expect(limit.attempt('a', '1.1.1.1')).toBe(0);
  });

  it('stops one address that tries many accounts, and not those who sign in well', () => {
    const limit = new SignInLimit(() => 0);
    for (let n = 0; n < 300; n += 1) {
      expect(limit.attempt(`good-${n}`, '1.1.1.1')).toBe(0);
      limit.succeeded(`good-${n}`, '1.1.1.1');
    }
    for (let n = 0; n < 100; n += 1) expect(limit.attempt(`bad-${n}`, '3.3.3.3')).toBe(0);
    expect(limit.attempt('bad-100', '3.3.3.3')).toBeGreaterThan(0);
  });
});
