import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import {
  ErrorBody,
  Nothing,
  PersonInfo,
  RefreshBody,
  SessionReply,
  SignInBody,
  Strict,
} from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { signedIn, signedInGuard } from '../plugins/signedIn.ts';
import { refresh, signIn, signOut } from '../session/sessions.ts';

/** Signing in, staying signed in, leaving. */
export function sessionRoutes(app: FastifyInstance, portal: Portal): void {
  const limit = portal.signInLimit;
  const guard = signedInGuard(portal);

  app.post<{ Body: Static<typeof SignInBody> }>(
    '/api/session',
    {
      schema: {
        summary: 'Sign in with account and password',
        tags: ['session'],
        body: SignInBody,
        response: { 200: SessionReply, 401: ErrorBody, 403: ErrorBody, 429: ErrorBody },
      },
    },
    async (request, reply) => {
      const { account, password, deskId } = request.body;
      const waitSeconds = limit.attempt(account, request.ip);
      if (waitSeconds > 0) {
        reply.header('retry-after', String(waitSeconds));
        throw new PortalError('rate-limited', { detail: { retryAfterSeconds: waitSeconds } });
      }
      const session = await signIn(portal, account, password, deskId);
      limit.succeeded(account, request.ip);
      return session;
    },
  );

  app.post<{ Body: Static<typeof RefreshBody> }>(
    '/api/session/refresh',
    {
      schema: {
        summary: 'Exchange the refresh token, which is used once, for new tokens',
        tags: ['session'],
        body: RefreshBody,
        response: { 200: SessionReply, 401: ErrorBody, 403: ErrorBody },
      },
    },
    (request) => refresh(portal, request.body.refreshToken, request.body.deskId),
  );

  app.delete(
    '/api/session',
    {
      preHandler: guard,
      schema: {
        summary: 'End the session',
        tags: ['session'],
        security: [{ bearer: [] }],
        response: { 200: Nothing, 401: ErrorBody },
      },
    },
    async (request) => {
      const { person, organisation, sessionId } = signedIn(request);
      await signOut(portal, organisation.id, sessionId);
      request.log.info({ personId: person.id }, 'signed out');
      return {};
    },
  );

  app.get(
    '/api/me',
    {
      preHandler: guard,
      schema: {
        summary: 'Who is signed in',
        tags: ['session'],
        security: [{ bearer: [] }],
        response: {
          200: Strict({
            person: PersonInfo,
            organisationId: SessionReply.properties.organisationId,
            portalTime: SessionReply.properties.portalTime,
          }),
          401: ErrorBody,
        },
      },
    },
    async (request) => {
      const { person, organisation } = signedIn(request);
      return { person, organisationId: organisation.id, portalTime: portal.now() };
    },
  );
}
