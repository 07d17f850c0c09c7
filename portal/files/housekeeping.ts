import { sql } from 'kysely';
import type { Portal } from '../context.ts';
import { reconcileUploads } from './finishUpload.ts';
import { removeUnnamed } from './removeUnnamed.ts';

const EVERY_MS = 3_600_000;
/** Of the advisory lock under which one process of all puts the files in order. */
const LOCK = 0x50a5;

/** Puts the files in order: at the start, then every hour. One process of several at a time. */
export class Housekeeping {
  readonly #portal: Portal;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  /** Whole uploads are taken before anybody asks for them. */
  async start(): Promise<void> {
    await this.#work();
    this.#timer = setInterval(() => void this.#work(), EVERY_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #work(): Promise<void> {
    this.#running = this.#running.then(() => this.#once());
    return this.#running;
  }

  async #once(): Promise<void> {
    const { db, log } = this.#portal;
    try {
      await db.connection().execute(async (connection) => {
        const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${LOCK}, 0) as got`.execute(
          connection,
        );
        if (rows[0]?.got !== true) return;
        try {
          await reconcileUploads(this.#portal);
          await removeUnnamed(this.#portal);
        } finally {
          await sql`select pg_advisory_unlock(${LOCK}, 0)`.execute(connection);
        }
      });
    } catch (error) {
      log.error({ err: error }, 'the files were not put in order');
    }
  }
}
