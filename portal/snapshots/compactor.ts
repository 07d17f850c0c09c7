import { sql } from 'kysely';
import type { Portal } from '../context.ts';
import type { LoadedDocument } from '../decisions/documents.ts';
import { compactArticle, type Loose } from './compact.ts';

/** What a row of an update weighs besides its bytes, at the portal, on the line and on a desk. */
const ROW_BYTES = 250;
/** No snapshot for less: it would be sent to every desk of the article. */
const LEAST_UPDATES = 40;
const LEAST_BYTES = 16 * 1024;
const GATHER_MS = 1_000;
/** Another process has its turn. */
const AGAIN_MS = 5_000;

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

/** Makes snapshots in the background, one article after the other. */
export class Compactor {
  readonly #portal: Portal;
  readonly #waiting = new Map<string, { readonly organisationId: string; readonly articleId: string }>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  /** After text of an article was committed. */
  consider(organisationId: string, { articleId, loose, snapshotBytes }: LoadedDocument): void {
    if (isDue(loose, snapshotBytes)) this.#add(organisationId, articleId);
  }

  /** Takes up what was due when the portal ended. */
  async start(): Promise<void> {
    const { rows } = await sql<{ organisation_id: string; article_id: string }>`
      select u.organisation_id, u.article_id from updates u
      left join snapshots s on s.organisation_id = u.organisation_id and s.id = u.article_id
      group by u.organisation_id, u.article_id
      having count(*) >= ${LEAST_UPDATES}
        and sum(length(u.content)) + count(*) * ${ROW_BYTES} >= greatest(${LEAST_BYTES}, coalesce(max(length(s.content)), 0))
    `.execute(this.#portal.db);
    for (const { organisation_id, article_id } of rows) this.#add(organisation_id, article_id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #add(organisationId: string, articleId: string): void {
    this.#waiting.set(`${organisationId}/${articleId}`, { organisationId, articleId });
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
    for (const [key, { organisationId, articleId }] of this.#waiting) {
      if (this.#closed) return;
      this.#waiting.delete(key);
      try {
        const outcome = await this.#alone(organisationId, () =>
          compactArticle(this.#portal, organisationId, articleId, isDue),
        );
        if (outcome === null) {
          this.#waiting.set(key, { organisationId, articleId });
          this.#later(AGAIN_MS);
          return;
        }
        this.#portal.log.info({ articleId, outcome }, 'snapshot');
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
