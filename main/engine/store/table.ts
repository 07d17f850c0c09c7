import type {
  EventBulk,
  RxDocumentData,
  RxJsonSchema,
  RxStorageChangeEvent,
  RxStorageDefaultCheckpoint,
} from 'rxdb';
import { Subject } from 'rxjs';
import type { Connection } from './connection.ts';
import { StoreError } from './errors.ts';
import { toBinaryOrder } from './keys.ts';
import {
  type CollectionName,
  idKey,
  type Layout,
  type LayoutOptions,
  type Mark,
  makeLayout,
  orderName,
  orderTable,
  rowKeys,
  sortTexts,
} from './layout.ts';
import { SealedOrder } from './order.ts';
import { Payloads, ROW } from './payload.ts';

/** What one commit changed, as RxDB wants it announced. */
// biome-ignore lint/suspicious/noExplicitAny: instances of different document types share one table
export type Changes = EventBulk<RxStorageChangeEvent<any>, RxStorageDefaultCheckpoint>;

/** One collection of one schema version: its table, and what its open instances share. */
export class Table {
  readonly connection: Connection;
  readonly number: number;
  readonly layout: Layout;
  readonly payloads: Payloads;
  /** Set where the schema's author wants to sort by fields that nobody may read in the file. */
  readonly order: SealedOrder | undefined;
  /** Announcements to all instances in this process; unused by those that use a broadcast channel. */
  readonly changes = new Subject<Changes>();
  references = 0;
  removed = false;
  private marksText = '';
  private knownMarks: ReadonlySet<Mark> = new Set();
  private readonly putSql: string;

  constructor(connection: Connection, number: number, layout: Layout, name: CollectionName) {
    this.connection = connection;
    this.number = number;
    this.layout = layout;
    this.payloads = payloadsOf(connection, name);
    if (layout.sealedSort.length > 0) {
      const payloads = payloadsOf(connection, orderName(name));
      this.order = new SealedOrder(connection, layout.table, layout.sealedSort, payloads);
    }
    const columns = ['id', 'rev', 'data', 'sum', ...layout.columns.map(({ column }) => column)];
    const values = columns.map((column) => (column === 'data' ? this.payloads.placeholder : '?'));
    const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    this.putSql = `INSERT INTO ${layout.table} (${columns.join(', ')}) VALUES (${values.join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}${this.order ? ' RETURNING key' : ''}`;
  }

  get filesTable(): string {
    return `${this.layout.table}_files`;
  }

  /** What is remarkable about the documents, as of the last commit of any process. */
  marks(): ReadonlySet<Mark> {
    const row = this.connection.row('SELECT marks FROM collections WHERE number = ?', this.number);
    if (!row) throw new StoreError('STORE_CLOSED', 'the collection was removed');
    if (row[0] !== this.marksText) this.rememberMarks(String(row[0]));
    return this.knownMarks;
  }

  /** Inserts or replaces documents, and notes in the registry what is newly remarkable; inside a transaction. */
  put<T>(documents: readonly RxDocumentData<T>[]): void {
    const statement = this.connection.prepare(this.putSql);
    const marks = new Set<Mark>();
    const texts = new Map<number, string[]>();
    for (const document of documents) {
      const id = String((document as Record<string, unknown>)[this.layout.primaryPath]);
      const keys = rowKeys(this.layout, document, marks);
      const key = idKey(this.layout, id, marks);
      const values = [key, document._rev, ...this.payloads.encode(key, document), ...keys];
      if (!this.order) statement.run(...values);
      else {
        const [row] = statement.all(...values) as unknown as unknown[][];
        texts.set(Number(row?.[0]), sortTexts(this.layout, document, marks));
      }
    }
    this.order?.put(texts);
    const known = this.marks();
    if ([...marks].every((mark) => known.has(mark))) return;
    const text = JSON.stringify([...new Set([...known, ...marks])].sort());
    this.connection.run('UPDATE collections SET marks = ? WHERE number = ?', text, this.number);
  }

  /** The stored revision of each id, where there is one. */
  revisions(ids: readonly string[]): (string | undefined)[] {
    const keys = ids.map(toBinaryOrder);
    const found = new Map<unknown, string>();
    for (const [key, revision] of this.byKeys('id, rev', keys)) found.set(key, String(revision));
    return keys.map((key) => found.get(key));
  }

  /** The stored document of each id, where there is one; deleted ones included unless `onlyLive`. */
  documents<T>(ids: readonly string[], onlyLive = false): (RxDocumentData<T> | undefined)[] {
    const keys = ids.map(toBinaryOrder);
    const deleted = this.layout.fields.get('_deleted')?.column;
    const rows = this.byKeys(ROW, keys, onlyLive ? ` AND ${deleted} = 0` : '');
    const documents = this.payloads.decodeAll<T>(rows);
    const found = new Map<unknown, RxDocumentData<T>>();
    for (let place = 0; place < rows.length; place++) {
      const document = documents[place];
      if (document) found.set(rows[place]?.[0], document);
    }
    return keys.map((key) => found.get(key));
  }

  /** The stored document of an id, if there is one. */
  document<T>(id: string, onlyLive: boolean): RxDocumentData<T> | undefined {
    const deleted = onlyLive ? ` AND ${this.layout.fields.get('_deleted')?.column} = 0` : '';
    const sql = `SELECT ${ROW} FROM ${this.layout.table} WHERE id = ?${deleted}`;
    const row = this.connection.row(sql, toBinaryOrder(id));
    return row && this.payloads.decode<T>(row);
  }

  /** Rows of those keys that exist, each once. */
  private byKeys(columns: string, keys: readonly string[], and = ''): unknown[][] {
    const { table } = this.layout;
    // SQLite's JSON ends a text at a zero.
    const isSingle = keys.length === 1 || keys.some((key) => key.includes('\u0000'));
    if (isSingle) {
      const sql = `SELECT ${columns} FROM ${table} WHERE id = ?${and}`;
      return [...new Set(keys)].flatMap((key) => {
        const row = this.connection.row(sql, key);
        return row ? [row] : [];
      });
    }
    const sql = `SELECT ${columns} FROM ${table} WHERE id IN (SELECT value FROM json_each(?))${and}`;
    // All at once: half the cost of one by one, and all of them are wanted anyway.
    return this.connection.all(sql, JSON.stringify(keys));
  }

  private rememberMarks(text: string): void {
    this.marksText = text;
    this.knownMarks = new Set(text === '' ? [] : (JSON.parse(text) as Mark[]));
  }
}

/** Documents of a rebuilt table that are in memory together. */
const REBUILT_AT_ONCE = 100;

/** Open tables by the registry's number: instances of one collection share theirs. */
const openTables = new WeakMap<Connection, Map<number, Table>>();

function tablesOf(connection: Connection): Map<number, Table> {
  const known = openTables.get(connection);
  if (known) return known;
  const made = new Map<number, Table>();
  openTables.set(connection, made);
  return made;
}

type Opening = {
  readonly name: CollectionName;
  readonly schema: RxJsonSchema<RxDocumentData<unknown>>;
  readonly options: LayoutOptions;
  readonly resolve: (table: Table) => void;
  readonly reject: (error: unknown) => void;
};

/** Collections to be opened at the end of this turn. */
const openings = new WeakMap<Connection, Opening[]>();

/**
 * Finds, creates or (if its indexes changed) rebuilds the table of a collection, and counts one more user. Collections asked for in one turn
 * are opened in one transaction: a new desk waits for one sync of the disk and not for one per collection.
 */
export function openTable<T>(
  connection: Connection,
  name: CollectionName,
  schema: RxJsonSchema<RxDocumentData<T>>,
  options: LayoutOptions = {},
): Promise<Table> {
  return new Promise((resolve, reject) => {
    const opening = { name, schema: schema as Opening['schema'], options, resolve, reject };
    const waiting = openings.get(connection);
    if (waiting) {
      waiting.push(opening);
      return;
    }
    const together = [opening];
    openings.set(connection, together);
    queueMicrotask(() => {
      openings.delete(connection);
      openTogether(connection, together);
    });
  });
}

function openTogether(connection: Connection, together: readonly Opening[]): void {
  const names = together.map(({ name }) => name.collection).join(', ');
  try {
    const tables = connection.transaction(`opening collection ${names}`, () => {
      const made = new Map(tablesOf(connection));
      return together.map(({ name, schema, options }) => {
        const table = findTable(connection, name, schema, options, made);
        made.set(table.number, table);
        return table;
      });
    });
    for (const [place, table] of tables.entries()) {
      tablesOf(connection).set(table.number, table);
      table.references++;
      together[place]?.resolve(table);
    }
  } catch (error) {
    const isLocked = error instanceof StoreError && error.code === 'STORE_LOCKED';
    // What is wrong with one is no reason to refuse the others; but a lock was waited for already.
    if (together.length > 1 && !isLocked) for (const opening of together) openTogether(connection, [opening]);
    else for (const { reject } of together) reject(error);
  }
}

function findTable(
  connection: Connection,
  name: CollectionName,
  schema: Opening['schema'],
  options: LayoutOptions,
  open: ReadonlyMap<number, Table>,
): Table {
  const row = connection.row(
    'SELECT number, layout FROM collections WHERE database = ? AND collection = ? AND version = ?',
    ...nameKeys(name),
  );
  if (!row) return createTable(connection, name, schema, options);
  const number = Number(row[0]);
  const layout = makeLayout(`t${number}`, schema, options);
  const shared = open.get(number);
  if (row[1] === layout.signature) return shared ?? new Table(connection, number, layout, name);
  if (shared) throw new StoreError('STORE_SCHEMA_IN_USE', name.collection);
  return rebuildTable(connection, name, schema, options, number);
}

/** One user less; the last one ends the announcements. */
export function releaseTable(table: Table): void {
  table.references--;
  if (table.references > 0) return;
  tablesOf(table.connection).delete(table.number);
  table.changes.complete();
}

/** Deletes a collection's documents, attachments and table. */
export function dropTable(table: Table): void {
  const { connection, layout } = table;
  connection.forgetStatements();
  connection.transaction('removing a collection', () => {
    for (const dropped of [layout.table, table.filesTable, orderTable(layout.table)])
      connection.db.exec(`DROP TABLE IF EXISTS ${dropped}`);
    connection.run('DELETE FROM collections WHERE number = ?', table.number);
  });
  table.removed = true;
}

/** The form of what a collection version keeps in the file of this connection. */
export function payloadsOf(connection: Connection, name: CollectionName): Payloads {
  return new Payloads(connection.sealer, ...nameKeys(name));
}

function nameKeys({ database, collection, version }: CollectionName): [string, string, number] {
  return [toBinaryOrder(database), toBinaryOrder(collection), version];
}

function createTable<T>(
  connection: Connection,
  name: CollectionName,
  schema: RxJsonSchema<RxDocumentData<T>>,
  options: LayoutOptions,
): Table {
  const sql = `INSERT INTO collections (database, collection, version, layout) VALUES (?, ?, ?, '')
    RETURNING number`;
  const number = Number(connection.row(sql, ...nameKeys(name))?.[0]);
  const layout = makeLayout(`t${number}`, schema, options);
  connection.run('UPDATE collections SET layout = ? WHERE number = ?', layout.signature, number);
  const columns = layout.columns.map(({ column }) => `, ${column} ANY NOT NULL`).join('');
  connection.db.exec(`CREATE TABLE ${layout.table} (key INTEGER PRIMARY KEY, id ANY NOT NULL UNIQUE,
    rev TEXT NOT NULL, sum INTEGER NOT NULL${columns}, data ANY NOT NULL) STRICT`);
  for (const { name: index, fields, where } of layout.indexes.values()) {
    const list = fields.map(({ column }) => column).join(', ');
    connection.db.exec(`CREATE INDEX ${index} ON ${layout.table} (${list})${where}`);
  }
  const table = new Table(connection, number, layout, name);
  table.order?.create();
  if (layout.hasAttachments) {
    connection.db.exec(`CREATE TABLE ${table.filesTable} (id ANY NOT NULL, name ANY NOT NULL, type TEXT NOT NULL,
      digest TEXT NOT NULL, data BLOB NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (id, name)) STRICT`);
  }
  return table;
}

function rebuildTable<T>(
  connection: Connection,
  name: CollectionName,
  schema: RxJsonSchema<RxDocumentData<T>>,
  options: LayoutOptions,
  old: number,
): Table {
  connection.run('DELETE FROM collections WHERE number = ?', old);
  const table = createTable(connection, name, schema, options);
  let batch: RxDocumentData<T>[] = [];
  for (const row of connection.rows(`SELECT ${ROW} FROM t${old} ORDER BY key`)) {
    batch.push(table.payloads.decode<T>(row));
    if (batch.length < REBUILT_AT_ONCE) continue;
    table.put(batch);
    batch = [];
  }
  table.put(batch);
  connection.forgetStatements();
  const oldFiles = `t${old}_files`;
  const hadFiles = connection.row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", oldFiles);
  if (hadFiles && table.layout.hasAttachments) {
    connection.db.exec(
      `INSERT INTO ${table.filesTable} SELECT id, name, type, digest, data, sum FROM ${oldFiles}`,
    );
  }
  connection.db.exec(`DROP TABLE t${old}; DROP TABLE IF EXISTS ${oldFiles};
    DROP TABLE IF EXISTS ${orderTable(`t${old}`)}`);
  return table;
}
