import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** For whom somebody decided is part of the verdict: delegations change, what was decided does not. */
export const onBehalfOf: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table decisions add column on_behalf_of text').execute(db);
  },
};
