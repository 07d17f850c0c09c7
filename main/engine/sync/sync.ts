import { createHash } from 'node:crypto';
import type { DeskDatabase, Marks } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { Session } from '../session/session.ts';
import type { Topics } from '../topics.ts';
import { createPortalApi, type PortalApi } from './api.ts';
import { createLink, type Link, Stopped } from './link.ts';
import { askAgain } from './overlooked.ts';
import { type PushOutcome, type Replication, startReplication } from './replication.ts';
import { NEVER_SENT_HERE } from './rows.ts';
import { listenToPortal } from './stream.ts';

/** The exchange with the portal for one store. */
export interface Sync {
  readonly api: PortalApi;
  readonly link: Link;
  start(): void;
  /** Begins anew: RxDB's replication stands still for ever after a write of its own failed. */
  restart(): Promise<void>;
  resync(collections: readonly string[]): void;
  /** Ids of rows that are on their way now. */
  readonly sending: () => ReadonlySet<string>;
  lastAcceptedAt(): number | null;
  /** A decision was written or answered: what waited for a declaration looks again. */
  decisionsChanged(): void;
  inSync(): Promise<void>;
  stop(): Promise<void>;
}

export interface SyncOptions {
  readonly database: DeskDatabase;
  readonly session: Session;
  readonly log: Log;
  readonly now: () => number;
  readonly topics: Topics;
  readonly deskId: string;
  readonly personId: string;
  readonly portalUrl: string;
  readonly firstPauseMs?: number | undefined;
  /** The portal does not know this article: what was sent of it stays here. */
  readonly onUndeclared: (articleId: string) => Promise<void>;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createSync(options: SyncOptions): Sync {
  const { database, session, log, now, topics, deskId, personId } = options;
  const link = createLink({
    now,
    log,
    onChange: () => topics.emit('connection'),
    ...(options.firstPauseMs === undefined ? {} : { firstPauseMs: options.firstPauseMs }),
  });
  const api = createPortalApi(session);
  const stopping = new AbortController();
  const waitingForDecisions = new Set<() => void>();
  let replication: Replication | null = null;
  let listening: Promise<void> = Promise.resolve();
  let lastAcceptedAt: number | null = null;

  const declared = async (articleIds: ReadonlySet<string>): Promise<void> => {
    while (!stopping.signal.aborted) {
      let wake: () => void = () => undefined;
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      waitingForDecisions.add(wake);
      try {
        const rows = await database.decisions.find({ selector: { sent: 0 } }).exec();
        if (!rows.some((row) => row.action === 'declare' && articleIds.has(row.articleId))) return;
        await changed;
      } finally {
        waitingForDecisions.delete(wake);
      }
    }
    throw new Error('stopped');
  };

  /** Rows of files don't say from which desk they came: those that are here already were sent from here. */
  const isOwn = async (row: Readonly<Record<string, unknown>>): Promise<boolean> => {
    if (typeof row.deskId === 'string') return row.deskId === deskId;
    if (row.addedBy !== personId) return false;
    const known = await database.files.findOne(String(row.id)).exec();
    return known !== null && known.sent !== NEVER_SENT_HERE;
  };

  const onPushed = async ({ collection, accepted, answered, refused }: PushOutcome): Promise<void> => {
    if (collection === 'articles' || collection === 'directory') return;
    const marks = new Map(accepted.map((id) => [id, { sent: now(), code: '', ref: '' }]));
    for (const { id, code, ref } of refused) marks.set(id, { sent: now(), code, ref });
    // The three collections have the same marks; their other columns don't matter here.
    const rows = await (database[collection] as DeskDatabase['updates']).findByIds([...marks.keys()]).exec();
    // A row noted already is not written again: while RxDB's own notes fail, each write would push it once more.
    const isNoted = (id: string, row: Marks) =>
      row.sent > 0 && row.code === marks.get(id)?.code && row.ref === marks.get(id)?.ref;
    await Promise.all(
      [...rows]
        .filter(([id, row]) => !isNoted(id, row))
        .map(([id, row]) => row.incrementalPatch({ ...marks.get(id) })),
    );
    if (accepted.length + answered.length > 0) lastAcceptedAt = now();
    topics.emit('outbox', 'connection', 'desk');
    const undeclared = refused
      .filter(({ code }) => code === 'not-declared')
      .map(({ id }) => rows.get(id)?.articleId);
    for (const articleId of new Set(undeclared))
      if (articleId !== undefined) await options.onUndeclared(articleId);
  };

  const replicate = (): Replication =>
    startReplication({
      database,
      identifier: createHash('sha256').update(`${options.portalUrl} ${personId}`).digest('hex').slice(0, 16),
      api,
      link,
      log,
      now,
      isOwn,
      declared,
      onPushed,
      onSending: () => topics.emit('outbox', 'connection', 'desk'),
    });

  let restarting: Promise<void> = Promise.resolve();
  const restart = (): Promise<void> => {
    restarting = restarting.then(async () => {
      if (stopping.signal.aborted || !replication) return;
      await replication.stop();
      if (!stopping.signal.aborted) replication = replicate();
    });
    return restarting;
  };

  return {
    restart,
    api,
    link,
    start() {
      replication = replicate();
      const onOpen = () => {
        replication?.resync();
        askAgain({ database, api, link, deskId, personId, now }).catch((error: unknown) => {
          if (!(error instanceof Stopped)) log('warn', 'sync.not-asked-again', describe(error));
        });
      };
      const onChanged = (collections: readonly string[]) => replication?.resync(collections);
      listening = listenToPortal({ api, link, log, onOpen, onChanged }, stopping.signal);
    },
    resync: (collections) => replication?.resync(collections),
    // Without the portal an attempt is under way now and then; to a person it waits.
    sending: () => (link.state().online ? replication?.sending() : null) ?? NOTHING,
    lastAcceptedAt: () => lastAcceptedAt,
    decisionsChanged() {
      for (const wake of [...waitingForDecisions]) wake();
    },
    inSync: async () => {
      await replication?.inSync();
    },
    async stop() {
      stopping.abort();
      await restarting.catch(() => undefined);
      for (const wake of [...waitingForDecisions]) wake();
      const stopped = replication?.stop();
      link.close();
      await stopped;
      await listening;
    },
  };
}
