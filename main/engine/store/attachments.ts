import type { BulkWriteRow, CategorizeBulkWriteRowsOutput } from 'rxdb';
import { StoreError } from './errors.ts';
import { toBinaryOrder } from './keys.ts';
import type { Table } from './table.ts';

/** Bytes of the attachments in a bulk write, by the object that carried their blob. */
export type BlobBytes = ReadonlyMap<object, Uint8Array>;

/** Reads all new attachments before the transaction, which must not wait. */
export async function readBlobs<T>(rows: readonly BulkWriteRow<T>[]): Promise<BlobBytes> {
  const bytes = new Map<object, Uint8Array>();
  for (const { document } of rows) {
    for (const attachment of Object.values(document._attachments ?? {})) {
      if ('data' in attachment && attachment.data) {
        bytes.set(attachment, new Uint8Array(await attachment.data.arrayBuffer()));
      }
    }
  }
  return bytes;
}

/** Applies what a bulk write says about attachments; inside its transaction. */
export function writeAttachments<T>(
  table: Table,
  categorized: CategorizeBulkWriteRowsOutput<T>,
  bytes: BlobBytes,
): void {
  const { connection, filesTable } = table;
  const put = `INSERT INTO ${filesTable} (id, name, type, digest, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id, name) DO UPDATE SET type = excluded.type, digest = excluded.digest, data = excluded.data`;
  // RxDB's helper lists attachments of a refused document up to the one that was missing.
  const refused = new Set<object>(
    categorized.errors.flatMap(({ writeRow }) => Object.values(writeRow.document._attachments ?? {})),
  );
  for (const change of [...categorized.attachmentsAdd, ...categorized.attachmentsUpdate]) {
    const data = bytes.get(change.attachmentData);
    if (!data || refused.has(change.attachmentData)) continue;
    const { type } = change.attachmentData;
    connection.run(put, ...keys(change.documentId, change.attachmentId), type, change.digest, data);
  }
  for (const { documentId, attachmentId } of categorized.attachmentsRemove) {
    const sql = `DELETE FROM ${filesTable} WHERE id = ? AND name = ?`;
    connection.run(sql, ...keys(documentId, attachmentId));
  }
}

/** One attachment as a Blob; `STORE_NO_ATTACHMENT` if name or digest is not the stored one. */
export function readAttachment(table: Table, documentId: string, attachmentId: string, digest: string): Blob {
  const sql = `SELECT digest, type, data FROM ${table.filesTable} WHERE id = ? AND name = ?`;
  const row = table.layout.hasAttachments
    ? table.connection.row(sql, ...keys(documentId, attachmentId))
    : undefined;
  if (!row || !digest || row[0] !== digest) {
    throw new StoreError('STORE_NO_ATTACHMENT', `${documentId} ${attachmentId}`);
  }
  return new Blob([row[2] as Uint8Array<ArrayBuffer>], { type: String(row[1]) });
}

/** Deletes the attachments of documents that are gone; inside a transaction. */
export function deleteAttachmentsOf(table: Table, ids: readonly string[]): void {
  for (const id of ids) {
    table.connection.run(`DELETE FROM ${table.filesTable} WHERE id = ?`, toBinaryOrder(id));
  }
}

function keys(documentId: string, attachmentId: string): [string, string] {
  return [toBinaryOrder(documentId), toBinaryOrder(attachmentId)];
}
