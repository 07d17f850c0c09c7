import { type PersonInfo, SYNCED_COLLECTIONS } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { personInfo } from '../session/sessions.ts';
import type { Tx } from '../storage/feed.ts';
import { administer, expectVersion, recordVersion, writeDirectory } from '../storage/versions.ts';

export type PersonChange = Partial<Pick<PersonInfo, 'roles' | 'unitId' | 'active' | 'account' | 'name'>>;

/**
 * Gives a person other roles, another unit, name or account, or switches the account off or on. It counts at the next request of each of the
 * person's desks, which then get what may be seen now and let go of the rest. `by` is the administrator; `version`, if given, is the one that
 * was shown. Throws `not-found`, `bad-request` (`detail.reason`: `unit-unknown`, `account-taken`, `last-administrator`), a VersionConflict.
 */
export async function changePerson(
  portal: Portal,
  organisationId: string,
  personId: string,
  wanted: PersonChange,
  by: string,
  version?: number,
): Promise<PersonInfo> {
  const info = await administer(portal, organisationId, async (tx, feed) => {
    const subject = `person:${personId}`;
    if (version !== undefined) await expectVersion(tx, organisationId, subject, version);
    const before = await tx
      .selectFrom('people')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('id', '=', personId)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new PortalError('not-found');
    const next = {
      account: wanted.account ?? before.account,
      name: wanted.name ?? before.name,
      roles: wanted.roles ?? before.roles,
      unit_id: wanted.unitId ?? before.unit_id,
      active: wanted.active ?? before.active,
    };
    await expectUnit(tx, organisationId, next.unit_id);
    await expectAccount(tx, organisationId, next.account, personId);
    const seesOther =
      next.unit_id !== before.unit_id || [...next.roles].sort().join() !== [...before.roles].sort().join();
    if (seesOther)
      await tx
        .insertInto('person_scopes')
        .values({
          organisation_id: organisationId,
          person_id: personId,
          scope: before.scope,
          roles: before.roles,
          unit_id: before.unit_id,
          until: portal.now(),
        })
        .execute();
    const after = { ...before, ...next, scope: before.scope + (seesOther ? 1 : 0) };
    await tx
      .updateTable('people')
      .set({ ...next, name: JSON.stringify(next.name), scope: after.scope })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', personId)
      .execute();
    await expectAdministrator(tx, organisationId);
    const data = personInfo(after);
    await writeDirectory(tx, feed, organisationId, { id: subject, kind: 'person', data });
    await recordVersion(tx, organisationId, {
      subject,
      action: after.active === before.active ? 'change' : after.active ? 'activate' : 'deactivate',
      data,
      by,
      at: portal.now(),
    });
    return data;
  });
  // What the person may see of every collection may be another by now.
  portal.announce(organisationId, SYNCED_COLLECTIONS);
  return info;
}

/** Throws `bad-request` with the reason `unit-unknown`. */
export async function expectUnit(tx: Tx, organisationId: string, unitId: string): Promise<void> {
  const unit = await tx
    .selectFrom('units')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('id', '=', unitId)
    .executeTakeFirst();
  if (!unit) throw new PortalError('bad-request', { detail: { reason: 'unit-unknown' } });
}

/** Throws `bad-request` with the reason `account-taken` when another person signs in by it. */
export async function expectAccount(
  tx: Tx,
  organisationId: string,
  account: string,
  personId: string,
): Promise<void> {
  const other = await tx
    .selectFrom('people')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('account', '=', account)
    .where('id', '!=', personId)
    .executeTakeFirst();
  if (other) throw new PortalError('bad-request', { detail: { reason: 'account-taken' } });
}

/** Somebody must be left who can change things back. */
async function expectAdministrator(tx: Tx, organisationId: string): Promise<void> {
  const left = await tx
    .selectFrom('people')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('active', '=', true)
    .where((eb) => eb('roles', '@>', eb.val(['administrator'])))
    .executeTakeFirst();
  if (!left) throw new PortalError('bad-request', { detail: { reason: 'last-administrator' } });
}

/** Sets for how many days a desk may go on without having reached the portal. */
export async function setOfflineDays(
  portal: Portal,
  organisationId: string,
  offlineDays: number,
  by: string,
): Promise<void> {
  await administer(portal, organisationId, async (tx, feed) => {
    await tx
      .updateTable('organisations')
      .set({ offline_days: offlineDays })
      .where('organisation_id', '=', organisationId)
      .execute();
    const row = await tx
      .selectFrom('directory')
      .select('data')
      .where('organisation_id', '=', organisationId)
      .where('id', '=', 'organisation')
      .executeTakeFirstOrThrow();
    const data = { ...row.data, offlineDays };
    await writeDirectory(tx, feed, organisationId, { id: 'organisation', kind: 'organisation', data });
    await recordVersion(tx, organisationId, {
      subject: 'organisation',
      action: 'change',
      data,
      by,
      at: portal.now(),
    });
  });
}
