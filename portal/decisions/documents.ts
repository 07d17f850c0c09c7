import {
  type ArticleContent,
  encodeState,
  fingerprint,
  isIncomplete,
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
  /** Updates since the snapshot that are part of it. */
  readonly loose: { readonly updates: number; readonly bytes: number };
  /** Last arrival that the snapshot before them covers, and its size; 0 when there is none. */
  readonly through: number;
  readonly snapshotBytes: number;
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
    const kept = this.#kept.get(`${organisationId}/${articleId}`);
    const through = await this.#through(tx, organisationId, articleId);
    // Parts that wait for earlier ones would be merged on the way through an encoding; every desk meets them in their order of arrival.
    const known = kept?.through === through && !isIncomplete(kept.doc) ? kept : undefined;
    const snapshot = known ? undefined : await this.#snapshot(tx, organisationId, articleId);
    const since = known?.lastArrival ?? snapshot?.through ?? 0;
    const rows = await tx
      .selectFrom('updates')
      .select(['content', 'arrival'])
      .where('organisation_id', '=', organisationId)
      .where('article_id', '=', articleId)
      .where('arrival', '>', since)
      .orderBy('arrival')
      .execute();
    if (known && rows.length === 0) return known;
    const before = known ? [encodeState(known.doc)] : snapshot ? [snapshot.content] : [];
    const doc = loadDoc([...before, ...rows.map((row) => row.content)]);
    const bytes = rows.reduce((sum, row) => sum + row.content.byteLength, 0);
    return {
      ...describe(articleId, doc),
      lastArrival: rows.at(-1)?.arrival ?? since,
      loose: {
        updates: (known?.loose.updates ?? 0) + rows.length,
        bytes: (known?.loose.bytes ?? 0) + bytes,
      },
      through: known?.through ?? snapshot?.through ?? 0,
      snapshotBytes: known?.snapshotBytes ?? snapshot?.content.byteLength ?? 0,
    };
  }

  /** A document is believed only beside the snapshot that it was loaded with: a later one may cover updates that it never had. */
  async #through(tx: Tx, organisationId: string, articleId: string): Promise<number> {
    const row = await tx
      .selectFrom('snapshots')
      .select('through')
      .where('organisation_id', '=', organisationId)
      .where('id', '=', articleId)
      .executeTakeFirst();
    return row?.through ?? 0;
  }

  #snapshot(tx: Tx, organisationId: string, articleId: string) {
    return tx
      .selectFrom('snapshots')
      .select(['through', 'content'])
      .where('organisation_id', '=', organisationId)
      .where('id', '=', articleId)
      .executeTakeFirst();
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

function describe(
  articleId: string,
  doc: Doc,
): Omit<LoadedDocument, 'lastArrival' | 'loose' | 'through' | 'snapshotBytes'> {
  const content = readContent(doc);
  return {
    articleId,
    doc,
    content,
    fingerprint: fingerprint(content),
    stateVector: stateVector(doc),
    plain: plainText(content),
  };
}
