import { createHash } from 'node:crypto';
import { filesMap, titleText, writeBody } from '../../../domain/document/index.ts';
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

const [, , userData = '', portalUrl = '', account = ''] = process.argv;
const { engine, window } = await startEngine({ userData, portalUrl, fetch });
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
  /** Most memory that this process ever held, in bytes. */
  async memory() {
    return process.resourceUsage().maxRSS * 1024;
  },
  async state() {
    const connection = await window.look('connection.state', {});
    const { items } = await window.look('outbox.list', {});
    const refused = items
      .filter((item) => item.state === 'refused')
      .map(({ kind, code }) => `${kind} ${code}`);
    return { ...connection, refused };
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
