import { sql } from 'kysely';
import { checkFirstBytes } from '../../domain/content/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { withCase } from '../sync/openCase.ts';

/** Uploads that nobody has gone on with for so long are removed. */
export const LEFT_BEHIND_MS = 7 * 86_400_000;

/** First key of the advisory locks under which one file is taken or removed, by its SHA-256. */
export const FILE_LOCK = 0x50a4;

/**
 * Takes a whole upload into the store: durable and its SHA-256 verified before anything says that it is there. May be repeated, also at once.
 * Throws `file-damaged` (other bytes than announced) or `file-type-refused`, and removes the upload; `not-found`.
 */
export async function finishUpload(portal: Portal, uploadId: string): Promise<void> {
  const { uploads } = portal.files;
  const announced = await uploads.announced(uploadId);
  const { sha256, organisationId, filename } = announced?.metadata ?? {};
  if (!announced || !sha256 || !organisationId || !filename) throw new PortalError('not-found');
  try {
    await take(portal, uploadId, sha256, filename);
  } catch (error) {
    // Another request finished it meanwhile, or its bytes came otherwise.
    if (error instanceof PortalError || (await portal.files.sizeOf(sha256)) === null) throw error;
  }
  await fileStored(portal, organisationId, sha256);
}

async function take(portal: Portal, uploadId: string, sha256: string, filename: string): Promise<void> {
  const { uploads } = portal.files;
  if ((await uploads.offsetOf(uploadId)) === null) {
    if ((await portal.files.sizeOf(sha256)) !== null) return;
    await uploads.drop(uploadId);
    throw new PortalError('not-found');
  }
  if (checkFirstBytes(filename, await uploads.head(uploadId)).length > 0) {
    await uploads.drop(uploadId);
    throw new PortalError('file-type-refused', { detail: { reason: 'mismatch' } });
  }
  if (!(await uploads.adopt(uploadId, sha256))) {
    await uploads.drop(uploadId);
    throw new PortalError('file-damaged');
  }
}

/** Writes down that the store has a file, and judges what waited for it. Throws `file-unknown` when it has not. */
export async function fileStored(portal: Portal, organisationId: string, sha256: string): Promise<void> {
  const storedAt = portal.now();
  await portal.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${sha256}))`.execute(tx);
    const size = await portal.files.sizeOf(sha256);
    if (size === null) throw new PortalError('file-unknown');
    await tx
      .insertInto('stored_files')
      .values({ organisation_id: organisationId, sha256, size, stored_at: storedAt })
      .onConflict((conflict) => conflict.columns(['organisation_id', 'sha256']).doNothing())
      .execute();
  });
  const organisation = await portal.organisations.get(organisationId);
  const waiting = await portal.db
    .selectFrom('files')
    .select('article_id')
    .distinct()
    .where('organisation_id', '=', organisationId)
    .where('sha256', '=', sha256)
    .where('stored_at', 'is', null)
    .execute();
  for (const { article_id: articleId } of waiting) {
    await withCase(portal, organisation, articleId, [], async (articleCase, tx, feed) => {
      const rows = await tx
        .updateTable('files')
        .set({ stored_at: storedAt })
        .where('organisation_id', '=', organisationId)
        .where('article_id', '=', articleId)
        .where('sha256', '=', sha256)
        .where('stored_at', 'is', null)
        .returning('id')
        .execute();
      feed.touch('files', ...rows.map((row) => row.id));
      await articleCase.settle();
    });
  }
}

/**
 * Finishes uploads that are whole and were not taken, because the portal ended or the last step failed, and removes those that nobody has
 * gone on with for a week. Never throws for one upload. `at` in milliseconds since 1970, by the clock of the store.
 */
export async function reconcileUploads(portal: Portal, at = Date.now()): Promise<void> {
  const { uploads } = portal.files;
  for (const { id, touchedAt } of await uploads.list()) {
    try {
      const isOld = touchedAt < at - LEFT_BEHIND_MS;
      const announced = await uploads.announced(id);
      const offset = await uploads.offsetOf(id);
      const isWhole = offset !== null && offset === announced?.size;
      // Taken, but perhaps the portal ended before that was written down.
      const isTaken = offset === null && !isOld && (await isStored(portal, announced?.metadata.sha256));
      if (isWhole || isTaken) await finishUpload(portal, id);
      else if (isOld) await uploads.drop(id);
    } catch (error) {
      portal.log.warn({ upload: id, error: String(error) }, 'an upload left behind was not taken');
    }
  }
}

const isStored = async (portal: Portal, sha256: string | null | undefined): Promise<boolean> =>
  /^[0-9a-f]{64}$/.test(sha256 ?? '') && (await portal.files.sizeOf(sha256 ?? '')) !== null;
