import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BulkWriteRow, MangoQuery, PreparedQuery } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { Layout } from '../../../main/engine/store/layout.ts';
import { explainQuery } from '../../../main/engine/store/query.ts';
import {
  type AnyDoc,
  asStored,
  type Doc,
  freshName,
  type Instance,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  storageAt,
  updateRow,
} from './harness.ts';
import { mingoAnswer, whyRxdbMayDiffer } from './mingoOracle.ts';
import { Random, randomDocument, randomId, randomQuery, randomSchema, type Wildness } from './random.ts';

/** What a run of random queries saw. */
export type FuzzReport = {
  queries: number;
  /** Queries that memory storage refused, and ours too. */
  refused: number;
  /** Queries that SQL answered alone. */
  bySql: number;
  /** Queries whose order came from texts that are kept sealed beside the table. */
  bySealedSort: number;
  /** Queries answered from an index that leaves out what is settled. */
  unsettled: number;
  documents: number;
  /** Queries whose answer had to be mingo's, and was. */
  asMingo: number;
  /** Queries that RxDB's own rules may answer otherwise, by the rule; of these, how many did. */
  byRule: Record<string, { queries: number; different: number }>;
  reopened: number;
  cleaned: number;
  /** What differed, with the seed and the query; must be empty. */
  differences: string[];
};

export type FuzzOptions = {
  readonly queries: number;
  readonly seed: number;
  readonly wildness: Wildness;
  readonly sealed: boolean;
  readonly stopAtFirst?: boolean;
};

const QUERIES_PER_ROUND = 300;
const MOST_DIFFERENCES = 5;
/** Texts that every document has; few different ones in the second. */
const SEALED_SORT = ['text', 'shelf'];

/** Random schemas, documents and queries, each index forced in turn, answered by ours, by memory storage and by mingo. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { queries, seed, wildness, sealed, stopAtFirst } = options;
  const report: FuzzReport = {
    queries: 0,
    refused: 0,
    bySql: 0,
    bySealedSort: 0,
    unsettled: 0,
    documents: 0,
    asMingo: 0,
    byRule: {},
    reopened: 0,
    cleaned: 0,
    differences: [],
  };
  for (let round = 0; report.queries < queries; round++) {
    const wanted = Math.min(QUERIES_PER_ROUND, queries - report.queries);
    const one = await Round.start(seed + round, wildness, sealed, report);
    await one.run(report.queries + wanted);
    removeFolders();
    if (report.differences.length >= (stopAtFirst ? 1 : MOST_DIFFERENCES)) break;
  }
  return report;
}

class Round {
  private readonly seed: number;
  private readonly random: Random;
  private readonly wildness: Wildness;
  private readonly report: FuzzReport;
  private readonly memory: Instance;
  private ours: Instance;
  private readonly reopen: () => Promise<Instance>;
  private readonly current = new Map<string, Doc>();
  private serial = 0;

  private constructor(
    seed: number,
    random: Random,
    wildness: Wildness,
    report: FuzzReport,
    memory: Instance,
    ours: Instance,
    reopen: () => Promise<Instance>,
  ) {
    this.seed = seed;
    this.random = random;
    this.wildness = wildness;
    this.report = report;
    this.memory = memory;
    this.ours = ours;
    this.reopen = reopen;
  }

  static async start(seed: number, wildness: Wildness, sealed: boolean, report: FuzzReport): Promise<Round> {
    const random = new Random(seed);
    const schema = randomSchema(random);
    const storage = storageAt(join(makeFolder(), 'fuzz.db'), sealed);
    const database = freshName();
    const sealedSort = random.chance(0.5) ? SEALED_SORT : undefined;
    const settled = random.chance(0.6) ? randomSettled(random) : undefined;
    const options = { database, ...(sealedSort ? { sealedSort } : {}), ...(settled ? { settled } : {}) };
    const open = () => openInstance(storage, schema, options);
    const memory = await openInstance(getRxStorageMemory(), schema);
    const round = new Round(seed, random, wildness, report, memory, await open(), open);
    // What the store remembers about its documents must also be right when they get wilder one by one.
    const first = random.chance(0.4) ? 'tame' : wildness;
    await round.write(round.inserts(30 + random.int(60), first));
    return round;
  }

  /** Queries until the report counts `until` of them, with writes, cleanup and reopening between. */
  async run(until: number): Promise<void> {
    const { random, report, memory } = this;
    const indexes = [undefined, ...((memory.schema.indexes ?? []) as string[][])];
    while (report.queries < until && report.differences.length < MOST_DIFFERENCES) {
      const query = randomQuery(random, this.wildness);
      if (random.chance(0.2)) Object.assign(query, randomSealedSort(random));
      const { unsettled } = this.ours.internals.table.layout as Layout;
      if (unsettled.length > 0 && random.chance(0.4)) {
        const { field, value } = random.pick(unsettled);
        const asked = askedBeside(random, field.path, value);
        query.selector = { ...(random.chance(0.3) ? query.selector : {}), ...asked };
        if (random.chance(0.7)) delete query.sort;
      }
      for (const index of indexes) await this.ask(index ? { ...query, index } : query);
      if (random.chance(0.35)) await this.change();
      if (random.chance(0.02)) await this.clean();
      if (random.chance(0.02)) {
        await this.ours.close();
        this.ours = await this.reopen();
        report.reopened++;
      }
    }
    await Promise.all([memory.close(), this.ours.close()]);
  }

  private async ask(query: MangoQuery<AnyDoc>): Promise<void> {
    const { memory, ours, report } = this;
    report.queries++;
    let expected: Doc[];
    let expectedCount: number;
    let prepared: PreparedQuery<AnyDoc>;
    try {
      prepared = prepare(memory, query);
      expected = (await memory.query(prepared)).documents;
      expectedCount = (await memory.count(prepare(memory, query))).count;
    } catch (error) {
      // What RxDB itself refuses (a regular expression that does not parse …) must not be answered here.
      report.refused++;
      const answered = await this.attempt(async () => ours.query(prepare(ours, query)));
      if (answered) this.differ(query, `answered, memory storage says ${String(error)}`);
      return;
    }
    try {
      const found = (await ours.query(prepare(ours, query))).documents as Doc[];
      const { count } = await ours.count(prepare(ours, query));
      report.documents += found.length;
      if (!sameIds(found, expected)) this.differ(query, `${idsOf(found)} instead of ${idsOf(expected)}`);
      else if (!isDeepStrictEqual(found, expected)) this.differ(query, 'contents');
      if (count !== expectedCount) this.differ(query, `count ${count} instead of ${expectedCount}`);
      const plan = explainQuery(ours.internals.table, ours.schema as never, prepare(ours, query));
      if (!plan.matcher && !plan.sortInScript) report.bySql++;
      const { indexes } = ours.internals.table.layout;
      const partial = [...indexes.values()].filter((index) => index.unsettled).map(({ name }) => name);
      if (plan.steps.some((step) => partial.some((name) => step.includes(`INDEX ${name} `))))
        report.unsettled++;
      const isSealedSort = query.sort?.every((part) => SEALED_SORT.includes(Object.keys(part)[0] ?? ''));
      const hasOrder = ours.internals.table.order !== undefined;
      if (hasOrder && !plan.matcher && plan.sortInScript && isSealedSort && query.limit)
        report.bySealedSort++;
      this.askMingo(query, prepared, found);
    } catch (error) {
      this.differ(query, `${String(error)} instead of ${expected.length} documents`);
    }
  }

  private askMingo(query: MangoQuery<AnyDoc>, prepared: PreparedQuery<AnyDoc>, found: Doc[]): void {
    const { report } = this;
    const documents = [...this.current.values()];
    const same = sameIds(found, mingoAnswer(documents, prepared.query as never));
    const rule = whyRxdbMayDiffer(this.memory.schema as never, documents, prepared);
    if (rule === undefined) {
      report.asMingo += same ? 1 : 0;
      if (!same) this.differ(query, `mingo differs: ${idsOf(found)}`);
      return;
    }
    report.byRule[rule] ??= { queries: 0, different: 0 };
    report.byRule[rule].queries++;
    report.byRule[rule].different += same ? 0 : 1;
  }

  private inserts(count: number, wildness = this.wildness): BulkWriteRow<AnyDoc>[] {
    const { random } = this;
    return Array.from({ length: count }, () => {
      const data = randomDocument(random, randomId(this.serial++), wildness);
      const document = asStored(data, { lwt: 1000 + random.int(50), deleted: random.chance(0.1) });
      this.current.set(document.id, document);
      return { document };
    });
  }

  private async change(): Promise<void> {
    const { random } = this;
    const previous = random.pick([...this.current.values()]);
    const data = randomDocument(random, previous.id, this.wildness);
    const row = updateRow(previous, data, { deleted: random.chance(0.2), lwt: 1000 + random.int(50) });
    // As JSON: what is undefined is not there.
    row.document = JSON.parse(JSON.stringify(row.document)) as Doc;
    this.current.set(previous.id, row.document as Doc);
    await this.write([row, ...this.inserts(random.int(3))]);
  }

  private async clean(): Promise<void> {
    for (const instance of [this.memory, this.ours]) await instance.cleanup(0);
    for (const [id, document] of this.current) if (document._deleted) this.current.delete(id);
    this.report.cleaned++;
  }

  private async write(rows: BulkWriteRow<AnyDoc>[]): Promise<void> {
    const [expected, found] = [
      await this.memory.bulkWrite(rows, 'fuzz'),
      await this.ours.bulkWrite(rows, 'fuzz'),
    ].map(({ error }) => error.map(({ documentId, status }) => [documentId, status]));
    if (!isDeepStrictEqual(found, expected)) this.differ({}, `errors of a write: ${JSON.stringify(found)}`);
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    return work().then(
      () => true,
      () => false,
    );
  }

  private differ(query: MangoQuery<AnyDoc>, what: string): void {
    const text = JSON.stringify(query);
    const shown = text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
    this.report.differences.push(
      `seed ${this.seed} (${this.wildness}), query ${this.report.queries}, ${shown}: ${what}`,
    );
  }
}

type Settled = Readonly<Record<string, string | number>>;

/** A condition on a field with a value at or next to that of settled documents. */
function askedBeside(random: Random, field: string, value: string | number): Record<string, unknown> {
  const near: readonly (string | number | null)[] =
    typeof value === 'number'
      ? [value, value, value - 1, value + 1, value + 0.01, value - 0.5, -1000, 1000, null]
      : [value, value, `${value} `, `${value}a`, value.slice(1), '', 'văn', 'a\t', 'dài'.repeat(20), null];
  const operator = random.pick(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in']);
  const operand = operator === '$in' ? [random.pick(near), random.pick(near)] : random.pick(near);
  const other = random.chance(0.2) ? { [random.pick(['$gte', '$lt', '$ne'])]: random.pick(near) } : {};
  return { [field]: { [operator]: operand, ...other } };
}

/** Values that many documents have, also one that is hard to place. */
function randomSettled(random: Random): Settled {
  return {
    text: random.pick(['a', 'văn', "b'", '', 'a ', '\ue000x']),
    'long.text': random.pick(['a', 'B', '']),
    'deep.a.b': random.pick(['', 'z']),
    num: random.pick([0, -10, 3, 2.5]),
    deci: random.pick([0, 10, -3.34]),
    opt: random.pick(['', 'a']),
    optNum: random.pick([2, 0, 4.5]),
  };
}

/** A window of a list sorted by texts that have no index. */
function randomSealedSort(random: Random): Partial<MangoQuery<AnyDoc>> {
  const fields = random.pick([['text'], ['shelf'], ['shelf', 'text'], ['text', 'shelf']]);
  const sort = fields.map((field) => ({ [field]: random.pick(['asc', 'desc'] as const) }));
  const selector = random.chance(0.5) ? { selector: { _deleted: { $eq: false } } } : {};
  return { ...selector, sort: sort as never, limit: 1 + random.int(20) };
}

const idsOf = (documents: readonly Doc[]): string => `[${documents.map(({ id }) => id).join(' ')}]`;

const sameIds = (a: readonly Doc[], b: readonly Doc[]): boolean =>
  a.length === b.length && a.every(({ id }, i) => id === b[i]?.id);
