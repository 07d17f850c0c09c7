import { afterEach, describe, expect, it } from 'vitest';
import type { Reservation } from '../../../domain/contracts/index.ts';
import { reservationDays } from '../../../domain/workflow/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal, type FakePortal, HEAD, LIAISON } from './support/fakePortal.ts';
import { articleRow } from './support/rows.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

const { first: TODAY, last: LAST } = reservationDays(Date.now());
const until = Date.parse(`${LAST}T00:00:00+07:00`);
const of = (personId: string, more: Partial<Reservation> = {}): Reservation => ({
  personId,
  takenAt: 1,
  day: LAST,
  until,
  ...more,
});

/** Answers as the portal would, and keeps what it was told. */
function reservingPortal() {
  const portal = createFakePortal();
  const told: string[] = [];
  portal.intercept = ({ method, path, body }) => {
    const articleId = /^\/api\/articles\/(.+)\/reservation$/.exec(path)?.[1];
    if (!articleId) return null;
    const day = method === 'PUT' ? (JSON.parse(body) as { day: string }).day : null;
    told.push(`${method} ${day}`);
    const row = portal.rowsOf('articles').find((one) => one.id === articleId);
    const others = ((row?.reservations ?? []) as Reservation[]).filter((one) => one.personId !== LIAISON.id);
    const reservations = day === null ? others : [...others, of(LIAISON.id, { day })];
    portal.put('articles', { ...row, id: articleId, reservations });
    return Response.json({ reservations });
  };
  return { portal, told };
}

async function desk(
  portal: FakePortal,
  reservations: readonly Reservation[] | null = null,
  userData?: string,
) {
  const started = await startEngine({ fetch: portal.fetch, ...(userData ? { userData } : {}) });
  running.push(started.engine);
  if (!userData) await started.window.must('session.signIn', { account: 'liaison', password: 'right' });
  await started.window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  if (!userData) portal.put('articles', articleRow(articleId, { reservations }));
  return { ...started, articleId };
}

const ALL = { view: 'all', sort: 'updated', offset: 0, count: 10 } as const;

describe('taking an article offline', () => {
  it('shows who else did, not oneself, and not what is over by the portal’s clock', async () => {
    const { portal } = reservingPortal();
    const { window, articleId } = await desk(portal, [of(HEAD.id), of(LIAISON.id), of('gone', { until: 5 })]);
    const { rows } = await window.until('articles.list', ALL, (list) => list.total === 1);
    expect(rows[0]?.reservations).toEqual([of(HEAD.id)]);
    const { reservation } = await window.look('articles.detail', { articleId });
    expect(reservation).toEqual({ mayTake: true, own: { day: LAST, isWaiting: false }, problem: null });
  });

  it('goes by the portal’s clock when this machine’s is wrong', async () => {
    const { portal } = reservingPortal();
    const { window } = await desk(portal, [of(HEAD.id)]);
    await window.until('articles.list', ALL, ({ rows }) => rows[0]?.reservations?.length === 1);
    portal.tell('articles', until + 1);
    portal.put('articles', articleRow(newId('article')));
    await window.until('articles.list', ALL, ({ total, rows }) => {
      return total === 2 && rows.every((row) => row.reservations?.length === 0);
    });
  });

  it('is told to the portal, moved to another day, and given back', async () => {
    const { portal, told } = reservingPortal();
    const { window, articleId } = await desk(portal);
    await window.until('articles.list', ALL, (list) => list.total === 1);
    const own = (day: string | null) =>
      window.until('articles.detail', { articleId }, ({ reservation }) => {
        return reservation.own?.isWaiting !== true && (reservation.own?.day ?? null) === day;
      });
    await window.must('articles.reserve', { articleId, day: TODAY });
    await own(TODAY);
    await window.must('articles.reserve', { articleId, day: LAST });
    await own(LAST);
    await window.must('articles.reserve', { articleId, day: null });
    await own(null);
    expect(told).toEqual([`PUT ${TODAY}`, `PUT ${LAST}`, 'DELETE null']);
  });

  it('is kept while the portal can’t be reached, over a restart too; only the last word is told', async () => {
    const { portal, told } = reservingPortal();
    const { engine, window, articleId, userData } = await desk(portal);
    await window.until('articles.list', ALL, (list) => list.total === 1);
    portal.isDown = true;
    portal.cutStreams();
    await window.must('articles.reserve', { articleId, day: TODAY });
    await window.must('articles.reserve', { articleId, day: LAST });
    const { reservation } = await window.look('articles.detail', { articleId });
    expect(reservation.own).toEqual({ day: LAST, isWaiting: true });
    running.splice(0);
    await engine.stop();
    portal.isDown = false;
    const again = await desk(portal, null, userData);
    await again.window.until(
      'articles.detail',
      { articleId },
      (detail) => detail.reservation.own?.day === LAST && !detail.reservation.own.isWaiting,
    );
    expect(told).toEqual([`PUT ${LAST}`]);
  });

  it('says why the portal did not take it', async () => {
    const { portal } = reservingPortal();
    const { window, articleId } = await desk(portal);
    await window.until('articles.list', ALL, (list) => list.total === 1);
    portal.intercept = ({ path }) =>
      path.endsWith('/reservation')
        ? Response.json({ code: 'reservation-day', message: '' }, { status: 400 })
        : null;
    await window.must('articles.reserve', { articleId, day: TODAY });
    await window.until('articles.detail', { articleId }, ({ reservation }) => {
      return reservation.problem === 'reservation-day' && reservation.own === null;
    });
  });

  it('is refused for days beyond, for articles that nobody else knows of, and for unknown ones', async () => {
    const { portal, told } = reservingPortal();
    const { window, articleId } = await desk(portal);
    await window.until('articles.list', ALL, (list) => list.total === 1);
    const code = async (id: string, day: string) =>
      (await window.refusal('articles.reserve', { articleId: id, day })).code;
    expect(await code(articleId, '2001-01-01')).toBe('reservation-day');
    expect(await code('no-such', TODAY)).toBe('article-unknown');
    const mine = newId('article');
    await window.must('articles.create', { articleId: mine, categoryId: 'other', title: 'Riêng' });
    expect(await code(mine, TODAY)).toBe('not-declared');
    expect((await window.look('articles.detail', { articleId: mine })).reservation.mayTake).toBe(false);
    expect(told).toEqual([]);
  });
});
