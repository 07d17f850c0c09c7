import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { clearSuspect, isSuspect, leaveCheckedNote, markSuspect, takeCheckedNote } from './checked.ts';
import { APPLICATION_ID, createDatabaseFile, FORMAT_VERSION, finishRestore, syncFolder } from './create.ts';
import { StoreError, toStoreError, withStoreErrors } from './errors.ts';
import { adoptNewest, CURRENT_VERSION_SQL, checkKey, joinSealer, versionsInUse } from './meta.ts';
import { keyVersions, type Sealer, type StoreKey } from './seal.ts';
import { upgradeFormat } from './upgrade.ts';
import { checkRowsNow } from './verify.ts';

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
/** Free pages that wait for what comes next, and how many at most are given back at once: the thread stands still meanwhile. */
const FREE_PAGES_KEPT = 64;
const FREE_PAGES_GIVEN = 2048;

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
  /** Seals and opens payloads; undefined for a plain file. */
  readonly sealer: Sealer | undefined;
  references = 0;
  /** When the file was last checked as a whole; undefined once something in it was found damaged. */
  checkedAt: number | undefined;
  /** Told when something in the file is found damaged while it is open. */
  readonly damageListeners = new Set<(error: StoreError) => void>();
  private readonly statements = new Map<string, StatementSync>();
  private readonly busyTimeoutMs: number;

  constructor(path: string, busyTimeoutMs: number, key: StoreKey | undefined) {
    this.path = path;
    this.busyTimeoutMs = busyTimeoutMs;
    const { db, sealer, checkedAt } = openChecked(path, busyTimeoutMs, key);
    this.checkedAt = checkedAt;
    this.db = db;
    this.sealer = sealer;
    if (sealer) sealer.versionsInUse = () => versionsInUse(db);
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

  /** All rows at once: less work than one by one where all are wanted. */
  all(sql: string, ...params: SQLInputValue[]): unknown[][] {
    return this.prepare(sql).all(...params) as unknown as unknown[][];
  }

  /** Rows one by one; SQLite is read only as far as the caller goes. */
  rows(sql: string, ...params: SQLInputValue[]): IterableIterator<unknown[]> {
    return this.prepare(sql).iterate(...params) as unknown as IterableIterator<unknown[]>;
  }

  run(sql: string, ...params: SQLInputValue[]): void {
    this.prepare(sql).run(...params);
  }

  /** {@link withStoreErrors}, remembering beside the file that damage was met: the next opening then looks at all of it. */
  guarded<T>(doing: string, work: () => T): T {
    try {
      return withStoreErrors(doing, work);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'STORE_DAMAGED') {
        this.checkedAt = undefined;
        markSuspect(this.path);
        for (const tell of this.damageListeners) tell(error);
      }
      throw error;
    }
  }

  /** One transaction: committed and synced when it returns, rolled back whole when it throws. */
  transaction<T>(doing: string, work: () => T): T {
    return this.guarded(doing, () => {
      this.run('BEGIN IMMEDIATE');
      try {
        // Another process may have gone on to a newer key.
        this.sealer?.use(Number(this.row(CURRENT_VERSION_SQL)?.[0]));
        const result = work();
        this.run('COMMIT');
        return result;
      } catch (error) {
        this.rollBack();
        throw error;
      }
    });
  }

  /** Several statements that see one state of the file. */
  reading<T>(work: () => T): T {
    if (this.db.isTransaction) return work();
    this.run('BEGIN');
    try {
      return work();
    } finally {
      this.rollBack();
    }
  }

  /** SQLite has often rolled back by itself; the error that led here is the one to tell. */
  private rollBack(): void {
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    } catch {
      // The connection reports its own trouble at the next call.
    }
  }

  /**
   * Gives room that nothing uses any more back to the disk, up to a bound, and empties the log. Waits for nobody: while somebody reads from the log, that stays for the next
   * time. Files made before `auto_vacuum` use their free pages again instead.
   */
  giveBack(): void {
    this.guarded('giving back room', () => {
      const free = Number(this.row('PRAGMA freelist_count')?.[0]);
      if (free > FREE_PAGES_KEPT) this.db.exec(`PRAGMA incremental_vacuum(${FREE_PAGES_GIVEN})`);
      this.db.exec('PRAGMA busy_timeout = 0');
      try {
        this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        this.db.exec(`PRAGMA busy_timeout = ${this.busyTimeoutMs}`);
      }
    });
  }

  /** Forgets prepared statements, e.g. before a table of them is dropped. */
  forgetStatements(): void {
    this.statements.clear();
  }
}

const open = new Map<string, Connection>();

/** Opens the file or joins the connection that is open already; give back with {@link releaseConnection}. */
export function acquireConnection(path: string, busyTimeoutMs: number, key?: StoreKey): Connection {
  return withStoreErrors(`opening ${path}`, () => {
    const place = realPlace(path);
    let connection = open.get(place);
    if (connection) {
      joinSealer(connection.sealer, path, key);
    } else {
      connection = new Connection(place, busyTimeoutMs, key);
      open.set(place, connection);
    }
    connection.references++;
    return connection;
  });
}

/** The open connection of a path, with one more user; undefined if this process has none. */
export function joinConnection(path: string): Connection | undefined {
  const connection = open.get(realPlace(path));
  if (connection) connection.references++;
  return connection;
}

/** Whether this process has the file open. */
export const isOpenHere = (path: string): boolean => open.has(realPlace(path));

/** One name for every way to write a path. */
export function realPlace(path: string): string {
  const full = resolve(path);
  return join(realpathSync(dirname(full)), basename(full));
}

/** Closes the file when its last user has let go. */
export function releaseConnection(connection: Connection): void {
  connection.references--;
  if (connection.references > 0) return;
  open.delete(connection.path);
  connection.forgetStatements();
  withStoreErrors(`closing ${connection.path}`, () => connection.db.close());
  if (connection.checkedAt !== undefined) leaveCheckedNote(connection.path, connection.checkedAt);
}

let knownVersion: string | undefined;

/** Asked of the library itself: `process.versions` of an embedding runtime need not name it. */
function sqliteVersion(): string {
  if (knownVersion !== undefined) return knownVersion;
  const memory = new DatabaseSync(':memory:');
  try {
    knownVersion = String(Object.values(memory.prepare('SELECT sqlite_version()').get() ?? {})[0]);
    return knownVersion;
  } finally {
    memory.close();
  }
}

type Opened = {
  readonly db: DatabaseSync;
  readonly sealer: Sealer | undefined;
  readonly checkedAt: number;
};

function openChecked(path: string, busyTimeoutMs: number, key: StoreKey | undefined): Opened {
  requireSqliteVersion(sqliteVersion());
  if (key) keyVersions(key);
  finishRestore(path);
  createDatabaseFile(path, key);
  const { format, sealer, checkedAt } = inspect(path, busyTimeoutMs, key);
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs, allowExtension: false, defensive: true });
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
      PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;
      PRAGMA journal_size_limit = 67108864;`);
    if (format < FORMAT_VERSION) upgradeFormat(db, FORMAT_VERSION);
    // What a deleted row held is overwritten wherever its page is written anyway.
    if (sealer && key) {
      db.exec('PRAGMA secure_delete = FAST');
      adoptNewest(db, sealer, key);
    }
    // A write lock shows a read-only medium now, not at the first save.
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    // The log file was just created: its name must survive a power cut as well as its content.
    if (existsSync(`${path}-wal`)) syncFolder(dirname(path));
    return { db, sealer, checkedAt };
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

/**
 * Looks at the file before anything may change it: a connection that can write would play the log of a damaged
 * file into it, or throw the log away.
 */
function inspect(path: string, busyTimeoutMs: number, key: StoreKey | undefined) {
  // Asked first: reading a file in WAL mode makes a log.
  let checkedAt = takeCheckedNote(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: busyTimeoutMs, allowExtension: false, readOnly: true });
    const format = checkIdentity(db, path);
    db.exec('PRAGMA cell_size_check = ON');
    if (checkedAt === undefined) {
      quickCheck(db, path);
      checkedAt = Date.now();
    }
    // Files were not sealed before format 2, and their rows had no checksums.
    if (format < 2 && key) throw new StoreError('STORE_NOT_SEALED', path);
    const sealer = format < 2 ? undefined : checkKey(db, path, key);
    if (isSuspect(path)) {
      if (format >= 2) checkRowsNow(db, sealer);
      clearSuspect(path);
    }
    return { format, sealer, checkedAt };
  } catch (error) {
    throw whyNotOpened(error, path);
  } finally {
    db?.close();
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

/** `STORE_DAMAGED` unless SQLite finds the file whole. */
export function quickCheck(db: DatabaseSync, path: string): void {
  const problems = db
    .prepare('PRAGMA integrity_check(10)')
    .all()
    .map((row) => String(Object.values(row)[0]));
  if (problems.length !== 1 || problems[0] !== 'ok') {
    throw new StoreError('STORE_DAMAGED', `${path}: ${problems.join('; ')}`);
  }
}

/** The file's format; `STORE_NOT_OURS`, `STORE_TOO_NEW`, or `STORE_DAMAGED` for an empty file. */
export function checkIdentity(db: DatabaseSync, path: string): number {
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
  return version;
}
