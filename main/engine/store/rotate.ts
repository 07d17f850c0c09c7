import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, joinConnection, releaseConnection } from './connection.ts';
import { StoreError, withStoreErrors } from './errors.ts';
import { fromBinaryOrder } from './keys.ts';
import { orderName, orderTable } from './layout.ts';
import { adoptKey, deleteMeta, dropOtherKeys, readMeta, versionsInUse, writeMeta } from './meta.ts';
import { type KeyVersion, keyVersions, markOf, type Sealer } from './seal.ts';
import { payloadsOf } from './table.ts';

export type RotateOptions = {
  /** The database file; a storage of this process must have it open, with its present key. */
  readonly path: string;
  /** The new key; left out to go on with a rotation that was begun. */
  readonly to?: KeyVersion;
  /** Told after every step. Rows include attachments. */
  readonly onProgress?: (progress: RotateProgress) => void;
  readonly signal?: AbortSignal;
  /** Longest that one step may hold up writes, in milliseconds, but for a single large attachment. Default 8. */
  readonly stepMs?: number;
  /** Rest between two steps, in milliseconds. Default 4. */
  readonly restMs?: number;
};

export type RotateProgress = { readonly done: number; readonly total: number };

const CURSOR = 'rotate/';
const ROWS_AT_ONCE = 50;

/**
 * Seals everything in an open file with another key, in small transactions between the writes of others. From the
 * first moment new writes use the new key. Interrupted (by `signal`, a closed store or a crash), it goes on
 * where it was when called again; until it is done the file needs both keys. Resolves with true when nothing is left of
 * the old one, neither in the file nor in its log, and with false if it was stopped.
 *
 * Rejects with `STORE_CLOSED` (not open here), `STORE_NOT_SEALED`, `STORE_WRONG_KEY` (not newer than the file's
 * key) and, at a row that does not open, with `STORE_DAMAGED`.
 */
export async function rotateKey(options: RotateOptions): Promise<boolean> {
  const { path, to, onProgress, signal, stepMs = 8, restMs = 4 } = options;
  const connection = withStoreErrors(`opening ${path}`, () => joinConnection(path));
  if (!connection) throw new StoreError('STORE_CLOSED', path);
  try {
    const { sealer, db } = connection;
    if (!sealer) throw new StoreError('STORE_NOT_SEALED', path);
    if (to) begin(connection, sealer, to);
    if (versionsInUse(db).length === 1) return true;
    const isStopped = () => signal?.aborted || connection.references === 1;
    db.exec('PRAGMA secure_delete = ON');
    const progress = { done: 0, total: 0 };
    for (;;) {
      const tables = tablesToReseal(connection);
      progress.total = count(connection, tables);
      progress.done = countDone(connection, tables);
      for (const table of tables) {
        // What is inserted meanwhile is sealed with the new key, and must not keep this from ending.
        const last = lastRow(connection, table);
        while (!isStopped() && cursorOf(connection, table) < last) {
          const rows = connection.transaction('changing the key', () => step(connection, table, stepMs));
          progress.done += rows;
          onProgress?.({ done: Math.min(progress.done, progress.total), total: progress.total });
          if (rows === 0) break;
          await pause(restMs);
        }
        if (isStopped()) return false;
      }
      if (connection.transaction('ending the change of the key', () => end(connection, sealer))) break;
    }
    for (const version of sealer.versions) if (version !== sealer.current) sealer.forget(version);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return true;
  } finally {
    if (connection.sealer && connection.db.isOpen) connection.db.exec('PRAGMA secure_delete = FAST');
    releaseConnection(connection);
  }
}

function begin(connection: Connection, sealer: Sealer, to: KeyVersion): void {
  const current = connection.transaction('reading the key', () => sealer.current);
  if (to.version < current) {
    throw new StoreError('STORE_WRONG_KEY', `key version ${to.version} is older than ${current}`);
  }
  for (const version of keyVersions({ current: to })) sealer.add(version);
  if (to.version === current) return;
  connection.transaction('taking on a key', () => {
    adoptKey(connection.db, sealer, to.version);
    deleteMeta(connection.db, CURSOR);
  });
}

/** A table of documents, of texts to sort by, or of attachments, and what binds its payloads. */
type Resealed = {
  readonly name: string;
  readonly isFiles: boolean;
  readonly collection: { database: string; collection: string; version: number };
};

function tablesToReseal(connection: Connection): Resealed[] {
  const tables: Resealed[] = [];
  for (const row of connection.rows('SELECT number, database, collection, version FROM collections')) {
    const collection = {
      database: fromBinaryOrder(String(row[1])),
      collection: fromBinaryOrder(String(row[2])),
      version: Number(row[3]),
    };
    tables.push({ name: `t${row[0]}`, isFiles: false, collection });
    if (exists(connection, orderTable(`t${row[0]}`))) {
      const name = orderTable(`t${row[0]}`);
      tables.push({ name, isFiles: false, collection: orderName(collection) });
    }
    if (exists(connection, `t${row[0]}_files`)) {
      tables.push({ name: `t${row[0]}_files`, isFiles: true, collection });
    }
  }
  return tables;
}

const exists = (connection: Connection, table: string): boolean =>
  connection.row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) !== undefined;

function count(connection: Connection, tables: readonly Resealed[]): number {
  return tables.reduce(
    (sum, { name }) => sum + Number(connection.row(`SELECT COUNT(*) FROM ${name}`)?.[0]),
    0,
  );
}

function countDone(connection: Connection, tables: readonly Resealed[]): number {
  const cursors = readMeta(connection.db, CURSOR);
  return tables.reduce((sum, { name }) => {
    const cursor = cursors.get(CURSOR + name) ?? 0;
    return (
      sum + Number(connection.row(`SELECT COUNT(*) FROM ${name} WHERE rowid <= ?`, cursor as number)?.[0])
    );
  }, 0);
}

function lastRow(connection: Connection, { name }: Resealed): number {
  return exists(connection, name) ? Number(connection.row(`SELECT MAX(rowid) FROM ${name}`)?.[0] ?? 0) : 0;
}

function cursorOf(connection: Connection, { name }: Resealed): number {
  return Number(readMeta(connection.db, CURSOR + name).get(CURSOR + name) ?? 0);
}

/** Seals the next rows again, as many as fit into the time; their number, 0 at the table's end. */
function step(connection: Connection, table: Resealed, stepMs: number): number {
  const { db } = connection;
  if (!exists(connection, table.name)) return 0;
  const endsAt = performance.now() + stepMs;
  const payloads = payloadsOf(connection, table.collection);
  const mark = markOf(connection.sealer?.current ?? 0);
  const before = cursorOf(connection, table);
  let cursor = before;
  let done = 0;
  const read = `SELECT rowid, id, data${table.isFiles ? ', name' : ''} FROM ${table.name}
    WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  const put = `UPDATE ${table.name} SET data = ?${table.isFiles ? ', name = ?' : ''} WHERE rowid = ?`;
  do {
    const rows = connection
      .prepare(read)
      .all(cursor, table.isFiles ? 1 : ROWS_AT_ONCE) as unknown as unknown[][];
    if (rows.length === 0) break;
    for (const [rowid, id, data, name] of rows) {
      cursor = Number(rowid);
      done++;
      if (data instanceof Uint8Array && mark.equals(data.subarray(0, mark.length))) continue;
      if (table.isFiles) {
        const [hidden, , , sealed] = payloads.resealFile(String(id), name, data);
        connection.run(put, sealed, hidden, cursor);
      } else {
        connection.run(put, payloads.reseal(String(id), data), cursor);
      }
    }
  } while (performance.now() < endsAt);
  if (cursor !== before) writeMeta(db, CURSOR + table.name, cursor);
  return done;
}

/** Whether nothing is left under an older key; then the file stops asking for it. */
function end(connection: Connection, sealer: Sealer): boolean {
  const mark = markOf(sealer.current);
  const cursors = readMeta(connection.db, CURSOR);
  for (const { name } of tablesToReseal(connection)) {
    const cursor = Number(cursors.get(CURSOR + name) ?? 0);
    const sql = `SELECT 1 FROM ${name} WHERE rowid > ? AND substr(data, 1, ?) <> ? LIMIT 1`;
    if (connection.row(sql, cursor, mark.length, mark)) return false;
  }
  deleteMeta(connection.db, CURSOR);
  dropOtherKeys(connection.db, sealer.current);
  return true;
}
