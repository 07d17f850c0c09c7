import type { ArticleDetail } from '../../../domain/contracts/index.ts';
import type { Topics } from '../topics.ts';
import type { Registry } from './registry.ts';

/** How much of an article's text has reached this desk. Rows of articles come before their texts. */
export interface Arrival {
  /** What of the text is here. `fingerprint`: of the portal's text; null when it has none. */
  state(articleId: string, fingerprint: string | null): Promise<ArticleDetail['text']>;
  /** Text of these articles came, and is in the documents that are in memory. */
  came(articleIds: Iterable<string>): void;
}

export function createArrival(options: { readonly registry: Registry; readonly topics: Topics }): Arrival {
  const { registry, topics } = options;
  /** Somebody was told that there is more to come. */
  const awaited = new Set<string>();

  const look = async (articleId: string, fingerprint: string | null): Promise<ArticleDetail['text']> => {
    if (fingerprint === null) return 'here';
    const { clients, pendingStructs } = (await registry.get(articleId)).store;
    if (clients.size === 0) return 'coming';
    return pendingStructs === null ? 'here' : 'partly';
  };

  return {
    state: async (articleId, fingerprint) => {
      awaited.add(articleId);
      const state = await look(articleId, fingerprint);
      if (state === 'here') awaited.delete(articleId);
      return state;
    },
    came: (articleIds) => {
      for (const articleId of articleIds) if (awaited.has(articleId)) topics.emit(`article:${articleId}`);
    },
  };
}
