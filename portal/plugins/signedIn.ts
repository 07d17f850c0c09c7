import type { FastifyRequest } from 'fastify';
import {
  API_VERSION,
  API_VERSION_HEADER,
  OLDEST_DESK,
  type PersonInfo,
} from '../../domain/contracts/index.ts';
import type { Actor } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { personInfo } from '../session/sessions.ts';
import { readAccess } from '../session/tokens.ts';
import type { Organisation } from '../storage/organisations.ts';

/** Who makes a request. */
export interface SignedIn {
  readonly person: PersonInfo;
  readonly actor: Actor;
  /** Number of the person's present roles and unit. */
  readonly scope: number;
  readonly organisation: Organisation;
  readonly sessionId: string;
  readonly expiresAt: number;
}

const known = new WeakMap<FastifyRequest, SignedIn>();

/** A desk too old is told so (426), whatever it asks. */
export async function checkApiVersion(request: FastifyRequest): Promise<void> {
  const version = request.headers[API_VERSION_HEADER];
  if (version === undefined) return;
  if (!/^\d{1,6}$/.test(String(version)) || Number(version) < OLDEST_DESK)
    throw new PortalError('desk-too-old', {
      detail: { minimum: OLDEST_DESK, current: API_VERSION },
    });
}

/**
 * Guards a route: a valid access token, a session that was not ended, an account that is on. Roles and unit are read
 * afresh, so a change counts at once. Throws `not-signed-in`, `session-expired`, `account-inactive`.
 */
export function signedInGuard(portal: Portal) {
  return async (request: FastifyRequest): Promise<void> => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new PortalError('not-signed-in');
    const claims = await readAccess(portal.tokenKey, token, portal.now());
    const person = await portal.db
      .selectFrom('people as p')
      .innerJoin('sessions as s', (join) =>
        join.onRef('s.organisation_id', '=', 'p.organisation_id').onRef('s.person_id', '=', 'p.id'),
      )
      .selectAll('p')
      .select('s.revoked_at')
      .where('p.organisation_id', '=', claims.organisationId)
      .where('p.id', '=', claims.personId)
      .where('s.id', '=', claims.sessionId)
      .executeTakeFirst();
    if (!person || person.revoked_at !== null) throw new PortalError('session-expired');
    if (!person.active) throw new PortalError('account-inactive');
    known.set(request, {
      person: personInfo(person),
      actor: { id: person.id, roles: person.roles, unitId: person.unit_id, active: person.active },
      scope: person.scope,
      organisation: await portal.organisations.get(person.organisation_id),
      sessionId: claims.sessionId,
      expiresAt: claims.expiresAt,
    });
  };
}

/** Who makes the request, on a guarded route. */
export function signedIn(request: FastifyRequest): SignedIn {
  const found = known.get(request);
  if (!found) throw new Error('a route that asks who is signed in has no guard');
  return found;
}
