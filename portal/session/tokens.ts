import { createHash, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { PortalError } from '../errors.ts';

/** How long an access token is good for. */
export const ACCESS_MS = 10 * 60_000;
/** How long a desk may stay away before its person signs in again. */
export const SESSION_MS = 45 * 86_400_000;

const ISSUER = 'soan-portal';

export interface AccessClaims {
  readonly personId: string;
  readonly organisationId: string;
  readonly sessionId: string;
  readonly expiresAt: number;
}

export async function signAccess(key: Uint8Array, claims: AccessClaims, now: number): Promise<string> {
  return new SignJWT({ org: claims.organisationId, sid: claims.sessionId })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setSubject(claims.personId)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(claims.expiresAt / 1000))
    .sign(key);
}

/** Throws `session-expired` for a token past its time, `not-signed-in` for any other that is not good. */
export async function readAccess(key: Uint8Array, token: string, now: number): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer: ISSUER,
      algorithms: ['HS256'],
      currentDate: new Date(now),
    });
    const { sub, org, sid, exp } = payload;
    if (typeof sub === 'string' && typeof org === 'string' && typeof sid === 'string' && exp !== undefined)
      return { personId: sub, organisationId: org, sessionId: sid, expiresAt: exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new PortalError('session-expired');
  }
  throw new PortalError('not-signed-in');
}

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Refresh tokens are kept as their hash: 256 random bits need no slow one. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
