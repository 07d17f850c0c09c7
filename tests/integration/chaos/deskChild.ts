import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RxStorage, RxStorageInstanceCreationParams } from 'rxdb';
import { filesMap, titleText, writeBody } from '../../../domain/document/index.ts';
import { storageAt } from '../../../main/engine/database.ts';
import { newId, startEngine } from '../../unit/engine/support/desk.ts';
import { openText, propose } from '../../unit/engine/support/writing.ts';
import { PASSWORD } from '../engine/support/portal.ts';

/** A desk of its own process: does what it is told over the channel and answers each with what was acknowledged. */
export type Told =
  | { readonly do: 'create'; readonly articleId: string; readonly title: string }
  | { readonly do: 'write'; readonly articleId: string; readonly word: string; readonly place: number }
  | { readonly do: 'submit'; readonly articleId: string }
  | { readonly do: 'attach'; readonly articleId: string; readonly bytes: number; readonly seed: number }
  | { readonly do: 'memory' }
  | { readonly do: 'quiet' }
  | {
      readonly do: 'arrival';
      readonly articles: number;
      readonly updates: number;
      readonly snapshots: number;
    }
  | { readonly do: 'caughtUp'; readonly articleId: string; readonly title: string }
  | { readonly do: 'state' }
  | { readonly do: 'text'; readonly articleId: string };
export interface Asked {
  readonly id: number;
  readonly told: Told;
}
export type Answered = { readonly id: number } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string }
);

const PIECE = 500_000;

type Counted = 'articles' | 'updates' | 'snapshots';
const isCounted = (name: string): name is Counted =>
  name === 'articles' || name === 'updates' || name === 'snapshots';

/** Counts what is written to some collections. */
function counting(
  storage: RxStorage<unknown, unknown>,
  counts: Record<Counted, number>,
): RxStorage<unknown, unknown> {
  return {
    ...storage,
    async createStorageInstance<T>(parameters: RxStorageInstanceCreationParams<T, unknown>) {
      const instance = await storage.createStorageInstance(parameters);
      const name = parameters.collectionName;
      const write = instance.bulkWrite.bind(instance);
      if (isCounted(name))
        instance.bulkWrite = async (rows, context) => {
          const result = await write(rows, context);
          counts[name] += rows.filter((row) => !row.previous).length;
          return result;
        };
      return instance;
    },
  };
}

const [, , userData = '', portalUrl = '', account = ''] = process.argv;
/** Rows that the portal sent and the store has. */
const arrived = { articles: 0, updates: 0, snapshots: 0 };
let beganAt = 0;
let cpuBefore = process.cpuUsage();
const { engine, window } = await startEngine({
  userData,
  portalUrl,
  fetch: (url, init) => {
    if (beganAt === 0 && new URL(url).pathname.startsWith('/api/sync/')) {
      beganAt = performance.now();
      cpuBefore = process.cpuUsage();
    }
    return fetch(url, init);
  },
  storage: (path, key) => counting(storageAt(path, key), arrived),
});
const session = await window.look('session.state', {});
if (session.status === 'signed-out') {
  for (;;) {
    const result = await window.ask('session.signIn', { account, password: PASSWORD });
    if (result.ok) break;
    if (result.error.code !== 'portal-unreachable' && !result.error.code.startsWith('portal-'))
      throw new Error(`${account}: ${result.error.code}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await window.until('directory.all', {}, (all) => all.profile !== null, 60_000);
}

const deeds: { readonly [D in Told['do']]: (told: Extract<Told, { do: D }>) => Promise<unknown> } = {
  async create({ articleId, title }) {
    await window.must('articles.create', { articleId, categoryId: 'other', title });
    const text = await openText(window, articleId);
    await text.write((doc) => writeBody(doc, ['Đoạn thứ nhất.', 'Đoạn thứ hai.']));
    await propose(window, articleId, 'declare', null);
    return null;
  },
  async write({ articleId, word, place }) {
    const text = await openText(window, articleId);
    await text.write((doc) => {
      const title = titleText(doc);
      // Between two words, so that each stays in one piece.
      const before = title.toString().split(' ').slice(0, place).join(' ');
      title.insert(Math.min(before === '' ? 0 : before.length + 1, title.length), `${word} `);
    });
    return null;
  },
  async submit({ articleId }) {
    const text = await openText(window, articleId);
    return propose(window, articleId, 'submit', text.fingerprint());
  },
  async attach({ articleId, bytes, seed }) {
    const uploadId = newId('upload');
    const entry = { name: `Phụ lục ${seed}.pdf`, type: 'application/pdf' };
    await window.must('files.begin', { uploadId, articleId, ...entry, size: bytes });
    const hash = createHash('sha256');
    for (let offset = 0; offset < bytes; offset += PIECE) {
      const piece = Buffer.alloc(Math.min(PIECE, bytes - offset), `${seed} ${offset} `);
      if (offset === 0) piece.write('%PDF-1.7\n');
      hash.update(piece);
      await window.must('files.chunk', { uploadId, offset, bytes: new Uint8Array(piece) });
    }
    const done = await window.must('files.finish', { uploadId });
    const sha256 = hash.digest('hex');
    if (done.sha256 !== sha256) throw new Error('the desk names another hash');
    const text = await openText(window, articleId);
    await text.write((doc) =>
      filesMap(doc).set(`f${seed}`, { ...done, ...entry, role: 'attachment', label: '' }),
    );
    return sha256;
  },
  /** When all is exchanged. */
  async quiet() {
    await window.until(
      'connection.state',
      {},
      (state) => state.online && state.waiting === 0 && state.sending === 0,
      600_000,
    );
    await engine.settled();
  },
  /** Milliseconds from the first request of the exchange until so many rows are in the store, and until so many articles are in the lists; processor time until the former. */
  async arrival({ articles, updates, snapshots }) {
    const stored = async () => {
      const isThere = () =>
        arrived.articles >= articles && arrived.updates >= updates && arrived.snapshots >= snapshots;
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
      const { user, system } = process.cpuUsage(cpuBefore);
      return { ms: performance.now() - beganAt, cpuMs: (user + system) / 1000 };
    };
    const listed = async () => {
      const args = { view: 'all', sort: 'updated', offset: 0, count: 50 } as const;
      await window.until('articles.list', args, ({ total }) => total >= articles, 600_000);
      return performance.now() - beganAt;
    };
    const [{ ms: storedMs, cpuMs }, listedMs] = await Promise.all([stored(), listed()]);
    return { storedMs, cpuMs, listedMs };
  },
  /** Milliseconds from now until an article has a title that begins so. */
  async caughtUp({ articleId, title }) {
    const startedAt = performance.now();
    await window.must('connection.retry', {});
    await window.until('articles.detail', { articleId }, ({ row }) => row.title.startsWith(title), 120_000);
    return performance.now() - startedAt;
  },
  /** Most memory that this process ever held, in bytes. */
  async memory() {
    // What the system counts for `resourceUsage` begins with what the parent had when it made this process.
    const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
    const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(status) ?? [];
    return Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024;
  },
  async state() {
    const connection = await window.look('connection.state', {});
    const { items } = await window.look('outbox.list', {});
    const refused = items
      .filter((item) => item.state === 'refused')
      .map(({ kind, code }) => `${kind} ${code}`);
    const stalled = items
      .filter((item) => item.state === 'waiting' && item.code !== null)
      .map(({ kind, code }) => `${kind} ${code}`);
    return { ...connection, refused, stalled };
  },
  async text({ articleId }) {
    const detail = await window.look('articles.detail', { articleId });
    const text = await openText(window, articleId);
    return {
      title: titleText(text.doc).toString(),
      fingerprint: text.fingerprint(),
      portalFingerprint: detail.row.fingerprint,
      state: detail.row.state,
      decisions: detail.decisions.map(({ id, action, status }) => ({ id, action, status })),
      files: detail.files.map(({ sha256, storedAt }) => ({ sha256, isStored: storedAt !== null })),
    };
  },
};

process.on('message', ({ id, told }: Asked) => {
  // Each deed gets what its own kind names.
  const deed = deeds[told.do] as (told: Told) => Promise<unknown>;
  deed(told).then(
    (value) => process.send?.({ id, ok: true, value } satisfies Answered),
    (error: unknown) => process.send?.({ id, ok: false, error: String(error) } satisfies Answered),
  );
});
process.on('disconnect', () => void engine.stop().then(() => process.exit(0)));
process.send?.({ id: 0, ok: true, value: 'ready' } satisfies Answered);
