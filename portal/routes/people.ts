import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { ErrorBody, Id, Nothing, PersonInfo, Strict } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { changePerson, setOfflineDays } from '../people/changePerson.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';

const PersonChangeBody = Type.Partial(
  Strict({
    roles: PersonInfo.properties.roles,
    unitId: Id,
    active: Type.Boolean(),
  }),
  { additionalProperties: false, minProperties: 1 },
);
const OrganisationBody = Strict({ offlineDays: Type.Integer({ minimum: 1, maximum: 365 }) });

/** What an administrator sets about people and the organisation. */
export function peopleRoutes(app: FastifyInstance, portal: Portal): void {
  const guard = signedInGuard(portal);
  const common = { tags: ['administration'], security: [{ bearer: [] }] };
  const asAdministrator = async (request: FastifyRequest): Promise<void> => {
    await guard(request);
    if (!signedIn(request).actor.roles.includes('administrator')) throw new PortalError('wrong-role');
  };

  app.patch<{ Params: { personId: string }; Body: Static<typeof PersonChangeBody> }>(
    '/api/people/:personId',
    {
      preHandler: asAdministrator,
      schema: {
        ...common,
        summary: 'Change roles or unit of a person, or switch the account off or on',
        params: Strict({ personId: Id }),
        body: PersonChangeBody,
        response: { 200: PersonInfo, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 404: ErrorBody },
      },
    },
    async (request) => {
      const { organisation, person } = signedIn(request);
      const { personId } = request.params;
      if (personId === person.id)
        throw new PortalError('forbidden', { detail: { reason: 'nobody changes their own rights' } });
      const changed = await changePerson(portal, organisation.id, personId, request.body, person.id);
      request.log.info({ by: person.id, personId, ...request.body }, 'person changed');
      return changed;
    },
  );

  app.patch<{ Body: Static<typeof OrganisationBody> }>(
    '/api/organisation',
    {
      preHandler: asAdministrator,
      schema: {
        ...common,
        summary: 'Set for how many days a desk may go on without having reached the portal',
        body: OrganisationBody,
        response: { 200: Nothing, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody },
      },
    },
    async (request) => {
      const { organisation, person } = signedIn(request);
      await setOfflineDays(portal, organisation.id, request.body.offlineDays, person.id);
      return {};
    },
  );
}
