import { Query } from 'mingo';
import { compare } from 'mingo/util';
import { getSchemaByObjectPath, type MangoQuerySortPart, type PreparedQuery, type RxJsonSchema } from 'rxdb';
import type { AnyDoc, Doc } from './harness.ts';

/**
 * What a document database without indexes would answer: all documents through mingo, sorted by mingo's order,
 * then skip and limit. It knows nothing of RxDB's planner, of index strings or of SQLite.
 */
export function mingoAnswer(
  documents: readonly Doc[],
  query: { selector: AnyDoc; sort: readonly AnyDoc[]; skip: number; limit?: number },
): Doc[] {
  const matcher = new Query(query.selector);
  const found = documents.filter((document) => matcher.test(document));
  const keys = query.sort.flatMap((part) => Object.entries(part as MangoQuerySortPart<AnyDoc>));
  found.sort((a, b) => {
    for (const [path, direction] of keys) {
      const order = compare(valueAt(a, path), valueAt(b, path));
      if (order !== 0) return direction === 'desc' ? -order : order;
    }
    return 0;
  });
  return found.slice(query.skip, query.limit === undefined ? undefined : query.skip + query.limit);
}

function valueAt(document: AnyDoc, path: string): unknown {
  let value: AnyDoc = document;
  for (const segment of path.split('.')) value = value?.[segment];
  return value;
}

/**
 * The rule of RxDB by which its answer may be another than mingo's; undefined when there is none, so that the two
 * must agree. RxDB decides by the strings of the planned index, in which
 *
 * - `missing value`: an absent field or null counts as the empty text, 0 or false;
 * - `value out of schema`: numbers are clamped and rounded, texts cut at `maxLength`, types not looked at;
 * - `padding`: texts are padded with spaces, so spaces at the end vanish and control characters sort below;
 * - `operand out of schema`: the same is done to what the selector compares with.
 *
 * and its comparator ends at the first pair of values that are not the same object (`equal objects`): where two lists
 * are equal, or null meets an absent field, the rest of the sort does not count.
 */
export function whyRxdbMayDiffer(
  schema: RxJsonSchema<AnyDoc>,
  documents: readonly Doc[],
  prepared: PreparedQuery<AnyDoc>,
): string | undefined {
  for (const path of prepared.query.sort.flatMap((part) => Object.keys(part))) {
    const values = documents.map((document) => valueAt(document, path));
    if (values.some((value) => typeof value === 'object')) return 'equal objects';
  }
  for (const path of prepared.queryPlan.index) {
    const part = getSchemaByObjectPath(schema as never, path as never) as AnyDoc;
    for (const document of documents) {
      const reason = whyIrregular(part, valueAt(document, path));
      if (reason) return reason;
    }
    const matcher = (prepared.query.selector as AnyDoc)[path] ?? {};
    for (const operator of ['$eq', '$gt', '$gte', '$lt', '$lte']) {
      if (operator in matcher && whyIrregular(part, matcher[operator])) return 'operand out of schema';
    }
  }
  return undefined;
}

function whyIrregular(part: AnyDoc, value: unknown): string | undefined {
  if (value === undefined || value === null) return 'missing value';
  switch (part.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'value out of schema';
    case 'number':
    case 'integer': {
      if (typeof value !== 'number' || value < part.minimum || value > part.maximum)
        return 'value out of schema';
      const steps = value / part.multipleOf;
      return Math.abs(steps - Math.round(steps)) < 1e-9 ? undefined : 'value out of schema';
    }
    default: {
      if (typeof value !== 'string' || value.length > part.maxLength) return 'value out of schema';
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
      return / $|[\u0000-\u001f\uffff]/.test(value) ? 'padding' : undefined;
    }
  }
}
