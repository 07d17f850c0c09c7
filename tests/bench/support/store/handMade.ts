import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Direct, Written } from './direct.ts';

const TABLES = [0, 1, 2, 3];

/**
 * What RxDB's suite reads and writes, by hand: prepared statements, JSON, the indexes of its schema and the one that sync needs, WAL and
 * `synchronous=FULL`. No revisions compared, no checksums, no events: the limit of this engine.
 */
export class HandMade implements Direct {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.db = new DatabaseSync(path);
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; BEGIN');
    for (const table of TABLES) {
      this.db.exec(`CREATE TABLE IF NOT EXISTS t${table} (id TEXT PRIMARY KEY, deleted INTEGER, var1 TEXT, var2 REAL,
        deep1 TEXT, lwt REAL, data TEXT)`);
      for (const columns of [
        'deleted, var1',
        'deleted, var2',
        'deleted, deep1',
        'deleted, var2, var1',
        'lwt',
      ]) {
        const name = `t${table}_${columns.replaceAll(', ', '_')}`;
        this.db.exec(`CREATE INDEX IF NOT EXISTS ${name} ON t${table} (${columns})`);
      }
    }
    this.db.exec('COMMIT');
  }

  insert(documents: readonly Written[], table: number): void {
    const statement = this.prepare(`INSERT INTO t${table} VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.db.exec('BEGIN IMMEDIATE');
    for (const document of documents) {
      const { id, var1, var2, deep, _meta } = document;
      statement.run(id, 0, var1, var2, deep.deep1, _meta.lwt, JSON.stringify(document));
    }
    this.db.exec('COMMIT');
  }

  byIds(ids: string[]): unknown[] {
    const [id = ''] = ids;
    if (ids.length === 1) return this.read('SELECT data FROM t0 WHERE id = ? AND deleted = 0', id);
    const sql = 'SELECT data FROM t0 WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0';
    return this.read(sql, JSON.stringify(ids));
  }

  sorted(): unknown[] {
    return this.read('SELECT data FROM t0 WHERE deleted = 0 ORDER BY var2, var1');
  }

  byVar2(value: number): unknown[] {
    return this.read('SELECT data FROM t0 WHERE deleted = 0 AND var2 = ?', value);
  }

  count(value: number): number {
    const row = this.prepare('SELECT COUNT(*) FROM t0 WHERE deleted = 0 AND var2 = ?').get(value);
    return Number((row as unknown as unknown[])[0]);
  }

  close(): void {
    this.db.close();
  }

  remove(): void {
    this.statements.clear();
    for (const table of TABLES) this.db.exec(`DROP TABLE t${table}`);
    this.close();
  }

  private prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    this.statements.set(sql, statement);
    return statement;
  }

  private read(sql: string, ...params: (string | number)[]): unknown[] {
    const rows = this.prepare(sql).all(...params) as unknown as string[][];
    return rows.map(([json]) => JSON.parse(json ?? ''));
  }
}
