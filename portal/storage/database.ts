import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { start } from './migrations/0001_start.ts';
import { snapshots } from './migrations/0002_snapshots.ts';
import { scopes } from './migrations/0003_scopes.ts';
import { reservations } from './migrations/0004_reservations.ts';
import { files } from './migrations/0005_files.ts';
import { administration } from './migrations/0006_administration.ts';
import { onBehalfOf } from './migrations/0007_onBehalfOf.ts';
import type { Database } from './tables.ts';

export type Db = Kysely<Database>;

/** Numbered, in order, never edited once shipped. */
const MIGRATIONS = {
  '0001_start': start,
  '0002_snapshots': snapshots,
  '0003_scopes': scopes,
  '0004_reservations': reservations,
  '0005_files': files,
  '0006_administration': administration,
  '0007_onBehalfOf': onBehalfOf,
};

const INT8 = 20;

export interface OpenDatabase {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

/** The address leads to no database that can be used; the message says why and holds no password. */
export class DatabaseUnusable extends Error {}

/**
 * Opens the database and brings its tables to this version. Throws {@link DatabaseUnusable} if it can't be reached,
 * is older than PostgreSQL 14, or has tables of a newer portal.
 */
export async function openDatabase(url: string, log: (line: string) => void): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    // As many as one desk that comes asks for at once stay open: opening one costs more than most of what is asked.
    min: 8,
    connectionTimeoutMillis: 10_000,
    application_name: 'soan-portal',
    types: {
      // Counters and instants stay far below 2^53.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    } as pg.CustomTypesConfig,
  });
  pool.on('error', (error) => log(`a database connection broke: ${error.message}`));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    const version = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
    if (Number(version.rows[0]?.server_version_num) < 140_000)
      throw new DatabaseUnusable('the database is older than PostgreSQL 14');
    await migrate(db);
  } catch (error) {
    await db.destroy().catch(() => {});
    if (error instanceof DatabaseUnusable) throw error;
    const reason = error instanceof AggregateError ? error.errors.join('; ') : String(error);
    const { hostname, port, pathname } = new URL(url);
    throw new DatabaseUnusable(
      `the database ${hostname}:${port || 5432}${pathname} can't be used: ${reason}`,
      {
        cause: error,
      },
    );
  }
  return { db, pool, url, close: () => db.destroy() };
}

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
