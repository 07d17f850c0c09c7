import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Portal } from '../context.ts';
import type { LoadedDocument } from '../decisions/documents.ts';
import { compactArticle, type Loose, type LooseSince } from './compact.ts';

/** What a row of an update weighs besides its bytes, at the portal, on the line and on a desk. */
const ROW_BYTES = 250;
/** No snapshot for less: it would be sent to every desk of the article. */
const LEAST_UPDATES = 40;
const LEAST_BYTES = 16 * 1024;
const GATHER_MS = 1_000;
/** Another process has its turn. */
const AGAIN_MS = 5_000;
/** An article that got no text for so long rests. */
const REST_MS = 30 * 24 * 3_600_000;
/** How often those that have come to rest are looked for, and how many are gathered then. */
const LOOK_MS = 3_600_000;
const RESTING_AT_ONCE = 500;
/** Between two of them: each is announced to all desks. */
const PAUSE_MS = 200;
/** So much of a snapshot may be sent again for what has come since. */
const SENT_AGAIN = 4;

/** First key of the advisory lock under which one process of all makes snapshots of an organisation. */
const SNAPSHOT_LOCK = 0x50a3;

/**
 * Whether the updates of an article weigh as much as the snapshot before them. So all snapshots of an article together cost about as much as its
 * edits, however long it is, and what is stored is at most about twice its state.
 */
function isDue(loose: Loose, snapshotBytes: number): boolean {
  const weight = loose.bytes + loose.updates * ROW_BYTES;
  return loose.updates >= LEAST_UPDATES && weight >= Math.max(LEAST_BYTES, snapshotBytes);
}

/**
 * Whether an article that rests has more rows of text than one. A desk that comes new has one row of it to fetch then, however it was written. What a
 * long text got since its snapshot stays beside it as long as it is little. Autosaves in the history of the article end with their updates.
 */
function isDueAtRest(loose: LooseSince, snapshotBytes: number, now: number): boolean {
  const rows = loose.updates + (snapshotBytes > 0 ? 1 : 0);
  const weight = loose.bytes + loose.updates * ROW_BYTES;
  return loose.lastArrivedAt <= now - REST_MS && rows > 1 && SENT_AGAIN * weight >= snapshotBytes;
}

interface Waiting {
  readonly organisationId: string;
  readonly articleId: string;
  readonly rests: boolean;
}

/** Makes snapshots in the background, one article after the other. */
export class Compactor {
  readonly #portal: Portal;
  readonly #waiting = new Map<string, Waiting>();
  /** Without a sound state: not looked at again until it gets text, or the portal begins anew. */
  readonly #without = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  /** After text of an article was committed. */
  consider(organisationId: string, { articleId, loose, snapshotBytes }: LoadedDocument): void {
    this.#without.delete(`${organisationId}/${articleId}`);
    if (isDue(loose, snapshotBytes)) this.#add(organisationId, articleId, false);
  }

  /** Takes up what was due when the portal ended, and looks from time to time for what has come to rest. */
  async start(): Promise<void> {
    const { rows } = await sql<{ organisation_id: string; article_id: string }>`
      select u.organisation_id, u.article_id from updates u
      left join snapshots s on s.organisation_id = u.organisation_id and s.id = u.article_id
      group by u.organisation_id, u.article_id
      having count(*) >= ${LEAST_UPDATES}
        and sum(length(u.content)) + count(*) * ${ROW_BYTES} >= greatest(${LEAST_BYTES}, coalesce(max(length(s.content)), 0))
    `.execute(this.#portal.db);
    for (const { organisation_id, article_id } of rows) this.#add(organisation_id, article_id, false);
    const look = () => {
      this.#running = this.#running.then(() => this.#findResting());
    };
    look();
    this.#looking = setInterval(look, LOOK_MS);
    this.#looking.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
    await this.#running;
  }

  async #findResting(): Promise<void> {
    if (this.#closed) return;
    try {
      for (const { organisation_id, article_id } of await this.#resting())
        this.#add(organisation_id, article_id, true);
    } catch (error) {
      if (!this.#closed) this.#portal.log.error({ err: error }, 'articles at rest were not found');
    }
  }

  async #resting(): Promise<{ organisation_id: string; article_id: string }[]> {
    const restingSince = this.#portal.now() - REST_MS;
    const { rows } = await sql<{ organisation_id: string; article_id: string }>`
      select u.organisation_id, u.article_id from updates u
      left join snapshots s on s.organisation_id = u.organisation_id and s.id = u.article_id
      group by u.organisation_id, u.article_id
      having max(u.arrived_at) <= ${restingSince} and count(*) + count(distinct s.id) > 1
        and ${SENT_AGAIN} * (sum(length(u.content)) + count(*) * ${ROW_BYTES}) >= coalesce(max(length(s.content)), 0)
        and u.organisation_id || '/' || u.article_id <> all(${[...this.#without]}::text[])
      order by u.organisation_id, u.article_id
      limit ${RESTING_AT_ONCE}
    `.execute(this.#portal.db);
    return rows;
  }

  #add(organisationId: string, articleId: string, rests: boolean): void {
    const key = `${organisationId}/${articleId}`;
    if (!this.#waiting.has(key)) this.#waiting.set(key, { organisationId, articleId, rests });
    this.#later(GATHER_MS);
  }

  #later(ms: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#work();
    }, ms);
    this.#timer.unref();
  }

  #work(): Promise<void> {
    this.#running = this.#running.then(() => this.#workThrough());
    return this.#running;
  }

  async #workThrough(): Promise<void> {
    for (const [key, waiting] of this.#waiting) {
      const { organisationId, articleId, rests } = waiting;
      if (this.#closed) return;
      this.#waiting.delete(key);
      try {
        const outcome = await this.#alone(organisationId, () =>
          compactArticle(
            this.#portal,
            organisationId,
            articleId,
            (loose, snapshotBytes) =>
              isDue(loose, snapshotBytes) || isDueAtRest(loose, snapshotBytes, this.#portal.now()),
          ),
        );
        if (outcome === null) {
          this.#waiting.set(key, waiting);
          this.#later(AGAIN_MS);
          return;
        }
        if (outcome === 'incomplete' || outcome === 'unsound') this.#without.add(key);
        this.#portal.log.info({ articleId, outcome }, 'snapshot');
        if (rests) await pause(PAUSE_MS);
      } catch (error) {
        // The updates are all there: the next text of the article tries again.
        if (!this.#closed) this.#portal.log.error({ err: error, articleId }, 'no snapshot was made');
      }
    }
  }

  /** Null when another process is at it. */
  #alone<T>(organisationId: string, work: () => Promise<T>): Promise<T | null> {
    return this.#portal.db.connection().execute(async (connection) => {
      const lock = sql`${SNAPSHOT_LOCK}, hashtext(${organisationId})`;
      const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${lock}) as got`.execute(
        connection,
      );
      if (rows[0]?.got !== true) return null;
      try {
        return await work();
      } finally {
        await sql`select pg_advisory_unlock(${lock})`.execute(connection);
      }
    });
  }
}
