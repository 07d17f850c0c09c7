import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  'create index files_digest on files (sha256)',
  `create table upload_locks (
    id text primary key,
    holder text not null,
    until timestamptz not null,
    wanted boolean not null
  )`,
];

/** Who names some bytes, whatever the organisation; which process writes into an upload. */
export const files: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
