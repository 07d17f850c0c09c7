import { randomUUID } from 'node:crypto';
import type { ArticleRow, DecisionRow, UpdateRow } from '../../../domain/contracts/rows.ts';
import { type ArticleContent, loadDoc, readContent } from '../../../domain/document/index.ts';
import { PASSWORD } from './person.ts';

interface Rows {
  articles: ArticleRow;
  updates: UpdateRow;
  decisions: DecisionRow;
}
type Answer = { status: number; body: Record<string, unknown> };

/** Somebody who speaks with the portal's interface directly, with an account's own token. */
export class Api {
  readonly url: string;
  readonly deskId = randomUUID();
  token = '';

  private constructor(url: string) {
    this.url = url;
  }

  static async signIn(url: string, account: string): Promise<Api> {
    const api = new Api(url);
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
    const updates = (await this.pull('updates')).filter((row) => row.articleId === articleId);
    const doc = loadDoc(updates.map((row) => Buffer.from(row.update, 'base64')));
    try {
      return readContent(doc);
    } finally {
      doc.destroy();
    }
  }
}
