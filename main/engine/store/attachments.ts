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
  const { connection, filesTable, payloads } = table;
  const put = `INSERT INTO ${filesTable} (id, name, type, digest, data, sum) VALUES (?, ?, ?, ?, ?, ?)`;
  // RxDB's helper lists attachments of a refused document up to the one that was missing.
  const refused = new Set<object>(
    categorized.errors.flatMap(({ writeRow }) => Object.values(writeRow.document._attachments ?? {})),
  );
  for (const change of [...categorized.attachmentsAdd, ...categorized.attachmentsUpdate]) {
    const data = bytes.get(change.attachmentData);
    if (!data || refused.has(change.attachmentData)) continue;
    const { type } = change.attachmentData;
    deleteAttachment(table, change.documentId, change.attachmentId);
    const id = toBinaryOrder(change.documentId);
    const name = toBinaryOrder(change.attachmentId);
    connection.run(put, id, ...payloads.encodeFile(id, name, type, change.digest, data));
  }
  for (const { documentId, attachmentId } of categorized.attachmentsRemove) {
    deleteAttachment(table, documentId, attachmentId);
  }
}

/**
 * One attachment as a Blob; `STORE_NO_ATTACHMENT` if name or digest is not the stored one, `STORE_DAMAGED` if its
 * bytes are not those that were stored.
 */
export function readAttachment(table: Table, documentId: string, attachmentId: string, digest: string): Blob {
  const { connection, filesTable, payloads, layout } = table;
  const sql = `SELECT name, type, digest, data, sum FROM ${filesTable} WHERE id = ? AND name = ?`;
  const id = toBinaryOrder(documentId);
  for (const name of layout.hasAttachments ? payloads.fileNames(id, toBinaryOrder(attachmentId)) : []) {
    const row = connection.row(sql, id, name);
    if (!row) continue;
    const file = payloads.decodeFile(id, row);
    if (file.digest === digest) return new Blob([file.data], { type: file.type });
  }
  throw new StoreError('STORE_NO_ATTACHMENT', `${documentId} ${attachmentId}`);
}

/** Deletes the attachments of documents that are gone; inside a transaction. */
export function deleteAttachmentsOf(table: Table, ids: readonly string[]): void {
  for (const id of ids) {
    table.connection.run(`DELETE FROM ${table.filesTable} WHERE id = ?`, toBinaryOrder(id));
  }
}

function deleteAttachment({ connection, filesTable, payloads }: Table, id: string, name: string): void {
  const key = toBinaryOrder(id);
  for (const stored of payloads.fileNames(key, toBinaryOrder(name))) {
    connection.run(`DELETE FROM ${filesTable} WHERE id = ? AND name = ?`, key, stored);
  }
}
