import type { Args, QueryName, Reply } from '../../domain/contracts/wire.ts';
import type { Refusal } from '../../domain/lib/result.ts';
import type { EngineClient, Watching } from './client.ts';

/** What a screen knows of a query: nothing yet, its value, or why there is none. The last value stays after a refusal. */
export interface QueryState<T> {
  readonly value: T | undefined;
  readonly refusal: Refusal | undefined;
}

const NOTHING: QueryState<never> = { value: undefined, refusal: undefined };
/** A watch outlives its last reader by this long, so that going back to a screen shows it at once. */
const LINGER_MS = 1_500;

interface Entry {
  state: QueryState<unknown>;
  watching: Watching | undefined;
  readonly readers: Set<() => void>;
  lingering: ReturnType<typeof setTimeout> | undefined;
}

/** The queries a window watches, each once, whoever reads them. */
export interface QueryStore {
  read<N extends QueryName>(name: N, args: Args<N>): QueryState<Reply<N>>;
  subscribe<N extends QueryName>(name: N, args: Args<N>, reader: () => void): () => void;
}

const keyOf = (name: string, args: unknown): string => `${name} ${JSON.stringify(args)}`;

export function createQueryStore(client: EngineClient): QueryStore {
  const entries = new Map<string, Entry>();

  const entryOf = <N extends QueryName>(name: N, args: Args<N>): Entry => {
    const key = keyOf(name, args);
    let entry = entries.get(key);
    if (!entry) {
      entry = { state: NOTHING, watching: undefined, readers: new Set(), lingering: undefined };
      entries.set(key, entry);
    }
    return entry;
  };

  const tell = (entry: Entry, state: QueryState<unknown>) => {
    entry.state = state;
    for (const reader of [...entry.readers]) reader();
  };

  return {
    read: (name, args) => (entries.get(keyOf(name, args))?.state ?? NOTHING) as never,
    subscribe: (name, args, reader) => {
      const entry = entryOf(name, args);
      entry.readers.add(reader);
      clearTimeout(entry.lingering);
      entry.watching ??= client.watch(
        name,
        args,
        (value) => tell(entry, { value, refusal: undefined }),
        (refusal) => tell(entry, { value: entry.state.value, refusal }),
      );
      return () => {
        entry.readers.delete(reader);
        if (entry.readers.size > 0) return;
        entry.lingering = setTimeout(() => {
          entry.watching?.stop();
          entry.watching = undefined;
          entries.delete(keyOf(name, args));
        }, LINGER_MS);
      };
    },
  };
}
