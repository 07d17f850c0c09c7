import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { GZIP_FILE } from '../../domain/contracts/index.ts';
import { PortalError } from '../errors.ts';

const compress = promisify(gzip);

/** Less is not worth the trouble. */
const LEAST_CHARACTERS = 1024;

/**
 * What desks exchange goes compressed both ways: updates, their base64 and their ids shrink to a third and less. Who accepts `application/gzip` gets
 * the JSON as such a file and unfolds it within limits of its own; who only accepts the encoding has it unfolded by its HTTP. A body that unfolds beyond the limit of its route is
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
    if (payload.length < LEAST_CHARACTERS) return payload;
    const { accept, 'accept-encoding': encodings } = request.headers;
    if (acceptsFile(accept)) reply.header('content-type', GZIP_FILE);
    else if (acceptsGzip(encodings)) reply.header('content-encoding', 'gzip');
    else return payload;
    reply.header('vary', 'accept, accept-encoding').removeHeader('content-length');
    return compress(payload);
  });
}

const accepting = (form: string) =>
  new RegExp(`(^|,)\\s*${form}\\s*(;\\s*q=(0\\.[0-9]*[1-9]|1)[^,]*)?(,|$)`, 'i');
const [FILE, ENCODING] = [accepting(GZIP_FILE), accepting('gzip')];
const acceptsFile = (header: string | undefined): boolean => FILE.test(header ?? '');
const acceptsGzip = (header: string | string[] | undefined): boolean => ENCODING.test(String(header ?? ''));
