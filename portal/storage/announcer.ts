import { EventEmitter } from 'node:events';
import { sql } from 'kysely';
import pg from 'pg';
import { SYNCED_COLLECTIONS, type SyncedCollection } from '../../domain/contracts/index.ts';
import type { Db } from './database.ts';

type Listener = (organisationId: string, collections: readonly SyncedCollection[]) => void;

const CHANNEL = 'soan_changed';
const PRESENCE_CHANNEL = 'soan_presence';
const GATHER_MS = 40;
const POLL_MS = 3_000;
const RECONNECT_MS = 2_000;

/**
 * Tells this process and the others on the same PostgreSQL that something changed. Within the process at once;
 * between processes by NOTIFY, sent after the transaction and gathered; a poll of the feed's end makes a lost
 * message harmless. What is told is only "look".
 */
export class Announcer {
  readonly #db: Db;
  readonly #url: string | null;
  readonly #log: (line: string) => void;
  readonly #events = new EventEmitter();
  readonly #waiting = new Map<string, Set<SyncedCollection>>();
  readonly #ends = new Map<string, number>();
  readonly #self = `${process.pid}.${Math.random().toString(36).slice(2)}`;
  #listening: pg.Client | undefined;
  #timers = new Set<NodeJS.Timeout>();
  #gathering: NodeJS.Timeout | undefined;
  #closed = false;

  /** `url` null: this process only, as in tests. */
  constructor(db: Db, url: string | null, log: (line: string) => void) {
    this.#db = db;
    this.#url = url;
    this.#log = log;
    this.#events.setMaxListeners(0);
  }

  async start(): Promise<void> {
    if (this.#url === null) return;
    await this.#poll(true);
    await this.#listen();
    this.#after(POLL_MS, () => this.#pollAgain());
  }

  on(listener: Listener): () => void {
    this.#events.on('changed', listener);
    return () => this.#events.off('changed', listener);
  }

  onPresence(listener: (message: unknown) => void): () => void {
    this.#events.on('presence', listener);
    return () => this.#events.off('presence', listener);
  }

  /** Tells the other processes, at once; nothing makes up for a lost one. `message` as JSON is under 8000 bytes. */
  announcePresence(message: unknown): void {
    if (this.#url === null) return;
    const payload = JSON.stringify({ from: this.#self, message });
    sql`select pg_notify(${PRESENCE_CHANNEL}, ${payload})`.execute(this.#db).catch((error: unknown) => {
      if (!this.#closed) this.#log(`could not pass on presence: ${String(error)}`);
    });
  }

  /** Call after the commit. */
  announce(organisationId: string, collections: readonly SyncedCollection[]): void {
    this.#events.emit('changed', organisationId, collections);
    if (this.#url === null) return;
    const waiting = this.#waiting.get(organisationId) ?? new Set();
    for (const collection of collections) waiting.add(collection);
    this.#waiting.set(organisationId, waiting);
    this.#gathering ??= setTimeout(() => void this.#notify(), GATHER_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#gathering);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#events.removeAllListeners();
    await this.#listening?.end().catch(() => {});
  }

  async #notify(): Promise<void> {
    this.#gathering = undefined;
    const payload = JSON.stringify({
      from: this.#self,
      changed: [...this.#waiting].map(([organisation, collections]) => [organisation, [...collections]]),
    });
    this.#waiting.clear();
    try {
      await sql`select pg_notify(${CHANNEL}, ${payload})`.execute(this.#db);
    } catch (error) {
      if (!this.#closed) this.#log(`could not notify the other processes: ${String(error)}`);
    }
  }

  async #listen(): Promise<void> {
    if (this.#closed || this.#url === null) return;
    const client = new pg.Client({ connectionString: this.#url, application_name: 'soan-portal listen' });
    client.on('notification', ({ channel, payload = '' }) =>
      channel === PRESENCE_CHANNEL ? this.#hearPresence(payload) : this.#hear(payload),
    );
    client.on('error', () => {});
    client.once('end', () => {
      if (!this.#closed) this.#after(RECONNECT_MS, () => void this.#listen());
    });
    this.#listening = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      await client.query(`listen ${PRESENCE_CHANNEL}`);
    } catch (error) {
      this.#log(`not listening for changes: ${String(error)}`);
      await client.end().catch(() => {});
    }
  }

  #hearPresence(payload: string): void {
    const heard = parse<{ from: string; message: unknown }>(payload);
    if (heard !== null && heard.from !== this.#self) this.#events.emit('presence', heard.message);
  }

  #hear(payload: string): void {
    const heard = parse<{ from: string; changed: [string, SyncedCollection[]][] }>(payload);
    if (heard === null || heard.from === this.#self) return;
    for (const [organisation, collections] of heard.changed)
      this.#events.emit('changed', organisation, collections);
  }

  async #pollAgain(): Promise<void> {
    try {
      await this.#poll(false);
    } catch (error) {
      if (!this.#closed) this.#log(`could not look for changes: ${String(error)}`);
    }
    if (!this.#closed) this.#after(POLL_MS, () => void this.#pollAgain());
  }

  /** Compares the end of each feed with what was seen last. */
  async #poll(quietly: boolean): Promise<void> {
    const parts = SYNCED_COLLECTIONS.map(
      (collection) => sql`
        select organisation_id, ${collection} as collection,
          (select max(sequence) from ${sql.table(collection)} t where t.organisation_id = o.organisation_id) as last
        from organisations o`,
    );
    const { rows } = await sql<{
      organisation_id: string;
      collection: SyncedCollection;
      last: number | null;
    }>`
      ${sql.join(parts, sql` union all `)}`.execute(this.#db);
    const changed = new Map<string, SyncedCollection[]>();
    for (const row of rows) {
      const key = `${row.organisation_id}/${row.collection}`;
      const last = row.last ?? 0;
      if (this.#ends.get(key) === last) continue;
      this.#ends.set(key, last);
      changed.set(row.organisation_id, [...(changed.get(row.organisation_id) ?? []), row.collection]);
    }
    if (quietly) return;
    for (const [organisation, collections] of changed)
      this.#events.emit('changed', organisation, collections);
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

/** Only the portal's own processes can send on this database. */
function parse<T>(payload: string): T | null {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
