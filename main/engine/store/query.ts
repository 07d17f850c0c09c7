import type { SQLInputValue } from 'node:sqlite';
import {
  type FilledMangoQuery,
  getIndexableStringMonad,
  getQueryMatcher,
  getSortComparator,
  getStartIndexStringFromLowerBound,
  getStartIndexStringFromUpperBound,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
} from 'rxdb';
import type { SlowQuery } from './connection.ts';
import { StoreError } from './errors.ts';
import { indexKey, type Layout, type Mark } from './layout.ts';
import { matching } from './matching.ts';
import { ROW } from './payload.ts';
import { type Condition, planRange } from './range.ts';
import { excludesSettled, translateSelector } from './selector.ts';
import type { Table } from './table.ts';

type Schema<T> = RxJsonSchema<RxDocumentData<T>>;
type Matcher<T> = (document: RxDocumentData<T>) => boolean;

/** Called after every statement of a query. */
export type QueryObserver = (statement: Omit<SlowQuery, 'collection'>) => void;

/** How a query is split between SQLite and JavaScript. */
export type QueryPlan<T> = {
  /** `FROM … WHERE …`, or undefined when only JavaScript can place the documents. */
  readonly from: string | undefined;
  readonly params: readonly SQLInputValue[];
  readonly isEmpty: boolean;
  /** `ORDER BY` list that gives the wanted order, or the index's order when `sortInScript`. */
  readonly order: string;
  readonly sortInScript: boolean;
  /** Whether SQLite has to sort: no index has the order. */
  readonly sortsInSql: boolean;
  /** What is left to check; undefined when SQLite's answer is exact. */
  readonly matcher: Matcher<T> | undefined;
};

/** Splits a prepared query; pure but for reading the collection's marks. */
export function planQuery<T>(table: Table, schema: Schema<T>, prepared: PreparedQuery<T>): QueryPlan<T> {
  const { layout } = table;
  const { query, queryPlan } = prepared;
  const index = layout.indexes.get(indexKey(queryPlan.index));
  if (!index) throw new StoreError('STORE_NO_INDEX', queryPlan.index.join(','));
  const marks = table.marks();
  const range = marks.has('odd') ? undefined : planRange(index, queryPlan);
  const needsMatcher = !queryPlan.selectorSatisfiedByIndex;
  const indexOrder = index.fields.map(({ column }) => column).join(', ');
  if (range === undefined) {
    return {
      from: undefined,
      params: [],
      isEmpty: false,
      order: indexOrder,
      sortInScript: !queryPlan.sortSatisfiedByIndex,
      sortsInSql: false,
      matcher: needsMatcher ? getQueryMatcher(schema, query) : undefined,
    };
  }
  const translation = needsMatcher ? translateSelector(layout, marks, query.selector) : undefined;
  const conditions: Condition[] = range === 'empty' ? [] : [...range];
  for (const condition of translation?.conditions ?? []) {
    const isThere = conditions.some((known) => isSame(known, condition));
    if (!isThere) conditions.push(condition);
  }
  const sqlOrder = queryPlan.sortSatisfiedByIndex
    ? indexOrder
    : sortColumns(layout, marks, query, indexOrder);
  const open = layout.unsettled.filter((one) => excludesSettled(one, marks, query.selector));
  const isServed = !index.unsettled || open.includes(index.unsettled);
  // Where SQLite also sorts, it may know a better index than RxDB's planner, which does not sort backwards.
  const usesPlanned = isServed && (queryPlan.sortSatisfiedByIndex || sqlOrder === undefined);
  const where = [...conditions, ...open].map(({ sql }) => sql).join(' AND ');
  return {
    from: `FROM ${layout.table}${usesPlanned ? ` INDEXED BY ${index.name}` : ''}${where ? ` WHERE ${where}` : ''}`,
    params: conditions.flatMap(({ params }) => params),
    isEmpty: range === 'empty',
    order: sqlOrder ?? indexOrder,
    sortInScript: sqlOrder === undefined,
    sortsInSql: !usesPlanned,
    matcher: needsMatcher && !translation?.exact ? getQueryMatcher(schema, query) : undefined,
  };
}

/** Runs a query; memory holds the wanted documents and what one step of sorting needs, not the collection. */
export function runQuery<T>(
  table: Table,
  schema: Schema<T>,
  prepared: PreparedQuery<T>,
  observe: QueryObserver,
): RxDocumentData<T>[] {
  const { query } = prepared;
  const skip = Math.max(0, Math.trunc(query.skip ?? 0));
  const limit = typeof query.limit === 'number' ? Math.max(0, Math.trunc(query.limit)) : Infinity;
  const plan = planQuery(table, schema, prepared);
  if (limit === 0 || plan.isEmpty) return [];
  const end = skip + limit;
  const { sortInScript, matcher } = plan;
  const sorted = sortedBySealed<T>(table, query, plan, skip, limit, observe);
  if (sorted) return sorted;
  if (plan.from !== undefined && !matcher && !sortInScript) {
    return readAll(table, plan, skip, limit, observe);
  }
  const compare = sortInScript ? getSortComparator(schema, query) : undefined;
  const found: RxDocumentData<T>[] = [];
  const sortAndCut = () => {
    if (compare) found.sort((a, b) => compare(a, b) ?? 0);
    if (found.length > end) found.length = end;
  };
  const rows = candidates(table, schema, prepared, plan, end, observe);
  for (const document of matching(rows, matcher, query.selector, compare ? Infinity : end)) {
    found.push(document);
    if (!compare && found.length >= end) break;
    if (compare && found.length >= 2 * end + 200) sortAndCut();
  }
  sortAndCut();
  return skip === 0 ? found : found.slice(skip);
}

/** Counts without regard to skip and limit, as RxDB's storages do; `fast` if no document had to be read. */
export function runCount<T>(
  table: Table,
  schema: Schema<T>,
  prepared: PreparedQuery<T>,
  observe: QueryObserver,
): { count: number; mode: 'fast' | 'slow' } {
  const plan = planQuery(table, schema, prepared);
  if (plan.isEmpty) return { count: 0, mode: 'fast' };
  if (plan.from !== undefined && !plan.matcher) {
    const sql = `SELECT COUNT(*) ${plan.from}`;
    const startedAt = performance.now();
    const count = Number(table.connection.row(sql, ...plan.params)?.[0]);
    observe({ sql, durationMs: performance.now() - startedAt, rowsRead: count });
    return { count, mode: 'fast' };
  }
  let count = 0;
  const rows = candidates(table, schema, prepared, plan, undefined, observe);
  for (const _ of matching(rows, plan.matcher, prepared.query.selector)) count++;
  // A count that the index satisfies stays "fast" even where an odd document makes SQL unable to give it:
  // RxDB throws on "slow", and one document must not turn a working count into an error.
  return { count, mode: prepared.queryPlan.selectorSatisfiedByIndex ? 'fast' : 'slow' };
}

/** The documents that a plan leaves to the matcher; in no order unless `limit`, how many may be wanted, is given. */
function* candidates<T>(
  table: Table,
  schema: Schema<T>,
  prepared: PreparedQuery<T>,
  plan: QueryPlan<T>,
  limit: number | undefined,
  observe: QueryObserver,
): Generator<RxDocumentData<T>> {
  if (plan.from === undefined) {
    yield* placedInScript(table, schema, prepared, observe);
    return;
  }
  const order = limit === undefined ? '' : ` ORDER BY ${plan.order}`;
  const sortsKeys = plan.sortsInSql && limit !== undefined && limit !== Infinity;
  const sql = `SELECT ${sortsKeys ? 'key' : ROW} ${plan.from}${order}`;
  yield* read<T>(table, sql, plan.params, sortsKeys, observe);
}

/** Documents of a plan that SQLite answers alone. */
function readAll<T>(
  table: Table,
  plan: QueryPlan<T>,
  skip: number,
  limit: number,
  observe: QueryObserver,
): RxDocumentData<T>[] {
  const order = `${plan.from} ORDER BY ${plan.order}`;
  if (skip > 0 || limit !== Infinity) {
    const params = [...plan.params, limit === Infinity ? -1 : limit, skip];
    const sql = `SELECT ${plan.sortsInSql ? 'key' : ROW} ${order} LIMIT ? OFFSET ?`;
    return [...read<T>(table, sql, params, plan.sortsInSql, observe)];
  }
  const sql = `SELECT ${ROW} ${order}`;
  const startedAt = performance.now();
  const rows = table.connection.all(sql, ...plan.params);
  const documents = table.payloads.decodeAll<T>(rows);
  observe({ sql, durationMs: performance.now() - startedAt, rowsRead: rows.length });
  return documents;
}

/**
 * Documents one by one. With `byKey` the statement gives only keys, and each document is fetched when its turn comes: else SQLite would carry
 * all documents through its sorter, in memory, to answer a few. The open statement keeps both in one state of the database.
 */
function* read<T>(
  table: Table,
  sql: string,
  params: readonly SQLInputValue[],
  byKey: boolean,
  observe: QueryObserver,
): Generator<RxDocumentData<T>> {
  const { connection, layout, payloads } = table;
  const rowSql = `SELECT ${ROW} FROM ${layout.table} WHERE key = ?`;
  const startedAt = performance.now();
  let rowsRead = 0;
  try {
    for (const row of connection.rows(sql, ...params)) {
      rowsRead++;
      const whole = byKey ? connection.row(rowSql, Number(row[0])) : row;
      if (whole) yield payloads.decode<T>(whole);
    }
  } finally {
    observe({ sql, durationMs: performance.now() - startedAt, rowsRead });
  }
}

/**
 * A window of a list that is sorted by texts which only {@link SealedOrder} has; undefined where the query is another one. Documents are read for the
 * window only.
 */
function sortedBySealed<T>(
  table: Table,
  query: FilledMangoQuery<T>,
  plan: QueryPlan<T>,
  skip: number,
  limit: number,
  observe: QueryObserver,
): RxDocumentData<T>[] | undefined {
  const { order, connection, payloads } = table;
  const { from } = plan;
  if (!order || !plan.sortInScript || plan.matcher || from === undefined || limit === Infinity)
    return undefined;
  const marks = table.marks();
  const parts = query.sort.map((part): [string, string] => Object.entries(part)[0] ?? ['', 'asc']);
  const last = parts.pop();
  const hasTexts = (path: string) => order.paths.includes(path) && !marks.has(`irregular:${path}`);
  if (last?.[0] !== table.layout.primaryPath || !parts.every(([path]) => hasTexts(path))) return undefined;
  const sort = {
    parts: parts.map(([path, direction]) => ({
      place: order.paths.indexOf(path),
      descends: direction === 'desc',
    })),
    idDescends: last[1] === 'desc',
  };
  const startedAt = performance.now();
  const selection = { from, params: plan.params };
  const rowSql = `SELECT ${ROW} FROM ${table.layout.table} WHERE key = ?`;
  const documents = connection.reading(() => {
    return order.window(selection, sort, skip, limit).flatMap((key) => {
      const row = connection.row(rowSql, key);
      return row ? [payloads.decode<T>(row)] : [];
    });
  });
  observe({
    sql: `SELECT key ${from}`,
    durationMs: performance.now() - startedAt,
    rowsRead: documents.length,
  });
  return documents;
}

/** The way of RxDB's memory storage, over the whole table: for documents that columns can't place. */
function placedInScript<T>(
  table: Table,
  schema: Schema<T>,
  prepared: PreparedQuery<T>,
  observe: QueryObserver,
): RxDocumentData<T>[] {
  const { index, startKeys, endKeys, inclusiveStart, inclusiveEnd } = prepared.queryPlan;
  const from = getStartIndexStringFromLowerBound(schema, index, startKeys);
  const to = getStartIndexStringFromUpperBound(schema, index, endKeys);
  const place = getIndexableStringMonad(schema, index);
  const placed: [string, RxDocumentData<T>][] = [];
  for (const document of read<T>(table, `SELECT ${ROW} FROM ${table.layout.table}`, [], false, observe)) {
    const at = place(document);
    const isIn = (inclusiveStart ? at >= from : at > from) && (inclusiveEnd ? at <= to : at < to);
    if (isIn) placed.push([at, document]);
  }
  placed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return placed.map(([, document]) => document);
}

/** The query's own sort as columns, if their order is that of RxDB's comparator. */
function sortColumns<T>(
  layout: Layout,
  marks: ReadonlySet<Mark>,
  query: FilledMangoQuery<T>,
  tieBreak: string,
): string | undefined {
  const parts: string[] = [];
  let endsTies = false;
  for (const part of query.sort) {
    const [path, direction] = Object.entries(part)[0] ?? [];
    const field = path === undefined ? undefined : layout.fields.get(path);
    if (!field || marks.has(`absent:${field.path}`) || marks.has(`irregular:${field.path}`)) return undefined;
    parts.push(`${field.column} ${direction === 'desc' ? 'DESC' : 'ASC'}`);
    endsTies ||= field.kind === 'id';
  }
  if (!endsTies) parts.push(tieBreak);
  return parts.join(', ');
}

function isSame(a: Condition, b: Condition): boolean {
  return (
    a.sql === b.sql && a.params.length === b.params.length && a.params.every((p, i) => p === b.params[i])
  );
}

/** The statement a query would run, for tests and diagnostics. */
export function explainQuery<T>(
  table: Table,
  schema: Schema<T>,
  prepared: PreparedQuery<T>,
): { sql: string; steps: string[]; matcher: boolean; sortInScript: boolean } {
  const plan = planQuery(table, schema, prepared);
  const sql = `SELECT ${ROW} ${plan.from ?? `FROM ${table.layout.table}`} ORDER BY ${plan.order}`;
  const steps = [...table.connection.rows(`EXPLAIN QUERY PLAN ${sql}`, ...plan.params)].map((row) =>
    String(row[3]),
  );
  return { sql, steps, matcher: plan.matcher !== undefined, sortInScript: plan.sortInScript };
}
