import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = `
create extension if not exists pg_trgm;
create sequence feed_sequence as bigint;

create table organisations (
  organisation_id text primary key,
  name jsonb not null,
  profile_id text not null,
  profile jsonb not null,
  calendar jsonb not null,
  created_at bigint not null
);

create table units (
  organisation_id text not null references organisations,
  id text not null,
  name jsonb not null,
  short_name jsonb not null,
  categories text[] not null,
  primary key (organisation_id, id)
);

create table people (
  organisation_id text not null,
  id text not null,
  account text not null,
  name jsonb not null,
  roles text[] not null,
  unit_id text not null,
  active boolean not null,
  password_hash text not null,
  primary key (organisation_id, id),
  unique (organisation_id, account),
  foreign key (organisation_id, unit_id) references units (organisation_id, id)
);

create table sessions (
  organisation_id text not null,
  id text not null,
  person_id text not null,
  desk_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  primary key (organisation_id, id),
  foreign key (organisation_id, person_id) references people (organisation_id, id)
);
create index sessions_expiry on sessions (organisation_id, expires_at);

create table session_tokens (
  organisation_id text not null,
  hash text not null,
  session_id text not null,
  parent_hash text,
  issued_at bigint not null,
  used_at bigint,
  primary key (organisation_id, hash),
  foreign key (organisation_id, session_id) references sessions (organisation_id, id) on delete cascade
);
create index session_tokens_session on session_tokens (organisation_id, session_id);

create table articles (
  organisation_id text not null references organisations,
  id text not null,
  unit_id text not null,
  channel text not null check (channel in ('vi', 'en')),
  category_id text not null,
  source_article_id text,
  counterpart_id text,
  title text not null,
  summary text not null,
  state text not null,
  version integer not null,
  fingerprint text,
  contributors text[] not null,
  created_by text not null,
  created_at bigint not null,
  updated_at bigint not null,
  submitted_at bigint,
  published_at bigint,
  published_fingerprint text,
  public_path text,
  due jsonb,
  reason text,
  sequence bigint,
  primary key (organisation_id, id)
);
create unique index articles_feed on articles (organisation_id, sequence);
create index articles_source on articles (organisation_id, source_article_id) where source_article_id is not null;

create table updates (
  organisation_id text not null,
  id text not null,
  article_id text not null,
  author_id text not null,
  desk_id text not null,
  at bigint not null,
  content bytea not null,
  arrived_at bigint not null,
  arrival bigint not null generated always as identity,
  sequence bigint,
  primary key (organisation_id, id),
  foreign key (organisation_id, article_id) references articles (organisation_id, id)
);
create unique index updates_feed on updates (organisation_id, sequence);
create index updates_article on updates (organisation_id, article_id, arrival);

create table decisions (
  organisation_id text not null references organisations,
  id text not null,
  article_id text not null,
  action text not null,
  actor_id text not null,
  desk_id text not null,
  position bigint not null,
  proposed_at bigint not null,
  fingerprint text,
  content bytea,
  state_vector bytea,
  reason text,
  declaration jsonb,
  status text not null check (status in ('proposed', 'accepted', 'refused')),
  verdict_code text,
  verdict_ref text,
  verdict_at bigint,
  state_after text,
  version integer,
  arrived_at bigint not null,
  arrival bigint not null generated always as identity,
  sequence bigint,
  primary key (organisation_id, id)
);
create unique index decisions_feed on decisions (organisation_id, sequence);
create index decisions_article on decisions (organisation_id, article_id, arrival);
create index decisions_open on decisions (organisation_id, article_id) where status = 'proposed';

create table files (
  organisation_id text not null,
  id text not null,
  article_id text not null,
  sha256 text not null,
  size bigint not null,
  type text not null,
  added_by text not null,
  at bigint not null,
  stored_at bigint,
  sequence bigint,
  primary key (organisation_id, id),
  foreign key (organisation_id, article_id) references articles (organisation_id, id)
);
create unique index files_feed on files (organisation_id, sequence);
create index files_article on files (organisation_id, article_id);
create index files_sha256 on files (organisation_id, sha256);

create table stored_files (
  organisation_id text not null references organisations,
  sha256 text not null,
  size bigint not null,
  stored_at bigint not null,
  primary key (organisation_id, sha256)
);

create table directory (
  organisation_id text not null references organisations,
  id text not null,
  kind text not null,
  data jsonb not null,
  sequence bigint,
  primary key (organisation_id, id)
);
create unique index directory_feed on directory (organisation_id, sequence);

create table publications (
  organisation_id text not null,
  article_id text not null,
  revision integer not null,
  channel text not null,
  category_id text not null,
  unit_id text not null,
  slug text not null,
  decision_id text not null,
  fingerprint text not null,
  content text not null,
  title text not null,
  summary text not null,
  html text not null,
  plain text not null,
  folded_title text not null,
  folded text not null,
  file_hashes text[] not null,
  contributors text[] not null,
  first_published_at bigint not null,
  published_at bigint not null,
  withdrawn_at bigint,
  current boolean not null,
  primary key (organisation_id, article_id, revision),
  foreign key (organisation_id, article_id) references articles (organisation_id, id)
);
create unique index publications_current on publications (organisation_id, article_id) where current;
create unique index publications_slug on publications (organisation_id, channel, slug) where current;
create index publications_newest on publications (organisation_id, channel, published_at desc) where current;
create index publications_category on publications (organisation_id, channel, category_id, published_at desc) where current;
create index publications_search on publications using gin (folded gin_trgm_ops) where current;
create index publications_files on publications using gin (file_hashes) where current;
`;

/** Everything of version 0.1. */
export const start: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS.split(/;\s*\n/).filter((text) => text.trim() !== ''))
      await sql.raw(statement).execute(db);
  },
};
