import { type Kysely, sql, type Transaction } from 'kysely';
import type { SyncedCollection } from '../../domain/contracts/index.ts';
import type { Database } from './tables.ts';

export type Tx = Transaction<Database>;

/** First key of the locks of this portal in PostgreSQL's space of two-part advisory locks. */
const FEED_LOCK = 0x50a1;
const ARTICLE_LOCK = 0x50a2;
const RULES_LOCK = 0x50a5;

/**
 * The rows that one transaction changed. Each gets its place in the feed as the very last thing of the transaction,
 * under one lock per organisation that is held until the commit: so places are handed out in the order of commits,
 * and whoever has pulled up to a place has everything before it (README.md, "Checkpoints").
 */
export class Feed {
  readonly #touched = new Map<SyncedCollection, Set<string>>();

  touch(collection: SyncedCollection, ...ids: readonly string[]): void {
    const known = this.#touched.get(collection) ?? new Set();
    for (const id of ids) known.add(id);
    this.#touched.set(collection, known);
  }

  get collections(): readonly SyncedCollection[] {
    return [...this.#touched].filter(([, ids]) => ids.size > 0).map(([collection]) => collection);
  }

  async stamp(tx: Tx, organisationId: string): Promise<void> {
    if (this.collections.length === 0) return;
    await sql`select pg_advisory_xact_lock(${FEED_LOCK}, hashtext(${organisationId}))`.execute(tx);
    for (const [collection, ids] of this.#touched) {
      if (ids.size === 0) continue;
      await sql`
        update ${sql.table(collection)} set sequence = nextval('feed_sequence')
        where organisation_id = ${organisationId} and id = any(${[...ids]}::text[])`.execute(tx);
    }
  }
}

/**
 * Runs one change of an organisation's synced rows: a transaction whose feed is stamped at its end, then `announce`
 * with the collections that changed. Tried again when PostgreSQL asks for it (a deadlock).
 */
export async function change<T>(
  around: {
    readonly db: Kysely<Database>;
    readonly announce: (organisationId: string, collections: readonly SyncedCollection[]) => void;
  },
  organisationId: string,
  work: (tx: Tx, feed: Feed) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const feed = new Feed();
    try {
      const value = await around.db.transaction().execute(async (tx) => {
        const done = await work(tx, feed);
        await feed.stamp(tx, organisationId);
        return done;
      });
      if (feed.collections.length > 0) around.announce(organisationId, feed.collections);
      return value;
    } catch (error) {
      if (attempt >= 4 || !isRetryable(error)) throw error;
    }
  }
}

/** Deadlock, serialisation, and two requests that bring the same id at once: the second then finds it there. */
const RETRYABLE: ReadonlySet<unknown> = new Set(['40P01', '40001', '23505']);

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && RETRYABLE.has(error.code);
}

/**
 * Holds articles until the transaction ends, also ones that don't exist yet. All writing of an article's rows goes
 * on behind this lock, and every transaction takes all its articles at once and in one order.
 */
export async function lockArticles(
  tx: Tx,
  organisationId: string,
  articleIds: readonly string[],
): Promise<void> {
  // Many at once, but none while the rules change (`lockRules`).
  await sql`select pg_advisory_xact_lock_shared(${RULES_LOCK}, hashtext(${organisationId}))`.execute(tx);
  await sql`
    select pg_advisory_xact_lock(${ARTICLE_LOCK}, key) from (
      select distinct hashtext(${organisationId} || '/' || id) as key
      from unnest(${[...articleIds]}::text[]) as id order by 1
    ) as keys`.execute(tx);
  await tx
    .selectFrom('articles')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('id', 'in', [...articleIds])
    .orderBy('id')
    .forUpdate()
    .execute();
}

/**
 * Holds the rules of an organisation until the transaction ends: whoever works on an article has finished before or begins
 * after, so no limit is computed by rules that have just been replaced. Take it before any article.
 */
export async function lockRules(tx: Tx, organisationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${RULES_LOCK}, hashtext(${organisationId}))`.execute(tx);
}
