import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Selectable } from 'kysely';
import type { PersonInfo, SessionReply } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import type { Tx } from '../storage/feed.ts';
import type { PersonTable } from '../storage/tables.ts';
import { ACCESS_MS, hashSecret, newSecret, SESSION_MS, signAccess } from './tokens.ts';

/** For how long a refresh token works again after its use, as long as its successor was not used: its answer may have been lost. */
export const LOST_ANSWER_MS = 2 * 60_000;

/** Parameters of OWASP's first recommendation for Argon2id, which is the algorithm unless another is named. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), ARGON);

let nobody: Promise<string> | undefined;

/** The person of an account. Throws `wrong-password` for an unknown account too, after the same work; `account-inactive` only after the right password. */
export async function checkPassword(
  portal: Portal,
  account: string,
  password: string,
): Promise<Selectable<PersonTable>> {
  const organisation = await portal.organisations.own();
  const person = organisation
    ? await portal.db
        .selectFrom('people')
        .selectAll()
        .where('organisation_id', '=', organisation.id)
        .where('account', '=', account.trim().toLowerCase())
        .executeTakeFirst()
    : undefined;
  nobody ??= hashPassword(newSecret());
  const right = await verify(person?.password_hash ?? (await nobody), password.normalize('NFC'));
  if (!person || !right) throw new PortalError('wrong-password');
  if (!person.active) throw new PortalError('account-inactive');
  return person;
}

/** Signs a person in at a desk. Throws as {@link checkPassword} does. */
export async function signIn(
  portal: Portal,
  account: string,
  password: string,
  deskId: string,
): Promise<SessionReply> {
  const person = await checkPassword(portal, account, password);
  const now = portal.now();
  const sessionId = randomUUID();
  const refreshToken = newSecret();
  await portal.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('sessions')
      .values({
        organisation_id: person.organisation_id,
        id: sessionId,
        person_id: person.id,
        desk_id: deskId,
        created_at: now,
        expires_at: now + SESSION_MS,
        revoked_at: null,
      })
      .execute();
    await issue(tx, person.organisation_id, sessionId, refreshToken, null, now);
    await tx
      .deleteFrom('sessions')
      .where('organisation_id', '=', person.organisation_id)
      .where('expires_at', '<', now)
      .execute();
  });
  return answer(portal, person, sessionId, refreshToken);
}

/**
 * Exchanges a refresh token for the next. A token used before ends the whole session, because somebody else may have
 * it; unless its successor was never used and its answer may have been lost just now. `session-expired` otherwise.
 */
export async function refresh(portal: Portal, token: string, deskId: string): Promise<SessionReply> {
  const now = portal.now();
  const presented = hashSecret(token);
  const next = newSecret();
  const found = await portal.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('session_tokens as t')
      .innerJoin('sessions as s', (join) =>
        join.onRef('s.organisation_id', '=', 't.organisation_id').onRef('s.id', '=', 't.session_id'),
      )
      .selectAll('s')
      .select('t.used_at')
      .where('t.hash', '=', presented)
      .forUpdate()
      .executeTakeFirst();
    if (!row || row.revoked_at !== null || row.expires_at < now || row.desk_id !== deskId) return null;
    const { organisation_id: organisationId, id: sessionId } = row;
    const person = await tx
      .selectFrom('people')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('id', '=', row.person_id)
      .executeTakeFirstOrThrow();
    const isReuse =
      row.used_at !== null && !(await mayHaveBeenLost(tx, organisationId, presented, row.used_at, now));
    if (isReuse || !person.active) {
      await revoke(tx, organisationId, sessionId, now);
      if (isReuse) portal.log.warn({ sessionId, personId: person.id }, 'a refresh token was used again');
      return isReuse ? null : ('inactive' as const);
    }
    await tx
      .updateTable('session_tokens')
      .set({ used_at: row.used_at ?? now })
      .where('organisation_id', '=', organisationId)
      .where('hash', '=', presented)
      .execute();
    await tx
      .updateTable('sessions')
      .set({ expires_at: now + SESSION_MS })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', sessionId)
      .execute();
    await issue(tx, organisationId, sessionId, next, presented, now);
    // Grandparents can only prove reuse; a day of them is enough.
    await tx
      .deleteFrom('session_tokens')
      .where('organisation_id', '=', organisationId)
      .where('session_id', '=', sessionId)
      .where('used_at', '<', now - 86_400_000)
      .execute();
    return { person, sessionId };
  });
  if (found === 'inactive') throw new PortalError('account-inactive');
  if (found === null) throw new PortalError('session-expired');
  return answer(portal, found.person, found.sessionId, next);
}

async function mayHaveBeenLost(
  tx: Tx,
  organisationId: string,
  hashed: string,
  usedAt: number,
  now: number,
): Promise<boolean> {
  if (now - usedAt > LOST_ANSWER_MS) return false;
  const used = await tx
    .selectFrom('session_tokens')
    .select('hash')
    .where('organisation_id', '=', organisationId)
    .where('parent_hash', '=', hashed)
    .where('used_at', 'is not', null)
    .executeTakeFirst();
  return used === undefined;
}

async function issue(
  tx: Tx,
  organisationId: string,
  sessionId: string,
  token: string,
  parentHash: string | null,
  now: number,
): Promise<void> {
  await tx
    .insertInto('session_tokens')
    .values({
      organisation_id: organisationId,
      hash: hashSecret(token),
      session_id: sessionId,
      parent_hash: parentHash,
      issued_at: now,
      used_at: null,
    })
    .execute();
}

async function revoke(tx: Tx, organisationId: string, sessionId: string, now: number): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ revoked_at: now })
    .where('organisation_id', '=', organisationId)
    .where('id', '=', sessionId)
    .execute();
}

/** Ends a session; its access token is refused from now on. */
export async function signOut(portal: Portal, organisationId: string, sessionId: string): Promise<void> {
  await portal.db.transaction().execute((tx) => revoke(tx, organisationId, sessionId, portal.now()));
}

async function answer(
  portal: Portal,
  person: Selectable<PersonTable>,
  sessionId: string,
  refreshToken: string,
): Promise<SessionReply> {
  const now = portal.now();
  const accessExpiresAt = Math.floor((now + ACCESS_MS) / 1000) * 1000;
  const accessToken = await signAccess(
    portal.tokenKey,
    { personId: person.id, organisationId: person.organisation_id, sessionId, expiresAt: accessExpiresAt },
    now,
  );
  return {
    accessToken,
    accessExpiresAt,
    refreshToken,
    person: personInfo(person),
    organisationId: person.organisation_id,
    portalTime: now,
  };
}

export function personInfo(person: Selectable<PersonTable>): PersonInfo {
  return {
    id: person.id,
    account: person.account,
    name: person.name,
    roles: person.roles,
    unitId: person.unit_id,
    active: person.active,
  };
}
