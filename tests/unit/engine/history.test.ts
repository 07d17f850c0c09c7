import { describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import {
  type Block,
  bodyRoot,
  fingerprint,
  loadDoc,
  readContent,
  titleText,
  writeBody,
} from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

const MINUTE = 60_000;

async function desk(account = 'liaison') {
  const portal = createFakePortal();
  let clock = Date.now();
  const started = await startEngine({ fetch: portal.fetch, now: () => clock });
  const { window } = started;
  await window.must('session.signIn', { account, password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  return {
    portal,
    ...started,
    articleId,
    later: (minutes: number) => {
      clock += minutes * MINUTE;
    },
    versions: () => window.look('history.versions', { articleId }),
    textOf: async (versionId: string) => {
      const { title, body } = await window.must('history.read', { articleId, versionId });
      return [
        title,
        ...body.map((block: Block) => ('runs' in block ? block.runs.map((r) => r.text).join('') : '')),
      ];
    },
    async begin() {
      await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
      return openText(window, articleId);
    },
  };
}

const say = (text: string) => (doc: Y.Doc) => writeBody(doc, [text]);

describe('the history of an article, without the portal', () => {
  it('has an autosave for each sitting, named texts, decisions, and the present text first', async () => {
    const { engine, window, portal, articleId, begin, later, versions, textOf } = await desk();
    portal.isDown = true;
    const text = await begin();
    await text.write(writeWhole('Một.'));
    later(30);
    await text.write(say('Hai.'));
    later(1);
    await text.write(say('Ba.'));
    const nameId = newId('name');
    await window.must('history.name', { articleId, versionId: 'now', nameId, name: ' Trước khi trình ' });
    await text.reload();
    later(30);
    await text.write(say('Bốn.'));
    await propose(window, articleId, 'declare', null);
    later(1);
    await propose(window, articleId, 'submit', text.fingerprint());
    const { versions: all, mayName, mayRestore } = await versions();
    expect(all.map((one) => [one.levels.join(), one.name])).toEqual(
      [
        ['now', null],
        ['submitted', null],
        ['named', 'Trước khi trình'],
        ['autosave', null],
        ['autosave', null],
      ].toSorted(() => 0),
    );
    expect([mayName, mayRestore]).toEqual([true, false]);
    expect(all[1]).toMatchObject({ action: 'submit', status: 'proposed', fingerprint: all[0]?.fingerprint });
    expect(await textOf(all[0]?.id ?? '')).toEqual(['Bài', '', 'Một.', 'Hai.', 'Ba.', 'Bốn.']);
    expect(await textOf(`named:${nameId}`)).toEqual(['Bài', '', 'Một.', 'Hai.', 'Ba.']);
    expect(await textOf(all.at(-1)?.id ?? '')).toEqual(['Bài', '', 'Một.']);
    const { lines } = await window.must('history.compare', {
      articleId,
      before: all.at(-1)?.id ?? '',
      after: 'now',
    });
    expect(lines.filter((line) => line.kind === 'inserted').map((line) => line.after.text)).toEqual([
      'Hai.',
      'Ba.',
      'Bốn.',
    ]);
    await engine.stop();
  });

  it('brings an earlier text back as a new edit that can itself be taken back', async () => {
    const { engine, window, portal, articleId, begin, later, versions, textOf } = await desk();
    portal.isDown = true;
    const text = await begin();
    await text.write(writeWhole('Một đoạn đầu tiên.'));
    later(30);
    await text.write((doc) => {
      titleText(doc).delete(0, titleText(doc).length);
      titleText(doc).insert(0, 'Tên khác');
      bodyRoot(doc).delete(0, bodyRoot(doc).length);
      writeBody(doc, ['Viết lại hết.']);
    });
    const first = (await versions()).versions.at(-1)?.id ?? '';
    const args = { articleId, versionId: first, updateId: newId('restore') };
    const told = window.announcements.length;
    const saved = await window.must('history.restore', args);
    expect(await window.must('history.restore', args)).toEqual(saved);
    expect(await textOf('now')).toEqual(['Bài', '', 'Một đoạn đầu tiên.']);
    // Every window hears of it, also the one that asked.
    expect(window.announcements.length).toBe(told + 1);
    await text.reload();
    expect(text.content().title).toBe('Bài');
    // What was in between stays in the history and comes back the same way.
    later(30);
    await text.write((doc) => titleText(doc).insert(0, 'Lại '));
    const between = (await versions()).versions.filter((one) => one.levels.includes('autosave'));
    expect(between.length).toBeGreaterThan(1);
    await engine.stop();
  });

  it('refuses what is not there, what is not this article’s, and names without letters', async () => {
    const { engine, window, portal, articleId, begin } = await desk();
    portal.isDown = true;
    const text = await begin();
    await text.write(writeWhole('Một.'));
    await propose(window, articleId, 'declare', null);
    const decisionId = await propose(window, articleId, 'submit', text.fingerprint());
    const other = newId('article');
    await window.must('articles.create', { articleId: other, categoryId: 'other', title: 'Bài khác' });
    for (const versionId of [`decision:${decisionId}`, 'decision:x', 'named:x', 'saved:x', 'x', 'snapshot'])
      expect((await window.refusal('history.read', { articleId: other, versionId })).code).toBe('not-found');
    expect((await window.refusal('history.read', { articleId: 'no', versionId: 'now' })).code).toBe(
      'article-unknown',
    );
    expect(
      (await window.refusal('history.compare', { articleId: other, before: 'now', after: 'named:x' })).code,
    ).toBe('not-found');
    expect(
      (await window.refusal('history.name', { articleId, versionId: 'now', nameId: 'n', name: '  ' })).code,
    ).toBe('bad-request');
    // Submitted: it is not this person's turn to write.
    expect(
      (await window.refusal('history.restore', { articleId, versionId: 'now', updateId: 'r' })).code,
    ).toBe('forbidden');
    await engine.stop();
  });
});

it('a named text reaches other desks with the document, and the fingerprint stays', async () => {
  const { engine, window, portal, articleId, begin } = await desk();
  const text = await begin();
  await text.write(writeWhole('Một.'));
  const seen = text.fingerprint();
  await window.must('history.name', { articleId, versionId: 'now', nameId: newId('n'), name: 'Đầu tiên' });
  await propose(window, articleId, 'declare', null);
  await window.until('connection.state', {}, (state) => state.waiting === 0);
  const doc = loadDoc(portal.rowsOf('updates').map((row) => Buffer.from(String(row.update), 'base64')));
  expect(fingerprint(readContent(doc))).toBe(seen);
  // Every edit of an engine comes from a session of its own: under a shared number two desks would overwrite each other.
  expect([...doc.store.clients.keys()]).not.toContain(0);
  expect([...doc.getMap('versions').values()]).toMatchObject([{ name: 'Đầu tiên', authorId: 'liaison' }]);
  await engine.stop();
});
