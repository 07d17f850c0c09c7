import { sql } from 'kysely';
import { SYNCED_COLLECTIONS } from '../../domain/contracts/index.ts';
import {
  type CalendarData,
  compileCalendar,
  dueDate,
  type OpenDeadline,
  recomputed,
  type WorkCalendar,
} from '../../domain/deadlines/index.ts';
import type { Channel, RegulationProfile } from '../../domain/regulations/index.ts';
import type { Portal } from '../context.ts';
import { deadlineFacts, limitOf, toDue } from '../decisions/derive.ts';
import type { Db } from '../storage/database.ts';
import type { Feed, Tx } from '../storage/feed.ts';
import { lockRules } from '../storage/feed.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { MovedRow } from '../storage/tables.ts';
import { administer, expectVersion, recordVersion, writeDirectory } from '../storage/versions.ts';
import { readUnits, writeUnit } from './changeUnit.ts';

/** What is to hold from now on. Both were checked (`readProfile`, `compileCalendar`) by whoever asks. */
export type NewRules =
  | { readonly subject: 'profile'; readonly profile: RegulationProfile }
  | { readonly subject: 'calendar'; readonly calendar: CalendarData };

/** Why a regulation can't be put in force: articles would have no category, or no step to take. */
export type Obstacle =
  | { readonly code: 'category-in-use'; readonly categoryId: string; readonly count: number }
  | {
      readonly code: 'state-stuck';
      readonly channel: Channel;
      readonly state: string;
      readonly count: number;
    };

export interface Effect {
  readonly moved: readonly MovedRow[];
  readonly obstacles: readonly Obstacle[];
}

/** What new rules would do, without doing it. */
export function effectOf(portal: Portal, organisation: Organisation, rules: NewRules): Promise<Effect> {
  return portal.db.transaction().execute(async (tx) => {
    const { moved } = await computeDeadlines(portal, tx, organisation, rules);
    return { moved, obstacles: await obstaclesTo(tx, organisation.id, rules) };
  });
}

/**
 * Puts new rules in force: the rows that desks get, the limits of all articles that are not published yet, and the version
 * with the limits that moved, all or nothing. Answers what stands against it; then nothing was changed. Throws a VersionConflict.
 */
export async function applyRules(
  portal: Portal,
  organisationId: string,
  rules: NewRules,
  change: { readonly version: number; readonly by: string; readonly basis: string; readonly action: string },
): Promise<Effect> {
  const effect = await administer(portal, organisationId, async (tx, feed): Promise<Effect> => {
    await expectVersion(tx, organisationId, rules.subject, change.version);
    await lockRules(tx, organisationId);
    const known = await portal.organisations.get(organisationId);
    const organisation = await portal.organisations.current(tx, known);
    const obstacles = await obstaclesTo(tx, organisationId, rules);
    if (obstacles.length > 0) return { moved: [], obstacles };
    const { moved, changed } = await computeDeadlines(portal, tx, organisation, rules);
    if (rules.subject === 'profile')
      await writeProfile(portal, tx, feed, organisation, rules.profile, change.by);
    else await writeCalendar(tx, feed, organisationId, rules.calendar);
    await writeDue(tx, feed, organisationId, changed);
    await recordVersion(tx, organisationId, {
      subject: rules.subject,
      action: change.action,
      data: rules.subject === 'profile' ? rules.profile : rules.calendar,
      basis: change.basis,
      by: change.by,
      at: portal.now(),
      moved,
    });
    return { moved, obstacles };
  });
  portal.organisations.forget(organisationId);
  portal.announce(organisationId, SYNCED_COLLECTIONS);
  return effect;
}

interface ChangedDue {
  readonly id: string;
  readonly due: string | null;
}

/** Articles whose limit still runs: never published, and not closed. */
const CLOSED = ['refused', 'withdrawn', 'archived'];

async function computeDeadlines(
  portal: Portal,
  tx: Tx,
  organisation: Organisation,
  rules: NewRules,
): Promise<{ moved: MovedRow[]; changed: ChangedDue[] }> {
  const profile = rules.subject === 'profile' ? rules.profile : organisation.profile;
  const calendar = rules.subject === 'calendar' ? compiled(rules.calendar) : organisation.calendar;
  const articles = await tx
    .selectFrom('articles')
    .select(['id', 'title', 'category_id', 'facts', 'due'])
    .where('organisation_id', '=', organisation.id)
    .where('channel', '=', 'vi')
    .where('published_at', 'is', null)
    .where('state', 'not in', CLOSED as never)
    .orderBy('id')
    .execute();
  const open: OpenDeadline[] = [];
  const changed: ChangedDue[] = [];
  for (const article of articles) {
    const facts = article.facts ?? (await readFacts(portal, tx, organisation.id, article.id));
    const before = limitOf(organisation.profile, article.category_id, facts);
    const after = limitOf(profile, article.category_id, facts);
    if (!before || !after) continue;
    open.push({ id: article.id, ...before, after });
    const due = toDue(profile, dueDate({ ...after, calendar }));
    const was = article.due;
    // Which version computed it stays true as long as it says the same.
    if (was?.date !== due?.date || was?.clause !== due?.clause || was?.ref !== due?.ref)
      changed.push({ id: article.id, due: due && JSON.stringify(due) });
  }
  const titles = new Map(articles.map((article) => [article.id, article.title]));
  const moved = recomputed(open, organisation.calendar, calendar).map(
    ({ id, before, after, days }): MovedRow => ({
      articleId: id,
      title: titles.get(id) ?? '',
      before: before.dueDate,
      after: after.dueDate,
      days,
    }),
  );
  return { moved, changed };
}

/** For articles whose text came before its facts were kept beside it. */
async function readFacts(portal: Portal, tx: Tx, organisationId: string, articleId: string) {
  const { content } = await portal.documents.load(tx, organisationId, articleId);
  return deadlineFacts(content.fields);
}

function compiled(data: CalendarData): WorkCalendar {
  const result = compileCalendar(data);
  if (!result.ok) throw new Error(`a calendar that was not checked: ${result.fault.code}`);
  return result.calendar;
}

async function obstaclesTo(db: Db | Tx, organisationId: string, rules: NewRules): Promise<Obstacle[]> {
  if (rules.subject !== 'profile') return [];
  const { categories, chain } = rules.profile;
  const rows = await db
    .selectFrom('articles')
    .select(({ fn }) => ['category_id', 'channel', 'state', fn.countAll<number>().as('count')])
    .where('organisation_id', '=', organisationId)
    .where('state', '!=', 'archived')
    .groupBy(['category_id', 'channel', 'state'])
    .execute();
  const known = new Set(categories.map((category) => category.id));
  const lost = new Map<string, number>();
  const stuck = new Map<string, Extract<Obstacle, { code: 'state-stuck' }>>();
  for (const { category_id: categoryId, channel, state, count } of rows) {
    if (!known.has(categoryId)) lost.set(categoryId, (lost.get(categoryId) ?? 0) + Number(count));
    const ends =
      state === 'published' || state === 'refused' || state === 'withdrawn' || state === 'approved';
    if (ends || chain[channel].some((step) => step.from.includes(state))) continue;
    const key = `${channel} ${state}`;
    const before = stuck.get(key)?.count ?? 0;
    stuck.set(key, { code: 'state-stuck', channel, state, count: before + Number(count) });
  }
  return [
    ...[...lost].map(([categoryId, count]) => ({ code: 'category-in-use' as const, categoryId, count })),
    ...stuck.values(),
  ];
}

async function writeProfile(
  portal: Portal,
  tx: Tx,
  feed: Feed,
  organisation: Organisation,
  profile: RegulationProfile,
  by: string,
): Promise<void> {
  await tx
    .updateTable('organisations')
    .set({
      profile: JSON.stringify(profile),
      profile_id: profile.id,
      rules_version: sql<number>`rules_version + 1`,
    })
    .where('organisation_id', '=', organisation.id)
    .execute();
  await writeDirectory(tx, feed, organisation.id, { id: 'profile', kind: 'profile', data: profile });
  if (profile.id !== organisation.profile.id) {
    const row = await tx
      .selectFrom('directory')
      .select('data')
      .where('organisation_id', '=', organisation.id)
      .where('id', '=', 'organisation')
      .executeTakeFirstOrThrow();
    const data = { ...row.data, profileId: profile.id };
    await writeDirectory(tx, feed, organisation.id, { id: 'organisation', kind: 'organisation', data });
    await recordVersion(tx, organisation.id, {
      subject: 'organisation',
      action: 'change',
      data,
      by,
      at: portal.now(),
    });
  }
  const known = new Set(profile.categories.map((category) => category.id));
  for (const unit of await readUnits(tx, organisation.id)) {
    const categories = unit.categories.filter((id) => known.has(id));
    if (categories.length === unit.categories.length) continue;
    const data = { ...unit, categories };
    await writeUnit(tx, feed, organisation.id, data);
    await recordVersion(tx, organisation.id, {
      subject: `unit:${unit.id}`,
      action: 'change',
      data,
      by,
      at: portal.now(),
    });
  }
}

async function writeCalendar(
  tx: Tx,
  feed: Feed,
  organisationId: string,
  calendar: CalendarData,
): Promise<void> {
  await tx
    .updateTable('organisations')
    .set({ calendar: JSON.stringify(calendar), rules_version: sql<number>`rules_version + 1` })
    .where('organisation_id', '=', organisationId)
    .execute();
  await writeDirectory(tx, feed, organisationId, { id: 'calendar', kind: 'calendar', data: calendar });
}

async function writeDue(
  tx: Tx,
  feed: Feed,
  organisationId: string,
  changed: readonly ChangedDue[],
): Promise<void> {
  if (changed.length === 0) return;
  const [ids, dues] = [changed.map((one) => one.id), changed.map((one) => one.due)];
  await sql`
    update articles a set due = v.due::jsonb
    from unnest(${ids}::text[], ${dues}::text[]) as v (id, due)
    where a.organisation_id = ${organisationId} and a.id = v.id`.execute(tx);
  feed.touch('articles', ...ids);
}
