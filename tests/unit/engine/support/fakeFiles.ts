import { createHash } from 'node:crypto';
import type { FakePortal } from './fakePortal.ts';

/** The portal's file routes: tus uploads in memory, and the store by hash. */
export function createFakeFiles(portal: FakePortal) {
  const stored = new Map<string, Uint8Array>();
  const uploads = new Map<string, { sha256: string; length: number; bytes: Uint8Array }>();
  const state = {
    stored,
    uploads,
    cutAfterPieces: Number.POSITIVE_INFINITY,
    names: [] as string[],
    pieces: [] as { at: number; size: number }[],
    forget: () => uploads.clear(),
  };

  const metadata = (header: string | null): Record<string, string> =>
    Object.fromEntries(
      (header ?? '').split(',').map((pair) => {
        const [key = '', value = ''] = pair.split(' ');
        return [key, Buffer.from(value, 'base64').toString()];
      }),
    );

  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname } = new URL(url);
    if (!pathname.startsWith('/api/files/') || portal.isDown) return portal.fetch(url, init);
    const headers = new Headers(init.headers);
    const method = init.method ?? 'GET';
    const body = init.body instanceof Uint8Array ? init.body : new Uint8Array();
    portal.requests.push({ method, path: pathname, body: '' });
    const first = await portal.intercept?.({ method, path: pathname, body: '' });
    if (first) return first;
    if (pathname === '/api/files/uploads' && method === 'POST') {
      const { sha256 = '', filename = '' } = metadata(headers.get('upload-metadata'));
      state.names.push(filename);
      const id = `up${uploads.size + 1}-${sha256.slice(0, 6)}`;
      uploads.set(id, { sha256, length: Number(headers.get('upload-length')), bytes: new Uint8Array() });
      return new Response(null, {
        status: 201,
        headers: { location: `https://behind.a.proxy/api/files/uploads/${id}` },
      });
    }
    if (pathname.startsWith('/api/files/uploads/')) {
      const upload = uploads.get(pathname.split('/').at(-1) ?? '');
      if (!upload) return new Response('gone', { status: 404 });
      if (method === 'HEAD')
        return new Response(null, {
          headers: { 'upload-offset': String(upload.bytes.length), 'upload-length': String(upload.length) },
        });
      if (Number(headers.get('upload-offset')) !== upload.bytes.length)
        return new Response('conflict', { status: 409 });
      if (state.pieces.length >= state.cutAfterPieces) {
        state.cutAfterPieces = Number.POSITIVE_INFINITY;
        throw new TypeError('cut');
      }
      state.pieces.push({ at: upload.bytes.length, size: body.length });
      upload.bytes = Buffer.concat([upload.bytes, body]);
      if (upload.bytes.length === upload.length) {
        if (createHash('sha256').update(upload.bytes).digest('hex') !== upload.sha256)
          return Response.json({ code: 'file-damaged', message: '' }, { status: 422 });
        stored.set(upload.sha256, upload.bytes);
      }
      return new Response(null, { status: 204, headers: { 'upload-offset': String(upload.bytes.length) } });
    }
    const bytes = stored.get(pathname.split('/').at(-1) ?? '');
    if (!bytes)
      return method === 'HEAD'
        ? new Response(null, { status: 404 })
        : Response.json({ code: 'file-unknown', message: '' }, { status: 404 });
    return new Response(method === 'HEAD' ? null : (bytes as Uint8Array<ArrayBuffer>), {
      headers: { 'content-length': String(bytes.length) },
    });
  };
  return Object.assign(state, { fetch });
}
