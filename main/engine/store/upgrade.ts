import type { DatabaseSync } from 'node:sqlite';
import { META_TABLE } from './meta.ts';
import { Payloads } from './payload.ts';

/**
 * What each format of the file needs to become the next; never edited once shipped.
 * 1 → 2: facts of the file, checksums of rows.
 */
const STEPS: Readonly<Record<number, (db: DatabaseSync) => void>> = { 1: addChecksums };

/** Brings an older file to format `to` in one transaction; does nothing if another process did. */
export function upgradeFormat(db: DatabaseSync, to: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const from = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    for (let version = from; version < to; version++) STEPS[version]?.(db);
    db.exec(`PRAGMA user_version = ${to}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function addChecksums(db: DatabaseSync): void {
  db.exec(META_TABLE);
  const collections = db.prepare('SELECT number, database, collection, version FROM collections').all();
  for (const { number, database, collection, version } of collections) {
    const payloads = new Payloads(undefined, String(database), String(collection), Number(version));
    const table = `t${number}`;
    db.exec(`ALTER TABLE ${table} ADD COLUMN sum INTEGER NOT NULL DEFAULT 0`);
    const setSum = db.prepare(`UPDATE ${table} SET sum = ? WHERE key = ?`);
    for (const { key, id, data } of db.prepare(`SELECT key, id, data FROM ${table}`).all()) {
      setSum.run(payloads.sum(String(id), String(data)), Number(key));
    }
    const files = `${table}_files`;
    if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(files)) continue;
    db.exec(`ALTER TABLE ${files} ADD COLUMN sum INTEGER NOT NULL DEFAULT 0`);
    const setFileSum = db.prepare(`UPDATE ${files} SET sum = ? WHERE rowid = ?`);
    for (const { rowid } of db.prepare(`SELECT rowid FROM ${files}`).all()) {
      const row = db
        .prepare(`SELECT id, name, type, digest, data FROM ${files} WHERE rowid = ?`)
        .get(Number(rowid));
      if (!row) continue;
      const { id, name, type, digest, data } = row;
      const [, , , , sum] = payloads.encodeFile(
        String(id),
        String(name),
        String(type),
        String(digest),
        data as Uint8Array,
      );
      setFileSum.run(sum, Number(rowid));
    }
  }
}
