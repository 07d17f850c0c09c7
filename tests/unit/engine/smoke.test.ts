import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { titleText } from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';

it('signs in, creates, writes, declares, sends', async () => {
  const portal = createFakePortal();
  const { engine, window, lines } = await startEngine({ fetch: portal.fetch });
  const state = await window.must('session.signIn', { account: 'liaison', password: 'right' });
  expect(state.status).toBe('signed-in');
  const directory = await window.until('directory.all', {}, (all) => all.profile !== null);
  const profile = directory.profile as { categories: { id: string; drafting: boolean }[] };
  const categoryId = profile.categories.find((one) => one.drafting)?.id ?? '';
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId, title: 'Thử nghiệm' });
  const { state: bytes } = await window.must('documents.open', { articleId });
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, bytes);
  expect(titleText(doc).toString()).toBe('Thử nghiệm');
  const before = Y.encodeStateVector(doc);
  titleText(doc).insert(0, 'Bài ');
  await window.must('documents.append', {
    articleId,
    updateId: newId('u'),
    update: Y.encodeStateAsUpdateV2(doc, before),
  });
  const list = await window.until(
    'articles.list',
    { view: 'all', sort: 'updated', offset: 0, count: 10 },
    (one) => one.rows[0]?.title === 'Bài Thử nghiệm',
  );
  expect(list.rows[0]).toMatchObject({ local: true, sync: 'local', mine: true, title: 'Bài Thử nghiệm' });
  console.log(JSON.stringify(await window.look('articles.detail', { articleId })));
  console.log(
    JSON.stringify(await window.look('outbox.list', {})),
    JSON.stringify(await window.look('connection.state', {})),
  );
  await window.must('decisions.propose', {
    decisionId: newId('d'),
    articleId,
    action: 'declare',
    fingerprint: null,
    reason: null,
  });
  await window
    .until('outbox.list', {}, (one) =>
      one.items.every((item) => item.state !== 'waiting' && item.state !== 'held'),
    )
    .catch((e) => console.log(e.message));
  console.log(
    JSON.stringify(await window.look('outbox.list', {})),
    JSON.stringify(await window.look('articles.counts', {})),
  );
  console.log(portal.requests.map((r) => `${r.method} ${r.path}`).join('\n'));
  console.log(
    lines
      .map((l) => JSON.stringify(l))
      .join('\n')
      .slice(0, 4000),
  );
  await engine.stop();
});
