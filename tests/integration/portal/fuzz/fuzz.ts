import { createHash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { sql } from 'kysely';
import { isErrorCode } from '../../../../domain/contracts/index.ts';
import {
  encodeState,
  loadDoc,
  readContent,
  stateVector,
  titleText,
} from '../../../../domain/document/index.ts';
import { seeded } from '../../../unit/document/support/random.ts';
import type { TestPortal } from '../support.ts';
import { type FuzzRequest, type Material, nextRequest } from './requests.ts';

export interface FuzzOutcome {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What must not be, each with the request. */
  readonly faults: readonly string[];
}

/** Sends so many requests of one seed to a portal, and compares its rows before and after. */
export async function fuzzPortal(test: TestPortal, seed: number, requests: number): Promise<FuzzOutcome> {
  const address = new URL(await test.listen());
  const material = await prepare(test);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const random = seeded(seed);
  const faults: string[] = [];
  const statuses: Record<string, number> = {};
  const before = await dump(test, material);
  for (let n = 0; n < requests; n += 1) {
    const one = nextRequest(random, material);
    const fault = await send(address, agent, one).then(
      (answer) => {
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        return faultOf(one, answer);
      },
      (error: unknown) => `no answer: ${String(error)}`,
    );
    if (fault !== null)
      faults.push(
        `seed ${seed}, request ${n}, ${one.kind}: ${fault}\n  ${one.method} ${one.path} ${String(one.body).slice(0, 300)}`,
      );
    if (faults.length >= 10) break;
  }
  agent.destroy();
  const after = await dump(test, material);
  for (const [table, rows] of Object.entries(before))
    if (after[table] !== rows) faults.push(`the rows of ${table} are others than before`);
  const health = await test.app.inject({ url: '/healthz' });
  if (health.statusCode !== 200) faults.push(`not healthy afterwards: ${health.statusCode}`);
  faults.push(...(await victimFaults(test, material)));
  return { requests, statuses, faults };
}

async function prepare(test: TestPortal): Promise<Material & { readonly deskId: string }> {
  const [writer, stranger, chief, admin] = [
    await test.as('writer'),
    await test.as('stranger'),
    await test.as('chief'),
    await test.as('admin'),
  ];
  const { id, doc } = await writer.newArticle({ title: 'Bài để thử' });
  const files = [writer.fileRow(id, Buffer.from('tệp để thử'))];
  await writer.push('files', files);
  await writer.decide(id, 'submit', doc);
  const [updates, decisions] = [await writer.pull('updates'), await writer.pull('decisions')];
  const own = <T>(rows: Map<string, Record<string, unknown>>): T[] =>
    [...rows.values()].filter((row) => row.articleId === id).map(({ _deleted, ...row }) => row as T);
  const proposed = own<Material['decisions'][number]>(decisions).map((row) => ({
    ...row,
    status: 'proposed' as const,
    verdictCode: null,
    verdictRef: null,
    verdictAt: null,
    stateAfter: null,
    version: null,
    onBehalfOf: null,
  }));
  const victim = await writer.newArticle({ title: 'Bài chịu thử' });
  victim.doc.clientID = 990_000;
  const victimUpdates = Array.from({ length: 20 }, (_, n) => {
    const since = stateVector(victim.doc);
    titleText(victim.doc).insert(n, 'chữ ');
    if (n % 3 === 0) titleText(victim.doc).delete(0, 1);
    return writer.update(victim.id, encodeState(victim.doc, since));
  });
  return {
    tokens: {
      writer: writer.tokens.accessToken,
      stranger: stranger.tokens.accessToken,
      chief: chief.tokens.accessToken,
      admin: admin.tokens.accessToken,
    },
    articleId: id,
    victimId: victim.id,
    deskId: writer.deskId,
    updates: own(updates),
    decisions: proposed,
    files,
    victimUpdates,
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function send(address: URL, agent: Agent, one: FuzzRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = one.body === null ? null : Buffer.from(one.body);
    const request = httpRequest(
      {
        host: address.hostname,
        port: address.port,
        agent,
        method: one.method,
        path: one.path,
        headers: { ...one.headers, ...(body ? { 'content-length': String(body.length) } : {}) },
        timeout: 30_000,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: String(response.headers['content-type'] ?? ''),
            body: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('silence')));
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

function faultOf(one: FuzzRequest, { status, type, body }: Answer): string | null {
  if (status >= 500) return `answered ${status}: ${body.slice(0, 200)}`;
  if (!one.path.startsWith('/api/') || one.method === 'HEAD') return null;
  if (status >= 400) {
    const code = type.includes('application/json') ? codeIn(body) : null;
    return code === null ? `answered ${status} without a code: ${body.slice(0, 200)}` : null;
  }
  if (one.mayPass) return null;
  // A push is answered row by row.
  const reply = type.includes('application/json')
    ? (JSON.parse(body || '{}') as { refused?: unknown[] })
    : {};
  const rows = one.path.startsWith('/api/sync/') ? rowsIn(one.body) : null;
  if (rows !== null && Array.isArray(reply.refused) && reply.refused.length >= rows) return null;
  return `was taken: ${status} ${body.slice(0, 200)}`;
}

function rowsIn(body: FuzzRequest['body']): number | null {
  try {
    const { rows } = JSON.parse(String(body)) as { rows: { newDocumentState: { id: unknown } }[] };
    return new Set(rows.map((row) => row.newDocumentState.id)).size;
  } catch {
    return null;
  }
}

function codeIn(body: string): string | null {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' && isErrorCode(code) ? code : null;
  } catch {
    return null;
  }
}

const TABLES = [
  'organisations',
  'units',
  'people',
  'person_scopes',
  'sessions',
  'session_tokens',
  'articles',
  'updates',
  'snapshots',
  'contributions',
  'decisions',
  'files',
  'stored_files',
  'directory',
  'publications',
] as const;

/** Every row of every table as one hash each, those of the victim apart. */
async function dump({ portal }: TestPortal, { victimId }: Material): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of TABLES) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(portal.db);
    const own = rows.map(({ row }) => row).filter((row) => !row.includes(`"${victimId}"`));
    hashes[table] = createHash('sha256').update(own.join('\n')).digest('hex');
  }
  return hashes;
}

/** Whatever was done to it, it can be read, and reads as its row says. */
async function victimFaults(test: TestPortal, { victimId }: Material): Promise<string[]> {
  const writer = await test.as('writer');
  const parts = [
    (await writer.pull('snapshots')).get(victimId)?.state,
    ...[...(await writer.pull('updates')).values()]
      .filter((row) => row.articleId === victimId)
      .map((row) => row.update),
  ].filter((part) => part !== undefined);
  try {
    const { title } = readContent(loadDoc(parts.map((part) => Buffer.from(String(part), 'base64'))));
    const row = await writer.article(victimId);
    return title.trim().slice(0, 2000) === row.title
      ? []
      : [`the victim reads "${title}", its row "${String(row.title)}"`];
  } catch (error) {
    return [`the victim can't be read: ${String(error)}`];
  }
}
