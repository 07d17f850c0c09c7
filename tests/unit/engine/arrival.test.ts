import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  createArticleDoc,
  encodeState,
  fingerprint,
  readContent,
  titleText,
} from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { articleRow } from './support/rows.ts';
import { openText } from './support/writing.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

/** An article of somebody else, as three updates that stand on each other. */
function othersArticle(articleId: string) {
  const { doc, firstUpdate } = createArticleDoc({
    clientId: 77,
    meta: { categoryId: 'other', language: 'vi' },
    title: 'Bài',
  });
  const parts = [firstUpdate];
  for (const word of [' một', ' hai']) {
    const before = Y.encodeStateVector(doc);
    titleText(doc).insert(titleText(doc).length, word);
    parts.push(Y.encodeStateAsUpdateV2(doc, before));
  }
  const updates = parts.map((part, at) => ({
    id: `${articleId}-${at}`,
    articleId,
    authorId: 'head',
    deskId: 'another-desk',
    at: at + 1,
    held: false,
    update: Buffer.from(part).toString('base64'),
  }));
  const [first, second, third] = updates;
  if (!first || !second || !third) throw new Error('three updates');
  const print = fingerprint(readContent(doc));
  const snapshot = {
    id: articleId,
    articleId,
    madeAt: 1,
    updates: 3,
    through: 3,
    fingerprint: print,
    state: Buffer.from(encodeState(doc)).toString('base64'),
  };
  return { first, second, third, snapshot, row: articleRow(articleId, { fingerprint: print }) };
}

async function desk() {
  const portal = createFakePortal();
  const started = await startEngine({ fetch: portal.fetch });
  running.push(started.engine);
  await started.window.must('session.signIn', { account: 'liaison', password: 'right' });
  await started.window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  const text = (is: 'here' | 'coming' | 'partly') =>
    started.window.until('articles.detail', { articleId }, (detail) => detail.text === is);
  return { ...started, portal, articleId, text };
}

describe('an article whose text has not come yet', () => {
  it('says so, takes no writing and no decision, and opens when the text is here', async () => {
    const { portal, window, articleId, text } = await desk();
    const { row, first, second, third } = othersArticle(articleId);
    portal.put('articles', row);
    expect(await text('coming')).toMatchObject({ mayEdit: false, actions: [], checks: [] });
    portal.put('updates', first, second, third);
    expect((await text('here')).mayEdit).toBe(true);
    expect(titleText((await openText(window, articleId)).doc).toString()).toBe('Bài một hai');
  });

  it('says that a part is missing, and lets one write beside it', async () => {
    const { portal, articleId, text } = await desk();
    const { row, first, second, third } = othersArticle(articleId);
    portal.put('articles', row);
    await text('coming');
    portal.put('updates', third);
    await text('coming');
    portal.put('updates', first);
    expect((await text('partly')).mayEdit).toBe(true);
    portal.put('updates', second);
    await text('here');
  });

  it('opens with a snapshot as well', async () => {
    const { portal, articleId, text } = await desk();
    const { row, snapshot } = othersArticle(articleId);
    portal.put('articles', row);
    await text('coming');
    portal.put('snapshots', snapshot);
    await text('here');
  });

  it('is no article that has no text at the portal either, or that was made here', async () => {
    const { portal, window, articleId, text } = await desk();
    portal.put('articles', articleRow(articleId));
    await text('here');
    const mine = newId('article');
    await window.must('articles.create', { articleId: mine, categoryId: 'other', title: '' });
    expect((await window.look('articles.detail', { articleId: mine })).text).toBe('here');
  });
});
