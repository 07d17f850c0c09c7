import { randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  type ArticleRow,
  type DecisionRow,
  UNDECIDED,
  type UpdateRow,
} from '../../../domain/contracts/rows.ts';
import {
  type ArticleContent,
  canonicalise,
  encodeState,
  fingerprint,
  loadDoc,
  readContent,
  stateVector,
} from '../../../domain/document/index.ts';
import { PASSWORD } from './person.ts';

interface Rows {
  articles: ArticleRow;
  updates: UpdateRow;
  decisions: DecisionRow;
}
type Doc = ReturnType<typeof loadDoc>;
type Answer = { status: number; body: Record<string, unknown> };

/** Somebody who speaks with the portal's interface directly, with an account's own token. */
export class Api {
  readonly url: string;
  /** In the sample also the id of the person. */
  readonly account: string;
  readonly deskId = randomUUID();
  token = '';
  #position = 0;

  private constructor(url: string, account: string) {
    this.url = url;
    this.account = account;
  }

  static async signIn(url: string, account: string): Promise<Api> {
    const api = new Api(url, account);
    const { status, body } = await api.send('POST', '/api/session', {
      account,
      password: PASSWORD,
      deskId: api.deskId,
    });
    if (status !== 200) throw new Error(`${account} can't sign in: ${JSON.stringify(body)}`);
    api.token = String(body.accessToken);
    return api;
  }

  async send(method: string, path: string, json?: unknown): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        'accept-language': 'vi',
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  }

  push(collection: 'updates' | 'decisions', row: unknown): Promise<Answer> {
    return this.send('POST', `/api/sync/${collection}`, { rows: [{ newDocumentState: row }] });
  }

  /** All rows that this account may see. */
  async pull<C extends keyof Rows>(collection: C): Promise<Rows[C][]> {
    const rows: Rows[C][] = [];
    let place = '';
    for (;;) {
      const { status, body } = await this.send('GET', `/api/sync/${collection}?limit=1000${place}`);
      if (status !== 200) throw new Error(`${collection}: ${JSON.stringify(body)}`);
      const documents = body.documents as Rows[C][];
      rows.push(...documents);
      const checkpoint = body.checkpoint as { sequence: number; id: string } | null;
      if (documents.length === 0 || checkpoint === null) return rows;
      place = `&sequence=${checkpoint.sequence}&id=${encodeURIComponent(checkpoint.id)}`;
    }
  }

  async article(title: string): Promise<ArticleRow> {
    const found = (await this.pull('articles')).find((row) => row.title.includes(title));
    if (!found) throw new Error(`The portal has no article ${title}.`);
    return found;
  }

  /** The content of an article as the portal's updates make it. */
  async content(articleId: string): Promise<ArticleContent> {
    return this.#read(articleId, readContent);
  }

  /** Changes the text of an article, as this account's desk would send it. */
  async edit(articleId: string, change: (doc: Doc) => void): Promise<void> {
    const update = await this.#read(articleId, (doc) => {
      const before = stateVector(doc);
      change(doc);
      return Buffer.from(encodeState(doc, before)).toString('base64');
    });
    const { deskId, account: authorId } = this;
    await this.#taken('updates', {
      id: randomUUID(),
      articleId,
      authorId,
      deskId,
      at: Date.now(),
      held: false,
      update,
    });
  }

  /** Decides about the text as the portal has it. */
  async decide(articleId: string, action: DecisionRow['action']): Promise<void> {
    this.#position += 1;
    const seen = await this.#read(articleId, (doc) => {
      const content = readContent(doc);
      return {
        fingerprint: fingerprint(content),
        content: deflateRawSync(canonicalise(content)).toString('base64'),
        stateVector: Buffer.from(stateVector(doc)).toString('base64'),
      };
    });
    const id = randomUUID();
    await this.#taken('decisions', {
      id,
      articleId,
      action,
      actorId: this.account,
      deskId: this.deskId,
      position: this.#position,
      proposedAt: Date.now(),
      ...seen,
      reason: null,
      declaration: null,
      ...UNDECIDED,
    });
    const verdict = (await this.pull('decisions')).find((row) => row.id === id);
    if (verdict?.status !== 'accepted') throw new Error(`${action}: ${JSON.stringify(verdict)}`);
  }

  async #taken(collection: 'updates' | 'decisions', row: UpdateRow | DecisionRow): Promise<void> {
    const { status, body } = await this.push(collection, row);
    const refused = body.refused as readonly unknown[] | undefined;
    if (status !== 200 || (refused?.length ?? 0) > 0)
      throw new Error(`${collection}: ${status} ${JSON.stringify(body)}`);
  }

  async #read<T>(articleId: string, read: (doc: Doc) => T): Promise<T> {
    const updates = (await this.pull('updates')).filter((row) => row.articleId === articleId);
    const doc = loadDoc(updates.map((row) => Buffer.from(row.update, 'base64')));
    try {
      return read(doc);
    } finally {
      doc.destroy();
    }
  }
}
