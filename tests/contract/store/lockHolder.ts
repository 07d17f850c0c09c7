import { DatabaseSync } from 'node:sqlite';

/** Takes the write lock of the database at the path given, says so, and keeps it until it is killed. */
const db = new DatabaseSync(process.argv[2] ?? '');
db.exec('BEGIN IMMEDIATE');
console.log('locked');
setInterval(() => {}, 1000);
