import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore as TusStore } from '@tus/file-store';
import { checkFirstBytes } from '../../domain/content/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { withCase } from '../sync/openCase.ts';

const LEFT_BEHIND_MS = 7 * 86_400_000;

/**
 * Takes a whole upload into the store: synced and its SHA-256 verified before anything says that it is there. May be
 * repeated. Throws `file-damaged` (other bytes than announced) or `file-type-refused`, and removes the upload.
 */
export async function finishUpload(portal: Portal, tus: TusStore, uploadId: string): Promise<void> {
  const record = await tus.configstore.get(uploadId);
  const { sha256, organisationId, filename } = record?.metadata ?? {};
  if (!record || !sha256 || !organisationId || !filename) throw new PortalError('not-found');
  const path = join(portal.files.uploadsFolder, uploadId);
  if (!(await exists(path)) && (await portal.files.sizeOf(sha256)) !== null)
    return fileStored(portal, organisationId, sha256);
  const head = await firstBytes(path);
  if (checkFirstBytes(filename, head).length > 0) {
    await remove(tus, path, uploadId);
    throw new PortalError('file-type-refused', { detail: { reason: 'mismatch' } });
  }
  if (!(await portal.files.adopt(path, sha256))) {
    await remove(tus, path, uploadId);
    throw new PortalError('file-damaged');
  }
  await fileStored(portal, organisationId, sha256);
}

/** Writes down that the store has a file, and judges what waited for it. */
export async function fileStored(portal: Portal, organisationId: string, sha256: string): Promise<void> {
  const size = await portal.files.sizeOf(sha256);
  if (size === null) throw new PortalError('file-unknown');
  const organisation = await portal.organisations.get(organisationId);
  const storedAt = portal.now();
  await portal.db
    .insertInto('stored_files')
    .values({ organisation_id: organisationId, sha256, size, stored_at: storedAt })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'sha256']).doNothing())
    .execute();
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
 * At start: finishes uploads that were whole when the portal ended, removes those that nobody has gone on with for a
 * week. Never throws for one upload.
 */
export async function reconcileUploads(portal: Portal, tus: TusStore): Promise<void> {
  const names = await readdir(portal.files.uploadsFolder);
  for (const name of names) {
    const path = join(portal.files.uploadsFolder, name);
    try {
      const isOld = (await stat(path)).mtimeMs < Date.now() - LEFT_BEHIND_MS;
      if (!name.endsWith('.json')) {
        if (isOld && !names.includes(`${name}.json`)) await rm(path, { force: true });
        continue;
      }
      const uploadId = name.slice(0, -'.json'.length);
      const record = await tus.configstore.get(uploadId);
      const data = await stat(join(portal.files.uploadsFolder, uploadId)).catch(() => null);
      const sha256 = record?.metadata?.sha256 ?? '';
      const isMoved = !data && /^[0-9a-f]{64}$/.test(sha256) && (await portal.files.sizeOf(sha256)) !== null;
      if (isMoved && isOld) await rm(path, { force: true });
      else if (isMoved || (data && record && data.size === record.size))
        await finishUpload(portal, tus, uploadId);
      else if (isOld && (!data || data.mtimeMs < Date.now() - LEFT_BEHIND_MS)) {
        await rm(join(portal.files.uploadsFolder, uploadId), { force: true });
        await rm(path, { force: true });
      }
    } catch (error) {
      portal.log.warn({ upload: name, error: String(error) }, 'an upload left behind was not taken');
    }
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function remove(tus: TusStore, path: string, uploadId: string): Promise<void> {
  await rm(path, { force: true });
  await tus.configstore.delete(uploadId).catch(() => {});
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
