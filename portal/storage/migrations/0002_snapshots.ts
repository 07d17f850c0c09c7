import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = `
create table snapshots (
  organisation_id text not null,
  id text not null,
  article_id text not null,
  content bytea not null,
  fingerprint text not null,
  updates integer not null,
  through bigint not null,
  made_at bigint not null,
  sequence bigint,
  primary key (organisation_id, id),
  foreign key (organisation_id, article_id) references articles (organisation_id, id)
);
create unique index snapshots_feed on snapshots (organisation_id, sequence);
alter table snapshots alter column content set storage external;

create table contributions (
  organisation_id text not null,
  article_id text not null,
  first_arrival bigint not null,
  last_arrival bigint not null,
  author_id text not null,
  desk_id text not null,
  first_arrived_at bigint not null,
  last_arrived_at bigint not null,
  updates integer not null,
  bytes bigint not null,
  primary key (organisation_id, article_id, first_arrival),
  foreign key (organisation_id, article_id) references articles (organisation_id, id)
);
`;

/** The state of an article in place of the updates that it covers, and who sent those, run by run. */
export const snapshots: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS.split(/;\s*\n/).filter((text) => text.trim() !== ''))
      await sql.raw(statement).execute(db);
  },
};
