import type { ArticleRow, DeskRow, Due } from '../../../domain/contracts/index.ts';
import { dueDate } from '../../../domain/deadlines/index.ts';
import { readContent } from '../../../domain/document/index.ts';
import {
  deadlineRuleFor,
  findCategory,
  type RegulationProfile,
  ruleName,
} from '../../../domain/regulations/index.ts';
import { collationKey, foldVietnamese } from '../../../domain/text/index.ts';
import { type Actor, nextSteps } from '../../../domain/workflow/index.ts';
import type { DeskDatabase, LocalDecision, StoredDeskRow } from '../database.ts';
import { codeOf, project, statusOf } from '../decisions/project.ts';
import type { Directory } from '../directory.ts';
import type { Registry } from '../documents/registry.ts';
import type { UpdateTally } from '../documents/tally.ts';
import { type Facts, readFacts } from './facts.ts';

export interface DeriveContext {
  readonly database: DeskDatabase;
  readonly tallies: UpdateTally;
  readonly registry: Registry;
  readonly directory: Directory;
  readonly deskId: string;
}

/** A row of the lists as it is stored: without what changes from day to day or while something is being sent. */
export type KeptRow = Omit<DeskRow, 'dueStatus'>;

const FINISHED: ReadonlySet<string> = new Set(['published', 'refused', 'withdrawn', 'archived']);
export const isFinished = (row: Pick<KeptRow, 'projectedState'>): boolean => FINISHED.has(row.projectedState);

const NO_DUE = '9999-12-31';

/** Makes the rows of some articles from everything this desk has of them; articles of which it has nothing are left out. */
export async function deriveRows(
  context: DeriveContext,
  articleIds: readonly string[],
): Promise<ReadonlyMap<string, StoredDeskRow>> {
  const { database, tallies, deskId } = context;
  const [facts, english] = await Promise.all([
    readFacts(database, tallies, deskId, articleIds),
    database.desk.find({ selector: { sourceId: { $in: [...articleIds] } } }).exec(),
  ]);
  const translated = new Set(english.map((row) => row.sourceId));
  const rows = new Map<string, StoredDeskRow>();
  for (const [articleId, one] of facts) {
    const kept = await deriveRow(context, one);
    const inTranslation = hasEnglish(context) && belongsToTranslation(kept, translated.has(articleId));
    rows.set(articleId, { ...columns(kept), inTranslation, row: kept });
  }
  return rows;
}

async function deriveRow({ registry, directory }: DeriveContext, facts: Facts): Promise<KeptRow> {
  const profile = directory.profile();
  const me = directory.me();
  const own = await ownText(facts, registry, directory);
  const { subject } = profile
    ? project({ ...facts, profile, actor: directory.actor() })
    : { subject: facts.isDeclared ? facts.row : null };
  const row: ArticleRow = { ...facts.row, ...own };
  const projectedState = subject?.state ?? row.state;
  const contributors = subject?.contributors ?? row.contributors;
  return {
    ...row,
    projectedState,
    ...marksOf(facts, me.id),
    ...whoIsNext(profile, { ...row, state: projectedState, contributors }, directory.actor()),
  };
}

/** Title, summary and limit of the text here, where the portal's row can't have them yet. */
async function ownText(facts: Facts, registry: Registry, directory: Directory): Promise<Partial<ArticleRow>> {
  const { row, tally } = facts;
  if (facts.isAtPortal && !tally?.waiting.size) return {};
  const content = readContent(await registry.get(row.id));
  const updatedAt = Math.max(row.updatedAt, tally?.savedAt ?? 0);
  const text = { title: content.title.trim(), summary: content.summary.trim(), updatedAt };
  const profile = directory.profile();
  const category = profile && findCategory(profile, row.categoryId);
  if (!category || row.channel === 'en') return text;
  const rule = deadlineRuleFor(category, content.fields);
  const event = rule.eventField === null ? null : content.fields[rule.eventField];
  const found = dueDate({
    rule,
    eventDate: typeof event === 'string' ? event : null,
    calendar: directory.calendar(),
  });
  const due: Due | null =
    found.dueDate === null
      ? null
      : {
          date: found.dueDate,
          clause: found.clause ?? '',
          ref: found.ref ?? '',
          rule: ruleName(profile, rule) ?? '',
        };
  return { ...text, due };
}

type SyncFields = Pick<
  KeptRow,
  | 'local'
  | 'sync'
  | 'syncAt'
  | 'savedAt'
  | 'pendingUpdates'
  | 'pendingDecisions'
  | 'pendingFiles'
  | 'problem'
  | 'earlierApprovalId'
>;

function marksOf(facts: Facts, me: string): SyncFields {
  const { row, tally, pending, files, decisions } = facts;
  const local = !facts.isDeclared && pending.length === 0;
  const pendingUpdates = tally?.waiting.size ?? 0;
  const pendingFiles = files.filter(
    (file) => file.addedBy === me && file.storedAt === null && file.code === '',
  ).length;
  const unsent = pendingUpdates + pendingFiles + pending.filter((decision) => decision.sent === 0).length;
  const own = decisions.filter((decision) => decision.actorId === me);
  const isOpen = (row: { readonly dismissed: number }) => row.dismissed === 0;
  const last = own.at(-1);
  const refusedDecision = last && isOpen(last) && statusOf(last) === 'refused' ? codeOf(last) : null;
  const refusedText = [...(tally?.refused.values() ?? [])].at(-1)?.code ?? null;
  const refusedFile = files.find((file) => isOpen(file) && file.code !== '')?.code ?? null;
  const notTaken =
    refusedText ?? refusedFile ?? (last && isOpen(last) && last.code !== '' ? last.code : null);
  const savedAt = tally?.savedAt ?? null;
  const sync = local ? 'local' : unsent > 0 ? 'waiting' : notTaken !== null ? 'refused' : 'received';
  return {
    local,
    sync,
    syncAt: sync === 'received' ? Math.max(tally?.takenAt ?? 0, row.updatedAt) : (savedAt ?? row.updatedAt),
    savedAt,
    pendingUpdates,
    pendingDecisions: pending.length,
    pendingFiles,
    problem: refusedDecision ?? notTaken,
    earlierApprovalId: earlierApproval(own),
  };
}

/** This person's approval that met another text, unless the person has decided anything since. */
function earlierApproval(own: readonly LocalDecision[]): string | null {
  const last = own.at(-1);
  const isEarlier =
    last?.action === 'approve' && statusOf(last) === 'refused' && codeOf(last) === 'content-changed';
  return isEarlier ? last.id : null;
}

function whoIsNext(
  profile: RegulationProfile | null,
  row: ArticleRow,
  me: Actor,
): Pick<KeptRow, 'nextRoles' | 'nextUnitId' | 'mine'> {
  const steps = profile ? nextSteps(profile.chain[row.channel], row.state) : [];
  const inUnit = steps.length > 0 && steps.every((step) => step.sameUnit);
  const roles = [...me.roles, ...(me.standsInFor ?? []).flatMap((one) => one.roles)];
  const isMine = steps.some(
    (step) =>
      step.roles.some((role) => roles.includes(role)) &&
      (!step.sameUnit || me.unitId === row.unitId) &&
      !(step.action === 'approve' && row.contributors.includes(me.id)),
  );
  return {
    nextRoles: [...new Set(steps.flatMap((step) => step.roles))],
    nextUnitId: inUnit ? row.unitId : null,
    mine: isMine && me.active,
  };
}

/** States in which a step of the chain is a decision about somebody's submitted text. */
const UNDER_REVIEW: ReadonlySet<string> = new Set(['submitted', 'endorsed', 'in-review']);

/** So much of a title decides about its place in a list. */
const TITLE_SORTED = 120;

function columns(row: KeptRow): Omit<StoredDeskRow, 'row' | 'inTranslation'> {
  const folded = foldVietnamese(`${row.title} ${row.summary}`);
  return {
    id: row.id,
    inMine: row.mine && !isFinished(row),
    inWorking: !isFinished(row),
    inReturned: row.projectedState === 'returned',
    inReview: row.mine && UNDER_REVIEW.has(row.projectedState),
    inPublished:
      row.projectedState === 'published' || (row.publicPath !== null && row.projectedState !== 'withdrawn'),
    state: row.projectedState,
    unitId: row.unitId,
    categoryId: row.categoryId,
    channel: row.channel,
    sourceId: row.sourceArticleId ?? '',
    dueDate: row.due?.date ?? NO_DUE,
    updatedAt: row.updatedAt,
    publishedAt: row.publishedAt ?? 0,
    titleKey: collationKey(row.title.slice(0, TITLE_SORTED)),
    folded: folded.slice(0, 4000),
  };
}

/** Two of the regulations know no foreign language: nothing waits for translation there. */
const hasEnglish = ({ directory }: DeriveContext): boolean => directory.profile()?.chain.en.length !== 0;

/** English pieces in the making, and published Vietnamese ones that have no English version yet. */
function belongsToTranslation(row: KeptRow, hasEnglish: boolean): boolean {
  if (row.channel === 'en') return !isFinished(row);
  return row.projectedState === 'published' && row.counterpartId === null && !hasEnglish;
}
