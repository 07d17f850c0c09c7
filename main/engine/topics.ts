/** What a query depends on. `article:<id>` is one article, `presence:<id>` who has it open; the others are whole areas. */
export type Topic =
  | 'session'
  | 'connection'
  | 'desk'
  | 'directory'
  | 'outbox'
  | 'preferences'
  | 'store'
  | `article:${string}`
  | `presence:${string}`;

/** Tells who depends on a topic that it changed. */
export interface Topics {
  emit(...topics: readonly Topic[]): void;
  listen(listener: (topics: ReadonlySet<Topic>) => void): () => void;
}

/** Topics of one engine. Emissions of one tick arrive together. */
export function createTopics(): Topics {
  const listeners = new Set<(topics: ReadonlySet<Topic>) => void>();
  let gathered = new Set<Topic>();
  const flush = () => {
    const topics = gathered;
    gathered = new Set();
    for (const listener of listeners) listener(topics);
  };
  return {
    emit(...topics) {
      if (gathered.size === 0 && topics.length > 0) queueMicrotask(flush);
      for (const topic of topics) gathered.add(topic);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
