import { type PersonInfo, SYNCED_COLLECTIONS } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { personInfo } from '../session/sessions.ts';
import { change } from '../storage/feed.ts';

export type PersonChange = Partial<Pick<PersonInfo, 'roles' | 'unitId' | 'active'>>;

/**
 * Gives a person other roles or another unit, or switches the account off or on. It counts at the next request of each of the
 * person's desks, which then get what may be seen now and let go of the rest. Throws `not-found`, `bad-request` for a unit that does not exist.
 */
export async function changePerson(
  portal: Portal,
  organisationId: string,
  personId: string,
  wanted: PersonChange,
): Promise<PersonInfo> {
  const info = await change(portal, organisationId, async (tx, feed) => {
    const before = await tx
      .selectFrom('people')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('id', '=', personId)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new PortalError('not-found');
    const next = {
      roles: wanted.roles ?? before.roles,
      unit_id: wanted.unitId ?? before.unit_id,
      active: wanted.active ?? before.active,
    };
    const unit = await tx
      .selectFrom('units')
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('id', '=', next.unit_id)
      .executeTakeFirst();
    if (!unit) throw new PortalError('bad-request', { detail: { reason: 'no such unit' } });
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
      .set({ ...next, scope: after.scope })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', personId)
      .execute();
    await tx
      .updateTable('directory')
      .set({ data: JSON.stringify(personInfo(after)) })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', `person:${personId}`)
      .execute();
    feed.touch('directory', `person:${personId}`);
    return personInfo(after);
  });
  // What the person may see of every collection may be another by now.
  portal.announce(organisationId, SYNCED_COLLECTIONS);
  return info;
}

/** Sets for how many days a desk may go on without having reached the portal. */
export async function setOfflineDays(
  portal: Portal,
  organisationId: string,
  offlineDays: number,
): Promise<void> {
  await change(portal, organisationId, async (tx, feed) => {
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
    await tx
      .updateTable('directory')
      .set({ data: JSON.stringify({ ...row.data, offlineDays }) })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', 'organisation')
      .execute();
    feed.touch('directory', 'organisation');
  });
}
