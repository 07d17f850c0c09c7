import type { SQLInputValue } from 'node:sqlite';
import { INDEX_MAX, INDEX_MIN, type RxQueryPlan } from 'rxdb';
import {
  ABOVE_TEXT,
  BELOW_TEXT,
  hasControl,
  type Key,
  type NumberScale,
  numberKey,
  textKey,
  toBinaryOrder,
} from './keys.ts';
import type { Field, Index } from './layout.ts';

/** A condition in SQL with its parameters in order. */
export type Condition = { readonly sql: string; readonly params: readonly SQLInputValue[] };

type Bound = { readonly key: Key | Uint8Array; readonly end: 'below' | 'above' | undefined };

const below = (key: Key): Bound => ({ key, end: 'below' });
const above = (key: Key | Uint8Array): Bound => ({ key, end: 'above' });
const at = (key: Key): Bound => ({ key, end: undefined });

/**
 * The range of a query plan as conditions on the columns of its index: the same documents that RxDB's memory
 * storage finds between its two bound strings. Undefined when a bound has no key (a text for a number, a
 * text over its length): then only JavaScript can tell. `'empty'` when nothing can lie in it.
 */
export function planRange(index: Index, plan: RxQueryPlan): Condition[] | 'empty' | undefined {
  const lower: Bound[] = [];
  const upper: Bound[] = [];
  for (const [i, field] of index.fields.entries()) {
    const low = lowerBound(field, plan.startKeys[i]);
    const high = upperBound(field, plan.endKeys[i]);
    if (!low || !high) return undefined;
    lower.push(low);
    upper.push(high);
  }
  const conditions: Condition[] = [];
  let fixed = 0;
  while (fixed < lower.length && isPoint(lower[fixed], upper[fixed])) {
    conditions.push({ sql: `${index.fields[fixed]?.column} = ?`, params: [lower[fixed]?.key ?? 0] });
    fixed++;
  }
  if (fixed === lower.length) return plan.inclusiveStart && plan.inclusiveEnd ? conditions : 'empty';
  const rest = index.fields.slice(fixed);
  const from = compareRow(rest, lower.slice(fixed), plan.inclusiveStart, 'below');
  const to = compareRow(rest, upper.slice(fixed), plan.inclusiveEnd, 'above');
  if (from === 'empty' || to === 'empty') return 'empty';
  if (from) conditions.push(from);
  if (to) conditions.push(to);
  return conditions;
}

function isPoint(low: Bound | undefined, high: Bound | undefined): boolean {
  if (!low || !high) return false;
  const open = (bound: Bound) => bound.end !== undefined && isBeyond(bound);
  return low.key === high.key && !open(low) && !open(high);
}

/** Bounds that no document reaches; others marked with an end are the lowest or highest key itself. */
function isBeyond({ key }: Bound): boolean {
  return key === BELOW_TEXT || key === ABOVE_TEXT || key === Infinity;
}

/**
 * `(a, b, c) >= (x, y, z)`, shortened from its tail where the last part is lower (or higher) than all keys.
 * Returns undefined when it excludes nothing.
 */
function compareRow(
  fields: readonly Field[],
  bounds: readonly Bound[],
  inclusive: boolean,
  side: 'below' | 'above',
): Condition | 'empty' | undefined {
  let length = bounds.length;
  let includes = inclusive;
  while (length > 0) {
    const last = bounds[length - 1];
    if (!last?.end) break;
    const beyond = isBeyond(last);
    if (last.end === side) {
      // Lowest of all as lower bound: beyond every key it includes all, at the lowest key only if inclusive.
      if (!beyond && !includes) break;
      includes = true;
    } else {
      // Highest of all as lower bound: beyond every key it excludes all that begin with what is before it.
      if (!beyond) break;
      includes = false;
    }
    length--;
  }
  if (length === 0) return includes ? undefined : 'empty';
  const columns = fields.slice(0, length).map(({ column }) => column);
  const operator = (side === 'below' ? '>' : '<') + (includes ? '=' : '');
  const params = bounds.slice(0, length).map(({ key }) => key);
  const sql =
    length === 1
      ? `${columns[0]} ${operator} ?`
      : `(${columns.join(', ')}) ${operator} (${columns.map(() => '?').join(', ')})`;
  return { sql, params };
}

function lowerBound(field: Field, bound: unknown): Bound | undefined {
  switch (field.kind) {
    case 'boolean':
      if (bound === null || bound === INDEX_MIN) return below(0);
      if (bound === INDEX_MAX) return above(1);
      return bound ? above(1) : below(0);
    case 'number': {
      const scale = field.scale;
      if (!scale) return undefined;
      if (bound === null || bound === INDEX_MIN) return below(scale.lowest);
      if (bound === INDEX_MAX) return at(numberKey(scale, scale.maximum));
      return numberBound(scale, bound);
    }
    default:
      if (typeof bound !== 'string') return below(BELOW_TEXT);
      if (bound === INDEX_MAX) return above(ABOVE_TEXT);
      return textBound(field, bound);
  }
}

function upperBound(field: Field, bound: unknown): Bound | undefined {
  switch (field.kind) {
    case 'boolean':
      if (bound === null || bound === INDEX_MAX) return above(1);
      if (bound === INDEX_MIN) return below(0);
      return bound ? above(1) : below(0);
    case 'number': {
      const scale = field.scale;
      if (!scale) return undefined;
      if (bound === null || bound === INDEX_MAX) return above(scale.top);
      if (bound === INDEX_MIN) return below(scale.lowest);
      return numberBound(scale, bound);
    }
    default:
      if (typeof bound === 'string' && bound !== INDEX_MAX) return textBound(field, bound);
      return bound === INDEX_MIN ? below(BELOW_TEXT) : above(ABOVE_TEXT);
  }
}

function numberBound(scale: NumberScale, bound: unknown): Bound | undefined {
  if (bound === undefined) return at(numberKey(scale, 0));
  if (typeof bound !== 'number' || Number.isNaN(bound)) return undefined;
  return at(numberKey(scale, bound));
}

function textBound(field: Field, bound: string): Bound | undefined {
  if (bound.length > field.maxLength || bound.startsWith('\u0000') || bound.includes('\uffff')) {
    return undefined;
  }
  if (field.kind !== 'id') return at(textKey(bound));
  if (hasControl(bound)) return undefined;
  return at(toBinaryOrder(bound.replace(/ +$/, '')));
}
