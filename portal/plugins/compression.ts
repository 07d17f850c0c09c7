import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { PortalError } from '../errors.ts';

const compress = promisify(gzip);

/** Less is not worth the trouble. */
const LEAST_CHARACTERS = 1024;

/**
 * What desks exchange goes compressed both ways: updates, their base64 and their ids shrink to a third and less. A body that unfolds beyond the limit of its route is
 * refused while it unfolds. Throws `bad-request` for an encoding that is not gzip.
 */
export function compressExchange(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || !request.url.startsWith('/api/sync/')) return payload;
    if (encoding !== 'gzip') throw new PortalError('bad-request', { detail: { reason: 'content-encoding' } });
    const unfolded: Readable & { receivedEncodedLength?: number } = createGunzip();
    unfolded.receivedEncodedLength = 0;
    payload.on('data', (piece: Buffer) => {
      unfolded.receivedEncodedLength = (unfolded.receivedEncodedLength ?? 0) + piece.length;
    });
    payload.on('error', (error: Error) => unfolded.destroy(error));
    // Whoever reads the body hears of it; but the request may be answered already, or be of a kind that nobody reads.
    unfolded.on('error', () => undefined);
    payload.pipe(unfolded as ReturnType<typeof createGunzip>);
    return unfolded;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.url.startsWith('/api/sync/') || typeof payload !== 'string') return payload;
    if (payload.length < LEAST_CHARACTERS || !acceptsGzip(request.headers['accept-encoding'])) return payload;
    reply.headers({ 'content-encoding': 'gzip', vary: 'accept-encoding' }).removeHeader('content-length');
    return compress(payload);
  });
}

const acceptsGzip = (header: string | string[] | undefined): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(0\.[0-9]*[1-9]|1)[^,]*)?(,|$)/i.test(String(header ?? ''));
