import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  'alter table people add column scope integer not null default 1',
  `create table person_scopes (
    organisation_id text not null,
    person_id text not null,
    scope integer not null,
    roles text[] not null,
    unit_id text not null,
    until bigint not null,
    primary key (organisation_id, person_id, scope),
    foreign key (organisation_id, person_id) references people (organisation_id, id)
  )`,
  'alter table organisations add column offline_days integer not null default 30 check (offline_days between 1 and 365)',
];

/** What people were before their role or unit changed, and for how long a desk may stay away. */
export const scopes: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
