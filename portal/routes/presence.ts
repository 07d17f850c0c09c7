import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { ErrorBody, Nothing, PresenceBody } from '../../domain/contracts/index.ts';
import { maySee } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';
import type { PresenceHub } from '../sync/presence.ts';

/** Who has an article open now, and where their cursors stand. */
export function presenceRoutes(app: FastifyInstance, portal: Portal, presence: PresenceHub): void {
  app.post<{ Body: Static<typeof PresenceBody> }>(
    '/api/sync/presence',
    {
      preHandler: signedInGuard(portal),
      bodyLimit: 8 * 1024,
      schema: {
        tags: ['sync'],
        security: [{ bearer: [] }],
        summary: 'Say that an article is open here, and where the cursor stands',
        description:
          'Passed on as event `presence` to the other sessions that said so of the same article; never stored.',
        body: PresenceBody,
        response: { 200: Nothing, 400: ErrorBody, 401: ErrorBody, 404: ErrorBody },
      },
    },
    async (request) => {
      const { actor, organisation, sessionId, person } = signedIn(request);
      const article = await portal.db
        .selectFrom('articles')
        .select([
          'unit_id as unitId',
          'channel',
          'state',
          'submitted_at as submittedAt',
          'public_path as publicPath',
        ])
        .where('organisation_id', '=', organisation.id)
        .where('id', '=', request.body.articleId)
        .executeTakeFirst();
      if (!article || !maySee(actor, article)) throw new PortalError('article-unknown');
      presence.tell({ organisationId: organisation.id, sessionId, personId: person.id }, request.body);
      return {};
    },
  );
}
