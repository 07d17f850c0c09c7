import type { SQLInputValue } from 'node:sqlite';
import { hasControl, numberKey, textKey, toBinaryOrder } from './keys.ts';
import { type Field, isPlainText, type Layout, type Mark, type Unsettled } from './layout.ts';
import type { Condition } from './range.ts';

/**
 * What SQL can say about a Mango selector. `conditions` hold for every matching document; when `exact`, they
 * hold for no other, and RxDB's matcher need not run.
 */
export type Translation = { readonly conditions: readonly Condition[]; readonly exact: boolean };

type Comparison = '$gt' | '$gte' | '$lt' | '$lte';
const SQL_OPERATOR: Readonly<Record<Comparison, string>> = {
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/** Deeper than this, the rest is left to the matcher. */
const DEPTH_LIMIT = 20;
/** Most `OR` branches put into one statement. */
const BRANCH_LIMIT = 50;

/** Translates the part of a selector that the columns can answer; valid while no document is marked odd. */
export function translateSelector(
  layout: Layout,
  marks: ReadonlySet<Mark>,
  selector: unknown,
  depth = 0,
): Translation {
  if (typeof selector !== 'object' || selector === null || depth > DEPTH_LIMIT) return nothing;
  const parts = Object.entries(selector).map(([key, value]): Translation => {
    if (key === '$and' && Array.isArray(value)) {
      return all(value.map((part) => translateSelector(layout, marks, part, depth + 1)));
    }
    if (key === '$or' && Array.isArray(value)) {
      return any(value.map((part) => translateSelector(layout, marks, part, depth + 1)));
    }
    const field = layout.fields.get(key);
    return field ? translateField(field, marks, value) : nothing;
  });
  return all(parts);
}

const nothing: Translation = { conditions: [], exact: false };

function all(parts: readonly Translation[]): Translation {
  return {
    conditions: parts.flatMap(({ conditions }) => conditions),
    exact: parts.every(({ exact }) => exact),
  };
}

function any(parts: readonly Translation[]): Translation {
  const usable = parts.length > 0 && parts.length <= BRANCH_LIMIT;
  if (!usable || parts.some(({ conditions }) => conditions.length === 0)) return nothing;
  const branches = parts.map(({ conditions }) => `(${conditions.map(({ sql }) => sql).join(' AND ')})`);
  const params = parts.flatMap(({ conditions }) => conditions.flatMap((condition) => condition.params));
  return {
    conditions: [{ sql: `(${branches.join(' OR ')})`, params }],
    exact: parts.every(({ exact }) => exact),
  };
}

function translateField(field: Field, marks: ReadonlySet<Mark>, matcher: unknown): Translation {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) return nothing;
  const operators = Object.entries(matcher);
  if (operators.length === 0) return nothing;
  return all(operators.map(([operator, value]) => translateOperator(field, marks, operator, value)));
}

function translateOperator(
  field: Field,
  marks: ReadonlySet<Mark>,
  operator: string,
  value: unknown,
): Translation {
  const regular = !marks.has(`irregular:${field.path}`);
  const strict = regular && !marks.has(`absent:${field.path}`);
  if (operator === '$eq') {
    const operand = asOperand(field, value, regular);
    if (!operand) return nothing;
    return one(`${field.column} = ?`, [operand.key], strict && operand.exact);
  }
  if (operator === '$in' && Array.isArray(value)) return translateIn(field, value, strict, regular);
  if (Object.hasOwn(SQL_OPERATOR, operator) && field.kind !== 'boolean') {
    const operand = asOperand(field, value, regular);
    // Out of order values would make even a wider range miss documents.
    if (!operand || (field.kind !== 'number' && (!regular || hasControl(String(value))))) return nothing;
    const exact = strict && operand.exact;
    const sql = exact ? SQL_OPERATOR[operator as Comparison] : operator.startsWith('$g') ? '>=' : '<=';
    return one(`${field.column} ${sql} ?`, [operand.key], exact);
  }
  return nothing;
}

/** Lists cross as one JSON parameter: no limit on their length, one statement for all lengths. */
function translateIn(
  field: Field,
  values: readonly unknown[],
  strict: boolean,
  regular: boolean,
): Translation {
  if (field.kind === 'boolean' || field.kind === 'number') return nothing;
  const operands = values.map((value) => asOperand(field, value, regular));
  const keys: SQLInputValue[] = [];
  let exact = strict;
  for (const operand of operands) {
    if (!operand || String(operand.key).includes('\u0000')) return nothing;
    keys.push(operand.key);
    exact &&= operand.exact;
  }
  return one(`${field.column} IN (SELECT value FROM json_each(?))`, [JSON.stringify(keys)], exact);
}

function one(sql: string, params: readonly SQLInputValue[], exact: boolean): Translation {
  return { conditions: [{ sql, params }], exact };
}

/** The column's key for a value of the field's own type; `exact` if no other value has this key. */
function asOperand(
  field: Field,
  value: unknown,
  regular: boolean,
): { key: string | number; exact: boolean } | undefined {
  switch (field.kind) {
    case 'id':
      return typeof value === 'string' ? { key: toBinaryOrder(value), exact: true } : undefined;
    case 'text':
      if (typeof value !== 'string') return undefined;
      return { key: textKey(value), exact: !value.endsWith(' ') && !hasControl(value) };
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value) || !field.scale) return undefined;
      // Regular columns hold the numbers themselves.
      return { key: regular ? value : numberKey(field.scale, value), exact: true };
    case 'boolean':
      return typeof value === 'boolean' ? { key: value ? 1 : 0, exact: true } : undefined;
  }
}

/**
 * Whether every document that a selector wants is unsettled in this field, by what the selector asks of the field itself. Never for documents whose
 * column does not say exactly what they say.
 */
export function excludesSettled(
  { field, value }: Unsettled,
  marks: ReadonlySet<Mark>,
  selector: unknown,
): boolean {
  if (marks.has(`absent:${field.path}`) || marks.has(`irregular:${field.path}`)) return false;
  const asked = (selector as Readonly<Record<string, unknown>> | null)?.[field.path];
  if (typeof asked !== 'object' || asked === null) return false;
  return Object.entries(asked).some(([operator, operand]) => {
    if (!isExact(field, operand) || typeof operand !== typeof value) return false;
    switch (operator) {
      case '$eq':
        return operand !== value;
      case '$ne':
        return operand === value;
      case '$gt':
        return operand >= value;
      case '$gte':
        return operand > value;
      case '$lt':
        return operand <= value;
      case '$lte':
        return operand < value;
      default:
        return false;
    }
  });
}

function isExact(field: Field, operand: unknown): operand is string | number {
  if (typeof operand === 'string') return isPlainText(field, operand);
  return (
    typeof operand === 'number' && field.scale !== undefined && numberKey(field.scale, operand) === operand
  );
}
