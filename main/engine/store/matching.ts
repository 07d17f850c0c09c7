import { createContext, Script } from 'node:vm';
import { StoreError } from './errors.ts';

/** Time that the regular expressions of one query may take, over all of its documents. */
const REGEX_LIMIT_MS = 2000;
/** Documents matched in one guarded call: a call costs a timer thread. */
const LARGEST_BATCH = 100;
/** Levels of a selector; RxDB's own preparation is quadratic in them. */
const DEPTH_LIMIT = 1000;

const box: { work: (() => unknown) | undefined } = createContext({ work: undefined }) as never;
const script = new Script('work()');

/**
 * Those of `documents` that `matches` accepts, in their order, read as far as the caller goes (with regular
 * expressions in batches; the first one is of the `wanted` length). Throws `STORE_QUERY_REFUSED` for a selector nested over 1,000 deep, or
 * when its regular expressions have run for two seconds: some take longer than the age of the universe on 60
 * characters, and nothing else would run in the process meanwhile.
 */
export function* matching<D>(
  documents: Iterable<D>,
  matches: ((document: D) => boolean) | undefined,
  selector: unknown,
  wanted = Infinity,
): Generator<D> {
  if (!matches) {
    yield* documents;
    return;
  }
  if (!inspect(selector).hasRegex) {
    for (const document of documents) if (matches(document)) yield document;
    return;
  }
  let leftMs = REGEX_LIMIT_MS;
  let size = Math.max(1, Math.min(LARGEST_BATCH, wanted));
  let batch: D[] = [];
  const matched = (): D[] => {
    const startedAt = performance.now();
    const accepted = withinMs(leftMs, () => batch.filter(matches));
    leftMs -= performance.now() - startedAt;
    batch = [];
    return accepted;
  };
  for (const document of documents) {
    batch.push(document);
    if (batch.length < size) continue;
    yield* matched();
    size = Math.min(LARGEST_BATCH, size * 2);
  }
  if (batch.length > 0) yield* matched();
}

/** Whether a selector holds regular expressions; walks without recursion, and throws if it is too deep. */
function inspect(selector: unknown): { hasRegex: boolean } {
  const open: [unknown, number][] = [[selector, 0]];
  let hasRegex = false;
  for (let next = open.pop(); next; next = open.pop()) {
    const [part, depth] = next;
    if (typeof part !== 'object' || part === null) continue;
    if (depth > DEPTH_LIMIT) throw new StoreError('STORE_QUERY_REFUSED', 'the selector is nested too deep');
    hasRegex ||= part instanceof RegExp || Object.hasOwn(part, '$regex');
    for (const value of Object.values(part)) {
      if (typeof value === 'object') open.push([value, depth + 1]);
    }
  }
  return { hasRegex };
}

function withinMs<T>(limitMs: number, work: () => T): T {
  const refused = () => new StoreError('STORE_QUERY_REFUSED', 'a regular expression ran over its time');
  if (limitMs < 1) throw refused();
  box.work = work;
  try {
    // The only way to stop a regular expression from outside: the engine looks for it at every step back.
    return script.runInContext(box as never, { timeout: Math.ceil(limitMs) }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw refused();
    throw error;
  } finally {
    box.work = undefined;
  }
}
