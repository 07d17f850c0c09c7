import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERRORS, type Lock, type Locker, MemoryLocker } from '@tus/server';
import type { FastifyBaseLogger } from 'fastify';
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';

const LEASE_SECONDS = 20;
const RENEW_MS = 1_000;
const AGAIN_MS = 100;
const GIVE_UP_MS = 30_000;

/**
 * Locks of uploads between several portal processes: a row with a lease on the database's clock, so that a process that was killed
 * holds nothing for long. Who waits makes the holder give way: it is a request of the same client whose line broke.
 */
export class SharedLocker implements Locker {
  readonly #db: Db;
  readonly #log: FastifyBaseLogger;
  readonly #here = new MemoryLocker();

  constructor(db: Db, log: FastifyBaseLogger) {
    this.#db = db;
    this.#log = log;
  }

  newLock(id: string): Lock {
    return new SharedLock(this.#db, this.#log, this.#here.newLock(id), id);
  }
}

class SharedLock implements Lock {
  readonly #db: Db;
  readonly #log: FastifyBaseLogger;
  readonly #here: Lock;
  readonly #id: string;
  readonly #holder = randomUUID();
  #renewing: NodeJS.Timeout | undefined;

  constructor(db: Db, log: FastifyBaseLogger, here: Lock, id: string) {
    this.#db = db;
    this.#log = log;
    this.#here = here;
    this.#id = id;
  }

  async lock(signal: AbortSignal, cancelReq: () => Promise<void> | void): Promise<void> {
    await this.#here.lock(signal, cancelReq);
    try {
      await this.#take(signal);
    } catch (error) {
      await this.#here.unlock();
      throw error;
    }
    this.#renewing = setInterval(() => {
      this.#renew()
        .then((isMine) => (isMine ? undefined : cancelReq()))
        .catch((error: unknown) =>
          this.#log.warn({ error: String(error) }, 'an upload lock was not renewed'),
        );
    }, RENEW_MS);
    this.#renewing.unref();
  }

  async unlock(): Promise<void> {
    clearInterval(this.#renewing);
    try {
      await sql`delete from upload_locks where id = ${this.#id} and holder = ${this.#holder}`.execute(
        this.#db,
      );
    } finally {
      await this.#here.unlock();
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    const until = Date.now() + GIVE_UP_MS;
    for (;;) {
      const { rows } = await sql<{ holder: string }>`
        insert into upload_locks (id, holder, until, wanted)
        values (${this.#id}, ${this.#holder}, now() + make_interval(secs => ${LEASE_SECONDS}), false)
        on conflict (id) do update set holder = excluded.holder, until = excluded.until, wanted = false
        where upload_locks.until < now()
        returning holder`.execute(this.#db);
      if (rows.length > 0) return;
      await sql`update upload_locks set wanted = true where id = ${this.#id}`.execute(this.#db);
      if (signal.aborted || Date.now() > until) throw ERRORS.ERR_LOCK_TIMEOUT;
      await sleep(AGAIN_MS);
    }
  }

  /** False when somebody else wants it or has it. */
  async #renew(): Promise<boolean> {
    const { rows } = await sql<{ wanted: boolean }>`
      update upload_locks set until = now() + make_interval(secs => ${LEASE_SECONDS})
      where id = ${this.#id} and holder = ${this.#holder} returning wanted`.execute(this.#db);
    return rows[0]?.wanted === false;
  }
}
