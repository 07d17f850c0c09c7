import type { SQLInputValue } from 'node:sqlite';
import type { Connection } from './connection.ts';
import { StoreError } from './errors.ts';
import { fromBinaryOrder } from './keys.ts';
import { orderTable } from './layout.ts';
import { type Payloads, ROW } from './payload.ts';

/** Rows whose values lie together in one block; as many as a number has bits. */
const ROWS_IN_BLOCK = 32;
/** From 1 on, like the keys of all tables: a change of the key goes through them from there. */
const blockOf = (key: number): number => 1 + Math.floor(key / ROWS_IN_BLOCK);
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The texts of one row, in the order of the fields. */
type Values = readonly string[];
/** What a sort looks at: the row's key, its texts, and how to get its id where the texts are equal. */
type Candidate = { readonly key: number; readonly values: Values; id: string | undefined };

/** A field of {@link SealedOrder.paths} by its place there. */
type SortPart = { readonly place: number; readonly descends: boolean };
type Sort = { readonly parts: readonly SortPart[]; readonly idDescends: boolean };
/** Blocks, with a bit for each row. */
type Wanted = Map<number, number>;
/** Texts whose first `length` units are `low` to `high`, both included, and how many rows come before these. */
type Range = {
  readonly low: string;
  readonly high: string;
  readonly length: number;
  readonly before: number;
};

/** So many rows before a window are held rather than counted. */
const SKIPPED_WHOLE = 1000;
/** Lengths of beginnings that are counted one after the other. */
const BEGINNINGS = [3, 12, 48, 200];

const isWithin = ({ low, high, length }: Range, text = ''): boolean => {
  const beginning = text.slice(0, length);
  return beginning >= low && beginning <= high;
};

/**
 * The texts of fields that lists are sorted by but nobody may read in the file: beside the table, in sealed blocks of
 * 32 rows each. A sort reads these few kilobytes instead of every document, and holds what it answers.
 */
export class SealedOrder {
  readonly paths: readonly string[];
  private readonly connection: Connection;
  private readonly rows: string;
  private readonly blocks: string;
  private readonly payloads: Payloads;

  constructor(connection: Connection, table: string, paths: readonly string[], payloads: Payloads) {
    this.connection = connection;
    this.paths = paths;
    this.rows = table;
    this.blocks = orderTable(table);
    this.payloads = payloads;
  }

  create(): void {
    this.connection.db.exec(`CREATE TABLE ${this.blocks} (block INTEGER PRIMARY KEY,
      id TEXT GENERATED ALWAYS AS (CAST(block AS TEXT)), data ANY NOT NULL, sum INTEGER NOT NULL) STRICT`);
  }

  /** Keeps the texts of rows, or with `undefined` forgets them; inside a transaction. */
  put(changes: ReadonlyMap<number, Values | undefined>): void {
    const sql = `INSERT INTO ${this.blocks} (block, data, sum) VALUES (?, ${this.payloads.placeholder}, ?)
      ON CONFLICT (block) DO UPDATE SET data = excluded.data, sum = excluded.sum`;
    const changed = new Map<number, [slot: number, values: Values | undefined][]>();
    for (const [key, values] of changes) {
      const block = blockOf(key);
      const known = changed.get(block);
      if (known) known.push([key % ROWS_IN_BLOCK, values]);
      else changed.set(block, [[key % ROWS_IN_BLOCK, values]]);
    }
    for (const [block, slots] of changed) {
      const kept = this.read(block);
      const isNew = slots.some(([slot, values]) => !isSame(kept[slot] ?? undefined, values));
      if (!isNew) continue;
      for (const [slot, values] of slots) {
        while (kept.length <= slot) kept.push(null);
        kept[slot] = values ?? null;
      }
      this.connection.run(sql, block, ...this.payloads.encode(String(block), kept));
    }
  }

  /**
   * Keys of the rows from place `skip` on, `limit` of them, among those that `selection` (`FROM … WHERE …`) gives, sorted by texts, then by id.
   * Inside a transaction, so that blocks and rows are of one state.
   */
  window(
    selection: { readonly from: string; readonly params: readonly SQLInputValue[] },
    { parts, idDescends }: Sort,
    skip: number,
    limit: number,
  ): number[] {
    const wanted: Wanted = new Map();
    for (const [key] of this.connection.rows(`SELECT key ${selection.from}`, ...selection.params)) {
      const block = blockOf(Number(key));
      wanted.set(block, (wanted.get(block) ?? 0) | (1 << (Number(key) % ROWS_IN_BLOCK)));
    }
    const [first] = parts;
    const isFar = first !== undefined && skip > SKIPPED_WHOLE;
    const range = isFar ? this.narrow(wanted, first, skip, limit) : undefined;
    if (isFar && !range) return [];
    const from = skip - (range?.before ?? 0);
    const end = from + limit;
    const compare = this.comparator(parts, idDescends);
    const best: Candidate[] = [];
    let worst: Candidate | undefined;
    const cut = () => {
      best.sort(compare);
      best.length = Math.min(best.length, end);
      worst = best.length === end ? best[end - 1] : undefined;
    };
    for (const candidate of this.candidates(wanted)) {
      if (first && range && !isWithin(range, candidate.values[first.place])) continue;
      if (worst && compare(candidate, worst) >= 0) continue;
      best.push(candidate);
      if (best.length >= 2 * end + 200) cut();
    }
    cut();
    return best.slice(from).map(({ key }) => key);
  }

  /**
   * Between which beginnings of the first text the window lies, and how many rows come before: so that the far parts of a list need not hold all
   * that is before them. Beginnings are counted, longer ones only where too many rows begin alike. Undefined past the end.
   */
  private narrow(
    wanted: Wanted,
    { place, descends }: SortPart,
    skip: number,
    limit: number,
  ): Range | undefined {
    let range: Range | undefined;
    for (const length of BEGINNINGS) {
      const counts = new Map<string, number>();
      for (const { values } of this.candidates(wanted)) {
        const text = values[place] ?? '';
        if (range && !isWithin(range, text)) continue;
        const beginning = text.slice(0, length);
        counts.set(beginning, (counts.get(beginning) ?? 0) + 1);
      }
      const beginnings = [...counts.keys()].sort();
      if (descends) beginnings.reverse();
      let reached = range?.before ?? 0;
      let [before, inRange] = [reached, 0];
      const within: string[] = [];
      for (const beginning of beginnings) {
        const count = counts.get(beginning) ?? 0;
        if (reached + count > skip && reached < skip + limit) {
          if (within.length === 0) before = reached;
          within.push(beginning);
          inRange += count;
        }
        reached += count;
      }
      if (within.length === 0) return undefined;
      const [low = '', high = ''] = [within.at(descends ? -1 : 0), within.at(descends ? 0 : -1)];
      range = { low, high, length, before };
      if (inRange <= SKIPPED_WHOLE) break;
    }
    return range;
  }

  private *candidates(wanted: Wanted): Generator<Candidate> {
    for (const [block, bits] of wanted) {
      const kept = this.read(block);
      for (let slot = 0; slot < ROWS_IN_BLOCK; slot++) {
        if ((bits & (1 << slot)) === 0) continue;
        const values = kept[slot];
        if (!values)
          throw new StoreError('STORE_DAMAGED', `${this.blocks}: block ${block} lacks row ${slot}`);
        yield { key: (block - 1) * ROWS_IN_BLOCK + slot, values, id: undefined };
      }
    }
  }

  private comparator(sort: readonly SortPart[], idDescends: boolean): (a: Candidate, b: Candidate) => number {
    const idOf = (candidate: Candidate): string => {
      const sql = `SELECT id FROM ${this.rows} WHERE key = ?`;
      candidate.id ??= fromBinaryOrder(String(this.connection.row(sql, candidate.key)?.[0]));
      return candidate.id;
    };
    return (a, b) => {
      for (const { place, descends } of sort) {
        const [one, other] = [a.values[place] ?? '', b.values[place] ?? ''];
        if (one !== other) return one < other === descends ? 1 : -1;
      }
      const [one, other] = [idOf(a), idOf(b)];
      if (one === other) return 0;
      return one < other === idDescends ? 1 : -1;
    };
  }

  private read(block: number): (Values | null)[] {
    const row = this.connection.row(`SELECT ${ROW} FROM ${this.blocks} WHERE block = ?`, block);
    return row ? (JSON.parse(UTF8.decode(this.payloads.open(row))) as (Values | null)[]) : [];
  }
}

function isSame(one: Values | undefined, other: Values | undefined): boolean {
  if (!one || !other) return one === other;
  return one.every((value, place) => value === other[place]);
}
