import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { RxJsonSchema } from 'rxdb';
import { StoreError } from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Doc,
  type Instance,
  insertAll,
  openInstance,
  prepare,
  storageAt,
} from './harness.ts';
import { Random } from './random.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    unit: { type: 'string', maxLength: 20 },
    due: { type: 'number', minimum: 0, maximum: 1e6, multipleOf: 1 },
    text: { type: 'string' },
  },
  required: ['id', 'unit', 'due', 'text'],
  indexes: ['due', ['unit', 'due']],
  attachments: {},
};

/** What reading a damaged file came to. */
export type Outcome =
  /** Everything read is what was written. */
  | 'right'
  /** A StoreError, at opening or at reading; `codes` counts them. */
  | 'told'
  /** Other documents or attachments than were written, without an error. */
  | 'wrong content'
  /** A document that its id no longer finds. */
  | 'lost by id'
  /** An index that leaves documents out, repeats them or has them in another order. */
  | 'wrong index'
  /** An error that is not a StoreError. */
  | 'untyped error';

export type DamageReport = {
  flips: number;
  outcomes: Record<Outcome, number>;
  codes: Record<string, number>;
  examples: string[];
};

export const openDamaged = (path: string, sealed: boolean, busyTimeoutMs = 1000): Promise<Instance> =>
  openInstance(storageAt(path, sealed, busyTimeoutMs), schema, { database: 'damaged' });

/** A store of 200 documents, every fifth with an attachment; closed. */
export async function makeWhole(path: string, sealed: boolean): Promise<Doc[]> {
  const instance = await openDamaged(path, sealed);
  const documents = Array.from({ length: 200 }, (_, i) => {
    const text = `Bài số ${i}: ${'nội dung '.repeat(1 + (i % 30))}`;
    const data = new Blob([text], { type: 'text/plain' });
    const file = { data, type: 'text/plain', length: data.size, digest: `d${i}` };
    return {
      id: `bài-${i}`,
      unit: `đơn vị ${i % 7}`,
      due: (i * 7919) % 1000,
      text,
      ...(i % 5 === 0 ? { _attachments: { file } } : {}),
    };
  });
  await insertAll(instance, documents);
  const stored = (await instance.findDocumentsById(
    documents.map(({ id }) => id),
    true,
  )) as Doc[];
  await instance.close();
  return stored;
}

/** Flips a few bits of a copy of `path`, `flips` times over, and reads everything each time. */
export async function flipBits(
  path: string,
  sealed: boolean,
  whole: readonly Doc[],
  flips: number,
  seed: number,
): Promise<DamageReport> {
  const random = new Random(seed);
  const good = readFileSync(path);
  const copy = `${path}.flipped`;
  const report: DamageReport = {
    flips,
    outcomes: {
      right: 0,
      told: 0,
      'wrong content': 0,
      'lost by id': 0,
      'wrong index': 0,
      'untyped error': 0,
    },
    codes: {},
    examples: [],
  };
  for (let i = 0; i < flips; i++) {
    const bytes = Buffer.from(good);
    const places = Array.from({ length: random.pick([1, 1, 1, 3]) }, () => random.int(bytes.length));
    for (const place of places) bytes[place] = (bytes[place] ?? 0) ^ (1 << random.int(8));
    for (const suffix of ['-wal', '-shm']) rmSync(copy + suffix, { force: true });
    writeFileSync(copy, bytes);
    const { outcome, detail } = await readAll(copy, sealed, whole);
    report.outcomes[outcome]++;
    if (outcome === 'told') report.codes[detail] = (report.codes[detail] ?? 0) + 1;
    else if (outcome !== 'right')
      report.examples.push(`${outcome}: ${detail} (seed ${seed}, bytes ${places.join(', ')})`);
  }
  return report;
}

/** Reads a store in all ways that the product has. */
async function readAll(
  path: string,
  sealed: boolean,
  whole: readonly Doc[],
): Promise<{ outcome: Outcome; detail: string }> {
  let instance: Instance | undefined;
  try {
    instance = await openDamaged(path, sealed);
    const wrongContent = await readById(instance, whole);
    if (wrongContent) return wrongContent;
    return (await readByIndexes(instance, whole)) ?? { outcome: 'right', detail: '' };
  } catch (error) {
    if (error instanceof StoreError) return { outcome: 'told', detail: error.code };
    return { outcome: 'untyped error', detail: String((error as Error).stack).slice(0, 300) };
  } finally {
    await instance?.close().catch(() => {});
  }
}

async function readById(
  instance: Instance,
  whole: readonly Doc[],
): Promise<{ outcome: Outcome; detail: string } | undefined> {
  const found = (await instance.findDocumentsById(
    whole.map(({ id }) => id),
    true,
  )) as Doc[];
  if (found.length !== whole.length) return { outcome: 'lost by id', detail: `${found.length} documents` };
  for (const [i, document] of whole.entries()) {
    if (!isDeepStrictEqual(found[i], document)) {
      return {
        outcome: 'wrong content',
        detail: `${document.id}: ${JSON.stringify(found[i]).slice(0, 150)}`,
      };
    }
    if (!document._attachments.file) continue;
    const blob = await instance.getAttachmentData(document.id, 'file', document._attachments.file.digest);
    if ((await blob.text()) !== document.text)
      return { outcome: 'wrong content', detail: `file of ${document.id}` };
  }
  return undefined;
}

async function readByIndexes(
  instance: Instance,
  whole: readonly Doc[],
): Promise<{ outcome: Outcome; detail: string } | undefined> {
  const changed = (await instance.getChangedDocumentsSince?.(1000))?.documents ?? [];
  if (changed.length !== whole.length) return { outcome: 'wrong index', detail: 'changes' };
  for (const index of [['due'], ['unit', 'due']]) {
    const sort = index.map((field) => ({ [field]: 'asc' as const }));
    const query = prepare(instance, { selector: { _deleted: { $eq: false } } as never, sort });
    const documents = (await instance.query(query)).documents as Doc[];
    const expected = [...whole].sort((a, b) => {
      for (const field of [...index, 'id']) if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1;
      return 0;
    });
    if (!isDeepStrictEqual(documents, expected)) {
      const sameIds = documents.map(({ id }) => id).join() === expected.map(({ id }) => id).join();
      return { outcome: sameIds ? 'wrong content' : 'wrong index', detail: index.join() };
    }
    const { count } = await instance.count(
      prepare(instance, {
        selector: { _deleted: { $eq: false } } as never,
        index: ['_deleted', ...index, 'id'],
      }),
    );
    if (count !== whole.length) return { outcome: 'wrong index', detail: `count over ${index.join()}` };
  }
  return undefined;
}
