import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import {
  API_VERSION,
  API_VERSION_HEADER,
  Checkpoint,
  ErrorBody,
  Nullable,
  PullQuery,
  PushReply,
  Strict,
  SYNCED,
  SYNCED_COLLECTIONS,
} from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';
import { pull } from '../sync/pull.ts';
import { PushBody, push } from '../sync/push.ts';
import type { StreamHub } from '../sync/stream.ts';

/** Largest body of a push, in bytes: two of the largest updates as base64, and room. */
const PUSH_BODY_LIMIT = 32 * 1024 * 1024;

/** Pull and push of each collection, and the stream that tells when to pull. */
export function syncRoutes(app: FastifyInstance, portal: Portal, stream: StreamHub): void {
  const guard = signedInGuard(portal);
  const common = { tags: ['sync'], security: [{ bearer: [] }] };

  app.get(
    '/api/sync/stream',
    {
      preHandler: guard,
      schema: {
        ...common,
        summary:
          'Server-sent events: `resync` first, then `changed` with the collections to pull, `presence` of others',
        description:
          'Data is {"collections":["updates"],"portalTime":0}. Ends when the access token expires.',
        response: { 200: { type: 'string', description: 'text/event-stream' }, 401: ErrorBody },
      },
    },
    (request, reply) => {
      const { organisation, sessionId, expiresAt } = signedIn(request);
      reply.raw.setHeader(API_VERSION_HEADER, String(API_VERSION));
      reply.hijack();
      stream.open(request.raw, reply.raw, { organisationId: organisation.id, sessionId, expiresAt });
    },
  );

  for (const collection of SYNCED_COLLECTIONS) {
    const { schema, push: isPushed } = SYNCED[collection];
    // A row that leaves a desk comes as its id and its article's alone.
    const document = Type.Partial(Type.Object({ ...schema.properties, _deleted: Type.Boolean() }));
    app.get<{ Querystring: Static<typeof PullQuery> }>(
      `/api/sync/${collection}`,
      {
        preHandler: guard,
        schema: {
          ...common,
          summary: `Rows of ${collection} after a checkpoint`,
          querystring: PullQuery,
          response: {
            200: Strict({
              documents: Type.Array(document),
              checkpoint: Nullable(Checkpoint),
              more: Type.Boolean(),
            }),
            400: ErrorBody,
            401: ErrorBody,
          },
        },
      },
      (request) => {
        const { organisation, actor, scope } = signedIn(request);
        return pull(portal.db, organisation.id, { actor, scope }, collection, request.query);
      },
    );
    if (!isPushed) continue;
    app.post<{ Body: Static<typeof PushBody> }>(
      `/api/sync/${collection}`,
      {
        preHandler: guard,
        bodyLimit: PUSH_BODY_LIMIT,
        schema: {
          ...common,
          summary: `Bring rows of ${collection}`,
          description: 'Each row is judged by itself: see `refused` of the answer.',
          body: PushBody,
          response: { 200: PushReply, 400: ErrorBody, 401: ErrorBody, 413: ErrorBody },
        },
      },
      (request) => {
        const { organisation, actor } = signedIn(request);
        const states = request.body.rows.map((row) => row.newDocumentState);
        return push(portal, organisation, actor, collection, states);
      },
    );
  }
}
