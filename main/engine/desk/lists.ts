import type { MangoQuery, RxDocument } from 'rxdb';
import { VIEWS } from '../../../domain/contracts/desk.ts';
import type { Args, DeskRow, Found, ListDates, Reply, View } from '../../../domain/contracts/index.ts';
import { addDays, addWorkingDays, deadlineStatus } from '../../../domain/deadlines/index.ts';
import { ARTICLE_STATES } from '../../../domain/regulations/index.ts';
import { foldVietnamese } from '../../../domain/text/index.ts';
import { stepsLeft } from '../../../domain/workflow/index.ts';
import type { DeskDatabase, StoredDeskRow } from '../database.ts';
import type { Directory } from '../directory.ts';
import type { Reservations } from '../reservations.ts';
import type { DeskSearch, Passage } from '../search/index.ts';
import { isFinished, type KeptRow } from './derive.ts';

export interface ListContext {
  readonly database: DeskDatabase;
  readonly directory: Directory;
  /** Articles of which something is on its way now. */
  readonly sending: () => ReadonlySet<string>;
  readonly search: Pick<DeskSearch, 'idsFor' | 'passages'>;
  readonly reservations: Pick<Reservations, 'ofOthers' | 'own' | 'problem'>;
}

/** What is due within so many working days is "soon". */
export const SOON_WORKING_DAYS = 3;

type Selector = NonNullable<MangoQuery<StoredDeskRow>['selector']>;

/** A stored row as a screen gets it, today. */
export function present({ directory, sending, reservations }: ListContext, stored: KeptRow): DeskRow {
  const due = stored.due?.date ?? null;
  const dueStatus = isFinished(stored)
    ? { code: 'done' as const, workingDays: 0 }
    : deadlineStatus(due, directory.today(), directory.calendar(), SOON_WORKING_DAYS);
  const isSending = stored.sync === 'waiting' && sending().has(stored.id);
  return {
    ...stored,
    reservations: reservations.ofOthers(stored),
    sync: isSending ? 'sending' : stored.sync,
    dueStatus,
  };
}

function selectorOf(view: View, directory: Directory): Selector {
  const selectors: Record<View, () => Selector> = {
    mine: () => ({ inMine: true }),
    working: () => ({ inWorking: true }),
    soon: () => ({
      inWorking: true,
      dueDate: { $lte: addWorkingDays(directory.today(), SOON_WORKING_DAYS, directory.calendar()) },
    }),
    unit: () => ({ inWorking: true, unitId: directory.me().unitId }),
    late: () => ({ inWorking: true, dueDate: { $lt: directory.today() } }),
    'at-risk': () => atRisk(directory),
    returned: () => ({ inReturned: true }),
    review: () => ({ inReview: true }),
    translation: () => ({ inTranslation: true }),
    published: () => ({ inPublished: true }),
    all: () => ({}),
  };
  return selectors[view]();
}

/** Not late yet, and due within fewer working days than the chain has steps left (`riskOf`); English pieces have no limit of their own. */
function atRisk(directory: Directory): Selector {
  const chain = directory.profile()?.chain.vi ?? [];
  const today = directory.today();
  const latest = ARTICLE_STATES.map((state) => {
    const steps = stepsLeft(chain, state);
    // Up to the day before there are as many working days as steps.
    const until = steps === 0 ? today : addDays(addWorkingDays(today, steps, directory.calendar()), -1);
    return { state, until };
  });
  const last = latest.reduce((most, { until }) => (until > most ? until : most), today);
  return {
    inWorking: true,
    dueDate: { $gte: today, $lte: last },
    $or: latest.map(({ state, until }) => ({ state, dueDate: { $lte: until } })),
  };
}

type Sort = NonNullable<MangoQuery<StoredDeskRow>['sort']>;
const BY_DUE: Sort = [{ dueDate: 'asc' }, { id: 'asc' }];
const SORTS: Readonly<Record<Args<'articles.list'>['sort'], Sort>> = {
  due: BY_DUE,
  updated: [{ updatedAt: 'desc' }, { id: 'asc' }],
  title: [{ titleKey: 'asc' }, { id: 'asc' }],
  relevance: BY_DUE,
};

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

interface Searched {
  /** The article has the words, by the index or in its row. */
  readonly selector: Selector;
  /** In title and summary, also parts of words. */
  readonly inTitle: Selector;
  /** By the index, best first; empty while it can't be asked. */
  readonly ids: readonly string[];
}

/**
 * Articles with the words that somebody typed: in any part of them, by the index; in title and summary also parts of words, and what the index
 * does not have yet. Diacritics make no difference. Null when no word was typed.
 */
async function searchFor({ search }: ListContext, text: string): Promise<Searched | null> {
  const words = foldVietnamese(text)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  const inTitle = { $and: words.map((word) => ({ folded: { $regex: escapeRegex(word) } })) };
  const ids = (await search.idsFor(text)) ?? [];
  return {
    selector: ids.length === 0 ? inTitle : { $or: [{ id: { $in: [...ids] } }, inTitle] },
    inTitle,
    ids,
  };
}

/** So many of the best answers are looked up at once. */
const AT_ONCE = 500;

/** A window of the answers, best first; then those that the index does not have, newest first. */
async function bestFirst(
  desk: DeskDatabase['desk'],
  narrowed: Selector,
  { ids, inTitle }: Searched,
  { offset, count }: Pick<Args<'articles.list'>, 'offset' | 'count'>,
) {
  const rows: RxDocument<StoredDeskRow>[] = [];
  let passed = 0;
  for (let at = 0; at < ids.length && rows.length < count; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const found = await desk.find({ selector: { $and: [narrowed, { id: { $in: some } }] } }).exec();
    const byId = new Map(found.map((row) => [row.id, row]));
    for (const id of some) {
      const row = byId.get(id);
      if (!row) continue;
      if (passed >= offset && rows.length < count) rows.push(row);
      passed += 1;
    }
  }
  if (rows.length === count) return rows;
  const rest = await desk
    .find({
      selector: { $and: [narrowed, inTitle, { id: { $nin: [...ids] } }] },
      sort: SORTS.updated,
      skip: Math.max(0, offset - passed),
      limit: count - rows.length,
    })
    .exec();
  return [...rows, ...rest];
}

const dayStart = (day: string): number => Date.parse(`${day}T00:00:00+07:00`);
const DAY_MS = 86_400_000;
/** The last day before those that stand for none. */
const LAST_DUE = '9999-12-30';

function datesSelector({ of, from, to }: ListDates): Selector {
  if (of === 'due') return { dueDate: { $gte: from ?? '', $lte: to ?? LAST_DUE } };
  const range = {
    $gte: from === undefined ? 0 : dayStart(from),
    ...(to === undefined ? {} : { $lt: dayStart(to) + DAY_MS }),
  };
  if (of === 'updated') return { updatedAt: range };
  return { publishedAt: { ...range, $gte: Math.max(1, range.$gte) } };
}

/** What of a passage a row shows: where the title is the reason, the title alone. */
function foundOf(passage: Passage, title: string): Found | null {
  const { field, name, snippet } = passage;
  const ranges = ({ ranges: pairs }: { ranges: Passage['title']['ranges'] }) =>
    pairs.map(([start, end]): [number, number] => [start, end]);
  // The index may be a moment behind the row.
  const titleRanges = passage.title.text === title ? ranges(passage.title) : [];
  const isBeside = field !== 'title' && snippet.ranges.length > 0;
  if (!isBeside && titleRanges.length === 0) return null;
  return {
    titleRanges,
    passage: isBeside ? { place: field, name, text: snippet.text, ranges: ranges(snippet) } : null,
  };
}

/** A window of a list, by queries on the desk's own rows. */
export async function list(
  context: ListContext,
  args: Args<'articles.list'>,
): Promise<Reply<'articles.list'>> {
  const { desk } = context.database;
  const chosen: Selector = {
    ...selectorOf(args.view, context.directory),
    ...(args.states ? { state: { $in: [...args.states] } } : {}),
    ...(args.unitId === undefined ? {} : { unitId: args.unitId }),
    ...(args.categoryId === undefined ? {} : { categoryId: args.categoryId }),
    ...(args.channel === undefined ? {} : { channel: args.channel }),
  };
  const more: Selector[] = [
    ...(args.dates ? [datesSelector(args.dates)] : []),
    ...(args.onlyMine ? [{ inMine: true }] : []),
    // The view names a unit of its own.
    ...(args.view === 'unit' ? [selectorOf('unit', context.directory)] : []),
  ];
  const narrowed: Selector = more.length > 0 ? { $and: [...more, chosen] } : chosen;
  const searched = await searchFor(context, args.text ?? '');
  const selector: Selector = searched ? { $and: [narrowed, searched.selector] } : narrowed;
  const [total, rows] = await Promise.all([
    desk.count({ selector }).exec(),
    searched && args.sort === 'relevance'
      ? bestFirst(desk, narrowed, searched, args)
      : desk.find({ selector, sort: SORTS[args.sort], skip: args.offset, limit: args.count }).exec(),
  ]);
  const ids = rows.map((row) => row.id);
  const passages = searched && (await context.search.passages(args.text ?? '', ids));
  return {
    total,
    offset: args.offset,
    rows: rows.map((row) => {
      const shown = present(context, (row.toJSON() as StoredDeskRow).row as KeptRow);
      const passage = passages?.get(row.id);
      const found = passage && foundOf(passage, shown.title);
      return found ? { ...shown, found } : shown;
    }),
  };
}

/** Views that no column of the store knows: they are counted in memory, or every change of a row would have all of them unsealed. */
export type CountedView = 'unit' | 'late' | 'at-risk';
const isCounted = (view: View): view is CountedView =>
  view === 'unit' || view === 'late' || view === 'at-risk';

/** How many articles each view has. `counted` answers for those that are counted in memory. */
export async function counts(
  { database, directory }: ListContext,
  counted: () => Promise<Readonly<Record<CountedView, number>>>,
): Promise<Reply<'articles.counts'>> {
  const inMemory = await counted();
  const found = await Promise.all(
    VIEWS.map(async (view) => {
      if (isCounted(view)) return [view, inMemory[view]] as const;
      const count = await database.desk.count({ selector: selectorOf(view, directory) }).exec();
      return [view, count] as const;
    }),
  );
  return Object.fromEntries(found) as Reply<'articles.counts'>;
}
