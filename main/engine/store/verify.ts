import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import { StoreError } from './errors.ts';
import { orderName, orderTable } from './layout.ts';
import { Payloads, ROW } from './payload.ts';
import type { Sealer } from './seal.ts';

const STEP_MS = 8;

const exists = (db: DatabaseSync, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;

/** SQLite's whole check, table by table; `STORE_DAMAGED` for an index that disagrees with its table, too. */
export async function checkIndexes(db: DatabaseSync, path: string): Promise<void> {
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    const [row] = db.prepare(`PRAGMA integrity_check(${String(name)})`).all();
    const answer = String(row?.integrity_check);
    if (answer !== 'ok') throw new StoreError('STORE_DAMAGED', `${path}: ${answer}`);
    await breathe();
  }
}

/** Holds every document and attachment against its checksum or seal; `STORE_DAMAGED` names the first that fails. */
export async function checkRows(db: DatabaseSync, sealer: Sealer | undefined): Promise<void> {
  let pausesAt = performance.now() + STEP_MS;
  for (const _ of rowsChecked(db, sealer)) {
    if (performance.now() < pausesAt) continue;
    await breathe();
    pausesAt = performance.now() + STEP_MS;
  }
}

/** {@link checkRows} at once. */
export function checkRowsNow(db: DatabaseSync, sealer: Sealer | undefined): void {
  for (const _ of rowsChecked(db, sealer));
}

/** One row after the other. */
function* rowsChecked(db: DatabaseSync, sealer: Sealer | undefined): Generator<void> {
  const collections = db.prepare('SELECT number, database, collection, version FROM collections').all();
  for (const { number, database, collection, version } of collections) {
    const name = { database: String(database), collection: String(collection), version: Number(version) };
    const payloadsOf = (of: typeof name) => new Payloads(sealer, of.database, of.collection, of.version);
    const payloads = payloadsOf(name);
    const order = orderTable(`t${number}`);
    const kept: [string, Payloads][] = [[`t${number}`, payloads]];
    if (exists(db, order)) kept.push([order, payloadsOf(orderName(name))]);
    for (const [table, sealed] of kept) {
      const rows = db.prepare(`SELECT ${ROW} FROM ${table}`);
      rows.setReturnArrays(true);
      for (const row of rows.iterate() as unknown as Iterable<unknown[]>) {
        sealed.open(row);
        yield;
      }
    }
    const files = `t${number}_files`;
    if (!exists(db, files)) continue;
    for (const row of db.prepare(`SELECT id, name, type, digest, data, sum FROM ${files}`).iterate()) {
      payloads.decodeFile(String(row.id), [row.name, row.type, row.digest, row.data, row.sum]);
      yield;
    }
  }
}
