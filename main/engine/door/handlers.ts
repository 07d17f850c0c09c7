import type { Args, QueryName, Reply, RequestName } from '../../../domain/contracts/index.ts';
import type { Result } from '../../../domain/lib/result.ts';
import type { Topic } from '../topics.ts';

/** The window that asks. */
export interface Caller {
  readonly windowId: string;
}

export interface RequestHandler<N extends RequestName> {
  readonly run: (args: Args<N>, caller: Caller) => Promise<Result<Reply<N>>>;
  /** Its answers are large or change: asked again under the same id it runs again. */
  readonly readOnly?: boolean;
}

export interface QueryHandler<N extends QueryName> {
  /** On what the value depends. */
  readonly topics: (args: Args<N>) => readonly Topic[];
  readonly read: (args: Args<N>) => Promise<Result<Reply<N>>>;
}

/** A handler for every name of the contract: one missing does not compile, and a test looks too. */
export type Handlers = { readonly [N in RequestName]: RequestHandler<N> } & {
  readonly [N in QueryName]: QueryHandler<N>;
};
