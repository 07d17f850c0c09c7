import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Args, Bridge, QueryName, Reply } from '../../domain/contracts/wire.ts';
import { createClient, type EngineClient } from './client.ts';
import { createQueryStore, type QueryState, type QueryStore } from './queries.ts';

declare global {
  interface Window {
    readonly soan: Bridge;
  }
}

interface Engine {
  readonly client: EngineClient;
  readonly queries: QueryStore;
  readonly bridge: Bridge;
}

const EngineContext = createContext<Engine | null>(null);

/** Connects the screens below with the engine, once per window. */
export function EngineProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  const engine = useMemo<Engine>(() => {
    const client = createClient(bridge);
    return { client, queries: createQueryStore(client), bridge };
  }, [bridge]);
  return <EngineContext value={engine}>{children}</EngineContext>;
}

function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error('outside EngineProvider');
  return engine;
}

/** The way to ask the engine. */
export const useClient = (): EngineClient => useEngine().client;
/** The few things the shell does itself. */
export const useShell = (): Bridge['shell'] => useEngine().bridge.shell;

/** A query's value, kept up to date while the component stands; asked anew after the engine came back. */
export function useQuery<N extends QueryName>(name: N, args: Args<N>): QueryState<Reply<N>> {
  const { queries } = useEngine();
  const key = JSON.stringify(args);
  // `key` stands for `args`: an equal object must not start a new watch.
  const stable = useMemo(() => JSON.parse(key) as Args<N>, [key]);
  const subscribe = useCallback(
    (reader: () => void) => queries.subscribe(name, stable, reader),
    [queries, name, stable],
  );
  return useSyncExternalStore(subscribe, () => queries.read(name, stable));
}

/** Several windows on one query at once, in the order asked for. */
export function useQueries<N extends QueryName>(
  name: N,
  argsList: readonly Args<N>[],
): readonly QueryState<Reply<N>>[] {
  const { queries } = useEngine();
  const key = JSON.stringify(argsList);
  const stable = useMemo(() => JSON.parse(key) as readonly Args<N>[], [key]);
  const last = useRef<readonly QueryState<Reply<N>>[]>([]);
  const subscribe = useCallback(
    (reader: () => void) => {
      const stops = stable.map((args) => queries.subscribe(name, args, reader));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [queries, name, stable],
  );
  return useSyncExternalStore(subscribe, () => {
    const now = stable.map((args) => queries.read(name, args));
    const before = last.current;
    // The same states must be the same array, or React would render without end.
    if (now.length === before.length && now.every((state, at) => state === before[at])) return before;
    last.current = now;
    return now;
  });
}
