import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  `alter table organisations add column rules_version integer not null default 1`,
  `alter table units
    add column valid_from text,
    add column valid_to text,
    add column parent_id text,
    add column successor_ids text[] not null default '{}',
    add column former_names jsonb not null default '[]'`,
  'alter table articles add column facts jsonb',
  `create table admin_sessions (
    organisation_id text not null,
    hash text not null,
    person_id text not null,
    created_at bigint not null,
    seen_at bigint not null,
    primary key (organisation_id, hash),
    foreign key (organisation_id, person_id) references people (organisation_id, id)
  )`,
  `create table versions (
    organisation_id text not null references organisations,
    id bigint not null generated always as identity,
    subject text not null,
    version integer not null,
    action text not null,
    data jsonb not null,
    basis text,
    changed_by text,
    changed_at bigint not null,
    moved jsonb,
    primary key (organisation_id, subject, version)
  )`,
  'create unique index versions_order on versions (organisation_id, id)',
  `create function versions_are_kept() returns trigger language plpgsql as $$
    begin raise exception 'versions are kept as they were written'; end $$`,
  `create trigger versions_kept before update or delete or truncate on versions
    for each statement execute function versions_are_kept()`,
  `insert into versions (organisation_id, subject, version, action, data, changed_at)
    select d.organisation_id, d.id, 1, 'found', d.data, o.created_at
    from directory d join organisations o using (organisation_id) order by d.sequence`,
  // Which version of its rule a limit was computed with: up to here there was one of each regulation.
  `update articles a
    set due = a.due || jsonb_build_object('rule', (a.due->>'ref') || '@' || coalesce(o.profile->>'version', '1')),
      sequence = nextval('feed_sequence')
    from organisations o
    where o.organisation_id = a.organisation_id and jsonb_typeof(a.due) = 'object' and not a.due ? 'rule'`,
];

/** What administrators change, in versions; their browsers' sessions; units with their days, names and successors. */
export const administration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
