import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { usePortal } from './support.ts';

const held = usePortal();

describe('what desks exchange', () => {
  it('goes compressed to those who understand it, and plain to others', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    await writer.newArticle({ body: Array.from({ length: 40 }, () => 'Đoạn văn dài để nén.') });
    const ask = (headers: Record<string, string>) =>
      test.app.inject({ url: '/api/sync/updates?sequence=0', headers: { ...writer.headers, ...headers } });
    const plain = await ask({});
    const folded = await ask({ 'accept-encoding': 'deflate, gzip, br' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(folded.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(folded.rawPayload).toString()).toBe(plain.body);
    expect(folded.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect((await ask({ 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
    // As a file: folded once, and the browser's HTTP leaves it alone.
    const accept = 'application/json, application/gzip';
    const file = await ask({ 'accept-encoding': 'gzip', accept });
    expect(file.headers).toMatchObject({
      'content-type': 'application/gzip',
      vary: 'accept, accept-encoding',
    });
    expect(file.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(file.rawPayload).toString()).toBe(plain.body);
    const refused = await ask({ accept: 'application/gzip;q=0' });
    expect(refused.headers['content-type']).toBe(plain.headers['content-type']);
  });

  it('is taken compressed; what is no gzip, or unfolds beyond the limit, is refused with a code', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id } = await writer.newArticle();
    const push = (payload: Buffer, encoding = 'gzip') =>
      test.app.inject({
        method: 'POST',
        url: '/api/sync/files',
        headers: { ...writer.headers, 'content-type': 'application/json', 'content-encoding': encoding },
        payload,
      });
    const body = JSON.stringify({ rows: [{ newDocumentState: writer.fileRow(id, Buffer.from('tệp')) }] });
    expect((await push(gzipSync(body))).json()).toEqual({ conflicts: [], refused: [] });
    expect((await writer.pull('files')).size).toBe(1);
    expect((await push(Buffer.from(body))).json().code).toBe('bad-request');
    expect((await push(gzipSync(body).subarray(0, 30))).json().code).toBe('bad-request');
    expect((await push(gzipSync(body), 'br')).json().code).toBe('bad-request');
    // Nobody reads a body of this kind: what is wrong with it must not bring the portal down.
    const unread = await test.app.inject({
      method: 'POST',
      url: '/api/sync/files',
      headers: { ...writer.headers, 'content-type': 'image/png', 'content-encoding': 'gzip' },
      payload: Buffer.from('no gzip'),
    });
    expect(unread.statusCode).toBeGreaterThanOrEqual(400);
    await new Promise((resolve) => setImmediate(resolve));
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 32));
    expect(bomb.length).toBeLessThan(300_000);
    expect((await push(bomb)).json().code).toBe('too-large');
  });
});
