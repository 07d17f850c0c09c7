import { checksum, type LogLine, type Written } from './crashWrites.ts';
import { type Doc, type Instance, prepare } from './harness.ts';

type State = { change: number; deleted: boolean; mayBeGone: boolean };

/** What a log says must be in the store, and what may be. */
class Expected {
  readonly answered = new Map<string, Map<string, State>>();
  readonly begun = new Map<number, { collection: string; rows: readonly Written[] }>();
  answers = 0;

  constructor(lines: Iterable<LogLine>) {
    for (const line of lines) {
      if ('begun' in line) this.begun.set(line.begun, line);
      else if ('answered' in line) this.answer(line.answered);
      else for (const state of this.of(line.cleanup).values()) state.mayBeGone ||= state.deleted;
    }
  }

  of(collection: string): Map<string, State> {
    const known = this.answered.get(collection);
    if (known) return known;
    const made = new Map<string, State>();
    this.answered.set(collection, made);
    return made;
  }

  private answer(step: number): void {
    const { collection, rows } = this.begun.get(step) ?? { collection: '', rows: [] };
    for (const [id, change, deleted] of rows) {
      this.of(collection).set(id, { change, deleted, mayBeGone: false });
    }
    this.begun.delete(step);
    this.answers++;
  }
}

/** What was found after a crash; `lost`, `torn` and `broken` must be empty. */
export type Finding = {
  /** Documents whose answered state, or a later one, is not there. */
  lost: string[];
  /** Documents or attachments that are not what was written, and bulk writes of which only a part is there. */
  torn: string[];
  /** Complaints of SQLite and of the store. */
  broken: string[];
  answers: number;
  documents: number;
};

async function allOf(instance: Instance): Promise<Map<string, Doc>> {
  const { documents } = (await instance.getChangedDocumentsSince?.(1_000_000)) ?? { documents: [] };
  return new Map((documents as Doc[]).map((document) => [document.id, document]));
}

/** Compares reopened collections with the log of their writer. Bulk writes that were begun and not answered may be there, whole. */
export async function checkAfterCrash(
  opened: ReadonlyMap<string, Instance>,
  lines: Iterable<LogLine>,
): Promise<Finding> {
  const expected = new Expected(lines);
  const finding: Finding = { lost: [], torn: [], broken: [], answers: expected.answers, documents: 0 };
  for (const [collection, instance] of opened) {
    const found = await allOf(instance);
    finding.documents += found.size;
    const open = [...expected.begun.values()].filter((write) => write.collection === collection);
    const allowed = new Map<string, State>(expected.of(collection));
    for (const { rows } of open) {
      const there = rows.filter(([id, change]) => found.get(id)?.change === change);
      if (there.length > 0 && there.length < rows.length) {
        finding.torn.push(`${collection}: ${there.length} of ${rows.length} rows of an unanswered write`);
      }
      for (const [id, change, deleted] of there) allowed.set(id, { change, deleted, mayBeGone: false });
    }
    for (const [id, state] of allowed) {
      const document = found.get(id);
      if (!document) {
        if (!state.mayBeGone) finding.lost.push(`${collection} ${id}: gone`);
      } else if (document.change !== state.change || document._deleted !== state.deleted) {
        finding.lost.push(`${collection} ${id}: change ${document.change}, answered ${state.change}`);
      }
    }
    for (const [id, document] of found) {
      if (!allowed.has(id)) finding.torn.push(`${collection} ${id}: never written`);
      if (document.sum !== checksum(document)) finding.torn.push(`${collection} ${id}: checksum`);
    }
    await checkAttachments(instance, found, finding);
    await checkIndexes(instance, found, finding);
  }
  const [first] = opened.values();
  const rows = first?.internals.table.connection.db.prepare('PRAGMA integrity_check').all() ?? [];
  if (rows.length !== 1 || rows[0].integrity_check !== 'ok') finding.broken.push(JSON.stringify(rows));
  return finding;
}

async function checkAttachments(
  instance: Instance,
  found: Map<string, Doc>,
  finding: Finding,
): Promise<void> {
  for (const [id, document] of found) {
    if (!document._attachments.file) continue;
    const data = await instance
      .getAttachmentData(id, 'file', document._attachments.file.digest)
      .then((blob) => blob.text(), String);
    if (data !== document.text) finding.torn.push(`attachment of ${id}`);
  }
}

async function checkIndexes(instance: Instance, found: Map<string, Doc>, finding: Finding): Promise<void> {
  const live = [...found.values()].filter(({ _deleted }) => !_deleted).length;
  for (const index of instance.schema.indexes ?? []) {
    const query = prepare(instance, {
      selector: { _deleted: { $eq: false } } as never,
      index: [...index] as string[],
    });
    const { documents } = await instance.query(query);
    if (documents.length !== live)
      finding.torn.push(`index ${String(index)}: ${documents.length} of ${live}`);
  }
  const sort = instance.internals.table.order?.paths.map((path: string) => ({ [path]: 'asc' }));
  if (!sort) return;
  const query = prepare(instance, {
    selector: { _deleted: { $eq: false } } as never,
    sort,
    limit: 1_000_000,
  });
  const sums = (await instance.query(query)).documents.map(({ sum }: Doc) => String(sum));
  const wanted = [...found.values()].filter(({ _deleted }) => !_deleted).map(({ sum }) => String(sum));
  if (sums.join() !== wanted.sort().join()) finding.torn.push(`texts to sort by: ${sums.length} of ${live}`);
}
