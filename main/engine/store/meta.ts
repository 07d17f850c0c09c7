import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { StoreError } from './errors.ts';
import { keyVersions, Sealer, type StoreKey } from './seal.ts';

/** Facts about the file as a whole; every value with its checksum. */
export const META_TABLE =
  'CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL, sum INTEGER NOT NULL) STRICT';

const SALT = 'salt';
const CURRENT = 'key';
const CHECK = 'check/';
const CHECKED = 'Soạn';

const sumOf = (name: string, value: SQLInputValue): number =>
  crc32(value instanceof Uint8Array ? value : String(value), crc32(name));

/** Values by name whose name begins with `prefix`; `STORE_DAMAGED` if one was changed behind our back. */
export function readMeta(db: DatabaseSync, prefix = ''): Map<string, SQLInputValue> {
  const sql = 'SELECT name, value, sum FROM meta WHERE substr(name, 1, ?) = ? ORDER BY name';
  const values = new Map<string, SQLInputValue>();
  for (const { name, value, sum } of db.prepare(sql).all(prefix.length, prefix)) {
    const found = value ?? null;
    if (sumOf(String(name), found) !== sum) {
      throw new StoreError('STORE_DAMAGED', `fact "${name}" of the file`);
    }
    values.set(String(name), found);
  }
  return values;
}

export function writeMeta(db: DatabaseSync, name: string, value: SQLInputValue): void {
  const sql = 'INSERT OR REPLACE INTO meta (name, value, sum) VALUES (?, ?, ?)';
  db.prepare(sql).run(name, value, sumOf(name, value));
}

export function deleteMeta(db: DatabaseSync, prefix: string): void {
  db.prepare('DELETE FROM meta WHERE substr(name, 1, ?) = ?').run(prefix.length, prefix);
}

/** Makes a new file a sealed one. */
export function writeSealing(db: DatabaseSync, key: StoreKey): void {
  const [current] = keyVersions(key);
  if (!current) return;
  const salt = randomBytes(32);
  writeMeta(db, SALT, salt);
  const sealer = new Sealer(salt);
  sealer.add(current);
  adoptKey(db, sealer, current.version);
}

/** Notes that writes are sealed with this version from now on; inside a transaction, the sealer knows the key. */
export function adoptKey(db: DatabaseSync, sealer: Sealer, version: number): void {
  sealer.use(version);
  writeMeta(db, `${CHECK}${version}`, sealer.seal(CHECKED, `${CHECK}${version}`));
  writeMeta(db, CURRENT, version);
}

/** Notes that nothing sealed with older versions is left; inside a transaction. */
export function dropOtherKeys(db: DatabaseSync, version: number): void {
  for (const name of readMeta(db, CHECK).keys()) {
    if (name !== `${CHECK}${version}`) db.prepare('DELETE FROM meta WHERE name = ?').run(name);
  }
}

/** Key versions that something in the file may be sealed with. */
export function versionsInUse(db: DatabaseSync): number[] {
  return [...readMeta(db, CHECK).keys()].map((name) => Number(name.slice(CHECK.length)));
}

/** Asks for the version that the file's writers use: one row, one column. */
export const CURRENT_VERSION_SQL = `SELECT value FROM meta WHERE name = '${CURRENT}'`;

/**
 * Holds the key against the file: a sealer, or undefined for a file that is not sealed.
 * `STORE_NEEDS_KEY`, `STORE_NOT_SEALED`, `STORE_WRONG_KEY` before anything of the file is changed.
 */
export function checkKey(db: DatabaseSync, path: string, key: StoreKey | undefined): Sealer | undefined {
  const salt = readMeta(db, SALT).get(SALT);
  if (!(salt instanceof Uint8Array)) {
    if (key) throw new StoreError('STORE_NOT_SEALED', path);
    return undefined;
  }
  if (!key) throw new StoreError('STORE_NEEDS_KEY', path);
  const given = keyVersions(key);
  const sealer = new Sealer(salt);
  for (const version of given) sealer.add(version);
  for (const [name, value] of readMeta(db, CHECK)) {
    const version = name.slice(CHECK.length);
    if (!sealer.has(Number(version))) {
      throw new StoreError('STORE_WRONG_KEY', `${path}: sealed with key version ${version}, not given`);
    }
    if (sealer.open(value, name)?.toString() !== CHECKED) {
      throw new StoreError('STORE_WRONG_KEY', `${path}: not its key version ${version}`);
    }
  }
  const current = Number(readMeta(db, CURRENT).get(CURRENT));
  sealer.use(current);
  return sealer;
}

/** Seals from now on with the newest key given, if it is newer than the file's. */
export function adoptNewest(db: DatabaseSync, sealer: Sealer, key: StoreKey): void {
  const newest = keyVersions(key)[0]?.version ?? 0;
  if (newest <= sealer.current) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    adoptKey(db, sealer, newest);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Holds a key against a connection that is open already. */
export function joinSealer(sealer: Sealer | undefined, path: string, key: StoreKey | undefined): void {
  if (!sealer) {
    if (key) throw new StoreError('STORE_NOT_SEALED', path);
    return;
  }
  if (!key) throw new StoreError('STORE_NEEDS_KEY', path);
  for (const version of keyVersions(key)) {
    if (sealer.has(version.version)) sealer.add(version);
  }
  if (!keyVersions(key).some(({ version }) => sealer.has(version))) {
    throw new StoreError('STORE_WRONG_KEY', `${path}: none of its key versions`);
  }
}
