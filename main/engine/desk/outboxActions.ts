import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { DeskDatabase } from '../database.ts';
import type { NextOrder } from '../documents/order.ts';
import type { Registry } from '../documents/registry.ts';

export interface OutboxActionsOptions {
  readonly database: DeskDatabase;
  readonly registry: Registry;
  readonly now: () => number;
  readonly nextOrder: NextOrder;
  /** Sends what waits. */
  readonly send: () => void;
}

/** What a person may do with something that the portal did not take. Items are named as `outbox.ts` names them. */
export interface OutboxActions {
  /**
   * Puts it away: it is asked about no more and stays in the log of the outbox. Refused text is taken out of the article here, so
   * not while a window has the article open (`article-open`). `not-found` for what is not refused.
   */
  dismiss(itemId: string): Promise<Result<Record<string, never>>>;
  /** Lets it wait again. `not-found` for what was judged, and for what has lost its article. */
  sendAgain(itemId: string): Promise<Result<Record<string, never>>>;
}

const DONE = {} as Record<string, never>;

export function createOutboxActions(options: OutboxActionsOptions): OutboxActions {
  const { database, registry, now } = options;

  const refusedRows = async (itemId: string) => {
    const [kind = '', ...rest] = itemId.split(':');
    const id = rest.join(':');
    if (kind === 'text-refused') {
      const rows = await database.updates.find({ selector: { articleId: id, code: { $gt: '' } } }).exec();
      return { kind, articleId: id, rows: rows.filter((row) => row.dismissed === 0) };
    }
    const found =
      kind === 'decision'
        ? await database.decisions.findOne(id).exec()
        : kind === 'file'
          ? await database.files.findOne(id).exec()
          : null;
    const isRefused = found && found.dismissed === 0 && (found.code !== '' || isJudged(found));
    return { kind, articleId: found?.articleId ?? '', rows: isRefused ? [found] : [] };
  };

  return {
    dismiss: async (itemId) => {
      const { kind, articleId, rows } = await refusedRows(itemId);
      if (rows.length === 0) return refuse('not-found');
      if (kind === 'text-refused' && registry.isOpen(articleId)) return refuse('article-open');
      await Promise.all(rows.map((row) => row.incrementalPatch({ dismissed: now() })));
      if (kind === 'text-refused') registry.drop(articleId);
      return ok(DONE);
    },
    sendAgain: async (itemId) => {
      const { rows } = await refusedRows(itemId);
      const again = rows.filter(
        (row) =>
          row.code !== '' && !('content' in row && row.action !== 'declare' && row.stateVector === null),
      );
      if (again.length === 0) return refuse('not-found');
      for (const row of again)
        await row.incrementalPatch({ sent: 0, code: '', ref: '', order: options.nextOrder() });
      options.send();
      return ok(DONE);
    },
  };
}

const isJudged = (row: object): boolean => 'status' in row && row.status === 'refused';
