import { gzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createPortalClient } from '../../../main/engine/sync/portalClient.ts';

const MEGABYTE = 1024 * 1024;

describe('the portal client', () => {
  const answered = (body: Uint8Array<ArrayBuffer>, headers = { 'content-type': 'application/gzip' }) =>
    createPortalClient('http://127.0.0.1:1', async () => new Response(body, { headers })).json(
      Type.Object({ text: Type.String() }),
      { path: '/' },
    );

  it('says that it takes files, and unfolds them', async () => {
    const asked: (string | null)[] = [];
    const client = createPortalClient('http://127.0.0.1:1', async (_, init) => {
      asked.push(new Headers(init?.headers).get('accept'));
      return Response.json({});
    });
    await client.json(Type.Object({}), { path: '/' });
    expect(asked).toEqual(['application/json, application/gzip']);
    // Longer than a piece of the unfolding.
    const text = 'Tiếng Việt '.repeat(200_000);
    expect(await answered(gzipSync(JSON.stringify({ text })))).toEqual({ text });
  });

  it.each([
    ['no file', () => Buffer.from('{"text":""}')],
    ['half a file', () => gzipSync(JSON.stringify({ text: 'x'.repeat(500) })).subarray(0, 30)],
    [
      'a file that unfolds without measure',
      () =>
        gzipSync(
          Buffer.concat([Buffer.from('{"text":"'), Buffer.alloc(257 * MEGABYTE, 'a'), Buffer.from('"}')]),
        ),
    ],
    ['a file of something else', () => gzipSync('no JSON')],
  ])('takes %s for garbage', async (_, body) => {
    await expect(answered(new Uint8Array(body()))).rejects.toMatchObject({ code: 'portal-garbage' });
  });

  it('gives up on an answer that does not come', async () => {
    const hanging = (_: string, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    const client = createPortalClient('http://127.0.0.1:1', hanging);
    await expect(client.raw({ path: '/', timeoutMs: 20 })).rejects.toMatchObject({
      code: 'portal-unreachable',
    });
  });
});
