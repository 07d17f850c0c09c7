import { type Locker, Server as TusServer } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { checkAttachment } from '../../domain/content/index.ts';
import { ErrorBody, FILE_UPLOADS_PATH, Id, isErrorCode } from '../../domain/contracts/index.ts';
import { mayContribute } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { errorBody, PortalError, toPortalError } from '../errors.ts';
import { fileStored, finishUpload } from '../files/finishUpload.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';
import { languageOf } from '../public/sentences.ts';

const isId = Compile(Id);

/** Stands for an upload of bytes that the store already has. */
const STORED = /^stored\.([0-9a-f]{64})\.(\d+)$/;
const UPLOAD_ID = /^[A-Za-z0-9.-]{1,120}$/;

/**
 * Resumable uploads (tus 1.0). Who may, what may, and how much is checked here, before the protocol's library sees a
 * request; the library keeps the bytes, `finishUpload` decides what they become.
 */
export async function uploadRoutes(
  app: FastifyInstance,
  portal: Portal,
  locker: Locker | null,
): Promise<void> {
  const { uploads } = portal.files;
  const begun = new WeakMap<object, Announced>();
  const tus = new TusServer({
    path: FILE_UPLOADS_PATH,
    datastore: uploads.tus,
    namingFunction: () => uploads.newName(),
    ...(locker ? { locker } : {}),
    relativeLocation: true,
    allowedOrigins: () => false,
    async onUploadCreate(request, upload) {
      const raw = request.runtime?.node?.req;
      const announced = raw && begun.get(raw);
      if (!announced) throw new Error('an upload that was not checked');
      const { organisationId, personId } = announced;
      return { metadata: { ...upload.metadata, organisationId, personId } };
    },
    async onUploadFinish(_request, upload) {
      try {
        await finishUpload(portal, upload.id);
      } catch (error) {
        const known = toPortalError(error);
        if (known.code === 'internal') portal.log.error({ error, uploadId: upload.id }, 'upload not taken');
        throw { status_code: known.statusCode, body: JSON.stringify(errorBody(known, 'vi')) };
      }
      return {};
    },
    async onResponseError(request, error) {
      const language = languageOf(request.headers.get('accept-language') ?? undefined);
      const body = 'body' in error ? error.body : '';
      const status = 'status_code' in error ? error.status_code : 500;
      const isFull = status >= 500 && (await uploads.isFull(error));
      const own = isFull ? new PortalError('portal-full') : codeIn(body);
      if (isFull) portal.log.error({ error: String(error) }, 'no room for an upload');
      if (own !== null)
        return { status_code: isFull ? 507 : status, body: JSON.stringify(errorBody(own, language)) };
      const code =
        status === 404 || status === 410 ? 'not-found' : status >= 500 ? 'internal' : 'bad-request';
      return { status_code: status, body: JSON.stringify(errorBody(new PortalError(code), language)) };
    },
  });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.addHook('preHandler', signedInGuard(portal));
    const schema = {
      tags: ['files'],
      security: [{ bearer: [] }],
      description: 'tus 1.0 with metadata sha256, articleId, filename, filetype',
      response: {
        201: { type: 'null', description: 'begun' },
        401: ErrorBody,
        403: ErrorBody,
        413: ErrorBody,
        415: ErrorBody,
        422: ErrorBody,
      },
    };
    const hand = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      reply.hijack();
      // A refusal has a body; it is JSON like all others.
      if (request.method !== 'HEAD') reply.raw.setHeader('content-type', 'application/json; charset=utf-8');
      await tus.handle(request.raw, reply.raw);
    };

    scope.post(
      FILE_UPLOADS_PATH,
      { schema: { ...schema, summary: 'Begin an upload' } },
      async (request, reply) => {
        const announced = await checkAnnounced(portal, request);
        const size = await portal.files.sizeOf(announced.sha256);
        if (size !== null) {
          await fileStored(portal, signedIn(request).organisation.id, announced.sha256);
          return reply
            .code(201)
            .headers({
              'tus-resumable': '1.0.0',
              location: `${FILE_UPLOADS_PATH}/stored.${announced.sha256}.${size}`,
              'upload-offset': String(size),
            })
            .send();
        }
        begun.set(request.raw, announced);
        return hand(request, reply);
      },
    );

    scope.route<{ Params: { uploadId: string } }>({
      method: ['HEAD', 'PATCH', 'DELETE'],
      url: `${FILE_UPLOADS_PATH}/:uploadId`,
      schema: { ...schema, summary: 'Go on with an upload, ask how far it is, or give it up' },
      handler: async (request, reply) => {
        const { uploadId } = request.params;
        const stored = STORED.exec(uploadId);
        if (stored) return answerComplete(request, reply, Number(stored[2]));
        const announced = UPLOAD_ID.test(uploadId) ? await uploads.announced(uploadId) : null;
        if (announced?.metadata.personId !== signedIn(request).person.id) throw new PortalError('not-found');
        if (request.method === 'HEAD') {
          const offset = await uploads.offsetOf(uploadId);
          const { sha256 } = announced.metadata;
          const isComplete =
            offset === null
              ? !!sha256 && (await portal.files.sizeOf(sha256)) !== null
              : offset === announced.size;
          if (isComplete) {
            // Whole, but perhaps its end was never answered: the client asks here what became of it.
            await finishUpload(portal, uploadId);
            return answerComplete(request, reply, announced.size);
          }
        }
        return hand(request, reply);
      },
    });
  });
}

async function answerComplete(
  request: FastifyRequest,
  reply: FastifyReply,
  size: number,
): Promise<FastifyReply> {
  for await (const _ of request.raw);
  return reply
    .code(request.method === 'HEAD' ? 200 : 204)
    .headers({
      'tus-resumable': '1.0.0',
      'upload-offset': String(size),
      'upload-length': String(size),
      'cache-control': 'no-store',
    })
    .send();
}

interface Announced {
  readonly sha256: string;
  readonly organisationId: string;
  readonly personId: string;
}

async function checkAnnounced(portal: Portal, request: FastifyRequest): Promise<Announced> {
  const { actor, organisation } = signedIn(request);
  const { sha256, articleId, filename, filetype } = readMetadata(request.headers['upload-metadata']);
  const size = Number(request.headers['upload-length'] ?? Number.NaN);
  if (
    !sha256 ||
    !/^[0-9a-f]{64}$/.test(sha256) ||
    !isId.Check(articleId) ||
    !filename ||
    !Number.isInteger(size)
  )
    throw new PortalError('bad-request', {
      detail: { reason: 'upload-length and metadata sha256, articleId, filename, filetype are needed' },
    });
  const article = await portal.db
    .selectFrom('articles')
    .select(['unit_id', 'channel'])
    .where('organisation_id', '=', organisation.id)
    .where('id', '=', articleId)
    .executeTakeFirst();
  if (!article) throw new PortalError('not-declared', { ref: 'VP17-15.1' });
  if (!mayContribute(actor, { unitId: article.unit_id, channel: article.channel }))
    throw new PortalError('forbidden', { ref: 'WF21' });
  const issue = checkAttachment({ name: filename, size, type: filetype ?? '' })[0];
  if (issue)
    throw new PortalError(isErrorCode(issue.code) ? issue.code : 'bad-request', {
      ...(issue.params ? { detail: issue.params } : {}),
    });
  if (!(await portal.files.uploads.hasRoomFor(size))) throw new PortalError('portal-full');
  return { sha256, organisationId: organisation.id, personId: actor.id };
}

function readMetadata(header: string | string[] | undefined): Record<string, string> {
  const pairs = String(header ?? '')
    .split(',')
    .map((pair) => pair.trim().split(' '))
    .map(([key = '', value = '']) => [key, Buffer.from(value, 'base64').toString('utf8')] as const)
    .filter(([key]) => key !== '');
  return Object.fromEntries(pairs);
}

function codeIn(body: string): PortalError | null {
  try {
    const { code, detail } = JSON.parse(body);
    return isErrorCode(code) ? new PortalError(code, detail ? { detail } : {}) : null;
  } catch {
    return null;
  }
}
