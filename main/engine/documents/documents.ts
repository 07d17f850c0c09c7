import { createHash, randomBytes } from 'node:crypto';
import type { Args, Declaration, Reply } from '../../../domain/contracts/index.ts';
import {
  containedIn,
  createArticleDoc,
  encodeState,
  insertedText,
  type NewArticle,
  validateUpdate,
} from '../../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { DeskDatabase, LocalUpdate } from '../database.ts';
import { UNSENT } from '../database.ts';
import { diskCode } from '../refused.ts';
import { dropCovered } from './covering.ts';
import { LEFT_DESK } from './departures.ts';
import type { Disk } from './disk.ts';
import type { NextOrder } from './order.ts';
import type { Registry } from './registry.ts';

/** Whether the person at this desk may open and write an article; undefined when the desk does not have it. */
export interface Rights {
  readonly mayEdit: boolean;
  readonly mayContribute: boolean;
  readonly held: boolean;
}

export interface Documents {
  open(articleId: string, windowId: string): Promise<Result<Reply<'documents.open'>>>;
  close(articleId: string, windowId: string): void;
  append(args: Args<'documents.append'>, windowId: string): Promise<Result<Reply<'documents.append'>>>;
  /** Makes an article that stays on this machine until it is declared. The same id again changes nothing. */
  create(articleId: string, opens: Declaration, article: Omit<NewArticle, 'clientId'>): Promise<Result<void>>;
  /** Brings updates that came from elsewhere into the open documents. */
  received(rows: readonly LocalUpdate[]): Promise<void>;
  /** Brings snapshots into those of the documents that are in memory; lets go of the updates that they cover. */
  snapshotsReceived(articleIds: readonly string[]): Promise<void>;
  /** Work on one article goes one after the other. */
  inTurn<T>(articleId: string, work: () => Promise<T>): Promise<T>;
}

export interface DocumentsOptions {
  readonly database: DeskDatabase;
  readonly registry: Registry;
  readonly disk: Disk;
  readonly deskId: string;
  readonly authorId: string;
  readonly now: () => number;
  readonly nextOrder: NextOrder;
  readonly rights: (articleId: string) => Promise<Rights | undefined>;
  /** Whether it was here a moment ago. */
  readonly hasLeft: (articleId: string) => boolean;
  /** A row was written here. */
  readonly onWritten: (row: LocalUpdate) => void;
  readonly announce: (change: Reply<'documents.changed'>, exceptWindow?: string) => void;
}

/** A snapshot has many authors; what it brings comes from elsewhere. */
const SNAPSHOT_AUTHOR = 'portal';
/** Articles with snapshots whose updates are looked for together. */
const LOOKED_FOR_AT_ONCE = 100;

/**
 * The texts. An update is answered when its row is in a committed transaction, synced to disk; then it is told to the other windows.
 * Nothing is acknowledged before.
 */
export function createDocuments(options: DocumentsOptions): Documents {
  const { database, registry, disk, now, announce } = options;
  const turns = new Map<string, Promise<unknown>>();
  /** Rows written here: their change events are no news to the windows. */
  const own = new Set<string>();

  const inTurn = <T>(articleId: string, work: () => Promise<T>): Promise<T> => {
    const before = turns.get(articleId) ?? Promise.resolve();
    const next = before.then(work, work);
    const settled = next
      .catch(() => undefined)
      .then(() => {
        if (turns.get(articleId) === settled) turns.delete(articleId);
      });
    turns.set(articleId, settled);
    return next;
  };

  const snapshotReceived = (articleId: string): Promise<void> =>
    inTurn(articleId, async () => {
      const snapshot = await database.snapshots.findOne(articleId).exec();
      if (!snapshot) return;
      const update = new Uint8Array(Buffer.from(snapshot.state, 'base64'));
      const doc = await registry.peek(articleId);
      if (doc && !containedIn(doc)(update) && (await registry.apply(articleId, update))) {
        if (registry.isOpen(articleId)) announce({ articleId, update, authorId: SNAPSHOT_AUTHOR });
      }
      await dropCovered({ database, deskId: options.deskId, now }, articleId);
    });

  const rowOf = (articleId: string, id: string, update: Uint8Array, held: boolean): LocalUpdate => ({
    id,
    articleId,
    authorId: options.authorId,
    deskId: options.deskId,
    at: now(),
    held,
    update: Buffer.from(update.buffer, update.byteOffset, update.byteLength).toString('base64'),
    ...UNSENT,
    order: options.nextOrder(),
    opens: null,
    aside: null,
  });

  /** Writes a row once; a row of this id that is there already is the same one, asked again. */
  const write = async (row: LocalUpdate): Promise<LocalUpdate> => {
    own.add(row.id);
    try {
      const { error } = await disk.write(() => database.updates.bulkInsert([row]));
      const problem = error[0];
      if (!problem) {
        options.onWritten(row);
        return row;
      }
      own.delete(row.id);
      if (problem.status !== 409) throw new Error(`update not written: status ${problem.status}`);
      const before = await database.updates.findOne(row.id).exec();
      return (before?.toJSON() as LocalUpdate | undefined) ?? row;
    } catch (error) {
      own.delete(row.id);
      throw error;
    }
  };

  /** The last words of a window whose article has just left: they are kept, and not sent. */
  const keepAside = async ({ articleId, updateId, update }: Args<'documents.append'>) => {
    if (!validateUpdate(update).ok) return refuse('malformed-update');
    const row = rowOf(articleId, updateId, update, false);
    const aside = { title: '', text: insertedText([update]) };
    const written = await write({ ...row, sent: now(), code: LEFT_DESK, aside });
    return ok({ savedAt: written.at });
  };

  const append = async (
    args: Args<'documents.append'>,
    windowId: string,
  ): Promise<Result<Reply<'documents.append'>>> => {
    const { articleId, updateId, update } = args;
    const before = await database.updates.findOne(updateId).exec();
    if (before) {
      const same = before.articleId === articleId && before.update === Buffer.from(update).toString('base64');
      return same ? ok({ savedAt: before.at }) : refuse('bad-request');
    }
    const rights = await options.rights(articleId);
    if (!rights) return options.hasLeft(articleId) ? keepAside(args) : refuse('article-unknown');
    if (!rights.mayContribute) return refuse('forbidden', { ref: 'WF21' });
    const checked = validateUpdate(update);
    if (!checked.ok) return refuse('malformed-update', { detail: { reason: checked.error.detail.reason } });
    if (!(await registry.apply(articleId, update))) return refuse('malformed-update');
    try {
      const row = await write(rowOf(articleId, updateId, update, rights.held));
      announce({ articleId, update, authorId: options.authorId }, windowId);
      return ok({ savedAt: row.at });
    } catch (error) {
      // The document in memory has what the store lacks.
      registry.drop(articleId);
      const code = diskCode(error);
      if (code === null) throw error;
      return refuse(code === 'disk-full' ? code : 'not-saved');
    }
  };

  return {
    inTurn,
    open: (articleId, windowId) =>
      inTurn(articleId, async () => {
        const rights = await options.rights(articleId);
        if (!rights) return refuse('article-unknown');
        registry.hold(articleId, windowId);
        const doc = await registry.get(articleId);
        return ok({ state: encodeState(doc), mayEdit: rights.mayEdit });
      }),
    close: (articleId, windowId) => registry.release(articleId, windowId),
    append: (args, windowId) => inTurn(args.articleId, () => append(args, windowId)),
    create: (articleId, opens, article) =>
      inTurn(articleId, async () => {
        const { doc, firstUpdate } = createArticleDoc({
          ...article,
          clientId: randomBytes(4).readUInt32LE(),
        });
        doc.destroy();
        await write({ ...rowOf(articleId, firstUpdateId(articleId), firstUpdate, true), opens });
        registry.drop(articleId);
        return ok(undefined);
      }),
    snapshotsReceived: async (articleIds) => {
      const failures: unknown[] = [];
      for (let first = 0; first < articleIds.length; first += LOOKED_FOR_AT_ONCE) {
        const some = articleIds.slice(first, first + LOOKED_FOR_AT_ONCE);
        const rows = await database.updates.find({ selector: { articleId: { $in: some } } }).exec();
        const withUpdates = new Set(rows.map((row) => row.articleId));
        // Of most articles of a first load nothing else is here.
        for (const articleId of some)
          if (withUpdates.has(articleId) || registry.peek(articleId))
            await snapshotReceived(articleId).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    received: async (rows) => {
      for (const row of rows) {
        if (own.delete(row.id)) continue;
        // In memory it would be read from the store, which has this row.
        if (!registry.peek(row.articleId)) continue;
        const update = new Uint8Array(Buffer.from(row.update, 'base64'));
        await inTurn(row.articleId, async () => {
          if (registry.peek(row.articleId) && !(await registry.apply(row.articleId, update))) return;
          if (!registry.isOpen(row.articleId)) return;
          announce({ articleId: row.articleId, update, authorId: row.authorId });
        });
      }
    },
  };
}

/** The first update of an article has an id that follows from the article's, so that creating it twice is creating it once. */
export const firstUpdateId = (articleId: string): string =>
  `u:${createHash('sha256').update(`first update of ${articleId}`).digest('hex').slice(0, 32)}`;
