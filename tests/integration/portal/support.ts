import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type DecisionRow,
  type FileRow,
  type PushReply,
  UNDECIDED,
  type UpdateRow,
} from '../../../domain/contracts/index.ts';
import { defaultCalendar } from '../../../domain/deadlines/index.ts';
import {
  applyUpdate,
  canonicalise,
  createArticleDoc,
  encodeState,
  fingerprint,
  type NewArticle,
  readContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import { buildApp } from '../../../portal/app.ts';
import type { Portal } from '../../../portal/context.ts';
import { openDatabase } from '../../../portal/storage/database.ts';
import { openDataFolder } from '../../../portal/storage/dataFolder.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../portal/storage/embedded.ts';
import { FileStore } from '../../../portal/storage/fileStore.ts';
import { foundOrganisation } from '../../../portal/storage/foundOrganisation.ts';
import type { StoredFiles } from '../../../portal/storage/storedFiles.ts';

export const PASSWORD = 'mat-khau-thu';
export const ORGANISATION = 'thu-nghiem';
/** A category whose articles need little: a title, a body and a date. */
export const CATEGORY = 'other';

/** A PostgreSQL server for one test file. */
export interface TestServer {
  /** Address of a new database on it. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'soan-portal-test-'));
  const secrets = await openDataFolder(folder);
  const server: EmbeddedPostgres = await startEmbedded({
    folder,
    password: secrets.databasePassword,
    log: () => {},
  });
  const main = await openDatabase(server.url, () => {});
  return {
    async database() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await sql.raw(`create database ${name}`).execute(main.db);
      return server.url.replace(/\/postgres$/, `/${name}`);
    },
    async stop() {
      await main.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const PEOPLE = {
  writer: { roles: ['liaison'], unitId: 'mot' },
  colleague: { roles: ['liaison'], unitId: 'mot' },
  head: { roles: ['unit-head'], unitId: 'mot' },
  stranger: { roles: ['liaison'], unitId: 'hai' },
  editor: { roles: ['editor'], unitId: 'bbt' },
  chief: { roles: ['editor-in-chief'], unitId: 'bbt' },
  translator: { roles: ['translator'], unitId: 'bbt' },
  admin: { roles: ['administrator'], unitId: 'bbt' },
  gone: { roles: ['liaison'], unitId: 'mot', active: false },
} as const;
export type PersonId = keyof typeof PEOPLE;

/** A portal with a small organisation, tested without a network unless `listen` is asked. */
export interface TestPortal {
  readonly app: FastifyInstance;
  readonly portal: Portal;
  readonly databaseUrl: string;
  readonly dataFolder: string;
  clock: { now: number };
  as(person: PersonId): Promise<TestDesk>;
  listen(): Promise<string>;
  close(): Promise<void>;
}

export async function makePortal(
  server: TestServer,
  options: {
    readonly databaseUrl?: string;
    readonly requestsPerMinute?: number;
    readonly files?: StoredFiles;
  } = {},
): Promise<TestPortal> {
  const databaseUrl = options.databaseUrl ?? (await server.database());
  const database = await openDatabase(databaseUrl, () => {});
  const dataFolder = await mkdtemp(join(tmpdir(), 'soan-portal-files-'));
  const files = options.files ?? new FileStore(dataFolder);
  await files.open();
  const clock = { now: Date.UTC(2026, 7, 27, 0, 30) };
  const { app, portal } = await buildApp({
    db: database.db,
    databaseUrl: options.databaseUrl === undefined ? null : databaseUrl,
    files,
    tokenKey: new Uint8Array(32).fill(7),
    now: () => {
      clock.now += 1;
      return clock.now;
    },
    publicUrl: 'https://cong.example.vn',
    requestsPerMinute: options.requestsPerMinute ?? 100_000,
    logger: false,
  });
  await app.ready();
  if (options.databaseUrl === undefined) await found(portal);
  const desks = new Map<PersonId, TestDesk>();
  return {
    app,
    portal,
    databaseUrl,
    dataFolder,
    clock,
    async as(person) {
      const known = desks.get(person);
      if (known) return known;
      const desk = await TestDesk.signIn(app, clock, person);
      desks.set(person, desk);
      return desk;
    },
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    async close() {
      await app.close();
      await database.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function found(portal: Portal): Promise<void> {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 does not ship');
  const bilingual = (text: string) => ({ vi: text, en: text });
  await foundOrganisation(portal, {
    id: ORGANISATION,
    name: { vi: 'Cổng thử nghiệm', en: 'Test portal' },
    profile,
    calendar: defaultCalendar(),
    units: ['mot', 'hai', 'bbt'].map((id) => ({
      id,
      name: { vi: `Sở ${id}`, en: `Department ${id}` },
      shortName: bilingual(id),
      categories: [CATEGORY],
    })),
    people: Object.entries(PEOPLE).map(([id, person]) => ({
      active: true,
      ...person,
      roles: [...person.roles],
      id,
      account: id,
      name: bilingual(id),
      password: PASSWORD,
    })),
  });
}

let counter = 0;
const nextId = (prefix: string): string => {
  counter += 1;
  return `${prefix}-${counter}`;
};

type Doc = ReturnType<typeof createArticleDoc>['doc'];

/** What a desk does, by the portal's own interface. */
export class TestDesk {
  readonly app: FastifyInstance;
  readonly person: PersonId;
  readonly deskId: string;
  readonly clock: { now: number };
  tokens: { accessToken: string; refreshToken: string };
  #position = 0;

  constructor(
    app: FastifyInstance,
    clock: { now: number },
    person: PersonId,
    deskId: string,
    tokens: { accessToken: string; refreshToken: string },
  ) {
    this.app = app;
    this.clock = clock;
    this.person = person;
    this.deskId = deskId;
    this.tokens = tokens;
  }

  static async signIn(app: FastifyInstance, clock: { now: number }, person: PersonId): Promise<TestDesk> {
    const deskId = `desk-${person}-${nextId('d')}`;
    const reply = await app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: person, password: PASSWORD, deskId },
    });
    expect(reply.statusCode, reply.body).toBe(200);
    return new TestDesk(app, clock, person, deskId, reply.json());
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.tokens.accessToken}`, 'x-soan-api': '2' };
  }

  async me(): Promise<{ unitId: string }> {
    return (await this.app.inject({ url: '/api/me', headers: this.headers })).json().person;
  }

  async push(collection: string, rows: readonly object[]): Promise<PushReply> {
    const reply = await this.app.inject({
      method: 'POST',
      url: `/api/sync/${collection}`,
      headers: this.headers,
      payload: { rows: rows.map((newDocumentState) => ({ newDocumentState })) },
    });
    expect(reply.statusCode, reply.body).toBe(200);
    return reply.json();
  }

  /** Everything of a collection that this person may have, by id. */
  async pull(collection: string, after = 0): Promise<Map<string, Record<string, unknown>>> {
    const rows = new Map<string, Record<string, unknown>>();
    for (let checkpoint = { sequence: after, id: '' }; ; ) {
      const reply = await this.app.inject({
        url: `/api/sync/${collection}?sequence=${checkpoint.sequence}&id=${checkpoint.id}&limit=50`,
        headers: this.headers,
      });
      expect(reply.statusCode, reply.body).toBe(200);
      const { documents, checkpoint: next } = reply.json();
      for (const row of documents) rows.set(row.id, row);
      if (documents.length < 50) return rows;
      checkpoint = next;
    }
  }

  async article(id: string): Promise<Record<string, unknown>> {
    const row = (await this.pull('articles')).get(id);
    if (!row) throw new Error(`${this.person} does not see ${id}`);
    return row;
  }

  update(articleId: string, bytes: Uint8Array, more: Partial<UpdateRow> = {}): UpdateRow {
    return {
      id: nextId('update'),
      articleId,
      authorId: this.person,
      deskId: this.deskId,
      at: 1_700_000_000_000,
      held: false,
      update: Buffer.from(bytes).toString('base64'),
      ...more,
    };
  }

  decision(
    articleId: string,
    action: DecisionRow['action'],
    seen: Doc | null,
    more: Partial<DecisionRow> = {},
  ): DecisionRow {
    this.#position += 1;
    const content = seen && readContent(seen);
    return {
      id: nextId('decision'),
      articleId,
      action,
      actorId: this.person,
      deskId: this.deskId,
      position: this.#position,
      proposedAt: 1_700_000_000_000,
      fingerprint: content && fingerprint(content),
      content: content && deflateRawSync(canonicalise(content)).toString('base64'),
      stateVector: seen && Buffer.from(stateVector(seen)).toString('base64'),
      reason: null,
      declaration: null,
      ...UNDECIDED,
      ...more,
    };
  }

  declaration(articleId: string, more: Partial<NonNullable<DecisionRow['declaration']>> = {}): DecisionRow {
    return this.decision(articleId, 'declare', null, {
      declaration: {
        unitId: PEOPLE[this.person].unitId,
        channel: 'vi',
        categoryId: CATEGORY,
        sourceArticleId: null,
        createdAt: 1_700_000_000_000,
        ...more,
      },
    });
  }

  fileRow(articleId: string, bytes: Uint8Array, type = 'text/plain'): FileRow {
    const sha256 = sha256Of(bytes);
    return {
      id: `${articleId}.${sha256}`,
      articleId,
      sha256,
      size: bytes.byteLength,
      type,
      addedBy: this.person,
      at: 1_700_000_000_000,
      held: false,
      storedAt: null,
    };
  }

  /** A declared article with its first text, as its creator makes it. */
  async newArticle(
    content: Partial<NewArticle> = {},
    declaration: Partial<NonNullable<DecisionRow['declaration']>> = {},
  ): Promise<{ id: string; doc: Doc }> {
    const id = nextId('article');
    counter += 1;
    const made = createArticleDoc({
      clientId: counter,
      meta: { categoryId: CATEGORY, language: 'vi' },
      title: 'Thông báo thử',
      summary: 'Tóm tắt ngắn',
      fields: { documentDate: '2026-08-20' },
      body: ['Đoạn thứ nhất.', 'Đoạn thứ hai.'],
      ...content,
    });
    expect((await this.push('decisions', [this.declaration(id, declaration)])).refused).toEqual([]);
    expect((await this.push('updates', [this.update(id, made.firstUpdate)])).refused).toEqual([]);
    return { id, doc: made.doc };
  }

  /** Proposes and returns the row with the verdict. */
  async decide(
    articleId: string,
    action: DecisionRow['action'],
    seen: Doc | null,
    more: Partial<DecisionRow> = {},
  ): Promise<DecisionRow> {
    const row = this.decision(articleId, action, seen, more);
    const reply = await this.push('decisions', [row]);
    expect(reply.refused).toEqual([]);
    return (reply.conflicts.find((one) => one.id === row.id) ?? row) as DecisionRow;
  }

  /** An edit of the title on a copy of a document, sent to the portal. */
  async retitle(articleId: string, doc: Doc, title: string): Promise<PushReply> {
    const before = stateVector(doc);
    doc.clientID = 900_000 + ++counter;
    titleText(doc).delete(0, titleText(doc).length);
    titleText(doc).insert(0, title);
    return this.push('updates', [this.update(articleId, encodeState(doc, before))]);
  }
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Another copy of a document. */
export function copyOf(doc: Doc): Doc {
  const { doc: copy } = createArticleDoc({ clientId: 1, meta: { categoryId: CATEGORY, language: 'vi' } });
  copy.destroy();
  const fresh = new (doc.constructor as new (options: { guid: string }) => Doc)({ guid: '' });
  applyUpdate(fresh, encodeState(doc));
  return fresh;
}

/** Brings an article from its author's desk to the public page. Returns the approval. */
export async function publishArticle(test: TestPortal, id: string, doc: Doc): Promise<DecisionRow> {
  const [writer, head, editor, chief] = await Promise.all(
    (['writer', 'head', 'editor', 'chief'] as const).map((person) => test.as(person)),
  );
  expect((await writer?.decide(id, 'submit', doc))?.status).toBe('accepted');
  expect((await head?.decide(id, 'endorse', doc))?.status).toBe('accepted');
  expect((await editor?.decide(id, 'pass', doc))?.status).toBe('accepted');
  const approval = await chief?.decide(id, 'approve', doc);
  if (!approval) throw new Error('no approval');
  return approval;
}

/** One server and one portal for a test file. */
export function usePortal(): { readonly test: TestPortal; readonly server: TestServer } {
  const held: { test?: TestPortal; server?: TestServer } = {};
  beforeAll(async () => {
    held.server = await startTestServer();
    held.test = await makePortal(held.server);
  });
  afterAll(async () => {
    await held.test?.close();
    await held.server?.stop();
  });
  return {
    get test() {
      if (!held.test) throw new Error('not started');
      return held.test;
    },
    get server() {
      if (!held.server) throw new Error('not started');
      return held.server;
    },
  };
}
