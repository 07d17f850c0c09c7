import type { OutboxItem } from '../../../domain/contracts/index.ts';
import { insertedText } from '../../../domain/document/index.ts';
import type { DeskDatabase, LocalDecision, LocalFile, LocalUpdate, StoredDeskRow } from '../database.ts';
import { codeOf, statusOf } from '../decisions/project.ts';
import type { ArticleTally, UpdateTally } from '../documents/tally.ts';
import type { Transfers } from '../files/transfers.ts';
import { NEVER_SENT_HERE } from '../sync/rows.ts';
import type { KeptRow } from './derive.ts';

export interface OutboxContext {
  readonly database: DeskDatabase;
  readonly tallies: UpdateTally;
  readonly transfers: Transfers;
  readonly deskId: string;
  readonly personId: string;
  readonly now: () => number;
  /** Ids of rows on their way. */
  readonly sending: () => ReadonlySet<string>;
  readonly nameOf: (file: LocalFile) => Promise<string>;
}

/** How long what was accepted stays in the list. */
export const RECENT_MS = 24 * 3_600_000;
/** How long what was put away is shown; it is kept longer. */
const LOG_MS = 30 * 24 * 3_600_000;

const ORDER: Readonly<Record<OutboxItem['state'], number>> = {
  refused: 0,
  sending: 1,
  waiting: 2,
  'waiting-at-portal': 3,
  held: 4,
  accepted: 5,
  dismissed: 6,
};

/** What leaves this desk and what became of it: text by article, decisions and files one by one. */
export async function listOutbox(context: OutboxContext): Promise<OutboxItem[]> {
  const { database, tallies } = context;
  const texts = [...tallies.all()].flatMap(([articleId, tally]) => textItems(context, articleId, tally));
  const decisions = (await database.decisions.find({ selector: { deskId: context.deskId } }).exec())
    .map((row) => decisionItem(context, row.toJSON() as LocalDecision))
    .filter((item) => item !== null);
  const fileRows = await database.files.find({ selector: { sent: { $ne: NEVER_SENT_HERE } } }).exec();
  const files = await Promise.all(
    fileRows
      .map((row) => row.toJSON() as LocalFile)
      .filter((row) => row.addedBy === context.personId)
      .map((row) => fileItem(context, row)),
  );
  const items = [
    ...texts,
    ...decisions,
    ...files.filter((item) => item !== null),
    ...(await dismissedTexts(context)),
  ];
  const rows = await database.desk.findByIds([...new Set(items.map((item) => item.articleId))]).exec();
  const titles = new Map(
    items.filter((item) => item.title !== '').map((item) => [item.articleId, item.title]),
  );
  const titled = items.map((item) => {
    const row = (rows.get(item.articleId)?.toJSON() as StoredDeskRow | undefined)?.row as KeptRow | undefined;
    const state = row?.local && item.kind === 'text' && item.state === 'waiting' ? 'held' : item.state;
    return { ...item, state, title: row?.title || item.title || titles.get(item.articleId) || '' };
  });
  return titled.sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.at - a.at || (a.id < b.id ? -1 : 1));
}

function textItems(context: OutboxContext, articleId: string, tally: ArticleTally): OutboxItem[] {
  const base = {
    articleId,
    title: '',
    kind: 'text',
    action: null,
    fileName: null,
    sentBytes: 0,
    ref: null,
    keptText: null,
    maySendAgain: false,
  } as const;
  const items: OutboxItem[] = [];
  const waiting = [...tally.waiting];
  const bytes = (sizes: number[]) => Math.ceil(sizes.reduce((sum, size) => sum + size, 0) * 0.75);
  if (waiting.length > 0) {
    const isSending = waiting.some(([id]) => context.sending().has(id));
    const state = isSending ? 'sending' : 'waiting';
    const at = Math.max(...waiting.map(([, one]) => one.at));
    items.push({
      ...base,
      id: `text:${articleId}`,
      state,
      at,
      size: bytes(waiting.map(([, one]) => one.size)),
      code: null,
    });
  }
  const refused = [...tally.refused.values()];
  const last = refused.at(-1);
  const kept = refused.map((one) => one.aside).filter((aside) => aside !== null);
  if (last) {
    const size = bytes(refused.map((one) => one.size));
    items.push({
      ...base,
      id: `text-refused:${articleId}`,
      state: 'refused',
      at: last.at,
      size,
      code: last.code,
      ref: last.ref || null,
      title: kept[0]?.title ?? '',
      keptText: kept.length === 0 ? null : kept.map((one) => one.text).join('\n'),
      maySendAgain: true,
    });
  }
  if (items.length === 0 && tally.takenAt !== null && tally.takenAt > context.now() - RECENT_MS) {
    items.push({
      ...base,
      id: `text:${articleId}`,
      state: 'accepted',
      at: tally.takenAt,
      size: 0,
      code: null,
    });
  }
  return items;
}

function decisionItem(context: OutboxContext, row: LocalDecision): OutboxItem | null {
  const status = statusOf(row);
  const isSending = context.sending().has(row.id);
  const open = row.sent > 0 ? 'waiting-at-portal' : isSending ? 'sending' : 'waiting';
  const state = row.dismissed > 0 ? 'dismissed' : status === 'proposed' ? open : status;
  if (state === 'dismissed' && row.dismissed < context.now() - LOG_MS) return null;
  const at = state === 'waiting' || state === 'sending' ? row.proposedAt : row.sent;
  if (status !== 'proposed' && row.dismissed === 0 && row.code === '' && at < context.now() - RECENT_MS)
    return null;
  return {
    id: `decision:${row.id}`,
    articleId: row.articleId,
    title: '',
    kind: 'decision',
    action: row.action,
    fileName: null,
    state,
    at,
    size: Math.ceil((row.content?.length ?? 0) * 0.75),
    sentBytes: 0,
    code: codeOf(row),
    ref: row.ref || row.verdictRef,
    keptText: null,
    maySendAgain: row.code !== '' && (row.action === 'declare' || row.stateVector !== null),
  };
}

async function fileItem(context: OutboxContext, row: LocalFile): Promise<OutboxItem | null> {
  if (row.storedAt !== null && row.sent < context.now() - RECENT_MS) return null;
  if (row.dismissed > 0 && row.dismissed < context.now() - LOG_MS) return null;
  const sentBytes = row.storedAt === null ? context.transfers.sentBytes(row.sha256) : row.size;
  const isSending = context.transfers.sending().has(row.id) || context.sending().has(row.id);
  const stalledBy = row.storedAt === null ? context.transfers.stalledBy(row.sha256) : null;
  const open = row.held ? 'held' : isSending && stalledBy === null ? 'sending' : 'waiting';
  return {
    id: `file:${row.id}`,
    articleId: row.articleId,
    title: '',
    kind: 'file',
    action: null,
    fileName: await context.nameOf(row),
    state:
      row.dismissed > 0
        ? 'dismissed'
        : row.code !== ''
          ? 'refused'
          : row.storedAt !== null
            ? 'accepted'
            : open,
    at: row.sent > NEVER_SENT_HERE ? row.sent : row.at,
    size: row.size,
    sentBytes,
    code: row.code || stalledBy,
    ref: row.ref || null,
    keptText: null,
    maySendAgain: row.code !== '',
  };
}

/** The log of refused text that was put away: one item per article, its words readable. */
async function dismissedTexts({ database, now }: OutboxContext): Promise<OutboxItem[]> {
  const rows = await database.updates.find({ selector: { code: { $gt: '' } } }).exec();
  const items = new Map<string, OutboxItem>();
  for (const row of rows.map((one) => one.toJSON() as LocalUpdate)) {
    if (row.dismissed === 0 || row.dismissed < now() - LOG_MS) continue;
    const before = items.get(row.articleId);
    const words = insertedText([Buffer.from(row.update, 'base64')]);
    items.set(row.articleId, {
      id: `text-dismissed:${row.articleId}`,
      articleId: row.articleId,
      title: row.aside?.title || before?.title || '',
      kind: 'text',
      action: null,
      fileName: null,
      state: 'dismissed',
      at: Math.max(before?.at ?? 0, row.dismissed),
      size: (before?.size ?? 0) + Math.ceil(row.update.length * 0.75),
      sentBytes: 0,
      code: row.code,
      ref: row.ref || null,
      keptText: [before?.keptText, words].filter(Boolean).join('\n'),
      maySendAgain: false,
    });
  }
  return [...items.values()];
}
