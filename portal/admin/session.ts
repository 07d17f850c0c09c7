import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { PersonInfo } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { personInfo } from '../session/sessions.ts';
import { hashSecret, newSecret } from '../session/tokens.ts';
import type { Tx } from '../storage/feed.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { PersonTable } from '../storage/tables.ts';

/** After so long without a request an administrator signs in again. */
export const IDLE_MS = 30 * 60_000;
/** After so long in any case. */
export const LONGEST_MS = 12 * 3_600_000;
const SEEN_EVERY_MS = 60_000;

/** Who asks for a page of administration. */
export interface Administrator {
  readonly person: PersonInfo;
  readonly organisation: Organisation;
}

/** Begins a session of a browser and answers the secret for its cookie. */
export async function beginSession(portal: Portal, person: Selectable<PersonTable>): Promise<string> {
  const token = newSecret();
  const now = portal.now();
  await portal.db
    .deleteFrom('admin_sessions')
    .where('organisation_id', '=', person.organisation_id)
    .where((eb) => eb.or([eb('seen_at', '<', now - IDLE_MS), eb('created_at', '<', now - LONGEST_MS)]))
    .execute();
  await portal.db
    .insertInto('admin_sessions')
    .values({
      organisation_id: person.organisation_id,
      hash: hashSecret(token),
      person_id: person.id,
      created_at: now,
      seen_at: now,
    })
    .execute();
  return token;
}

/** The administrator whose session it is; null when there is none by now, or the person is none any more. Read afresh at every request. */
export async function readSession(portal: Portal, token: string): Promise<Administrator | null> {
  const organisation = await portal.organisations.own();
  if (!organisation) return null;
  const hash = hashSecret(token);
  const row = await portal.db
    .selectFrom('admin_sessions as s')
    .innerJoin('people as p', (join) =>
      join.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.person_id'),
    )
    .selectAll('p')
    .select(['s.created_at', 's.seen_at'])
    .where('s.organisation_id', '=', organisation.id)
    .where('s.hash', '=', hash)
    .executeTakeFirst();
  const now = portal.now();
  if (!row || row.seen_at < now - IDLE_MS || row.created_at < now - LONGEST_MS) return null;
  if (!row.active || !row.roles.includes('administrator')) return null;
  if (row.seen_at < now - SEEN_EVERY_MS)
    await portal.db
      .updateTable('admin_sessions')
      .set({ seen_at: now })
      .where('organisation_id', '=', organisation.id)
      .where('hash', '=', hash)
      .execute();
  return { person: personInfo(row), organisation };
}

export async function endSession(portal: Portal, organisationId: string, token: string): Promise<void> {
  await portal.db
    .deleteFrom('admin_sessions')
    .where('organisation_id', '=', organisationId)
    .where('hash', '=', hashSecret(token))
    .execute();
}

/** Ends all sessions of a person, at desks and in browsers, but the one of `exceptToken`. */
export async function endSessionsOf(
  tx: Tx,
  organisationId: string,
  personId: string,
  now: number,
  exceptToken?: string,
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ revoked_at: now })
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .execute();
  await tx
    .deleteFrom('admin_sessions')
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .where('hash', '!=', exceptToken === undefined ? '' : hashSecret(exceptToken))
    .execute();
}

/** What every form carries beside the cookie: bound to the secret of the cookie, of no use without it. */
export const formToken = (key: Uint8Array, secret: string): string =>
  createHmac('sha256', key).update(`form ${secret}`).digest('base64url');

/** Whether a form carries the token that belongs to the secret. */
export function isFormToken(key: Uint8Array, secret: string, given: string): boolean {
  const [wanted, got] = [Buffer.from(formToken(key, secret)), Buffer.from(given)];
  return wanted.byteLength === got.byteLength && timingSafeEqual(wanted, got);
}
