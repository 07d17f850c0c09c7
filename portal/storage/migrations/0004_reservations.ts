import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  `alter table articles add column reservations jsonb not null default '[]'`,
  'alter table articles add column reserved_until bigint',
  'create index articles_reserved on articles (reserved_until) where reserved_until is not null',
];

/** Who works on an article offline, and when the first of that ends. */
export const reservations: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
