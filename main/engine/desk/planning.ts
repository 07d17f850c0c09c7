import { mandatorySections, sectionFacts, unitsBoundTo } from '../../../domain/content/index.ts';
import type { Args, Reply, Whose } from '../../../domain/contracts/index.ts';
import { MAX_CALENDAR_DAYS, PIECES_PER_DAY } from '../../../domain/contracts/planning.ts';
import {
  addDays,
  addWorkingDays,
  dateInVietnam,
  daysBetween,
  dueDate,
  isDate,
  riskOf,
} from '../../../domain/deadlines/index.ts';
import type { ArticleContent } from '../../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { Names } from '../../../domain/people/types.ts';
import {
  type Category,
  type DeadlineRule,
  deadlineRuleFor,
  findCategory,
  type RegulationProfile,
} from '../../../domain/regulations/index.ts';
import { stepsLeft } from '../../../domain/workflow/index.ts';
import type { StoredDeskRow } from '../database.ts';
import type { Directory } from '../directory.ts';
import type { KeptRow } from './derive.ts';
import { type CountedView, type ListContext, SOON_WORKING_DAYS } from './lists.ts';
import type { Brief, Overview } from './overview.ts';

export interface PlanningContext extends Pick<ListContext, 'database' | 'directory'> {
  readonly overview: Overview;
}

/** Days have a piece for what has a limit; English pieces have none of their own. */
function riskIn(
  directory: Directory,
): (piece: Pick<Brief, 'due' | 'channel' | 'state'>) => ReturnType<typeof riskOf> {
  const today = directory.today();
  const calendar = directory.calendar();
  const chain = directory.profile()?.chain;
  const left = new Map<string, number>();
  return ({ due, channel, state }) => {
    const key = `${channel} ${state}`;
    let steps = left.get(key);
    if (steps === undefined) {
      steps = chain ? stepsLeft(chain[channel], state) : 0;
      left.set(key, steps);
    }
    return riskOf(due, today, calendar, steps, SOON_WORKING_DAYS);
  };
}

const counts = (whose: Whose, piece: Brief): boolean => {
  if (whose.who === 'unit') return piece.unitId === whose.unitId;
  return whose.who === 'all' || piece.mine;
};

/** How many unfinished pieces are late, at risk, and of the unit of the person at this desk. */
export async function countedViews({
  directory,
  overview,
}: PlanningContext): Promise<Record<CountedView, number>> {
  const riskOfPiece = riskIn(directory);
  const { unitId } = directory.me();
  const found = { unit: 0, late: 0, 'at-risk': 0 };
  for (const piece of (await overview.all()).values()) {
    if (piece.isFinished) continue;
    if (piece.unitId === unitId) found.unit += 1;
    const risk = riskOfPiece(piece);
    if (risk === 'late' || risk === 'at-risk') found[risk] += 1;
  }
  return found;
}

const URGENCY = { late: 0, 'at-risk': 1, soon: 2, ok: 3, none: 4 } as const;

/** The days asked for, each with what is due on it; a few pieces by name, the rest by number. */
export async function calendarDays(
  { database, directory, overview }: PlanningContext,
  { from, to, whose }: Args<'planning.days'>,
): Promise<Result<Reply<'planning.days'>>> {
  const length = isDate(from) && isDate(to) ? daysBetween(from, to) + 1 : 0;
  if (length < 1 || length > MAX_CALENDAR_DAYS) return refuse('bad-request');
  const today = directory.today();
  const calendar = directory.calendar();
  const riskOfPiece = riskIn(directory);
  const soonUntil = addWorkingDays(today, SOON_WORKING_DAYS, calendar);
  const sums = { late: 0, 'at-risk': 0, soon: 0, ok: 0, none: 0 };
  let soon = 0;
  const onDay = new Map<string, { id: string; order: number; isLate: boolean }[]>();
  for (const [id, piece] of await overview.all()) {
    if (!counts(whose, piece)) continue;
    const risk = piece.isFinished ? null : riskOfPiece(piece);
    const { due } = piece;
    if (risk !== null) {
      sums[risk] += 1;
      if (due !== null && today <= due && due <= soonUntil) soon += 1;
    }
    if (due === null || due < from || due > to) continue;
    const those = onDay.get(due);
    const one = { id, order: risk === null ? 5 : URGENCY[risk], isLate: risk === 'late' };
    if (those) those.push(one);
    else onDay.set(due, [one]);
  }
  for (const those of onDay.values())
    those.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const named = [...onDay.values()].flatMap((those) => those.slice(0, PIECES_PER_DAY).map(({ id }) => id));
  const rows = await database.desk.findByIds(named).exec();
  const pieceOf = (id: string): Reply<'planning.days'>['days'][number]['pieces'] => {
    const found = rows.get(id);
    if (!found) return [];
    const row = (found.toJSON() as StoredDeskRow).row as unknown as KeptRow;
    const state = row.projectedState;
    const order = onDay.get(row.due?.date ?? '')?.find((one) => one.id === id)?.order;
    const risk =
      order === 5 ? null : riskOfPiece({ due: row.due?.date ?? null, channel: row.channel, state });
    return [{ id, title: row.title, channel: row.channel, state, risk }];
  };
  const days = Array.from({ length }, (_, at) => {
    const date = addDays(from, at);
    const { working, kind, name, compensates, assumed } = calendar.day(date);
    const those = onDay.get(date) ?? [];
    return {
      date,
      working,
      kind,
      name: name ?? null,
      compensates: compensates ?? null,
      assumed: assumed === true,
      total: those.length,
      late: those.filter(({ isLate }) => isLate).length,
      pieces: those.slice(0, PIECES_PER_DAY).flatMap(({ id }) => pieceOf(id)),
    };
  });
  const { late, none: without } = sums;
  return ok({ today, days, late, atRisk: sums['at-risk'], soon, without });
}

/** How the limit of an article came about, from the text as this desk has it. Null without a regulation. */
export function explainDue(
  directory: Directory,
  row: Pick<KeptRow, 'categoryId' | 'channel' | 'due'>,
  { fields }: Pick<ArticleContent, 'fields'>,
): Reply<'planning.explain'> | null {
  const profile = directory.profile();
  const category = profile && findCategory(profile, row.categoryId);
  if (!profile || !category) return null;
  const rule = deadlineRuleFor(category, fields);
  const value = rule.eventField === null ? null : fields[rule.eventField];
  const eventDate = typeof value === 'string' ? value : null;
  const isEnglish = row.channel === 'en';
  const found = dueDate({
    rule: isEnglish ? { ...rule, mode: 'notStated', clause: null, ref: null } : rule,
    eventDate,
    calendar: directory.calendar(),
  });
  const portalSays = row.due !== null && row.due.date !== found.dueDate ? row.due.date : null;
  return {
    status: found.status,
    mode: found.mode,
    workingDays: isEnglish ? null : rule.workingDays,
    event: isEnglish ? null : eventName(profile, category, rule),
    eventDate: found.eventDate,
    dueDate: found.dueDate,
    days: found.explanation.map(({ date, kind, n, name, compensates, assumed }) => ({
      date,
      kind,
      n,
      name: name ?? null,
      compensates: compensates ?? null,
      assumed: assumed === true,
    })),
    today: directory.today(),
    complete: found.complete,
    assumed: found.assumed,
    quote: isEnglish ? null : (rule.quote ?? null),
    clause: found.clause,
    ref: found.ref,
    portalSays,
  };
}

function eventName(profile: RegulationProfile, { fields }: Category, rule: DeadlineRule): Names | null {
  if (rule.event !== null) return profile.events[rule.event] ?? null;
  return [...fields, ...profile.commonFields].find((field) => field.id === rule.eventField)?.name ?? null;
}

/** Roles whose desks hold the pieces of all units. */
const SEE_ALL: ReadonlySet<string> = new Set(['editor', 'editor-in-chief', 'administrator', 'translator']);

/** How every section stands, over all units or for one. */
export async function sections(
  { directory, overview }: PlanningContext,
  { unitId: wanted, reminderDays }: Args<'planning.sections'>,
): Promise<Reply<'planning.sections'>> {
  const profile = directory.profile();
  const me = directory.me();
  const isOwnUnitOnly = !me.roles.some((role) => SEE_ALL.has(role));
  const unitId = isOwnUnitOnly ? me.unitId : wanted;
  if (!profile) return { rows: [], unitId, isOwnUnitOnly };
  const unitIds = directory.all().units.map((unit) => unit.id);
  const dayOf = (at: number): string => dateInVietnam(new Date(at).toISOString());
  const byCategory = new Map<string, PieceOf[]>();
  for (const piece of (await overview.all()).values()) {
    if (piece.channel === 'en') continue;
    if (unitId !== null && piece.unitId !== unitId) continue;
    const those = byCategory.get(piece.categoryId);
    const one = { ...piece, openDue: piece.isFinished ? null : piece.due };
    if (those) those.push(one);
    else byCategory.set(piece.categoryId, [one]);
  }
  const rows = mandatorySections(profile).flatMap((category): Reply<'planning.sections'>['rows'] => {
    const bound = unitsBoundTo(profile, category.id, unitIds);
    const pieces = byCategory.get(category.id) ?? [];
    // Of one unit: what it is bound to, and what it wrote beside that.
    if (unitId !== null && !bound.includes(unitId) && pieces.length === 0) return [];
    const reminder = reminderDays === 0 ? null : reminderDays;
    const factsOf = (some: readonly PieceOf[]) =>
      sectionFacts(category, some, directory.today(), dayOf, reminder);
    const byUnit = Map.groupBy(pieces, (piece) => piece.unitId);
    const { mode, workingDays, clause, ref } = category.deadline;
    return [
      {
        categoryId: category.id,
        name: category.name,
        mode,
        workingDays,
        clause: clause ?? category.clause,
        ref: ref ?? category.ref,
        ...factsOf(pieces),
        units: (unitId === null ? bound : []).map((id) => ({ unitId: id, ...factsOf(byUnit.get(id) ?? []) })),
      },
    ];
  });
  return { rows, unitId, isOwnUnitOnly };
}
type PieceOf = Brief & { readonly openDue: string | null };

/** Delegations that concern the person at this desk and hold today or later. */
export function delegationsOf(directory: Directory): Reply<'planning.delegations'> {
  const me = directory.me();
  const today = directory.today();
  const infoOf = (one: ReturnType<Directory['delegations']>[number]) => ({
    id: one.id,
    from: directory.nameOf(one.fromPersonId),
    to: directory.nameOf(one.toPersonId),
    unitId: directory.people().find((person) => person.id === one.fromPersonId)?.unitId ?? me.unitId,
    roles: [...one.roles],
    firstDay: one.from,
    lastDay: one.to,
    basis: one.basis,
    isNow: one.from <= today,
  });
  const open = directory
    .delegations()
    .filter((one) => one.to >= today && directory.holds(one))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return {
    received: open.filter((one) => one.toPersonId === me.id).map(infoOf),
    given: open.filter((one) => one.fromPersonId === me.id).map(infoOf),
  };
}
