import type * as Y from 'yjs';
import { type Args, type Reply, UNDECIDED } from '../../../domain/contracts/index.ts';
import { stateVector } from '../../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import { BOUND_TO_TEXT } from '../../../domain/workflow/index.ts';
import type { DeskDatabase, LocalDecision } from '../database.ts';
import { UNSENT } from '../database.ts';
import type { Disk } from '../documents/disk.ts';
import type { NextOrder } from '../documents/order.ts';
import { diskCode } from '../refused.ts';
import { packContent } from './evidence.ts';
import { type Case, declarationOf, judge } from './judge.ts';

export interface ProposeOptions {
  readonly database: DeskDatabase;
  readonly disk: Disk;
  readonly deskId: string;
  readonly now: () => number;
  readonly nextOrder: NextOrder;
  /** Positions begin here: a store that went back in time must not give those again that the portal has already. */
  readonly firstPosition: number;
  /** The article with its text; undefined when this desk does not have it. */
  readonly openCase: (articleId: string) => Promise<{ readonly case: Case; readonly doc: Y.Doc } | undefined>;
  /** Lets go what was held back of an article. */
  readonly release: (articleId: string) => Promise<void>;
}

/**
 * Writes a proposal down, in one durable write, with the content it is about as evidence. The rules are asked first, so that
 * what can't pass is said at once; the verdict stays the portal's. Must run in the article's turn: no text may come in between.
 */
export async function propose(
  options: ProposeOptions,
  args: Args<'decisions.propose'>,
): Promise<Result<Reply<'decisions.propose'>>> {
  const { database, disk } = options;
  const { decisionId: id, articleId, action } = args;
  const before = await database.decisions.findOne(id).exec();
  if (before) {
    if (before.articleId !== articleId || before.action !== action) return refuse('bad-request');
    if (action === 'declare') await options.release(articleId);
    return ok({ savedAt: before.proposedAt, status: before.status });
  }
  const opened = await options.openCase(articleId);
  if (!opened) return refuse('article-unknown');
  const { case: one, doc } = opened;
  const isDeclare = action === 'declare';
  const fingerprint = isDeclare ? null : one.fingerprint;
  if (!isDeclare && args.fingerprint !== one.fingerprint) {
    const isBlind = args.fingerprint === null && !BOUND_TO_TEXT.has(action);
    if (!isBlind) return refuse('content-changed', { ref: 'WF10' });
  }
  const declaration = isDeclare ? declarationOf(one) : null;
  const reason = args.reason?.trim() ? args.reason.trim() : null;
  const verdict = judge(one, { action, fingerprint, reason, declaration });
  if (!verdict.ok) return verdict;

  const row: LocalDecision = {
    id,
    articleId,
    action,
    actorId: one.actor.id,
    deskId: options.deskId,
    position: await nextPosition(options),
    proposedAt: options.now(),
    fingerprint,
    content: isDeclare ? null : await packContent(one.content),
    stateVector: isDeclare ? null : Buffer.from(stateVector(doc)).toString('base64'),
    reason,
    declaration,
    ...UNDECIDED,
    ...UNSENT,
    order: options.nextOrder(),
  };
  try {
    const { error } = await disk.write(() => database.decisions.bulkInsert([row]));
    if (error[0]) throw new Error(`decision not written: status ${error[0].status}`);
  } catch (error) {
    const code = diskCode(error);
    if (code === null) throw error;
    return refuse(code === 'disk-full' ? code : 'not-saved');
  }
  // What is not let go now for want of disk is let go at the next start: the declaration stands.
  if (isDeclare) await options.release(articleId);
  return ok({ savedAt: row.proposedAt, status: row.status });
}

async function nextPosition({ database, deskId, firstPosition }: ProposeOptions): Promise<number> {
  const last = await database.decisions
    .find({ selector: { deskId }, sort: [{ position: 'desc' }], limit: 1 })
    .exec();
  return Math.max((last[0]?.position ?? -1) + 1, firstPosition);
}
