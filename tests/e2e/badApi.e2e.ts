import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type DecisionRow, UNDECIDED, type UpdateRow } from '../../domain/contracts/rows.ts';
import { Api } from './support/api.ts';
import { Portal } from './support/portal.ts';

/** Submitted by the information department; the trade department has nothing to do with it. */
const ARTICLE = 'Quy chế quản lý, vận hành và cung cấp thông tin trên Cổng thông tin điện tử tỉnh Thái Bình';

let portal: Portal;
let owner: Api;
let stranger: Api;
let articleId = '';
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'bad-api-portal') });
  await portal.start();
  owner = await Api.signIn(portal.url, 'lanh-dao.stttt');
  stranger = await Api.signIn(portal.url, 'dau-moi.sct');
  articleId = (await owner.article(ARTICLE)).id;
});
test.afterAll(() => portal.end('SIGTERM'));

/** Whatever a push was answered, the article must be as it was. */
async function unchanged(push: () => Promise<void>): Promise<void> {
  const all = async () => [
    await owner.article(ARTICLE),
    (await owner.pull('updates')).length,
    (await owner.pull('decisions')).map((row) => [row.id, row.status]),
  ];
  const before = await all();
  await push();
  expect(await all()).toEqual(before);
}

const person = async (api: Api): Promise<string> =>
  String(((await api.send('GET', '/api/me')).body.person as { id: string }).id);

async function update(api: Api, change: Partial<UpdateRow>): Promise<UpdateRow> {
  return {
    id: randomUUID(),
    articleId,
    authorId: await person(api),
    deskId: api.deskId,
    at: Date.now(),
    held: false,
    update: Buffer.from([0, 0]).toString('base64'),
    ...change,
  };
}

async function endorsement(api: Api, change: Partial<DecisionRow>): Promise<DecisionRow> {
  return {
    id: randomUUID(),
    articleId,
    action: 'endorse',
    actorId: await person(api),
    deskId: api.deskId,
    position: 1,
    proposedAt: Date.now(),
    fingerprint: null,
    content: null,
    stateVector: null,
    reason: null,
    declaration: null,
    ...UNDECIDED,
    ...change,
  };
}

const submission = async (): Promise<DecisionRow> => {
  const found = (await owner.pull('decisions')).find(
    (row) => row.articleId === articleId && row.action === 'submit',
  );
  if (!found) throw new Error('The sample article was not submitted.');
  return found;
};

test('a push for another unit’s article is refused', async () => {
  const [taken] = (await owner.pull('updates')).filter((row) => row.articleId === articleId);
  await unchanged(async () => {
    const row = await update(stranger, { update: taken?.update ?? '' });
    const { status, body } = await stranger.push('updates', row);
    expect(status).toBe(200);
    expect(body.refused).toEqual([expect.objectContaining({ id: row.id, code: 'forbidden' })]);
  });
  expect((await stranger.pull('updates')).some((row) => row.articleId === articleId)).toBe(false);
});

test('a decision in somebody else’s name, with its own verdict, or about a text nobody saw is refused', async () => {
  const real = await submission();
  const cases: [name: string, api: Api, change: Partial<DecisionRow>, code: string][] = [
    ['the head’s name', stranger, { actorId: await person(owner) }, 'forbidden'],
    [
      'its own verdict',
      owner,
      { ...evidence(real), status: 'accepted', stateAfter: 'published' },
      'bad-request',
    ],
    [
      'another fingerprint than its text has',
      owner,
      { ...evidence(real), fingerprint: 'ab'.repeat(32) },
      'fingerprint-mismatch',
    ],
    ['no text', owner, {}, 'bad-request'],
  ];
  for (const [name, api, change, code] of cases) {
    await test.step(name, () =>
      unchanged(async () => {
        const row = await endorsement(api, change);
        const { status, body } = await api.push('decisions', row);
        expect(status).toBe(200);
        expect(body.refused).toEqual([expect.objectContaining({ id: row.id, code })]);
      }),
    );
  }
});

const evidence = ({ fingerprint, content, stateVector }: DecisionRow): Partial<DecisionRow> => ({
  fingerprint,
  content,
  stateVector,
});

test('malformed updates are refused one by one, bad requests as a whole, each with code and sentence', async () => {
  const author = await Api.signIn(portal.url, 'dau-moi.stttt');
  await unchanged(async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('garbage'), randomBytes(2000)]) {
      const row = await update(author, { update: bytes.toString('base64') });
      const { status, body } = await author.push('updates', row);
      expect(status).toBe(200);
      expect(body.refused).toEqual([expect.objectContaining({ id: row.id, code: 'malformed-update' })]);
    }
    const bad = await author.send('POST', '/api/sync/updates', { rows: 'all of them' });
    expect(bad).toMatchObject({ status: 400, body: { code: 'bad-request', message: expect.any(String) } });
    const noId = await author.push('updates', { update: 'AAA=' });
    expect(noId).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    const articles = await author.send('POST', '/api/sync/articles', { rows: [] });
    expect(articles.status).toBe(404);
  });
});

test('without a token, or with one that was changed, nothing is told', async () => {
  const nobody = await Api.signIn(portal.url, 'dau-moi.sct');
  const { token } = nobody;
  nobody.token = '';
  expect(await nobody.send('GET', '/api/sync/articles')).toMatchObject({
    status: 401,
    body: { code: 'not-signed-in' },
  });
  const at = Math.floor(token.length / 2);
  nobody.token = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
  expect((await nobody.send('GET', '/api/sync/articles')).status).toBe(401);
});
