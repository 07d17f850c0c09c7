import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { ErrorBody, Id, Sha256, Strict } from '../../domain/contracts/index.ts';
import { mayContribute, maySee } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { parseRange } from '../files/range.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';

const Params = Strict({ sha256: Sha256 });
const Query = Strict({ articleId: Id });

/** The bytes of attached files, for desks: to those who may see the article that names them. */
export function fileRoutes(app: FastifyInstance, portal: Portal): void {
  app.route<{ Params: Static<typeof Params>; Querystring: Static<typeof Query> }>({
    method: ['GET', 'HEAD'],
    url: '/api/files/:sha256',
    preHandler: signedInGuard(portal),
    schema: {
      summary: 'The bytes of a file of an article; HEAD: whether the store has them',
      description: 'Answers one byte range if asked.',
      tags: ['files'],
      security: [{ bearer: [] }],
      params: Params,
      querystring: Query,
      response: {
        200: { type: 'string', format: 'binary', description: 'the bytes' },
        401: ErrorBody,
        404: ErrorBody,
      },
    },
    handler: async (request, reply) => {
      const { actor, organisation } = signedIn(request);
      const { sha256 } = request.params;
      const { articleId } = request.query;
      const article = await portal.db
        .selectFrom('articles')
        .selectAll()
        .where('organisation_id', '=', organisation.id)
        .where('id', '=', articleId)
        .executeTakeFirst();
      const whose = article && {
        unitId: article.unit_id,
        channel: article.channel,
        state: article.state,
        submittedAt: article.submitted_at,
        publicPath: article.public_path,
      };
      if (!whose || !(maySee(actor, whose) || mayContribute(actor, whose)))
        throw new PortalError('file-unknown');
      const [stored, named] = await Promise.all([
        portal.db
          .selectFrom('stored_files')
          .select('size')
          .where('organisation_id', '=', organisation.id)
          .where('sha256', '=', sha256)
          .executeTakeFirst(),
        portal.db
          .selectFrom('files')
          .select('id')
          .where('organisation_id', '=', organisation.id)
          .where('article_id', '=', articleId)
          .where('sha256', '=', sha256)
          .executeTakeFirst(),
      ]);
      // A desk asks before its row has come whether bytes that it may bring are here already.
      const mayAsk = named || (request.method === 'HEAD' && mayContribute(actor, whose));
      if (!stored || !mayAsk) throw new PortalError('file-unknown');
      const { size } = stored;
      reply.header('cache-control', 'private, max-age=31536000, immutable');
      return sendFile(portal, reply, {
        sha256,
        size,
        type: 'application/octet-stream',
        range: request.headers.range,
        known: request.headers['if-none-match'],
        isHead: request.method === 'HEAD',
      });
    },
  });
}

/** Answers with a stored file or one range of it. */
export async function sendFile(
  portal: Portal,
  reply: FastifyReply,
  file: {
    readonly sha256: string;
    readonly size: number;
    readonly type: string;
    readonly range: string | undefined;
    /** `If-None-Match` of the request. */
    readonly known: string | undefined;
    readonly isHead: boolean;
  },
): Promise<FastifyReply> {
  const { sha256, size } = file;
  const range = parseRange(file.range, size);
  reply.headers({
    'content-type': file.type,
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    'x-content-type-options': 'nosniff',
  });
  if (file.known?.includes(`"${sha256}"`)) return reply.code(304).send();
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send();
  if (file.isHead) return reply.header('content-length', String(size)).send();
  if (range === null)
    return reply.header('content-length', String(size)).send(await portal.files.read(sha256));
  return reply
    .code(206)
    .headers({
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
      'content-length': String(range.end - range.start + 1),
    })
    .send(await portal.files.read(sha256, range));
}
