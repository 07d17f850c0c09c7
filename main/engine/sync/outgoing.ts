import { PushReply } from '../../../domain/contracts/portalApi.ts';
import type { DeskDatabase, LocalDecision, LocalFile, LocalUpdate } from '../database.ts';
import type { Log } from '../log.ts';
import type { PortalApi } from './api.ts';
import { type Link, Stopped } from './link.ts';
import { PortalFailure } from './portalClient.ts';
import { arePortalRows, bare } from './rows.ts';

/** Collections of which this desk writes rows. */
export type SentCollection = 'updates' | 'decisions' | 'files';
type Row = LocalUpdate | LocalDecision | LocalFile;

/** What became of rows that were sent. */
export interface Outcome {
  readonly collection: SentCollection;
  readonly accepted: readonly string[];
  /** The portal has these too, and says this of them: verdicts, mostly. */
  readonly answered: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[];
  readonly refused: readonly { readonly id: string; readonly code: string; readonly ref: string }[];
}

/** Sends what this desk wrote, in the order in which it was written. */
export interface Outgoing {
  /** Resolves when nothing that was here at the call waits any more; without the portal that may be long. Rejects when stopped. */
  send(): Promise<void>;
  /** Ids of rows that are on their way now. */
  sending(): ReadonlySet<string>;
}

export interface OutgoingOptions {
  readonly database: DeskDatabase;
  readonly api: PortalApi;
  readonly link: Link;
  readonly log: Log;
  /** Records the outcome durably: a row that is not marked as sent is sent again. */
  readonly onAnswered: (outcome: Outcome) => Promise<void>;
  readonly onSending: () => void;
}

const PAGE = 200;
const PUSH_ROWS = 100;
const PUSH_BYTES = 4 * 1024 * 1024;
/** Slow lines need their time for a large push. */
const PUSH_TIMEOUT_MS = 120_000;

/**
 * The one way out. A row waits while `sent` is 0 and it is not `held`. Of one article everything goes in the order in which it
 * was written: a decision after the text and the files that it was taken on, text after the decision before it; so the portal judges every decision
 * on the very text that its author saw, deletions included. Nothing of an article goes before its declaration.
 */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const onItsWay = new Set<string>();
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const run = (): Promise<void> => {
    running = sendAll(options, onItsWay).finally(() => {
      running = null;
    });
    return running;
  };

  return {
    send() {
      if (!running) return run();
      // The round under way may have looked before the newest row was written.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return run();
        });
      return next;
    },
    sending: () => onItsWay,
  };
}

async function sendAll(options: OutgoingOptions, onItsWay: Set<string>): Promise<void> {
  for (;;) {
    const waiting = await readWaiting(options.database);
    const ready = readyOf(waiting);
    if (ready.length === 0) return;
    for (const { collection, rows } of ready) {
      for (const slice of slices(rows)) await sendMarked(options, collection, slice, onItsWay);
    }
  }
}

interface Waiting {
  readonly updates: readonly LocalUpdate[];
  readonly decisions: readonly LocalDecision[];
  readonly files: readonly LocalFile[];
  /** There may be updates beyond these, all with a higher order. */
  readonly isCut: boolean;
}

async function readWaiting(database: DeskDatabase): Promise<Waiting> {
  const free = { sent: 0, held: false };
  const [updates, decisions, files] = await Promise.all([
    database.updates
      .find({ selector: free, sort: [{ sent: 'asc' }, { held: 'asc' }, { order: 'asc' }], limit: PAGE })
      .exec(),
    database.decisions.find({ selector: { sent: 0 } }).exec(),
    database.files.find({ selector: { sent: 0 } }).exec(),
  ]);
  return {
    updates: updates.map((row) => row.toJSON() as LocalUpdate),
    decisions: decisions.map((row) => row.toJSON() as LocalDecision).sort(byOrder),
    files: files.map((row) => row.toJSON() as LocalFile).filter((row) => !row.held),
    isCut: updates.length === PAGE,
  };
}

const byOrder = (a: Row, b: Row): number => a.order - b.order;

/** What may go now: text and files before decisions, and of each article only what nothing earlier of it still waits for. */
function readyOf(waiting: Waiting): { collection: SentCollection; rows: Row[] }[] {
  const firstDecision = new Map<string, number>();
  const undeclared = new Set<string>();
  for (const { articleId, action, order } of waiting.decisions) {
    if (!firstDecision.has(articleId)) firstDecision.set(articleId, order);
    if (action === 'declare') undeclared.add(articleId);
  }
  const mayGo = ({ articleId, order }: Row): boolean =>
    !undeclared.has(articleId) && order <= (firstDecision.get(articleId) ?? order);
  const updates = waiting.updates.filter(mayGo);
  const files = waiting.files.filter(mayGo);

  const seenTo = waiting.isCut ? (waiting.updates.at(-1)?.order ?? 0) : Number.POSITIVE_INFINITY;
  const earlier = [...waiting.updates, ...waiting.files];
  const blocked = new Set<string>();
  const decisions: LocalDecision[] = [];
  for (const decision of waiting.decisions) {
    const { articleId, action, order } = decision;
    const waits =
      blocked.has(articleId) ||
      (action !== 'declare' &&
        (order > seenTo || earlier.some((row) => row.articleId === articleId && row.order < order)));
    if (waits) blocked.add(articleId);
    else decisions.push(decision);
  }
  const ready: { collection: SentCollection; rows: Row[] }[] = [
    { collection: 'updates', rows: updates },
    { collection: 'files', rows: files },
    { collection: 'decisions', rows: decisions },
  ];
  return ready.filter(({ rows }) => rows.length > 0);
}

async function sendMarked(
  options: OutgoingOptions,
  collection: SentCollection,
  slice: readonly Row[],
  onItsWay: Set<string>,
): Promise<void> {
  const ids = slice.map((row) => row.id);
  for (const id of ids) onItsWay.add(id);
  options.onSending();
  try {
    await sendSlice(options, collection, slice);
  } finally {
    for (const id of ids) onItsWay.delete(id);
    options.onSending();
  }
}

async function sendSlice(
  options: OutgoingOptions,
  collection: SentCollection,
  slice: readonly Row[],
): Promise<void> {
  const { api, link, log } = options;
  const rows = slice.map((row) => ({ newDocumentState: bare(collection, { ...row }) }));
  let reply: PushReply;
  try {
    reply = await link.run(async (signal) => {
      const path = `/api/sync/${collection}`;
      const timeoutMs = PUSH_TIMEOUT_MS;
      const answer = await api.json(PushReply, {
        method: 'POST',
        path,
        json: { rows },
        folds: true,
        signal,
        timeoutMs,
      });
      if (!arePortalRows(collection, answer.conflicts)) throw new PortalFailure('portal-garbage', 200);
      return answer;
    });
  } catch (error) {
    if (error instanceof Stopped) throw new Error('stopped');
    if (!(error instanceof PortalFailure)) throw error;
    const { code, status } = error;
    log('warn', 'sync.push-refused', { collection, rows: slice.length, code, status });
    if (slice.length > 1) {
      // One row that the portal can't stand must not keep the others back.
      for (const row of slice) await sendSlice(options, collection, [row]);
      return;
    }
    reply = { conflicts: [], refused: slice.map(({ id }) => ({ id, code })) };
  }
  const refused = reply.refused.map(({ id, code, ref }) => ({ id, code: code.slice(0, 60), ref: ref ?? '' }));
  const answered = reply.conflicts.map((row) => ({ ...row, id: String(row.id) }));
  const held = new Set([...refused, ...answered].map(({ id }) => id));
  const accepted = slice.map(({ id }) => id).filter((id) => !held.has(id));
  await options.onAnswered({ collection, accepted, answered, refused });
}

function slices(rows: readonly Row[]): Row[][] {
  const result: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size =
      500 + ('update' in row ? row.update.length : 'action' in row ? (row.content?.length ?? 0) : 0);
    const last = result.at(-1);
    if (last && last.length < PUSH_ROWS && bytes + size <= PUSH_BYTES) {
      last.push(row);
      bytes += size;
    } else {
      result.push([row]);
      bytes = size;
    }
  }
  return result;
}
