import {
  type ArticleContent,
  encodeState,
  fingerprint,
  loadDoc,
  plainText,
  readContent,
  stateVector,
} from '../../domain/document/index.ts';
import type { Tx } from '../storage/feed.ts';

type Doc = ReturnType<typeof loadDoc>;

/** An article's document as it stands after the last update that the portal has. */
export interface LoadedDocument {
  readonly articleId: string;
  readonly doc: Doc;
  readonly lastArrival: number;
  readonly content: ArticleContent;
  readonly fingerprint: string;
  readonly stateVector: Uint8Array;
  readonly plain: string;
}

const KEPT = 40;

/**
 * Documents that were loaded lately. A document is believed only as far as the last arrival that it holds; what came
 * after, from this process or another, is read and applied. Load only while the article is locked, and keep only what
 * was committed.
 */
export class DocumentCache {
  readonly #kept = new Map<string, LoadedDocument>();

  async load(tx: Tx, organisationId: string, articleId: string): Promise<LoadedDocument> {
    const known = this.#kept.get(`${organisationId}/${articleId}`);
    const rows = await tx
      .selectFrom('updates')
      .select(['content', 'arrival'])
      .where('organisation_id', '=', organisationId)
      .where('article_id', '=', articleId)
      .where('arrival', '>', known?.lastArrival ?? 0)
      .orderBy('arrival')
      .execute();
    if (known && rows.length === 0) return known;
    const before = known ? [encodeState(known.doc)] : [];
    const doc = loadDoc([...before, ...rows.map((row) => row.content)]);
    return describe(articleId, doc, rows.at(-1)?.arrival ?? 0);
  }

  /** After the commit of the transaction in which it was loaded. */
  keep(organisationId: string, loaded: LoadedDocument): void {
    const key = `${organisationId}/${loaded.articleId}`;
    const known = this.#kept.get(key);
    if (known && known.lastArrival > loaded.lastArrival) return;
    this.#kept.delete(key);
    this.#kept.set(key, loaded);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function describe(articleId: string, doc: Doc, lastArrival: number): LoadedDocument {
  const content = readContent(doc);
  return {
    articleId,
    doc,
    lastArrival,
    content,
    fingerprint: fingerprint(content),
    stateVector: stateVector(doc),
    plain: plainText(content),
  };
}
