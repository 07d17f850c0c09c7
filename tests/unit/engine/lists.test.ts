import { afterEach, describe, expect, it } from 'vitest';
import type { ArticleRow, ListArgs, View } from '../../../domain/contracts/index.ts';
import { createArticleDoc, readContent } from '../../../domain/document/index.ts';
import { newId, startEngine, type TestWindow } from './support/desk.ts';
import { createFakePortal, type FakePortal } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

/** Friday 20 November 2026, 10:00 in Viet Nam. */
const NOW = Date.UTC(2026, 10, 20, 3);

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

async function desk(account: string, ...rows: ArticleRow[]) {
  const portal = createFakePortal();
  portal.put('articles', ...rows);
  const clock = { now: NOW };
  const started = await startEngine({ fetch: portal.fetch, now: () => clock.now });
  running.push(started.engine);
  const { window } = started;
  await window.must('session.signIn', { account, password: 'right' });
  await window.until('directory.all', {}, (all) => all.profile !== null);
  await window.until('articles.counts', {}, (counts) => counts.all === rows.length);
  await started.engine.settled();
  return { portal, clock, ...started };
}

const article = (id: string, changes: Partial<ArticleRow> = {}): ArticleRow => ({
  id,
  unitId: 'unit-a',
  channel: 'vi',
  categoryId: 'other',
  sourceArticleId: null,
  counterpartId: null,
  title: id,
  summary: '',
  state: 'draft',
  version: 0,
  fingerprint: null,
  contributors: [],
  createdBy: 'liaison',
  createdAt: 1,
  updatedAt: 1,
  submittedAt: null,
  publishedAt: null,
  publishedFingerprint: null,
  publicPath: null,
  due: null,
  reason: null,
  ...changes,
});
const due = (date: string) => ({ date, clause: 'Điều 7', ref: 'VP17-7', rule: 'VP17-7@1' });

const look = async (window: TestWindow, view: View, more: Partial<ListArgs> = {}) => {
  const list = await window.look('articles.list', { view, sort: 'title', offset: 0, count: 50, ...more });
  return list.rows.map((row) => row.id);
};

const CHAIN = (
  [
    'draft',
    'submitted',
    'endorsed',
    'in-review',
    'approved',
    'published',
    'returned',
    'refused',
    'withdrawn',
  ] as const
).map((state) => article(state, { state, submittedAt: 5 }));

describe('views', () => {
  it.each<[string, Partial<Record<View, string[]>>]>([
    [
      'liaison',
      { mine: ['draft', 'returned'], returned: ['returned'], review: [], published: ['published'] },
    ],
    ['head', { mine: ['submitted'], review: ['submitted'] }],
    ['chief', { mine: ['in-review'], review: ['in-review'] }],
    [
      'translator',
      {
        mine: [],
        translation: ['published'],
        working: ['approved', 'draft', 'endorsed', 'in-review', 'returned', 'submitted'],
      },
    ],
  ])('of a %s', async (account, views) => {
    const { window } = await desk(account, ...CHAIN);
    for (const [view, ids] of Object.entries(views))
      expect([view, await look(window, view as View)]).toEqual([view, ids]);
    const counts = await window.look('articles.counts', {});
    for (const [view, ids] of Object.entries(views))
      expect([view, counts[view as View]]).toEqual([view, ids.length]);
    expect(counts.all).toBe(9);
  });

  it('the one who wrote since the submission is not the one who approves', async () => {
    const { window } = await desk(
      'chief',
      article('a', { state: 'in-review', submittedAt: 5, contributors: ['chief'] }),
    );
    expect(await look(window, 'mine')).toEqual([]);
  });

  it('a unit’s work is not another unit’s', async () => {
    const { window } = await desk('liaison', article('a', { unitId: 'unit-b', state: 'returned' }));
    expect(await look(window, 'mine')).toEqual([]);
    expect((await window.look('articles.detail', { articleId: 'a' })).mayEdit).toBe(false);
  });
});

describe('deadlines', () => {
  it('stand by today in Viet Nam, counted in working days, and move on with the clock', async () => {
    const rows = [
      article('late', { due: due('2026-11-18') }),
      article('today', { due: due('2026-11-20') }),
      article('soon', { due: due('2026-11-25') }),
      article('later', { due: due('2026-11-26') }),
      article('none'),
      article('done', { state: 'published', due: due('2026-11-01') }),
    ];
    const { window, clock } = await desk('liaison', ...rows);
    const list = await window.look('articles.list', { view: 'all', sort: 'due', offset: 0, count: 9 });
    expect(list.rows.map((row) => [row.id, row.dueStatus.code, row.dueStatus.workingDays])).toEqual([
      ['done', 'done', 0],
      ['late', 'late', 2],
      ['today', 'today', 0],
      ['soon', 'soon', 3],
      ['later', 'ok', 4],
      ['none', 'none', 0],
    ]);
    expect(await look(window, 'soon', { sort: 'due' })).toEqual(['late', 'today', 'soon']);
    clock.now += 3 * 86_400_000;
    expect(await look(window, 'soon', { sort: 'due' })).toEqual(['late', 'today', 'soon', 'later']);
  });
});

describe('searching and paging', () => {
  const rows = [
    article('a', { title: 'Quyết định về đầu tư', updatedAt: 3 }),
    article('b', { title: 'Thông báo', summary: 'Quyết toán đầu năm', updatedAt: 2 }),
    article('c', { title: 'Đấu thầu (đợt 2)', updatedAt: 1, categoryId: 'introduction' }),
  ];

  it('finds words of the text, which no row holds', async () => {
    const { window, engine } = await desk('liaison', article('other'));
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài mới' });
    const text = await openText(window, articleId);
    await text.write(writeWhole('Phòng chống cháy rừng mùa khô'));
    await engine.settled();
    expect(await look(window, 'all', { text: 'chay rung' })).toEqual([articleId]);
    expect(await look(window, 'all', { text: 'cháy rừng không có đâu cả' })).toEqual([]);
  });

  it('says where the words stand, in the title and beside it', async () => {
    const { window, engine } = await desk('liaison', article('other', { title: 'Chuyện khác' }));
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'other', title: 'Phòng cháy' });
    const text = await openText(window, articleId);
    await text.write(writeWhole('Các xã tổ chức trực phòng chống cháy rừng'));
    await engine.settled();
    const ask = async (typed: string) => {
      const args = { view: 'all', sort: 'title', offset: 0, count: 50, text: typed } as const;
      const [row] = (await window.look('articles.list', args)).rows;
      const marked = (whole: string, ranges: readonly (readonly [number, number])[] = []) =>
        ranges.map(([start, end]) => whole.slice(start, end));
      const passage = row?.found?.passage;
      return {
        title: marked(row?.title ?? '', row?.found?.titleRanges),
        place: passage?.place,
        words: marked(passage?.text ?? '', passage?.ranges),
      };
    };
    expect(await ask('chay rung')).toEqual({
      title: ['cháy'],
      place: 'body',
      words: ['cháy', 'rừng'],
    });
    expect(await ask('chuyen')).toEqual({ title: ['Chuyện'], place: undefined, words: [] });
    // A part of a word is found by the row alone; there is nothing to show.
    expect(await ask('huyen')).toEqual({ title: [], place: undefined, words: [] });
    expect(
      (await window.look('articles.list', { view: 'all', sort: 'title', offset: 0, count: 9 })).rows,
    ).toSatisfy((all: object[]) => all.every((row) => !('found' in row)));
  });

  it('puts the best answers first when asked, page by page, and what only the row has last', async () => {
    const rows = [
      article('other', { title: 'Họp báo tháng', summary: 'có nói về ban công', updatedAt: 1 }),
      article('title', { title: 'Bàn công việc', updatedAt: 2 }),
      article('exact', { title: 'Ban công', updatedAt: 3 }),
      article('part', { title: 'Làm việc vớiban côngnhân', updatedAt: 4 }),
      article('none', { title: 'Chuyện khác', updatedAt: 5 }),
    ];
    const { window, engine } = await desk('liaison', ...rows);
    await engine.settled();
    const order = ['exact', 'title', 'other', 'part'];
    const best = (more: Partial<ListArgs> = {}) =>
      look(window, 'all', { text: 'ban công', sort: 'relevance', ...more });
    expect(await best()).toEqual(order);
    for (let offset = 0; offset < 5; offset += 1)
      expect(await best({ offset, count: 2 })).toEqual(order.slice(offset, offset + 2));
    expect(await best({ dates: { of: 'updated', to: '1970-01-01' }, unitId: 'unit-a' })).toEqual(order);
    expect(await best({ unitId: 'unit-b' })).toEqual([]);
    expect(await look(window, 'all', { sort: 'relevance' })).toHaveLength(5);
  });

  it('narrows by channel and by days in Viet Nam, both ends included', async () => {
    /** 06:30 on the day in Viet Nam is the day before in UTC. */
    const at = (day: string) => Date.parse(`${day}T06:30:00+07:00`);
    const { window } = await desk(
      'liaison',
      article('a', { updatedAt: at('2026-11-01'), due: due('2026-11-20') }),
      article('b', { updatedAt: at('2026-11-02'), channel: 'en', due: due('2026-11-25') }),
      article('c', { updatedAt: at('2026-11-03'), state: 'published', publishedAt: at('2026-11-03') }),
    );
    const by = (dates: ListArgs['dates'], more: Partial<ListArgs> = {}) =>
      look(window, 'all', { ...(dates ? { dates } : {}), ...more });
    expect(await by(undefined, { channel: 'en' })).toEqual(['b']);
    expect(await by({ of: 'updated', from: '2026-11-02', to: '2026-11-03' })).toEqual(['b', 'c']);
    expect(await by({ of: 'updated', to: '2026-11-01' })).toEqual(['a']);
    expect(await by({ of: 'due', from: '2026-11-20', to: '2026-11-24' })).toEqual(['a']);
    expect(await by({ of: 'due', from: '2026-11-21' })).toEqual(['b']);
    expect(await by({ of: 'due' })).toEqual(['a', 'b']);
    expect(await by({ of: 'published', from: '2026-11-03', to: '2026-11-03' })).toEqual(['c']);
    expect(await by({ of: 'published', to: '2026-11-02' })).toEqual([]);
    expect(await by({ of: 'updated', from: '2026-11-02' }, { channel: 'vi', text: 'c' })).toEqual(['c']);
    expect(await look(window, 'soon', { dates: { of: 'due', from: '2026-11-21' }, sort: 'due' })).toEqual([
      'b',
    ]);
  });

  it('ignores diacritics, case and order, and wants every word', async () => {
    const { window } = await desk('liaison', ...rows);
    const found = (text: string) => look(window, 'all', { text });
    expect(await found('quyet dau')).toEqual(['a', 'b']);
    expect(await found('DẦU Quyết')).toEqual(['a', 'b']);
    expect(await found('dau tu')).toEqual(['a']);
    expect(await found('(dot 2)')).toEqual(['c']);
    expect(await found('.*')).toEqual([]);
    expect(await found('   ')).toEqual(['c', 'a', 'b']);
  });

  it('sorts, pages, counts, and takes state, unit and category together', async () => {
    const { window } = await desk('liaison', ...rows);
    expect(await look(window, 'all', { sort: 'updated' })).toEqual(['a', 'b', 'c']);
    const page = await window.look('articles.list', { view: 'all', sort: 'title', offset: 1, count: 1 });
    expect([page.total, page.offset, page.rows.map((row) => row.id)]).toEqual([3, 1, ['a']]);
    expect(await look(window, 'all', { categoryId: 'introduction' })).toEqual(['c']);
    expect(await look(window, 'all', { unitId: 'unit-b' })).toEqual([]);
    expect(await look(window, 'all', { states: ['draft'] })).toHaveLength(3);
    expect(await look(window, 'all', { states: ['published', 'refused'] })).toEqual([]);
  });
});

describe('lists by title', () => {
  it('stand in Vietnamese alphabetical order, both ways of writing a letter alike', async () => {
    const titles = [
      'An',
      'Ăn',
      'Ân',
      'Bài 2',
      'Bài 10',
      'Dân',
      'Đà',
      'Đả',
      'Đất',
      'Đất'.normalize('NFD'),
      'Em',
      'Êm',
      'Xe',
    ];
    const rows = titles.map((title, at) => article(`a${String(at).padStart(2, '0')}`, { title }));
    const { window } = await desk('liaison', ...rows.toReversed());
    expect(await look(window, 'all')).toEqual(rows.map(({ id }) => id));
    expect(await look(window, 'all', { offset: 6, count: 3 })).toEqual(['a06', 'a07', 'a08']);
    expect(
      await look(window, 'all', { unitId: 'unit-a', channel: 'vi', states: ['draft'], count: 2 }),
    ).toEqual(['a00', 'a01']);
  });
});

describe('an English version', () => {
  function published(portal: FakePortal) {
    const fields = { effectiveDate: '2026-11-01' };
    const { firstUpdate } = createArticleDoc({
      clientId: 9,
      meta: { categoryId: 'legal-documents', language: 'vi' },
      title: 'Gốc',
      fields,
      body: ['Nội dung'],
    });
    const update = Buffer.from(firstUpdate).toString('base64');
    portal.put('updates', {
      id: newId('u'),
      articleId: 'source',
      authorId: 'head',
      deskId: 'other',
      at: 5,
      held: false,
      update,
    });
  }
  const source = article('source', {
    state: 'published',
    categoryId: 'legal-documents',
    submittedAt: 5,
    publishedAt: 6,
  });

  it('starts empty, belongs to its source, and takes it out of what lacks English', async () => {
    const { window, portal, engine } = await desk('translator', source);
    published(portal);
    await engine.settled();
    expect(await look(window, 'translation')).toEqual(['source']);
    const articleId = newId('english');
    await window.must('articles.createTranslation', { articleId, sourceArticleId: 'source' });
    await window.must('articles.createTranslation', { articleId, sourceArticleId: 'source' });
    const again = { articleId: newId('english'), sourceArticleId: 'source' };
    expect((await window.refusal('articles.createTranslation', again)).code).toBe('article-exists');
    await window.until('articles.counts', {}, (counts) => counts.translation === 1);
    expect(await look(window, 'translation')).toEqual([articleId]);
    const content = readContent((await openText(window, articleId)).doc);
    expect(content).toMatchObject({ title: '', meta: { language: 'en', categoryId: 'legal-documents' } });
    const detail = await window.look('articles.detail', { articleId });
    expect(detail.row).toMatchObject({
      channel: 'en',
      local: true,
      sourceArticleId: 'source',
      unitId: 'unit-a',
    });
    expect(detail.counterpart).toMatchObject({ id: 'source', state: 'published' });
    expect((await window.look('articles.detail', { articleId: 'source' })).counterpart?.id).toBe(articleId);
    await propose(window, articleId, 'declare', null);
    await expect
      .poll(() => portal.rowsOf('decisions')[0]?.declaration)
      .toMatchObject({ channel: 'en', sourceArticleId: 'source' });
  });

  it('is for translators, of what is approved', async () => {
    const { window } = await desk('translator', article('draft'), source);
    const create = (sourceArticleId: string) =>
      window.refusal('articles.createTranslation', { articleId: newId('e'), sourceArticleId });
    expect((await create('draft')).code).toBe('source-not-approved');
    expect((await create('nowhere')).code).toBe('article-unknown');
    const other = await desk('liaison', source);
    const refusal = await other.window.refusal('articles.createTranslation', {
      articleId: newId('e'),
      sourceArticleId: 'source',
    });
    expect(refusal.code).toBe('wrong-role');
  });
});

describe('preferences', () => {
  it('are kept over a restart, before anybody signed in', async () => {
    const portal = createFakePortal();
    const first = await startEngine({ fetch: portal.fetch });
    expect(await first.window.look('preferences.get', {})).toEqual({
      language: 'vi',
      theme: 'system',
      density: 'comfortable',
    });
    await first.window.must('preferences.set', { language: 'en' });
    await first.window.until('preferences.get', {}, (one) => one.language === 'en');
    await first.engine.stop();
    const second = await startEngine({ fetch: portal.fetch, userData: first.userData });
    expect(await second.window.look('preferences.get', {})).toMatchObject({
      language: 'en',
      theme: 'system',
    });
    await second.engine.stop();
  });
});
