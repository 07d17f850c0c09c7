import { getPrimaryFieldOfPrimaryKey, getSchemaByObjectPath, type RxJsonSchema } from 'rxdb';
import {
  hasControl,
  isFineEnough,
  type Key,
  type NumberScale,
  numberKey,
  numberScale,
  textKey,
  toBinaryOrder,
} from './keys.ts';

/** What a collection version is called in a file. */
export type CollectionName = {
  readonly database: string;
  readonly collection: string;
  readonly version: number;
};

/** The table of the texts to sort by, beside a table of documents. */
export const orderTable = (table: string): string => `${table}_order`;
/** Under this name they are sealed, so that none can stand in for a document. */
export const orderName = (name: CollectionName): CollectionName => ({
  ...name,
  collection: `${name.collection}/order`,
});

/** A field that has a column of its own because an index names it. */
export type Field = {
  readonly path: string;
  readonly segments: readonly string[];
  readonly column: string;
  readonly kind: 'id' | 'text' | 'number' | 'boolean';
  /** Characters (UTF-16 units); texts only. */
  readonly maxLength: number;
  readonly scale: NumberScale | undefined;
};

export type Index = {
  readonly name: string;
  readonly fields: readonly Field[];
  /** ` WHERE …` of an index over some rows only, or nothing. */
  readonly where: string;
  /** Set where documents that are settled are left out: it serves only queries that exclude them. */
  readonly unsettled: Unsettled | undefined;
};

/** Values of fields by which nothing is to be done about a document. */
export type Settled = Readonly<Record<string, string | number>>;

/** Documents that are not settled in one field. */
export type Unsettled = {
  readonly field: Field;
  readonly value: string | number;
  /** The condition in SQL, without parameters: only so SQLite sees that an index over these rows serves. */
  readonly sql: string;
};

export type LayoutOptions = { readonly sealedSort?: readonly string[]; readonly settled?: Settled };

/** How the documents of one schema lie in their table. */
export type Layout = {
  readonly table: string;
  readonly primaryPath: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Columns in the order in which {@link rowKeys} fills them; the id is not among them. */
  readonly columns: readonly Field[];
  readonly indexes: ReadonlyMap<string, Index>;
  /** Of the fields with which some index begins that leaves out what is settled. */
  readonly unsettled: readonly Unsettled[];
  readonly hasAttachments: boolean;
  /** Fields whose texts are kept sealed beside the table, for sorting. */
  readonly sealedSort: readonly string[];
  /** Equal for schemas whose tables are equal. */
  readonly signature: string;
};

/**
 * Remarks about a collection that decide what SQL may answer alone; they only ever grow.
 * `odd`: some document can't be placed in index order by its columns, so every query is worked out in JavaScript.
 * `absent:path`: some document has no value there. `irregular:path`: some value differs from its key in a way
 * that changes comparisons (control characters, trailing spaces, out of bounds, rounded), or is no text where sealed texts are sorted.
 */
export type Mark = 'odd' | `absent:${string}` | `irregular:${string}`;

/** Name under which an index is looked up: its fields in order. */
export const indexKey = (paths: readonly string[]): string => paths.join(',');

/** Works out columns and indexes; besides the schema's own, the one that cleanup reads. */
export function makeLayout<T>(
  table: string,
  schema: RxJsonSchema<T>,
  { sealedSort = [], settled = {} }: LayoutOptions = {},
): Layout {
  const primaryPath = getPrimaryFieldOfPrimaryKey(schema.primaryKey) as string;
  const wanted = (schema.indexes ?? []).map((index) => (typeof index === 'string' ? [index] : [...index]));
  const cleanup = ['_deleted', '_meta.lwt', primaryPath];
  const isAsked = wanted.some((paths) => indexKey(paths as string[]) === indexKey(cleanup));
  wanted.push(cleanup, ['_meta.lwt', primaryPath]);

  const fields = new Map<string, Field>();
  const field = (path: string): Field => {
    const known = fields.get(path);
    if (known) return known;
    const made = makeField(schema, path, path === primaryPath, fields.size);
    fields.set(path, made);
    return made;
  };
  field(primaryPath);
  const indexes = new Map<string, Index>();
  const unsettled = new Map<Field, Unsettled>();
  for (const paths of wanted) {
    const key = indexKey(paths as string[]);
    if (indexes.has(key)) continue;
    const name = `${table}_i${indexes.size}`;
    const all = paths.map((path) => field(path as string));
    // Cleanup reads deleted documents only; all others need not be kept in an index for it.
    const [deleted, ...others] = all;
    const isForCleanup = !isAsked && key === indexKey(cleanup);
    if (isForCleanup) {
      const where = ` WHERE ${deleted?.column} = 1`;
      indexes.set(key, { name, fields: others, where, unsettled: undefined });
      continue;
    }
    const first = all.find(({ path }) => path !== '_deleted');
    const open = first && (unsettled.get(first) ?? unsettledOf(first, settled));
    if (open) unsettled.set(open.field, open);
    indexes.set(key, { name, fields: all, where: open ? ` WHERE ${open.sql}` : '', unsettled: open });
  }
  const columns = [...fields.values()].filter(({ kind }) => kind !== 'id');
  const hasAttachments = Boolean(schema.attachments);
  const signature = JSON.stringify({
    primaryPath,
    columns: columns.map(({ path, column, kind, maxLength, scale }) => [
      column,
      path,
      kind,
      maxLength,
      scale ?? 0,
    ]),
    indexes: [...indexes.keys(), ...(isAsked ? ['whole'] : [])],
    hasAttachments,
    ...(sealedSort.length === 0 ? {} : { sealedSort }),
    ...(unsettled.size === 0 ? {} : { unsettled: [...unsettled.values()].map(({ sql }) => sql) }),
  });
  return {
    table,
    primaryPath,
    fields,
    columns,
    indexes,
    unsettled: [...unsettled.values()],
    hasAttachments,
    sealedSort,
    signature,
  };
}

/** Nothing where the value shares its key with others: then the column can't tell them apart. */
function unsettledOf(field: Field, settled: Settled): Unsettled | undefined {
  const value = Object.hasOwn(settled, field.path) ? settled[field.path] : undefined;
  if (typeof value === 'number' && field.scale && numberKey(field.scale, value) === value) {
    return { field, value, sql: `${field.column} <> ${value}` };
  }
  if (typeof value !== 'string' || field.kind !== 'text' || !isPlainText(field, value)) return undefined;
  return { field, value, sql: `${field.column} <> '${textKey(value).replaceAll("'", "''")}'` };
}

/** Whether no other text has the same key in this field. */
export const isPlainText = ({ maxLength }: Field, text: string): boolean =>
  text.length <= maxLength && !text.endsWith(' ') && !hasControl(text) && !text.includes('\uffff');

function makeField<T>(schema: RxJsonSchema<T>, path: string, isPrimary: boolean, number: number): Field {
  const part = getSchemaByObjectPath(schema, path);
  const type = part?.type;
  const kind = isPrimary
    ? 'id'
    : type === 'boolean'
      ? 'boolean'
      : type === 'number' || type === 'integer'
        ? 'number'
        : 'text';
  return {
    path,
    segments: path.split('.'),
    column: isPrimary ? 'id' : `c${number}`,
    kind,
    maxLength: part?.maxLength ?? 0,
    scale: kind === 'number' && part ? numberScale(part) : undefined,
  };
}

/** Keys of one document in the order of `layout.columns`; what is remarkable about it goes into `marks`. */
export function rowKeys(layout: Layout, document: object, marks: Set<Mark>): Key[] {
  return layout.columns.map((field) => fieldKey(field, valueAt(field, document, marks), marks));
}

/** The texts by which rows are sorted without a column; what is no text goes into `marks`. */
export function sortTexts(layout: Layout, document: object, marks: Set<Mark>): string[] {
  return layout.sealedSort.map((path) => {
    const value = (document as Record<string, unknown>)[path];
    if (typeof value === 'string') return value;
    marks.add(`irregular:${path}`);
    return '';
  });
}

/** Key of a document's id: the id itself, whole and reversible. */
export function idKey(layout: Layout, id: string, marks: Set<Mark>): string {
  const field = layout.fields.get(layout.primaryPath);
  if (hasControl(id) || id.endsWith(' ') || id.includes('\uffff') || id.length > (field?.maxLength ?? 0)) {
    marks.add('odd');
  }
  return toBinaryOrder(id);
}

function valueAt(field: Field, document: object, marks: Set<Mark>): unknown {
  let value: unknown = document;
  for (const segment of field.segments) {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) marks.add('odd');
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function fieldKey(field: Field, value: unknown, marks: Set<Mark>): Key {
  if (value === undefined || value === null) marks.add(`absent:${field.path}`);
  switch (field.kind) {
    case 'boolean': {
      if (typeof value === 'object' && value !== null) marks.add('odd');
      else if (typeof value !== 'boolean' && value != null) marks.add(`irregular:${field.path}`);
      return value ? 1 : 0;
    }
    case 'number': {
      // RxDB reads undefined as 0 and lets JavaScript compare null as 0: both are 0, clamped.
      if (value != null && (typeof value !== 'number' || !Number.isFinite(value))) marks.add('odd');
      const scale = field.scale;
      if (!scale) return 0;
      const key = numberKey(scale, typeof value === 'number' && Number.isFinite(value) ? value : 0);
      if (!isFineEnough(scale, key)) marks.add('odd');
      if (key !== value && value != null) marks.add(`irregular:${field.path}`);
      return key;
    }
    default: {
      if (value != null && typeof value !== 'string') marks.add('odd');
      const text = typeof value === 'string' ? value : '';
      if (text.length > field.maxLength || text.startsWith('\u0000') || text.includes('\uffff')) {
        marks.add('odd');
      }
      if (text.endsWith(' ') || hasControl(text)) marks.add(`irregular:${field.path}`);
      return textKey(text);
    }
  }
}
