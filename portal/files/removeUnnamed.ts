import { sql } from 'kysely';
import type { Portal } from '../context.ts';
import { FILE_LOCK, LEFT_BEHIND_MS } from './finishUpload.ts';

const BATCH = 500;

/**
 * Removes from the store what nothing names: no file row of an article, no publication, in any organisation; bytes whose row never came, and
 * what a crash left. Only what has been there for a week, so that a row may still be on its way. Answers how many. Times in milliseconds since 1970:
 * `at` by the clock of the store, `now` by the portal's.
 */
export async function removeUnnamed(portal: Portal, at = Date.now(), now = portal.now()): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const look = async () => {
    for (const sha256 of await unnamed(portal, batch)) if (await remove(portal, sha256, now)) removed += 1;
    batch = [];
  };
  for await (const { sha256, since } of portal.files.list()) {
    if (since > at - LEFT_BEHIND_MS) continue;
    batch.push(sha256);
    if (batch.length === BATCH) await look();
  }
  await look();
  return removed;
}

async function unnamed(portal: Portal, digests: readonly string[]): Promise<string[]> {
  if (digests.length === 0) return [];
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from unnest(${digests}::text[]) as wanted (sha256)
    where not exists (select 1 from files where files.sha256 = wanted.sha256)`.execute(portal.db);
  return rows.map((row) => row.sha256);
}

/** Looks once more while nobody can begin to name it. */
function remove(portal: Portal, sha256: string, now: number): Promise<boolean> {
  return portal.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${sha256}))`.execute(tx);
    // Whoever is just naming it holds these rows until that is written.
    const rows = await tx
      .selectFrom('stored_files')
      .select('stored_at')
      .where('sha256', '=', sha256)
      .forUpdate()
      .execute();
    if (rows.some((row) => row.stored_at > now - LEFT_BEHIND_MS)) return false;
    const { rows: named } = await sql<{ is_named: boolean }>`
      select exists (select 1 from files where sha256 = ${sha256})
        or exists (select 1 from publications where file_hashes @> array[${sha256}]) as is_named`.execute(tx);
    if (named[0]?.is_named !== false) return false;
    await tx.deleteFrom('stored_files').where('sha256', '=', sha256).execute();
    await portal.files.remove(sha256);
    portal.log.info({ sha256 }, 'a file that nothing names was removed');
    return true;
  });
}
