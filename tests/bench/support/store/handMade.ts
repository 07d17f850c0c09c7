import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { requestIdlePromise } from 'rxdb';
import { averageOfTimeValues, averageSchemaData } from 'rxdb/plugins/test-utils';
import { BATCHES, OPERATIONS, type Operation, type Order, PARALLEL, SERIAL, type Times } from './suite.ts';

const TABLES = [0, 1, 2, 3];

type Written = ReturnType<typeof stored>;

/** A document as RxDB stores one. */
function stored(partial: object = {}) {
  return {
    ...averageSchemaData(partial),
    _deleted: false,
    _attachments: {},
    _meta: { lwt: Date.now() + 0.01 },
    _rev: '1-abcdefghij',
  };
}

/**
 * What RxDB's suite reads and writes, by hand: prepared statements, JSON, the indexes of its schema and the one that sync needs, WAL and
 * `synchronous=FULL`. No library, no revisions compared, no checksums, no events: what nobody on this engine can do faster.
 */
class HandMade {
  private readonly db: DatabaseSync;
  private readonly insertInto: readonly StatementSync[];

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
    this.insertInto = TABLES.map((table) =>
      this.db.prepare(`INSERT INTO t${table} VALUES (?, ?, ?, ?, ?, ?, ?)`),
    );
  }

  insert(documents: readonly Written[], table = 0): void {
    this.db.exec('BEGIN IMMEDIATE');
    for (const document of documents) {
      const { id, var1, var2, deep, _meta } = document;
      this.insertInto[table]?.run(id, 0, var1, var2, deep.deep1, _meta.lwt, JSON.stringify(document));
    }
    this.db.exec('COMMIT');
  }

  byIds(ids: readonly string[]): unknown[] {
    const sql = 'SELECT data FROM t0 WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0';
    return this.read(sql, JSON.stringify(ids));
  }

  byId(id: string): unknown[] {
    return this.read('SELECT data FROM t0 WHERE id = ? AND deleted = 0', id);
  }

  all(): unknown[] {
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
    for (const table of TABLES) this.db.exec(`DROP TABLE t${table}`);
    this.close();
  }

  private readonly statements = new Map<string, StatementSync>();

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

/** The suite on the hand-made store: the same operations in the same order with the same rests and reopenings, and RxDB's rule for the mean. */
export async function runByHand(path: string, { documents, runs, waitMs }: Order): Promise<Times> {
  const times = Object.fromEntries(OPERATIONS.map((name) => [name, []])) as unknown as Record<
    Operation,
    number[]
  >;
  const timed = <T>(operation: Operation, work: () => T): T => {
    const since = performance.now();
    const result = work();
    times[operation].push(performance.now() - since);
    return result;
  };
  const expect = (found: number, wanted: number) => {
    if (found !== wanted)
      throw new Error(`the hand-made store found ${found} documents instead of ${wanted}`);
  };
  const rest = async () => {
    await requestIdlePromise();
    await wait(waitMs);
    await requestIdlePromise();
  };
  const opened = () => {
    const made = new HandMade(path);
    made.insert([stored()], 1);
    return made;
  };
  for (let run = 0; run < runs; run += 1) {
    await rest();
    let store = timed('first insert', opened);
    const reopen = async () => {
      store.close();
      store = opened();
      await rest();
    };
    await rest();
    const ids: string[] = [];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const rows = Array.from({ length: documents / BATCHES }, (_, number) =>
        stored({ var1: `${number % 2}`, var2: number % PARALLEL }),
      );
      ids.push(...rows.map(({ id }) => id));
      timed('bulk insert', () => store.insert(rows));
      await rest();
    }
    await reopen();
    expect(timed('find all by id', () => store.byIds(ids)).length, documents);
    await rest();
    const serial = Array.from({ length: SERIAL }, () => stored({ var2: 1000 }));
    timed('50 serial inserts', () => {
      for (const row of serial) store.insert([row]);
    });
    await reopen();
    timed('50 serial finds', () => {
      for (const { id } of serial) expect(store.byId(id).length, 1);
    });
    await rest();
    expect(timed('query all', () => store.all()).length, documents + SERIAL);
    await reopen();
    const values = Array.from({ length: PARALLEL }, (_, value) => value);
    const parallel = timed('4 parallel queries', () => values.map((value) => store.byVar2(value)));
    expect(parallel.flat().length, documents);
    await rest();
    const counted = timed('4 counts', () => values.map((value) => store.count(value)));
    expect(
      counted.reduce((sum, count) => sum + count, 0),
      documents,
    );
    await rest();
    store.remove();
  }
  return Object.fromEntries(OPERATIONS.map((name) => [name, averageOfTimeValues(times[name], 95)])) as Times;
}
