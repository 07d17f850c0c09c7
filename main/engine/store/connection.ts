import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { APPLICATION_ID, createDatabaseFile, FORMAT_VERSION, syncFolder } from './create.ts';
import { StoreError, toStoreError, withStoreErrors } from './errors.ts';

/** What a slow statement is reported with; times in milliseconds. */
export type SlowQuery = {
  readonly collection: string;
  readonly sql: string;
  readonly durationMs: number;
  /** Rows read from SQLite, before RxDB's matcher. */
  readonly rowsRead: number;
};

const MINIMUM_SQLITE = [3, 51, 3] as const;
const STATEMENTS_KEPT = 400;

/** Throws `STORE_SQLITE_TOO_OLD` unless `version` is at least 3.51.3 (the WAL-reset fault was fixed there). */
export function requireSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number);
  for (let i = 0; i < MINIMUM_SQLITE.length; i++) {
    const have = parts[i] ?? 0;
    const want = MINIMUM_SQLITE[i] ?? 0;
    if (have > want) return;
    if (have < want) {
      throw new StoreError('STORE_SQLITE_TOO_OLD', `SQLite ${version}, needs ${MINIMUM_SQLITE.join('.')}`);
    }
  }
}

/**
 * The one writing connection to a file within this process, shared by all instances of all collections.
 * All of its calls are synchronous, so a transaction can't be interleaved with another.
 */
export class Connection {
  readonly path: string;
  readonly db: DatabaseSync;
  references = 0;
  private readonly statements = new Map<string, StatementSync>();

  constructor(path: string, busyTimeoutMs: number) {
    this.path = path;
    this.db = openChecked(path, busyTimeoutMs);
  }

  /** A cached prepared statement whose rows are arrays. */
  prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    if (this.statements.size >= STATEMENTS_KEPT) {
      const oldest = this.statements.keys().next();
      if (!oldest.done) this.statements.delete(oldest.value);
    }
    this.statements.set(sql, statement);
    return statement;
  }

  /** First row as an array, or undefined. */
  row(sql: string, ...params: SQLInputValue[]): unknown[] | undefined {
    return this.prepare(sql).get(...params) as unknown[] | undefined;
  }

  /** Rows one by one; SQLite is read only as far as the caller goes. */
  rows(sql: string, ...params: SQLInputValue[]): IterableIterator<unknown[]> {
    return this.prepare(sql).iterate(...params) as unknown as IterableIterator<unknown[]>;
  }

  run(sql: string, ...params: SQLInputValue[]): void {
    this.prepare(sql).run(...params);
  }

  /** One transaction: committed and synced when it returns, rolled back whole when it throws. */
  transaction<T>(doing: string, work: () => T): T {
    return withStoreErrors(doing, () => {
      this.db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.db.exec('COMMIT');
        return result;
      } catch (error) {
        this.rollBack();
        throw error;
      }
    });
  }

  /** SQLite has often rolled back by itself; the error that led here is the one to tell. */
  private rollBack(): void {
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    } catch {
      // The connection reports its own trouble at the next call.
    }
  }

  /** Forgets prepared statements, e.g. before a table of them is dropped. */
  forgetStatements(): void {
    this.statements.clear();
  }
}

const open = new Map<string, Connection>();

/** Opens the file or joins the connection that is open already; give back with {@link releaseConnection}. */
export function acquireConnection(path: string, busyTimeoutMs: number): Connection {
  return withStoreErrors(`opening ${path}`, () => {
    const full = resolve(path);
    const key = join(realpathSync(dirname(full)), basename(full));
    let connection = open.get(key);
    if (!connection) {
      connection = new Connection(key, busyTimeoutMs);
      open.set(key, connection);
    }
    connection.references++;
    return connection;
  });
}

/** Closes the file when its last user has let go. */
export function releaseConnection(connection: Connection): void {
  connection.references--;
  if (connection.references > 0) return;
  open.delete(connection.path);
  connection.forgetStatements();
  withStoreErrors(`closing ${connection.path}`, () => connection.db.close());
}

/** Asked of the library itself: `process.versions` of an embedding runtime need not name it. */
function sqliteVersion(): string {
  const memory = new DatabaseSync(':memory:');
  try {
    return String(Object.values(memory.prepare('SELECT sqlite_version()').get() ?? {})[0]);
  } finally {
    memory.close();
  }
}

function openChecked(path: string, busyTimeoutMs: number): DatabaseSync {
  requireSqliteVersion(sqliteVersion());
  createDatabaseFile(path);
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs, allowExtension: false, defensive: true });
  try {
    checkIdentity(db, path);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
      PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;
      PRAGMA journal_size_limit = 67108864;`);
    const problems = db
      .prepare('PRAGMA integrity_check(10)')
      .all()
      .map((row) => String(Object.values(row)[0]));
    if (problems.length !== 1 || problems[0] !== 'ok') {
      throw new StoreError('STORE_DAMAGED', `${path}: ${problems.join('; ')}`);
    }
    // A write lock shows a read-only medium now, not at the first save.
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    // The log file was just created: its name must survive a power cut as well as its content.
    if (existsSync(`${path}-wal`)) syncFolder(dirname(path));
    return db;
  } catch (error) {
    const typed = whyNotOpened(error, path);
    try {
      db.close();
    } catch {
      // The first error says what is wrong.
    }
    throw typed;
  }
}

/** SQLite says "can't open" for many reasons; a missing permission is the one worth telling apart. */
function whyNotOpened(error: unknown, path: string): unknown {
  const typed = toStoreError(error, `opening ${path}`);
  if (!(typed instanceof StoreError) || typed.code !== 'STORE_IO') return typed;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return typed;
  } catch (denied) {
    return toStoreError(denied, `opening ${path}`);
  }
}

function checkIdentity(db: DatabaseSync, path: string): void {
  const read = (pragma: string) => Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const application = read('application_id');
  const version = read('user_version');
  if (application !== APPLICATION_ID) {
    const empty = read('page_count') === 0;
    throw new StoreError(
      empty ? 'STORE_DAMAGED' : 'STORE_NOT_OURS',
      `${path}: application id ${application}`,
    );
  }
  if (version > FORMAT_VERSION) throw new StoreError('STORE_TOO_NEW', `${path}: format ${version}`);
}
