import { join } from 'node:path';
import type { Args, ConnectionState, Reply } from '../../domain/contracts/index.ts';
import { compareContents, readContent } from '../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import { mayContribute, mayEdit } from '../../domain/workflow/index.ts';
import { createArticles } from './articles.ts';
import { keepBackups } from './backup/backups.ts';
import type { DeskKey } from './custody/custody.ts';
import { deriveKey } from './custody/wrap.ts';
import {
  DATABASE_FILE,
  type DatabaseOptions,
  type LocalDecision,
  type LocalFile,
  openDatabase,
  type StoredDeskRow,
  storeKey,
} from './database.ts';
import { unpackContent } from './decisions/evidence.ts';
import { type Case, openCase } from './decisions/judge.ts';
import { project } from './decisions/project.ts';
import { type ProposeOptions, propose } from './decisions/propose.ts';
import type { KeptRow } from './desk/derive.ts';
import { createDeriver } from './desk/deriver.ts';
import { detail } from './desk/detail.ts';
import { type Facts, readFacts } from './desk/facts.ts';
import { counts, list } from './desk/lists.ts';
import { listOutbox, RECENT_MS } from './desk/outbox.ts';
import { createOutboxActions } from './desk/outboxActions.ts';
import { createPlanner } from './desk/planner.ts';
import { createDirectory } from './directory.ts';
import { createArrival } from './documents/arrival.ts';
import { createDepartures } from './documents/departures.ts';
import { createDisk } from './documents/disk.ts';
import { createDocuments, type Rights } from './documents/documents.ts';
import { createHolding } from './documents/holding.ts';
import { countOrder } from './documents/order.ts';
import { createRegistry } from './documents/registry.ts';
import { createUpdateTally } from './documents/tally.ts';
import { createAttachedTexts } from './files/attachedTexts.ts';
import { createCollector } from './files/collect.ts';
import { openFileStore } from './files/fileStore.ts';
import { createReceive, type Receive } from './files/receive.ts';
import { createTransfers } from './files/transfers.ts';
import { createHistory } from './history/history.ts';
import { describe, type Log } from './log.ts';
import { openOfflineTerm } from './offlineTerm.ts';
import { openReservations } from './reservations.ts';
import { createFileReader, openDeskSearch } from './search/index.ts';
import type { Session, SignedIn } from './session/session.ts';
import { createSync } from './sync/sync.ts';
import { createTidy } from './sync/tidy.ts';
import type { Topics } from './topics.ts';
import { watchRows } from './watchRows.ts';

const READ_BYTES = 1024 * 1024;
/** More than anybody ever decides at one desk. */
const POSITIONS_PER_GENERATION = 1_000_000_000;

/** Where the portal has not said for how many days a desk may stay away. */
const OFFLINE_DAYS = 30;

export interface WorkspaceOptions {
  /** Of this person at this portal alone. */
  readonly folder: string;
  readonly signedIn: SignedIn;
  readonly session: Session;
  readonly topics: Topics;
  readonly log: Log;
  readonly now: () => number;
  readonly announce: (change: Reply<'documents.changed'>, exceptWindow?: string) => void;
  /** First pause after a failure; shorter in tests. */
  readonly firstPauseMs?: number | undefined;
  readonly storage?: DatabaseOptions['storage'];
  /** Of everything that is kept here. */
  readonly key: DeskKey;
  /** How often to look whether a backup is due. */
  readonly backupLookMs?: number | undefined;
}

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;

/**
 * Opens everything that one person has at this desk for one portal, and starts the exchange with it. Rejects with a
 * `StoreError` when the store can't be opened or read; nothing of it is held open then.
 */
export async function openWorkspace(options: WorkspaceOptions) {
  const undo: (() => unknown)[] = [];
  try {
    return await assemble(options, undo);
  } catch (error) {
    for (const one of undo.reverse()) await Promise.resolve(one()).catch(() => undefined);
    throw error;
  }
}

async function assemble(options: WorkspaceOptions, undo: (() => unknown)[]) {
  const { folder, session, topics, log, now, key } = options;
  const { person, deskId } = options.signedIn;
  let onRecovered = () => {};
  const disk = createDisk({
    folder,
    now,
    log,
    onChange: () => topics.emit('connection'),
    onRecovered: () => onRecovered(),
  });
  const { storage } = options;
  undo.push(disk.stop);
  const { worked: onWorked, failed: onFailed } = disk;
  const sealedWith = storeKey(key);
  let damagedSince: number | null = null;
  const onDamage = () => {
    if (damagedSince !== null) return;
    damagedSince = now();
    topics.emit('store');
  };
  const database = await openDatabase({
    folder,
    key: sealedWith,
    now,
    onWorked,
    onFailed,
    onDamage,
    storage,
  });
  undo.push(() => database.close());
  const directory = createDirectory({ database, signedInAs: person, now, log });
  await directory.load();
  const tallies = await createUpdateTally(database, { deskId, takenSince: now() - RECENT_MS });
  const registry = createRegistry(database);
  const store = await openFileStore(join(folder, 'files'), deriveKey(key.bytes, 'files'));
  const nextOrder = await countOrder(database);
  const fileReader = createFileReader();
  const attachedTexts = createAttachedTexts({
    store,
    readText: async (file, bytes, maxLength) => (await fileReader.read(file, bytes, maxLength)).text,
    onRead: () => topics.emit('desk'),
    log,
  });
  const holding = createHolding(database);
  await holding.reconcile();
  const deriver = createDeriver({ context: { database, tallies, registry, directory, deskId }, topics, log });

  const factsOf = async (articleId: string): Promise<Facts | undefined> =>
    (await readFacts(database, tallies, deskId, [articleId])).get(articleId);

  const stateOf = (facts: Facts): KeptRow['state'] => {
    const profile = directory.profile();
    const actor = directory.actor();
    return (profile && project({ ...facts, profile, actor }).subject?.state) ?? facts.row.state;
  };

  const rowOf = async (articleId: string): Promise<KeptRow | undefined> => {
    await deriver.settle(articleId);
    const found = await database.desk.findOne(articleId).exec();
    return found ? ((found.toJSON() as StoredDeskRow).row as KeptRow) : undefined;
  };

  const rights = async (articleId: string): Promise<Rights | undefined> => {
    const facts = await factsOf(articleId);
    if (!facts) return undefined;
    const actor = directory.actor();
    return {
      mayEdit: mayEdit(actor, { ...facts.row, state: stateOf(facts) }, directory.profile()),
      mayContribute: mayContribute(actor, facts.row),
      held: !facts.isDeclared && !facts.pending.some((decision) => decision.action === 'declare'),
    };
  };

  const caseOf = async (facts: Facts): Promise<Case | null> => {
    const profile = directory.profile();
    if (!profile) return null;
    const { id, sourceArticleId } = facts.row;
    const source = sourceArticleId === null ? undefined : await rowOf(sourceArticleId);
    const doc = await registry.get(id);
    return openCase(facts, doc, {
      profile,
      actor: directory.actor(),
      sourceState: source?.publicPath ? 'published' : (source?.projectedState ?? null),
      endedUnit: directory.endedUnit(facts.row.unitId),
      wordsOf: attachedTexts.known,
    });
  };

  const nameOf = async (file: LocalFile): Promise<string> => {
    const { files } = readContent(await registry.get(file.articleId));
    return (
      files.find((entry) => entry.sha256 === file.sha256)?.name ?? (file.name || file.sha256.slice(0, 12))
    );
  };

  const arrival = createArrival({ registry, topics });
  const departures = createDepartures({ database, registry, tallies, now });
  const documents = createDocuments({
    hasLeft: departures.hasLeft,
    database,
    registry,
    disk,
    deskId,
    authorId: person.id,
    now,
    nextOrder,
    rights,
    announce: options.announce,
    onWritten: (row) => {
      tallies.note(row);
      deriver.changed([row.articleId]);
    },
  });

  const term = await openOfflineTerm({
    folder,
    now,
    days: () => directory.all().organisation?.offlineDays ?? OFFLINE_DAYS,
    onChange: () => topics.emit('connection', 'desk', 'session'),
    onFailed: (error) => log('warn', 'offline-term.not-written', describe(error)),
  });
  const sync = createSync({
    onContact: (problem) => {
      if (problem === null) term.reached();
      else if (problem === 'account-inactive') term.ended();
    },
    database,
    session,
    log,
    now,
    topics,
    deskId,
    personId: person.id,
    portalUrl: options.signedIn.portalUrl,
    firstPauseMs: options.firstPauseMs,
    onFirstRows: deriver.giveWay,
    onUndeclared: (articleId) => documents.inTurn(articleId, () => holding.hold(articleId)),
  });
  const transfers = await createTransfers({
    database,
    store,
    folder,
    key: deriveKey(key.bytes, 'uploads'),
    api: sync.api,
    link: sync.link,
    log,
    personId: person.id,
    nameOf,
    onChange: (articleId) => topics.emit('outbox', 'connection', `article:${articleId}`),
    fullPauseMs: options.firstPauseMs,
    onStored: () => sync.resync(['files', 'decisions', 'articles']),
  });
  const reservations = await openReservations({
    folder,
    database,
    api: sync.api,
    link: sync.link,
    topics,
    log,
    personId: person.id,
    portalNow: sync.portalNow,
  });
  const receive: Receive = createReceive({
    database,
    store,
    disk,
    personId: person.id,
    now,
    rights,
    inArticlesTurn: documents.inTurn,
    onFile: () => transfers.pump(),
  });
  const collector = createCollector({ database, store, isReceiving: receive.isFinishing, log });
  await collector.sweep();
  const unwatch = watchRows({
    database,
    tallies,
    registry,
    documents,
    deriver,
    departures,
    directory,
    holding,
    arrival,
    transfers,
    collector,
    session,
    topics,
    log,
    deskId,
  });
  await deriver.open();
  const search = openDeskSearch({
    folder: join(folder, 'search'),
    key: deriveKey(key.bytes, 'search'),
    database,
    store,
    log,
    reader: fileReader,
    onChange: () => topics.emit('desk'),
  });
  sync.start();
  const tidy = createTidy({ database, log });
  transfers.pump();
  reservations.start();
  const stopBackups = keepBackups(
    { path: join(folder, DATABASE_FILE), key: sealedWith, lookMs: options.backupLookMs },
    log,
    onDamage,
  );
  onRecovered = () => {
    log('info', 'workspace.begins-anew');
    Promise.all([sync.restart(), holding.reconcile(), deriver.changedAll()]).catch((error: unknown) =>
      log('error', 'workspace.not-begun-anew', describe(error)),
    );
  };

  // Deadlines stand differently on the next day.
  let today = directory.today();
  const calendarTimer = setInterval(() => {
    term.look();
    reservations.look();
    if (sync.link.state().online) term.reached();
    if (directory.today() === today) return;
    today = directory.today();
    topics.emit('desk');
  }, 60_000);
  calendarTimer.unref();

  const sendingArticles = (): ReadonlySet<string> => {
    const ids = sync.sending();
    const articles = new Set<string>();
    for (const [articleId, tally] of tallies.all()) {
      if (ids.size > 0 && [...tally.waiting.keys()].some((id) => ids.has(id))) articles.add(articleId);
    }
    for (const id of transfers.sending()) articles.add(id.slice(0, -65));
    return articles;
  };
  const listContext = { database, directory, sending: sendingArticles, search, reservations };
  const outboxContext = {
    database,
    tallies,
    transfers,
    deskId,
    personId: person.id,
    now,
    sending: sync.sending,
    nameOf,
  };
  const outboxActions = createOutboxActions({ database, registry, now, nextOrder, send: sync.send });
  const planning = createPlanner({
    database,
    directory,
    registry,
    rowOf,
    caseOf: async (articleId) => {
      const facts = await factsOf(articleId);
      return facts ? caseOf(facts) : null;
    },
  });
  undo.push(planning.stop);
  const articles = createArticles({ database, documents, registry, directory, now, rowOf });
  const history = createHistory({ database, registry, documents, directory, now, factsOf, rights });

  const proposing: ProposeOptions = {
    database,
    disk,
    deskId,
    now,
    nextOrder,
    firstPosition: key.generation * POSITIONS_PER_GENERATION,
    release: holding.release,
    openCase: async (articleId) => {
      if (!(await factsOf(articleId))) return undefined;
      await attachedTexts.settled(readContent(await registry.get(articleId)).files);
      const facts = await factsOf(articleId);
      const opened = facts && (await caseOf(facts));
      return opened ? { case: opened, doc: await registry.get(articleId) } : undefined;
    },
  };

  /** Who is answered finds the change in the lists. */
  const thenListed = async <T>(articleId: string, work: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await work;
    if (result.ok) {
      deriver.changed([articleId]);
      await deriver.settle(articleId);
    }
    return result;
  };

  return {
    directory,
    documents,
    history,
    receive,
    presence: sync.presence,
    create: (args: Args<'articles.create'>) => thenListed(args.articleId, articles.create(args)),
    createTranslation: (args: Args<'articles.createTranslation'>) =>
      thenListed(args.articleId, articles.createTranslation(args)),
    list: (args: Args<'articles.list'>) => list(listContext, args),
    counts: () => counts(listContext, planning.counted),

    planning,

    async detail(articleId: string): Promise<Result<Reply<'articles.detail'>>> {
      const row = await rowOf(articleId);
      const facts = await factsOf(articleId);
      if (!row || !facts) return refuse('article-unknown');
      const context = { ...listContext, store, transfers };
      const text = await arrival.state(articleId, facts.row.fingerprint);
      return ok(await detail(context, await caseOf(facts), row, facts.decisions, text));
    },

    propose: (args: Args<'decisions.propose'>) =>
      thenListed(
        args.articleId,
        documents.inTurn(args.articleId, () =>
          // Positions are counted over all articles of the desk.
          documents.inTurn('all decisions', () => propose(proposing, args)),
        ),
      ),

    async compare({
      articleId,
      decisionId,
    }: Args<'decisions.compare'>): Promise<Result<Reply<'decisions.compare'>>> {
      if (!(await factsOf(articleId))) return refuse('article-unknown');
      const decision = (await database.decisions.findOne(decisionId).exec())?.toJSON() as
        | LocalDecision
        | undefined;
      if (decision?.articleId !== articleId || decision.content === null) return refuse('not-found');
      const seen = await unpackContent(decision.content);
      if (!seen) return refuse('not-found');
      return ok(compareContents(seen, readContent(await registry.get(articleId))));
    },

    async readFile({ articleId, sha256, offset }: Args<'files.read'>): Promise<Result<Reply<'files.read'>>> {
      const facts = await factsOf(articleId);
      if (!facts) return refuse('file-unknown');
      const row = facts.files.find((file) => file.sha256 === sha256);
      const named = readContent(await registry.get(articleId)).files.find((file) => file.sha256 === sha256);
      const size = row?.size ?? named?.size;
      if (size === undefined) return refuse('file-unknown');
      // A file that turns out damaged is moved aside, and comes again from the portal.
      for (let tries = 0; tries < 2; tries += 1) {
        const here = await transfers.fetch(articleId, sha256, size);
        if (!here.ok) return here;
        if (offset === 0) search.changed([articleId]);
        const bytes = await store.read(sha256, offset, READ_BYTES);
        if (bytes) return ok({ bytes, size });
      }
      return refuse('file-unknown');
    },

    /** When damage was met in the open store; null while none was. */
    damagedSince: () => damagedSince,

    /** Why reading and deciding wait for the next contact with the portal; null when they don't. */
    lockedBy: term.lockedBy,

    async reserve({ articleId, day }: Args<'articles.reserve'>): Promise<Result<Record<string, never>>> {
      const facts = await factsOf(articleId);
      if (!facts) return refuse('article-unknown');
      if (!facts.isAtPortal) return refuse('not-declared');
      if (!mayContribute(directory.actor(), facts.row)) return refuse('forbidden', { ref: 'WF25' });
      return reservations.say(articleId, day);
    },

    ...outboxActions,

    outbox: async () => ({ items: await listOutbox(outboxContext) }),

    async connection(): Promise<ConnectionState> {
      const items = await listOutbox(outboxContext);
      const number = (state: string) => items.filter((item) => item.state === state).length;
      const held = items.filter((item) => item.state === 'held').map((item) => item.articleId);
      return {
        ...sync.link.state(),
        lockedBy: term.lockedBy(),
        reachable: sync.link.state().online,
        waiting: number('waiting') + number('sending'),
        sending: number('sending'),
        heldHere: new Set(held).size,
        lastAcceptedAt: sync.lastAcceptedAt(),
        lastSavedAt: disk.lastSavedAt(),
        unsavedSince: disk.unsavedSince(),
      };
    },

    retry: () => {
      sync.link.retry();
      transfers.retry();
    },

    windowClosed: (windowId: string) => {
      registry.releaseWindow(windowId);
      sync.presence.windowClosed(windowId);
      receive
        .abortWindow(windowId)
        .catch((error: unknown) => log('warn', 'files.abort-failed', describe(error)));
    },

    /** For tests: everything exchanged, every row derived. */
    settled: async () => {
      await sync.inSync();
      await deriver.settleAll();
      await search.settled();
      await tidy.settled();
    },

    async stop() {
      onRecovered = () => {};
      disk.stop();
      clearInterval(calendarTimer);
      unwatch();
      planning.stop();
      transfers.stop();
      await collector.stop();
      reservations.stop();
      await stopBackups();
      await tidy.stop();
      await sync.stop();
      await deriver.stop();
      await fileReader.stop();
      await search.stop();
      await database.close();
    },
  };
}
