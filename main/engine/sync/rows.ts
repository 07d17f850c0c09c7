import type { RxConflictHandler, WithDeleted } from 'rxdb';
import { type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { SYNCED, type SyncedCollection } from '../../../domain/contracts/rows.ts';

type Row = Record<string, unknown>;

const forEach = <T>(
  make: (properties: Record<string, TSchema>) => T,
): Readonly<Record<SyncedCollection, T>> => ({
  articles: make(SYNCED.articles.schema.properties),
  snapshots: make(SYNCED.snapshots.schema.properties),
  updates: make(SYNCED.updates.schema.properties),
  decisions: make(SYNCED.decisions.schema.properties),
  files: make(SYNCED.files.schema.properties),
  directory: make(SYNCED.directory.schema.properties),
});

const KEYS = forEach((properties) => Object.keys(properties));
const KNOWN = forEach((properties) => new Set([...Object.keys(properties), '_deleted']));

/** A row without what this desk notes beside it. */
export function bare(collection: SyncedCollection, row: Row): Row {
  const picked: Row = {};
  for (const key of KEYS[collection]) picked[key] = row[key] ?? null;
  picked._deleted = row._deleted === true;
  return picked;
}

/** The columns of a row of the portal, to be put over the row here: what this desk notes beside it stays. */
export function portalColumns(collection: SyncedCollection, row: Row): Row {
  const { _deleted, id, ...columns } = bare(collection, row);
  return columns;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Row, b as Row];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key] ?? null, right[key] ?? null));
}

/** Whether two rows say the same to the portal. The desk's own notes, and whether nothing is null or absent, don't count. */
export function isSameRow(collection: SyncedCollection, a: Row, b: Row): boolean {
  if ((a._deleted === true) !== (b._deleted === true)) return false;
  return KEYS[collection].every((key) => same(a[key] ?? null, b[key] ?? null));
}

/** Mark of rows that came from elsewhere: the portal has them, and this desk never sent them. */
export const NEVER_SENT_HERE = 1;

/** The portal's row as this desk stores it: known columns only, and marked as what the portal has. */
export const fromPortal: FromPortal = (collection, row, sent) =>
  marked(collection, bare(collection, row), sent);
export type FromPortal = (collection: SyncedCollection, row: Row, sent: number) => Row;

/** {@link fromPortal} of a row that nobody else has: where nothing is to be left out it is marked itself, which spares thousands of copies. */
export const takenFromPortal: FromPortal = (collection, row, sent) =>
  marked(collection, isBare(collection, row) ? row : bare(collection, row), sent);

function isBare(collection: SyncedCollection, row: Row): boolean {
  const known = KNOWN[collection];
  const keys = Object.keys(row);
  return (
    typeof row._deleted === 'boolean' && keys.length === known.size && keys.every((key) => known.has(key))
  );
}

function marked(collection: SyncedCollection, stored: Row, sent: number): Row {
  if (!SYNCED[collection].push) return stored;
  stored.sent = sent;
  stored.code = '';
  stored.ref = '';
  stored.order = 0;
  stored.dismissed = 0;
  return Object.assign(stored, OWN[collection]);
}

const OWN: Partial<Record<SyncedCollection, Row>> = {
  updates: { opens: null, aside: null },
  files: { name: '' },
};

/** Compares rows as the portal sees them, and lets the portal's state stand where the two differ. */
export function conflictHandler<T>(collection: SyncedCollection, now: () => number): RxConflictHandler<T> {
  return {
    isEqual: (a, b) => isSameRow(collection, a as Row, b as Row),
    resolve: async ({ realMasterState }) =>
      fromPortal(collection, realMasterState as Row, now()) as WithDeleted<T>,
  };
}

const GONE = Type.Object({ id: Type.String({ minLength: 1 }), _deleted: Type.Literal(true) });
const SHAPES = forEach((properties) => Type.Object({ ...properties }));

/** So few are checked by themselves before a check of their kind is compiled: a start has no time for six of those. */
const FEW = 100;
const compiled = new Map<SyncedCollection, (row: unknown) => boolean>();
const checkGone = (row: unknown): boolean => Value.Check(GONE, row);

function checkOf(collection: SyncedCollection, rows: number): (row: unknown) => boolean {
  const known = compiled.get(collection);
  if (known) return known;
  const shape = SHAPES[collection];
  if (rows < FEW) return (row) => Value.Check(shape, row) || checkGone(row);
  const whole = Compile(shape);
  const check = (row: unknown) => whole.Check(row) || checkGone(row);
  compiled.set(collection, check);
  return check;
}

/**
 * Whether rows of the portal have the collection's shape. Columns that this version does not know are no fault: a newer
 * portal may send them. Of a row that has gone only the id is needed.
 */
export function arePortalRows(collection: SyncedCollection, rows: readonly unknown[]): rows is Row[] {
  return rows.every(checkOf(collection, rows.length));
}

const BLANK: Row = { articleId: '', deskId: '', sha256: '', at: 0, position: 0, proposedAt: 0, held: false };

/** A row that has gone may come without its columns; those that are indexed must not be missing. */
export function withIndexed(collection: SyncedCollection, row: Row): Row {
  if (row._deleted !== true) return row;
  const filled = { ...row };
  for (const key of KEYS[collection]) {
    if (filled[key] === null && Object.hasOwn(BLANK, key)) filled[key] = BLANK[key];
  }
  return filled;
}
