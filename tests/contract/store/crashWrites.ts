import { createHash } from 'node:crypto';
import type { BulkWriteRow } from 'rxdb';
import { crashSchemas, crashSort } from './crashSchema.ts';
import type { AnyStorage } from './harness.ts';
import { type AnyDoc, asStored, type Doc, type Instance, openInstance } from './harness.ts';
import type { Random } from './random.ts';

/** `[id, change, deleted]`: the state in which a bulk write leaves a document. */
export type Written = readonly [id: string, change: number, deleted: boolean];
/** One line of the log of answers: a bulk write that begins, one that was answered, a cleanup that begins. */
export type LogLine =
  | { readonly begun: number; readonly collection: string; readonly rows: readonly Written[] }
  | { readonly answered: number }
  | { readonly cleanup: string };

/** Opens the collections of the crash tests in one file. */
export async function openCollections(storage: AnyStorage): Promise<Map<string, Instance>> {
  const opened = new Map<string, Instance>();
  for (const [collection, schema] of Object.entries(crashSchemas)) {
    const sealedSort = crashSort[collection];
    const options = { database: 'crash', collection, ...(sealedSort ? { sealedSort } : {}) };
    opened.set(collection, await openInstance(storage, schema, options));
  }
  return opened;
}

/** What a document's own fields must add up to; a document torn in the middle does not. */
export function checksum({ id, unit, number, change, step, text }: AnyDoc): string {
  return createHash('sha256')
    .update(JSON.stringify([id, unit, number, change, step, text]))
    .digest('hex')
    .slice(0, 24);
}

/** Makes bulk writes (inserts, updates, deletions, attachments) and remembers what they led to. */
export class Writer {
  private readonly random: Random;
  private readonly prefix: string;
  private readonly live = new Map<string, Doc[]>();
  private step = 0;
  private number = 0;

  constructor(random: Random, prefix: string) {
    this.random = random;
    this.prefix = prefix;
  }

  /** Writes once to `collection`, telling `log` before and after. Rejects on any error. */
  async write(collection: string, instance: Instance, log: (line: LogLine) => void): Promise<void> {
    const { random } = this;
    const step = this.step++;
    const live = this.live.get(collection) ?? [];
    this.live.set(collection, live);
    const changed = Math.min(live.length, random.int(4));
    const previous: Doc[] = [];
    for (let i = 0; i < changed; i++) previous.push(...live.splice(random.int(live.length), 1));
    const rows: BulkWriteRow<AnyDoc>[] = [
      ...Array.from({ length: 1 + random.int(random.chance(0.1) ? 40 : 8) }, () => ({
        document: this.next(collection, step),
      })),
      ...previous.map((document) => ({
        previous: document,
        document: this.next(collection, step, document),
      })),
    ];
    log({
      begun: step,
      collection,
      rows: rows.map(({ document }) => [document.id, document.change, document._deleted]),
    });
    const { error } = await instance.bulkWrite(rows, 'crash');
    if (error.length > 0) throw new Error(JSON.stringify(error));
    log({ answered: step });
    for (const { document } of rows) {
      if (document._deleted) continue;
      const file = (document as Doc)._attachments.file;
      // What is stored has no data in its attachments: it is read apart.
      const stored = file ? { file: { type: file.type, digest: file.digest, length: file.length } } : {};
      live.push({ ...document, _attachments: stored } as Doc);
    }
  }

  private next(collection: string, step: number, previous?: Doc): Doc {
    const { random } = this;
    const unit = previous?.unit ?? `${this.prefix}${random.int(5)}`;
    const number = previous?.number ?? this.number++;
    const text = 'Văn bản '.repeat(1 + random.int(random.chance(0.05) ? 900 : 30));
    const data: AnyDoc = {
      id: collection === 'notes' ? `${unit}|${number}` : `${this.prefix}-${number}`,
      unit,
      number,
      change: (previous?.change ?? 0) + 1,
      step,
      text,
    };
    data.sum = checksum(data);
    if (collection === 'articles' && (previous ? previous._attachments.file : random.chance(0.3))) {
      const file = new Blob([text], { type: 'text/plain' });
      data._attachments = { file: { data: file, type: 'text/plain', length: file.size, digest: data.sum } };
    }
    const deleted = previous !== undefined && random.chance(0.25);
    if (deleted) data._attachments = {};
    return asStored(data, previous ? { previous, deleted } : {});
  }
}
