import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { ErrorBody, Id, ReservationBody, ReservationReply, Strict } from '../../domain/contracts/index.ts';
import { ok } from '../../domain/lib/result.ts';
import { giveBack, reserve } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';
import { changeReservations } from '../sync/reservations.ts';

const Params = Strict({ articleId: Id });

/** Saying until when one works on an article offline: told to the others, a bar to nobody. */
export function reservationRoutes(app: FastifyInstance, portal: Portal): void {
  const url = '/api/articles/:articleId/reservation';
  const common = { tags: ['articles'], security: [{ bearer: [] }], params: Params };
  const response = { 200: ReservationReply, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 404: ErrorBody };
  const preHandler = signedInGuard(portal);

  app.put<{ Params: Static<typeof Params>; Body: Static<typeof ReservationBody> }>(
    url,
    {
      preHandler,
      schema: {
        ...common,
        summary: 'Say that one works on an article offline until the end of a day in Viet Nam',
        description: 'The others see it with the article; it ends by itself. Again: another day.',
        body: ReservationBody,
        response,
      },
    },
    async (request) => {
      const { actor, organisation } = signedIn(request);
      const wish = { personId: actor.id, day: request.body.day };
      const { articleId } = request.params;
      const reservations = await changeReservations(
        portal,
        organisation.id,
        actor,
        articleId,
        (standing, now) => {
          // A request that comes again because its answer was lost changes nothing.
          const own = standing.find((one) => one.personId === actor.id);
          return own?.day === wish.day ? ok(standing) : reserve(standing, wish, now);
        },
      );
      return { reservations };
    },
  );

  app.delete<{ Params: Static<typeof Params> }>(
    url,
    { preHandler, schema: { ...common, summary: 'Say that one is back with the article', response } },
    async (request) => {
      const { actor, organisation } = signedIn(request);
      const { articleId } = request.params;
      const reservations = await changeReservations(
        portal,
        organisation.id,
        actor,
        articleId,
        (standing, now) => ok(giveBack(standing, actor.id, now)),
      );
      return { reservations };
    },
  );
}
