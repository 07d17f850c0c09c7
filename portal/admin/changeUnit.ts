import { sql } from 'kysely';
import { SYNCED_COLLECTIONS, type UnitInfo } from '../../domain/contracts/index.ts';
import { hasEnded, type UnitFault, unitFaults } from '../../domain/people/unitRules.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import type { Db } from '../storage/database.ts';
import type { Feed, Tx } from '../storage/feed.ts';
import { lockArticles, lockRules } from '../storage/feed.ts';
import { unitColumns, unitInfo } from '../storage/unitColumns.ts';
import { administer, expectVersion, recordVersion, writeDirectory } from '../storage/versions.ts';

/** Why a unit is not saved: a fault of its own, an id that another has, people or work that would be left behind. */
export type UnitRefusal = UnitFault | 'id-taken' | 'has-people';

/** All units of an organisation, in the order of their names. */
export async function readUnits(db: Db | Tx, organisationId: string): Promise<UnitInfo[]> {
  const rows = await db
    .selectFrom('units')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .execute();
  const byName = new Intl.Collator('vi').compare;
  return rows.map(unitInfo).sort((a, b) => byName(a.name.vi, b.name.vi) || (a.id < b.id ? -1 : 1));
}

/**
 * Saves a unit, a new one if `version` is 0. Answers what is against it; then nothing was changed. A unit that has ended by
 * today has nobody with an account that is on. Throws a VersionConflict.
 */
export async function saveUnit(
  portal: Portal,
  organisationId: string,
  unit: UnitInfo,
  change: { readonly version: number; readonly by: string; readonly basis: string; readonly today: string },
): Promise<readonly UnitRefusal[]> {
  return administer(portal, organisationId, async (tx, feed) => {
    const subject = `unit:${unit.id}`;
    const units = await readUnits(tx, organisationId);
    const before = units.find((one) => one.id === unit.id);
    if (change.version === 0 && before) return ['id-taken'];
    await expectVersion(tx, organisationId, subject, change.version);
    const refusals: UnitRefusal[] = unitFaults(unit, units);
    if (hasEnded(unit, change.today) && (await countActive(tx, organisationId, unit.id)) > 0)
      refusals.push('has-people');
    if (refusals.length > 0) return refusals;
    await writeUnit(tx, feed, organisationId, unit);
    await recordVersion(tx, organisationId, {
      subject,
      action: before ? 'change' : 'create',
      data: unit,
      basis: change.basis === '' ? null : change.basis,
      by: change.by,
      at: portal.now(),
    });
    return [];
  });
}

/** Within a change that writes the version too. */
export async function writeUnit(tx: Tx, feed: Feed, organisationId: string, unit: UnitInfo): Promise<void> {
  const columns = unitColumns(unit);
  await tx
    .insertInto('units')
    .values({ organisation_id: organisationId, id: unit.id, ...columns })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'id']).doUpdateSet(columns))
    .execute();
  await writeDirectory(tx, feed, organisationId, { id: `unit:${unit.id}`, kind: 'unit', data: unit });
}

async function countActive(tx: Tx, organisationId: string, unitId: string): Promise<number> {
  const row = await tx
    .selectFrom('people')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organisation_id', '=', organisationId)
    .where('unit_id', '=', unitId)
    .where('active', '=', true)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** What a unit has that can be handed over: people, and articles that are not finished. */
export async function workOf(
  db: Db,
  organisationId: string,
  unitId: string,
): Promise<{ readonly people: number; readonly articles: number }> {
  const row = await sql<{ people: number; articles: number }>`
    select
      (select count(*) from people where organisation_id = ${organisationId} and unit_id = ${unitId}) as people,
      (select count(*) from articles where organisation_id = ${organisationId} and unit_id = ${unitId}
        and state not in (${sql.join(FINISHED)})) as articles`.execute(db);
  return { people: Number(row.rows[0]?.people ?? 0), articles: Number(row.rows[0]?.articles ?? 0) };
}

/** States whose articles keep the unit of their day. */
const FINISHED = ['published', 'refused', 'withdrawn', 'archived'];

/**
 * Hands over to another unit when units merge: people, and articles that are not finished, with all their rows; what was
 * published keeps the unit of its day. Answers how many of each. Throws `not-found` for a unit that does not exist, `bad-request` for the same
 * unit.
 */
export async function handOver(
  portal: Portal,
  organisationId: string,
  change: { readonly from: string; readonly to: string; readonly by: string; readonly basis: string },
): Promise<{ readonly people: number; readonly articles: number }> {
  const { from, to, by, basis } = change;
  if (from === to) throw new PortalError('bad-request');
  const moved = await administer(portal, organisationId, async (tx, feed) => {
    await lockRules(tx, organisationId);
    const units = await readUnits(tx, organisationId);
    const unit = units.find((one) => one.id === from);
    if (!unit || !units.some((one) => one.id === to)) throw new PortalError('not-found');
    const people = await movePeople(portal, tx, feed, organisationId, change);
    const articles = await moveArticles(tx, feed, organisationId, from, to);
    await recordVersion(tx, organisationId, {
      subject: `unit:${from}`,
      action: 'hand-over',
      data: { ...unit, handedOverTo: to, people, articles },
      basis,
      by,
      at: portal.now(),
    });
    return { people, articles };
  });
  portal.announce(organisationId, SYNCED_COLLECTIONS);
  return moved;
}

async function movePeople(
  portal: Portal,
  tx: Tx,
  feed: Feed,
  organisationId: string,
  { from, to, by, basis }: { from: string; to: string; by: string; basis: string },
): Promise<number> {
  const people = await tx
    .selectFrom('people')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('unit_id', '=', from)
    .execute();
  for (const person of people) {
    await tx
      .insertInto('person_scopes')
      .values({
        organisation_id: organisationId,
        person_id: person.id,
        scope: person.scope,
        roles: person.roles,
        unit_id: person.unit_id,
        until: portal.now(),
      })
      .execute();
    await tx
      .updateTable('people')
      .set({ unit_id: to, scope: person.scope + 1 })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', person.id)
      .execute();
    const { id, account, name, roles, active } = person;
    const data = { id, account, name, roles, unitId: to, active };
    await writeDirectory(tx, feed, organisationId, { id: `person:${id}`, kind: 'person', data });
    const subject = `person:${id}`;
    await recordVersion(tx, organisationId, {
      subject,
      action: 'hand-over',
      data,
      basis,
      by,
      at: portal.now(),
    });
  }
  return people.length;
}

/** Desks that may see the articles from now on have passed their rows in the feed: all take new places. */
async function moveArticles(
  tx: Tx,
  feed: Feed,
  organisationId: string,
  from: string,
  to: string,
): Promise<number> {
  const rows = await tx
    .selectFrom('articles')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('unit_id', '=', from)
    .where('state', 'not in', FINISHED as never)
    .execute();
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return 0;
  await lockArticles(tx, organisationId, ids);
  await tx
    .updateTable('articles')
    .set({ unit_id: to })
    .where('organisation_id', '=', organisationId)
    .where('id', 'in', ids)
    .execute();
  feed.touch('articles', ...ids);
  for (const table of ['updates', 'snapshots', 'decisions', 'files'] as const) {
    const touched = await tx
      .selectFrom(table)
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('article_id', 'in', ids)
      .execute();
    feed.touch(table, ...touched.map((row) => row.id));
  }
  return ids.length;
}
