import { createHash } from 'node:crypto';
import type { DeskDatabase, Marks } from '../database.ts';
import { describe, type Log } from '../log.ts';
import type { Session } from '../session/session.ts';
import type { Topics } from '../topics.ts';
import { createPortalApi, type PortalApi } from './api.ts';
import { createLink, type Link, Stopped } from './link.ts';
import { createOutgoing, type Outcome } from './outgoing.ts';
import { askAgain } from './overlooked.ts';
import { createPresence, type Presence } from './presence.ts';
import { type Replication, startReplication } from './replication.ts';
import { NEVER_SENT_HERE, portalColumns } from './rows.ts';
import { listenToPortal } from './stream.ts';

/** The exchange with the portal for one store. */
export interface Sync {
  readonly api: PortalApi;
  readonly link: Link;
  readonly presence: Presence;
  start(): void;
  /** Begins anew: RxDB's replication stands still for ever after a write of its own failed. */
  restart(): Promise<void>;
  resync(collections: readonly string[]): void;
  /** Sends what waits; for rows that RxDB takes for sent. */
  send(): void;
  /** Ids of rows that are on their way now. */
  readonly sending: () => ReadonlySet<string>;
  lastAcceptedAt(): number | null;
  /** The portal's time, as far as its last event told how this machine's clock differs. */
  portalNow(): number;
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
  /** The portal was reached (null), or why not: a code. */
  readonly onContact: (problem: string | null) => void;
  /** A new desk is being filled: what can wait should. */
  readonly onFirstRows: () => void;
  /** The portal does not know this article: what was sent of it stays here. */
  readonly onUndeclared: (articleId: string) => Promise<void>;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createSync(options: SyncOptions): Sync {
  const { database, session, log, now, topics, deskId, personId } = options;
  const link: Link = createLink({
    now,
    log,
    onChange: () => {
      const { online, problem } = link.state();
      if (online || problem !== null) options.onContact(online ? null : problem);
      topics.emit('connection');
    },
    ...(options.firstPauseMs === undefined ? {} : { firstPauseMs: options.firstPauseMs }),
  });
  const api = createPortalApi(session);
  const presence = createPresence({ api, isOnline: () => link.state().online, topics, log });
  const stopping = new AbortController();
  let replication: Replication | null = null;
  let listening: Promise<void> = Promise.resolve();
  let lastAcceptedAt: number | null = null;
  let portalAheadMs = 0;

  /** Rows of files don't say from which desk they came: those that are here already were sent from here. */
  const isOwn = (row: Readonly<Record<string, unknown>>): Promise<boolean> | boolean => {
    if (typeof row.deskId === 'string') return row.deskId === deskId;
    return row.addedBy === personId && isOwnFile(String(row.id));
  };
  const isOwnFile = async (id: string): Promise<boolean> => {
    const known = await database.files.findOne(id).exec();
    return known !== null && known.sent !== NEVER_SENT_HERE;
  };

  const onAnswered = async ({ collection, accepted, answered, refused }: Outcome): Promise<void> => {
    const marks = new Map<string, Pick<Marks, 'sent' | 'code' | 'ref'>>(
      accepted.map((id) => [id, { sent: now(), code: '', ref: '' }]),
    );
    for (const { id, code, ref } of refused) marks.set(id, { sent: now(), code, ref });
    for (const row of answered)
      marks.set(row.id, { ...portalColumns(collection, row), sent: now(), code: '', ref: '' });
    // The three collections have the same marks; their other columns don't matter here.
    const rows = await (database[collection] as DeskDatabase['updates']).findByIds([...marks.keys()]).exec();
    // What was put aside while it was on its way stays aside, whatever the portal refuses it for.
    const isAside = (id: string, row: Marks) => row.code === 'left-desk' && marks.get(id)?.code !== '';
    await Promise.all(
      [...rows]
        .filter(([id, row]) => !isAside(id, row))
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

  const outgoing = createOutgoing({
    database,
    api,
    link,
    log,
    onAnswered,
    onSending: () => topics.emit('outbox', 'connection', 'desk'),
  });

  const replicate = (): Replication =>
    startReplication({
      database,
      identifier: createHash('sha256').update(`${options.portalUrl} ${personId}`).digest('hex').slice(0, 16),
      api,
      link,
      log,
      now,
      isOwn,
      send: outgoing.send,
      onFirstRows: options.onFirstRows,
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
    presence,
    start() {
      replication = replicate();
      const onOpen = () => {
        replication?.resync();
        presence.opened();
        askAgain({ database, api, link, deskId, personId, now }).catch((error: unknown) => {
          if (!(error instanceof Stopped)) log('warn', 'sync.not-asked-again', describe(error));
        });
      };
      const onChanged = (collections: readonly string[], portalTime: number) => {
        portalAheadMs = portalTime - now();
        replication?.resync(collections);
        if (collections.includes('articles')) presence.articlesChanged();
      };
      listening = listenToPortal(
        { api, link, log, onOpen, onChanged, onPresence: presence.heard, onClosed: presence.lost },
        stopping.signal,
      );
    },
    send: () => {
      outgoing.send().catch((error: unknown) => log('info', 'sync.not-sent', describe(error)));
    },
    resync: (collections) => replication?.resync(collections),
    // Without the portal an attempt is under way now and then; to a person it waits.
    sending: () => (link.state().online ? outgoing.sending() : NOTHING),
    lastAcceptedAt: () => lastAcceptedAt,
    portalNow: () => now() + portalAheadMs,
    inSync: async () => {
      await replication?.inSync();
    },
    async stop() {
      presence.stop();
      stopping.abort();
      await restarting.catch(() => undefined);
      const stopped = replication?.stop();
      link.close();
      await stopped;
      await listening;
    },
  };
}
