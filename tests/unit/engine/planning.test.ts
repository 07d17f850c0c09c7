import { afterEach, describe, expect, it } from 'vitest';
import type { ArticleRow, DecisionRow } from '../../../domain/contracts/index.ts';
import { fieldsMap } from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { openText, writeWhole } from './support/writing.ts';

/** Friday 20 November 2026, 10:00 in Viet Nam. */
const NOW = Date.UTC(2026, 10, 20, 3);

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

const article = (id: string, changes: Partial<ArticleRow> = {}): ArticleRow => ({
  id,
  unitId: 'unit-a',
  channel: 'vi',
  categoryId: 'legal-documents',
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
const due = (date: string) => ({ due: { date, clause: 'Điều 7', ref: 'VP17-7', rule: 'VP17-7@2017-01-01' } });
const published = (day: string) => ({
  state: 'published' as const,
  publicPath: '/bai/x',
  publishedAt: Date.parse(`${day}T09:00:00+07:00`),
});
const delegation = (more: object = {}) => ({
  id: 'd1',
  fromPersonId: 'head',
  toPersonId: 'liaison',
  roles: ['unit-head'],
  from: '2026-11-01',
  to: '2026-11-30',
  basis: '12/QĐ',
  ...more,
});

async function desk(account: string, rows: ArticleRow[], delegations: { id: string }[] = []) {
  const portal = createFakePortal();
  portal.put('articles', ...rows);
  for (const one of delegations)
    portal.put('directory', { id: `delegation:${one.id}`, kind: 'delegation', data: one });
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

const DUE = [
  article('late', { state: 'submitted', submittedAt: 5, ...due('2026-11-18') }),
  article('today', { state: 'in-review', submittedAt: 5, ...due('2026-11-20') }),
  // Four steps, three days.
  article('hard', { ...due('2026-11-25') }),
  // One step, three days.
  article('easy', { state: 'in-review', submittedAt: 5, ...due('2026-11-25') }),
  article('far', { unitId: 'unit-b', ...due('2026-12-10') }),
  article('none'),
  article('done', { ...due('2026-11-18'), ...published('2026-11-17') }),
];
const WHOLE = { from: '2026-11-01', to: '2026-12-12', whose: { who: 'all' } } as const;

describe('deadlines by day', () => {
  it('names what is due on a day, the late first, and counts what is late, at risk and soon', async () => {
    const { window } = await desk('chief', DUE);
    const found = await window.look('planning.days', WHOLE);
    expect(found).toMatchObject({ today: '2026-11-20', late: 1, atRisk: 2, soon: 3, without: 1 });
    expect(found.days).toHaveLength(42);
    const on = (date: string) => found.days.find((one) => one.date === date);
    expect(on('2026-11-18')).toMatchObject({ total: 2, late: 1, working: true, kind: 'workday' });
    expect(on('2026-11-18')?.pieces.map(({ id, risk }) => [id, risk])).toEqual([
      ['late', 'late'],
      ['done', null],
    ]);
    expect(on('2026-11-25')?.pieces.map(({ id, risk }) => [id, risk])).toEqual([
      ['hard', 'at-risk'],
      ['easy', 'soon'],
    ]);
    expect(on('2026-11-22')).toMatchObject({ total: 0, working: false, kind: 'weekend' });
  });

  it('counts a whole day, and names three', async () => {
    const rows = Array.from({ length: 7 }, (_, n) => article(`a${n}`, due('2026-11-24')));
    const { window } = await desk('chief', rows);
    const { days } = await window.look('planning.days', WHOLE);
    const day = days.find((one) => one.date === '2026-11-24');
    expect(day).toMatchObject({ total: 7 });
    expect(day?.pieces.map((one) => one.id)).toEqual(['a0', 'a1', 'a2']);
  });

  it('of one unit, and of who is at the desk', async () => {
    const { window } = await desk('chief', DUE);
    const of = async (whose: Parameters<typeof window.look<'planning.days'>>[1]['whose']) => {
      const { days, late } = await window.look('planning.days', { ...WHOLE, whose });
      return { late, ids: days.flatMap((one) => one.pieces.map((piece) => piece.id)) };
    };
    expect(await of({ who: 'unit', unitId: 'unit-b' })).toEqual({ late: 0, ids: ['far'] });
    expect(await of({ who: 'mine' })).toEqual({ late: 0, ids: ['today', 'easy'] });
  });

  it('follows what changes', async () => {
    const { window, portal } = await desk('chief', DUE);
    expect((await window.look('planning.days', WHOLE)).late).toBe(1);
    portal.put('articles', article('far', { unitId: 'unit-b', ...due('2026-11-19') }));
    await window.until('planning.days', WHOLE, (found) => found.late === 2);
    portal.put('articles', { ...article('late'), _deleted: true });
    await window.until('planning.days', WHOLE, (found) => found.late === 1);
  });

  it.each([
    ['backwards', '2026-12-01', '2026-11-01'],
    ['too long', '2026-01-01', '2026-12-31'],
    ['no dates', '2026-02-31', '2026-03-31'],
  ])('refuses a span that is %s', async (_name, from, to) => {
    const { window } = await desk('chief', []);
    await expect(window.look('planning.days', { from, to, whose: { who: 'all' } })).rejects.toThrow(
      'bad-request',
    );
  });

  it('the lists hold what the calendar counts', async () => {
    const { window } = await desk('chief', DUE);
    const ids = async (view: 'late' | 'at-risk' | 'soon', more: object = {}) => {
      const args = { view, sort: 'due', offset: 0, count: 50, ...more } as const;
      return (await window.look('articles.list', args)).rows.map((row) => row.id);
    };
    expect(await ids('late')).toEqual(['late']);
    expect(await ids('at-risk')).toEqual(['today', 'hard']);
    expect(await ids('at-risk', { onlyMine: true })).toEqual(['today']);
    const fromToday = { dates: { of: 'due', from: '2026-11-20' } };
    expect(await ids('soon', fromToday)).toEqual(['today', 'easy', 'hard']);
    const counts = await window.look('articles.counts', {});
    expect(counts).toMatchObject({ late: 1, 'at-risk': 2 });
  });

  it('my unit is what its people are working on', async () => {
    const { window } = await desk('liaison', DUE);
    const args = { view: 'unit', sort: 'title', offset: 0, count: 50 } as const;
    const { rows } = await window.look('articles.list', args);
    expect(rows.map((row) => row.id)).toEqual(['easy', 'hard', 'late', 'none', 'today']);
    const elsewhere = await window.look('articles.list', { ...args, unitId: 'unit-b' });
    expect(elsewhere.total).toBe(0);
  });
});

describe('why something is due', () => {
  it('day by day, by the rule and the date in the text', async () => {
    const { window } = await desk('liaison', []);
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'legal-documents', title: 'Quyết định' });
    const without = await window.look('planning.explain', { articleId });
    expect(without).toMatchObject({
      status: 'event-date-missing',
      dueDate: null,
      workingDays: 7,
      ref: 'VP17-7.4',
    });
    expect(without.event?.vi).toBe('Văn bản được ban hành');
    const text = await openText(window, articleId);
    await text.write((doc) => fieldsMap(doc).set('issueDate', '2026-11-13'));
    const found = await window.until(
      'planning.explain',
      { articleId },
      (value) => value.status === 'counted',
    );
    expect(found).toMatchObject({ eventDate: '2026-11-13', dueDate: '2026-11-24', today: '2026-11-20' });
    expect(found.days.filter((one) => one.n !== null).map((one) => one.n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(found.days.filter((one) => one.kind === 'weekend')).toHaveLength(4);
  });

  it('says that the portal counts another day, and what is not here', async () => {
    const { window } = await desk('liaison', [article('a', due('2026-11-24'))]);
    const found = await window.look('planning.explain', { articleId: 'a' });
    expect(found).toMatchObject({ dueDate: null, portalSays: '2026-11-24' });
    await expect(window.look('planning.explain', { articleId: 'not-here' })).rejects.toThrow(
      'article-unknown',
    );
  });
});

describe('sections', () => {
  const rows = [
    article('old', { categoryId: 'introduction', ...published('2026-01-05') }),
    article('new', { categoryId: 'news-events', ...published('2026-11-19') }),
    article('late', { state: 'submitted', submittedAt: 5, ...due('2026-11-18') }),
    article('other', { unitId: 'unit-b', categoryId: 'news-events', ...published('2026-11-01') }),
  ];
  const status = (found: { rows: readonly { categoryId: string; status: string }[] }) =>
    Object.fromEntries(found.rows.map((row) => [row.categoryId, row.status]));

  it('say when they were last updated and what is late', async () => {
    const { window } = await desk('chief', rows);
    const found = await window.look('planning.sections', { unitId: null, reminderDays: 90 });
    expect(found.isOwnUnitOnly).toBe(false);
    expect(status(found)).toMatchObject({
      introduction: 'review',
      'news-events': 'ok',
      'legal-documents': 'late',
      'land-use-planning': 'empty',
    });
    const news = found.rows.find((row) => row.categoryId === 'news-events');
    expect(news).toMatchObject({ published: 2, lastPublishedAt: rows[1]?.publishedAt });
    const never = await window.look('planning.sections', { unitId: null, reminderDays: 0 });
    expect(status(never)).toMatchObject({ introduction: 'ok' });
  });

  it('of one unit are those that it is bound to or wrote in', async () => {
    const { window } = await desk('chief', rows);
    const found = await window.look('planning.sections', { unitId: 'unit-b', reminderDays: 90 });
    expect(found.rows.find((row) => row.categoryId === 'news-events')).toMatchObject({ published: 1 });
    expect(found.rows.map((row) => row.categoryId)).not.toContain('legal-documents');
  });

  it('a desk that holds one unit alone answers for that unit', async () => {
    const { window } = await desk('liaison', rows.slice(0, 3));
    const found = await window.look('planning.sections', { unitId: 'unit-b', reminderDays: 90 });
    expect(found).toMatchObject({ isOwnUnitOnly: true, unitId: 'unit-a' });
    expect(status(found)).toMatchObject({ 'legal-documents': 'late' });
  });
});

describe('where an article stands', () => {
  it('before its declaration nobody but its author has it', async () => {
    const { window } = await desk('liaison', []);
    const articleId = newId('article');
    await window.must('articles.create', { articleId, categoryId: 'legal-documents', title: 'Quyết định' });
    const found = await window.look('planning.standing', { articleId });
    expect(found.next).toMatchObject([{ personId: 'liaison', action: 'declare', isMe: true }]);
    expect(found.obstacles.map((one) => one.code)).toEqual(['not-declared', 'incomplete']);
    expect(found.obstacles[1]?.count).toBeGreaterThan(1);
    expect(found.stepsLeft).toBe(4);
  });

  it('names who acts next, and who stands in until when', async () => {
    const rows = [article('a', { state: 'submitted', submittedAt: 5, version: 1 })];
    const { window } = await desk('liaison', rows, [delegation()]);
    const { next } = await window.look('planning.standing', { articleId: 'a' });
    expect(
      next.map(({ personId, action, isMe, onBehalfOf, until }) => [
        personId,
        action,
        isMe,
        onBehalfOf?.vi,
        until,
      ]),
    ).toEqual([
      ['liaison', 'endorse', true, 'head', '2026-11-30'],
      ['head', 'endorse', false, undefined, null],
    ]);
  });

  it('says what waits to be sent, and is no secret of an article that is not here', async () => {
    const { window, portal } = await desk('liaison', [article('a')]);
    portal.isDown = true;
    const text = await openText(window, 'a');
    await text.write(writeWhole('Sửa khi mất mạng'));
    await window.until('planning.standing', { articleId: 'a' }, ({ obstacles }) =>
      obstacles.some((one) => one.code === 'unsent-text' && one.count > 0 && !one.stopsNext),
    );
    await expect(window.look('planning.standing', { articleId: 'b' })).rejects.toThrow('article-unknown');
  });
});

describe('delegation', () => {
  it('is seen by both sides: what holds, and what will', async () => {
    const coming = delegation({ id: 'd2', from: '2026-12-01', to: '2026-12-05' });
    const over = delegation({ id: 'd3', from: '2026-10-01', to: '2026-10-31' });
    const unsound = delegation({ id: 'd4', toPersonId: 'chief' });
    const all = [delegation(), coming, over, unsound];
    const taker = await desk('liaison', [], all);
    const received = (await taker.window.look('planning.delegations', {})).received;
    expect(received.map(({ id, isNow, from, lastDay }) => [id, isNow, from.vi, lastDay])).toEqual([
      ['d1', true, 'head', '2026-11-30'],
      ['d2', false, 'head', '2026-12-05'],
    ]);
    const giver = await desk('head', [], all);
    const found = await giver.window.look('planning.delegations', {});
    expect(found.given.map((one) => one.id)).toEqual(['d1', 'd2']);
    expect(found.received).toEqual([]);
  });

  it('is said before a decision and after it', async () => {
    const decision: DecisionRow = {
      id: 'endorsed',
      articleId: 'a',
      action: 'endorse',
      actorId: 'liaison',
      deskId: 'another',
      position: 0,
      proposedAt: NOW - 1000,
      fingerprint: null,
      content: null,
      stateVector: null,
      reason: null,
      declaration: null,
      status: 'accepted',
      verdictCode: null,
      verdictRef: null,
      verdictAt: NOW - 500,
      stateAfter: 'endorsed',
      version: 1,
      onBehalfOf: 'head',
    };
    const rows = [article('a', { state: 'submitted', submittedAt: 5, version: 1 })];
    const { window, portal } = await desk('liaison', rows, [delegation()]);
    portal.put('decisions', decision, { ...decision, id: 'own', action: 'submit', onBehalfOf: null });
    const detail = await window.until(
      'articles.detail',
      { articleId: 'a' },
      (value) => value.decisions.length === 2,
    );
    const whom = Object.fromEntries(detail.decisions.map((one) => [one.id, one.onBehalfOf?.vi]));
    expect(whom).toEqual({ endorsed: 'head', own: undefined });
    expect(detail.actions.find((one) => one.action === 'endorse')?.onBehalfOf?.vi).toBe('head');
    expect(detail.actions.find((one) => one.action === 'recall')?.onBehalfOf).toBeUndefined();
  });
});
