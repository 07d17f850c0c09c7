/** A value that two versions have differently; null where one of them has none. */
export interface Difference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What differs between two versions of a subject, in the order of the later one, removals last. Entries of lists are told
 * apart by their `id`, `date` or `ref`, so that one more in the middle is one difference and not all that follow.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flatten(before), flatten(after)];
  const changed = [...is].flatMap(([path, value]): Difference[] =>
    was.get(path) === value ? [] : [{ path, before: was.get(path) ?? null, after: value }],
  );
  const gone = [...was].flatMap(([path, value]): Difference[] =>
    is.has(path) ? [] : [{ path, before: value, after: null }],
  );
  return [...changed, ...gone];
}

function flatten(value: unknown): Map<string, string> {
  const all = new Map<string, string>();
  const put = (path: string, text: string): void => {
    let unique = path;
    for (let number = 2; all.has(unique); number += 1) unique = `${path} (${number})`;
    all.set(unique, text);
  };
  const walk = (one: unknown, path: string): void => {
    if (Array.isArray(one)) {
      if (one.every((item) => typeof item !== 'object' || item === null)) {
        if (one.length > 0) put(path, one.join(', '));
        return;
      }
      for (const [index, item] of one.entries()) walk(item, `${path}/${keyOf(item) ?? index + 1}`);
    } else if (typeof one === 'object' && one !== null) {
      for (const [key, item] of Object.entries(one)) walk(item, path === '' ? key : `${path}/${key}`);
    } else if (one !== null && one !== undefined) put(path, String(one));
  };
  walk(value, '');
  return all;
}

function keyOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  const entry = item as Readonly<Record<string, unknown>>;
  for (const name of ['id', 'date', 'categoryId', 'unitId', 'ref']) {
    if (typeof entry[name] === 'string') return entry[name];
  }
  return null;
}
