import {
  type BulkWriteRow,
  type CategorizeBulkWriteRowsOutput,
  categorizeBulkWriteRows,
  type EventBulk,
  now,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageBulkWriteResponse,
  type RxStorageChangeEvent,
  type RxStorageCountResult,
  type RxStorageDefaultCheckpoint,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxStorageQueryResult,
} from 'rxdb';
import { type Observable, Subject } from 'rxjs';
import { deleteAttachmentsOf, readAttachment, readBlobs, writeAttachments } from './attachments.ts';
import { releaseConnection, type SlowQuery } from './connection.ts';
import { StoreError } from './errors.ts';
import { fromBinaryOrder, numberKey, toBinaryOrder } from './keys.ts';
import type { Settled } from './layout.ts';
import { ROW } from './payload.ts';
import { type QueryObserver, runCount, runQuery } from './query.ts';
import { type Changes, dropTable, releaseTable, type Table } from './table.ts';

/** Internals of an instance: the shared table and through it the connection. */
export type StoreInternals = { readonly table: Table };
/** RxDB's per-collection options (`instanceCreationOptions`). */
export type StoreInstanceOptions = {
  /**
   * Text fields at the top of a document that lists are sorted by but that no index may name, because indexes are readable in the file. Their
   * texts are kept beside the table, sealed. The same at every opening; otherwise the table is rebuilt.
   */
  readonly sealedSort?: readonly string[];
  /**
   * What an indexed text or number field says once nothing is to be done about a document: `{ sent: 1 }`. Indexes that begin with such a field leave out the documents
   * that say so, often nearly all; queries that want those read the table instead. The same at every opening; otherwise the table is rebuilt.
   */
  readonly settled?: Settled;
};

type Events<T> = EventBulk<RxStorageChangeEvent<RxDocumentData<T>>, RxStorageDefaultCheckpoint>;

/** Most deleted documents removed by one call of `cleanup`, so that it never holds up writes for long. */
const CLEANUP_BATCH = 2000;

/**
 * RxDB's storage instance on one table. What `bulkWrite` has answered is committed and synced to disk.
 * Every method rejects with a StoreError; after `close` with `STORE_CLOSED`.
 */
export class SqliteStorageInstance<T>
  implements RxStorageInstance<T, StoreInternals, StoreInstanceOptions, RxStorageDefaultCheckpoint>
{
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<T>>>;
  readonly options: Readonly<StoreInstanceOptions>;
  readonly internals: StoreInternals;
  private readonly changes: Subject<Changes>;
  private readonly ownsChanges: boolean;
  private readonly observe: QueryObserver;
  private closing: Promise<void> | undefined;
  /** Since room was last given back. */
  private removed = 0;

  constructor(
    params: RxStorageInstanceCreationParams<T, StoreInstanceOptions>,
    table: Table,
    onSlowQuery: ((query: SlowQuery) => void) | undefined,
    slowQueryMs: number,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { table };
    // With multiInstance RxDB's broadcast channel reaches the other instances, in this process too.
    this.ownsChanges = params.multiInstance;
    this.changes = this.ownsChanges ? new Subject<Changes>() : table.changes;
    this.observe = (statement) => {
      if (statement.durationMs < slowQueryMs) return;
      onSlowQuery?.({ collection: params.collectionName, ...statement });
    };
  }

  async bulkWrite(rows: BulkWriteRow<T>[], context: string): Promise<RxStorageBulkWriteResponse<T>> {
    const { table } = this.use();
    if (rows.length === 0) return { error: [] };
    const blobs = table.layout.hasAttachments ? await readBlobs(rows) : undefined;
    const { connection } = this.use().table;
    const categorized = connection.transaction('writing documents', () => {
      const result = categorizeBulkWriteRows<T>(
        this,
        table.layout.primaryPath as never,
        this.storedFor(rows),
        rows,
        context,
      );
      const written = [...result.bulkInsertDocs, ...result.bulkUpdateDocs];
      if (written.length > 0) table.put(written.map(({ document }) => document));
      if (blobs) writeAttachments(table, result, blobs);
      return result;
    });
    this.announce(categorized);
    return { error: categorized.errors };
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<T>[]> {
    const { table } = this.use();
    return table.connection.guarded('reading documents', () => {
      const [id] = ids;
      if (ids.length === 1 && id !== undefined) {
        const document = table.document<T>(id, !withDeleted);
        return document ? [document] : [];
      }
      return table.documents<T>(ids, !withDeleted).filter((document) => document !== undefined);
    });
  }

  /** Ids of all documents that are not deleted, in no order. Reads no document. */
  async ids(): Promise<string[]> {
    const { table } = this.use();
    const { layout, connection } = table;
    const deleted = layout.fields.get('_deleted')?.column;
    // From two indexes: the table itself would be read with all that it holds.
    const sql = `SELECT id FROM ${layout.table} WHERE key NOT IN (SELECT key FROM ${layout.table} WHERE ${deleted} = 1)`;
    return connection.guarded('reading ids', () =>
      connection.all(sql).map(([id]) => fromBinaryOrder(String(id))),
    );
  }

  async query(prepared: PreparedQuery<T>): Promise<RxStorageQueryResult<T>> {
    const { table } = this.use();
    return table.connection.guarded('querying', () => ({
      documents: runQuery(table, this.schema, prepared, this.observe),
    }));
  }

  async count(prepared: PreparedQuery<T>): Promise<RxStorageCountResult> {
    const { table } = this.use();
    return table.connection.guarded('counting', () => runCount(table, this.schema, prepared, this.observe));
  }

  async getAttachmentData(documentId: string, attachmentId: string, digest: string): Promise<Blob> {
    const { table } = this.use();
    return table.connection.guarded('reading an attachment', () =>
      readAttachment(table, documentId, attachmentId, digest),
    );
  }

  /** Current state of documents changed after the checkpoint, in the order (time of writing, id). */
  async getChangedDocumentsSince(
    limit: number,
    checkpoint?: RxStorageDefaultCheckpoint,
  ): Promise<{ documents: RxDocumentData<T>[]; checkpoint: RxStorageDefaultCheckpoint }> {
    const { table } = this.use();
    const { layout, connection } = table;
    const time = layout.fields.get('_meta.lwt');
    const since =
      time?.scale && checkpoint ? numberKey(time.scale, checkpoint.lwt) : Number.NEGATIVE_INFINITY;
    const sql = `SELECT ${ROW} FROM ${layout.table} WHERE (${time?.column}, id) > (?, ?)
      ORDER BY ${time?.column}, id LIMIT ?`;
    return connection.guarded('reading changes', () => {
      const rows = connection.all(sql, since, toBinaryOrder(checkpoint?.id ?? ''), limit);
      const documents = table.payloads.decodeAll<T>(rows);
      const last = documents.at(-1);
      const reached = last
        ? { id: this.idOf(last), lwt: last._meta.lwt }
        : (checkpoint ?? { id: '', lwt: 0 });
      return { documents, checkpoint: reached };
    });
  }

  changeStream(): Observable<Events<T>> {
    this.use();
    return this.changes.asObservable() as Observable<Events<T>>;
  }

  /** Removes documents deleted at least `minimumDeletedTimeMs` ago; false if some are left for another call. */
  async cleanup(minimumDeletedTimeMs: number): Promise<boolean> {
    const { table } = this.use();
    const { layout, connection } = table;
    const deleted = layout.fields.get('_deleted')?.column;
    const time = layout.fields.get('_meta.lwt')?.column;
    const removed = connection.transaction('cleaning up', () => {
      const sql = `DELETE FROM ${layout.table} WHERE key IN (SELECT key FROM ${layout.table}
        WHERE ${deleted} = 1 AND ${time} <= ? ORDER BY ${time} LIMIT ?) RETURNING id, key`;
      const limit = now() - minimumDeletedTimeMs;
      const rows = connection.all(sql, limit, CLEANUP_BATCH);
      const ids = rows.map((row) => String(row[0]));
      table.order?.put(new Map(rows.map((row) => [Number(row[1]), undefined])));
      if (layout.hasAttachments) deleteAttachmentsOf(table, ids.map(fromBinaryOrder));
      return ids.length;
    });
    this.removed += removed;
    if (removed === CLEANUP_BATCH) return false;
    if (this.removed > 0) connection.giveBack();
    this.removed = 0;
    return true;
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  async remove(): Promise<void> {
    const { table } = this.use();
    dropTable(table);
    await this.close();
  }

  private async release(): Promise<void> {
    const { table } = this.internals;
    if (this.ownsChanges) this.changes.complete();
    releaseTable(table);
    releaseConnection(table.connection);
  }

  private use(): StoreInternals {
    if (this.closing || this.internals.table.removed) {
      throw new StoreError('STORE_CLOSED', `${this.databaseName}/${this.collectionName}`);
    }
    return this.internals;
  }

  private idOf(document: object): string {
    return String((document as Record<string, unknown>)[this.internals.table.layout.primaryPath]);
  }

  /** Stored states to compare with; a row whose `previous` is the stored revision need not be read. */
  private storedFor(rows: readonly BulkWriteRow<T>[]): Map<string, RxDocumentData<T>> {
    const { table } = this.internals;
    const ids = rows.map((row) => this.idOf(row.document));
    const stored = new Map<string, RxDocumentData<T>>();
    const conflicting: string[] = [];
    for (const [place, revision] of table.revisions(ids).entries()) {
      const [id, previous] = [ids[place], rows[place]?.previous];
      if (revision === undefined || id === undefined) continue;
      if (previous?._rev === revision) stored.set(id, previous);
      else conflicting.push(id);
    }
    if (conflicting.length === 0) return stored;
    for (const [place, document] of table.documents<T>(conflicting).entries()) {
      const id = conflicting[place];
      if (document && id !== undefined) stored.set(id, document);
    }
    return stored;
  }

  private announce({ eventBulk, newestRow, errors }: CategorizeBulkWriteRowsOutput<T>): void {
    if (!newestRow) return;
    // RxDB's helper makes an event for a row it refused over a missing attachment, too.
    const refused = new Set(
      errors.filter(({ status }) => status === 510).map(({ documentId }) => documentId),
    );
    if (refused.size > 0) {
      eventBulk.events = eventBulk.events.filter(({ documentId }) => !refused.has(documentId));
    }
    if (eventBulk.events.length === 0) return;
    const { document } = newestRow;
    eventBulk.checkpoint = { id: this.idOf(document), lwt: document._meta.lwt };
    this.changes.next(eventBulk);
  }
}
