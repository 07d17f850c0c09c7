import type { PersonInfo } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { expectAccount, expectUnit } from '../people/changePerson.ts';
import { hashPassword, personInfo } from '../session/sessions.ts';
import { administer, recordVersion, writeDirectory } from '../storage/versions.ts';
import { endSessionsOf } from './session.ts';

/**
 * Makes somebody who can sign in. The id is the account, or the account with a number where somebody else had it before. Throws `bad-request`
 * with the reasons of {@link expectUnit} and {@link expectAccount}.
 */
export async function createPerson(
  portal: Portal,
  organisationId: string,
  person: Omit<PersonInfo, 'id' | 'active'>,
  password: string,
  by: string,
): Promise<PersonInfo> {
  const hash = await hashPassword(password);
  return administer(portal, organisationId, async (tx, feed) => {
    await expectUnit(tx, organisationId, person.unitId);
    await expectAccount(tx, organisationId, person.account, '');
    const taken = await tx
      .selectFrom('people')
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('id', 'like', `${person.account.slice(0, 56)}%`)
      .execute();
    const ids = new Set(taken.map((row) => row.id));
    let id = person.account;
    for (let number = 2; ids.has(id); number += 1) id = `${person.account.slice(0, 56)}-${number}`;
    const data: PersonInfo = { id, ...person, active: true };
    await tx
      .insertInto('people')
      .values({
        organisation_id: organisationId,
        id,
        account: data.account,
        name: JSON.stringify(data.name),
        roles: data.roles,
        unit_id: data.unitId,
        active: true,
        password_hash: hash,
      })
      .execute();
    const subject = `person:${id}`;
    await writeDirectory(tx, feed, organisationId, { id: subject, kind: 'person', data });
    await recordVersion(tx, organisationId, { subject, action: 'create', data, by, at: portal.now() });
    return data;
  });
}

/**
 * Gives a person another password and ends the sessions that began with the former one, in browsers and at desks, but the
 * one that asks. The desk of that person still opens offline with the former one until it has reached the portal. Throws `not-found`.
 */
export async function setPassword(
  portal: Portal,
  organisationId: string,
  personId: string,
  password: string,
  change: { readonly by: string; readonly keep?: string },
): Promise<void> {
  const hash = await hashPassword(password);
  await administer(portal, organisationId, async (tx) => {
    const row = await tx
      .updateTable('people')
      .set({ password_hash: hash })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', personId)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new PortalError('not-found');
    await endSessionsOf(tx, organisationId, personId, portal.now(), change.keep);
    await recordVersion(tx, organisationId, {
      subject: `person:${personId}`,
      action: 'password',
      data: personInfo(row),
      by: change.by,
      at: portal.now(),
    });
  });
}
