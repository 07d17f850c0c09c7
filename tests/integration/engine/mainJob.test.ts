import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { titleText } from '../../../domain/document/index.ts';
import { newFolder, newId, startEngine, type TestWindow } from '../../unit/engine/support/desk.ts';
import { openArrivedText, openText, propose, writeWhole } from '../../unit/engine/support/writing.ts';
import { PASSWORD, startPortal } from './support/portal.ts';

let portal: Awaited<ReturnType<typeof startPortal>>;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.end());

async function deskOf(account: string, userData?: string) {
  const desk = await startEngine({
    fetch,
    portalUrl: portal.url,
    ...(userData === undefined ? {} : { userData }),
  });
  if (userData === undefined) {
    await desk.window.must('session.signIn', { account, password: PASSWORD });
    await desk.window.until('directory.all', {}, (all) => all.profile !== null);
  }
  return desk;
}

const stateOf = (window: TestWindow, articleId: string, state: string) =>
  window.until(
    'articles.detail',
    { articleId },
    ({ row }) => row.state === state && row.projectedState === state,
  );

describe('the main job against the real portal', () => {
  it('goes from an offline draft to the public page and its translation', async () => {
    const articleId = newId('article');
    const userData = await newFolder();
    let desk = await startEngine({ fetch, portalUrl: portal.url, userData });
    await desk.window.must('session.signIn', { account: 'dau-moi.vpubnd', password: PASSWORD });
    await desk.window.until('directory.all', {}, (all) => all.profile !== null);
    await portal.stop();
    await desk.window.until('connection.state', {}, (state) => !state.online);
    await desk.window.must('articles.create', {
      articleId,
      categoryId: 'other',
      title: 'Thông báo lịch tiếp công dân',
    });
    const text = await openText(desk.window, articleId);
    await text.write(writeWhole('Lịch tiếp công dân tháng 12.'));
    const blocked = await desk.window.look('articles.detail', { articleId });
    expect(blocked.actions.find((one) => one.action === 'submit')?.blockedBy[0]?.code).toBe('not-declared');
    await propose(desk.window, articleId, 'declare', null);
    const ready = await desk.window.until('articles.detail', { articleId }, (one) =>
      one.actions.some((action) => action.action === 'submit'),
    );
    expect(ready.actions.find((one) => one.action === 'submit')).toMatchObject({ blockedBy: [] });
    await propose(desk.window, articleId, 'submit', text.fingerprint());
    await desk.window.until(
      'articles.detail',
      { articleId },
      ({ row }) => row.projectedState === 'submitted' && row.sync === 'waiting',
    );
    await desk.engine.stop();

    desk = await startEngine({ fetch, portalUrl: portal.url, userData });
    const again = await desk.window.look('articles.detail', { articleId });
    expect(again.row).toMatchObject({
      projectedState: 'submitted',
      state: 'draft',
      sync: 'waiting',
      title: 'Thông báo lịch tiếp công dân',
    });
    await portal.start();
    await desk.window.must('connection.retry', {});
    await stateOf(desk.window, articleId, 'submitted');
    const outbox = await desk.window.until('outbox.list', {}, ({ items }) =>
      items.every((item) => item.state === 'accepted'),
    );
    expect(outbox.items).toHaveLength(3);
    await desk.engine.stop();

    for (const [account, action, state] of [
      ['lanh-dao.vpubnd', 'endorse', 'endorsed'],
      ['bien-tap-vien-1', 'pass', 'in-review'],
      ['truong-ban', 'approve', 'published'],
    ] as const) {
      const next = await deskOf(account);
      await next.window.until(
        'articles.list',
        { view: 'mine', sort: 'due', offset: 0, count: 50 },
        ({ rows }) => rows.some((row) => row.id === articleId),
      );
      const seen = await openArrivedText(next.window, articleId);
      await propose(next.window, articleId, action, seen.fingerprint());
      await stateOf(next.window, articleId, state);
      await next.engine.stop();
    }

    const translator = await deskOf('bien-dich');
    await translator.window.until(
      'articles.list',
      { view: 'translation', sort: 'due', offset: 0, count: 50 },
      ({ rows }) => rows.some((row) => row.id === articleId),
    );
    const englishId = newId('english');
    await translator.window.must('articles.createTranslation', {
      articleId: englishId,
      sourceArticleId: articleId,
    });
    const english = await openText(translator.window, englishId);
    await english.write((doc) => {
      titleText(doc).insert(0, 'Citizen reception schedule');
      writeWhole('Schedule for December.')(doc);
    });
    await propose(translator.window, englishId, 'declare', null);
    await propose(translator.window, englishId, 'submit', english.fingerprint());
    await stateOf(translator.window, englishId, 'submitted');
    const page = await fetch(
      `${portal.url}${(await translator.window.look('articles.detail', { articleId })).row.publicPath}`,
    );
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Thông báo lịch tiếp công dân');
    await translator.engine.stop();
  });
});
