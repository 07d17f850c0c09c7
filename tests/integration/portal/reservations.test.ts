import { describe, expect, it } from 'vitest';
import type { Reservation } from '../../../domain/contracts/index.ts';
import { endReservations } from '../../../portal/sync/reservations.ts';
import { makePortal, type PersonId, publishArticle, TestDesk, usePortal } from './support.ts';

const setting = usePortal();
const DAY_MS = 86_400_000;

async function say(person: PersonId, articleId: string, day: string | null) {
  const { app } = setting.test;
  const desk = await setting.test.as(person);
  return app.inject({
    method: day === null ? 'DELETE' : 'PUT',
    url: `/api/articles/${articleId}/reservation`,
    headers: desk.headers,
    ...(day === null ? {} : { payload: { day } }),
  });
}
const today = (plus = 0) =>
  new Date(setting.test.clock.now + 7 * 3_600_000 + plus * DAY_MS).toISOString().slice(0, 10);

describe('an article that is worked on offline', () => {
  it('says so to everybody who may see it, and bars nobody', async () => {
    const writer = await setting.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const taken = await say('writer', id, today(2));
    expect(taken.statusCode).toBe(200);
    expect(taken.json().reservations).toMatchObject([{ personId: 'writer', day: today(2) }]);
    const colleague = await setting.test.as('colleague');
    expect(await colleague.article(id)).toMatchObject({
      reservations: [{ personId: 'writer', day: today(2) }],
    });
    expect((await colleague.retitle(id, doc, 'Người khác vẫn sửa được')).refused).toEqual([]);
    expect((await say('colleague', id, today(1))).json().reservations).toHaveLength(2);
    expect((await say('writer', id, null)).json().reservations).toMatchObject([{ personId: 'colleague' }]);
    expect((await say('colleague', id, null)).json().reservations).toEqual([]);
  });

  it('does nothing when it is said again because the answer was lost', async () => {
    const writer = await setting.test.as('writer');
    const { id } = await writer.newArticle();
    const first = (await say('writer', id, today(1))).json().reservations as Reservation[];
    const before = await writer.pull('articles');
    expect((await say('writer', id, today(1))).json().reservations).toEqual(first);
    expect(await writer.pull('articles')).toEqual(before);
    expect((await say('writer', id, null)).json()).toEqual({ reservations: [] });
    expect((await say('writer', id, null)).json()).toEqual({ reservations: [] });
  });

  it('ends by the portal’s clock, and every desk hears of it', async () => {
    const writer = await setting.test.as('writer');
    const { id } = await writer.newArticle();
    await say('writer', id, today());
    await say('head', id, today(1));
    expect(await endReservations(setting.test.portal)).toBe(0);
    const midnight = Date.parse(`${today(1)}T00:00:00+07:00`);
    const wasAt = setting.test.clock.now;
    setting.test.clock.now = midnight - 10;
    expect(await endReservations(setting.test.portal)).toBe(0);
    setting.test.clock.now = midnight;
    expect(await endReservations(setting.test.portal)).toBe(1);
    const after = await TestDesk.signIn(setting.test.app, setting.test.clock, 'colleague');
    expect(await after.article(id)).toMatchObject({ reservations: [{ personId: 'head' }] });
    setting.test.clock.now = midnight + DAY_MS;
    expect(await endReservations(setting.test.portal)).toBe(1);
    expect(await endReservations(setting.test.portal)).toBe(0);
    const later = await TestDesk.signIn(setting.test.app, setting.test.clock, 'colleague');
    expect(await later.article(id)).toMatchObject({ reservations: null });
    setting.test.clock.now = wasAt;
  });

  it('is left as it is by decisions', async () => {
    const writer = await setting.test.as('writer');
    const { id, doc } = await writer.newArticle();
    await say('editor', id, today(1));
    await say('writer', id, today(3));
    await publishArticle(setting.test, id, doc);
    expect(await writer.article(id)).toMatchObject({ state: 'published' });
    expect((await writer.article(id)).reservations).toMatchObject([{ personId: 'writer' }]);
  });

  it('is refused to who may not write in it, for other days, and for what is not there', async () => {
    const writer = await setting.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const codes = async (person: PersonId, articleId: string, day: string | null) => {
      const reply = await say(person, articleId, day);
      return `${reply.statusCode} ${reply.json().code}`;
    };
    expect(await codes('stranger', id, today())).toBe('404 article-unknown');
    // Not submitted yet: the board does not see it.
    expect(await codes('editor', id, today())).toBe('404 article-unknown');
    expect(await codes('writer', 'no-such-article', today())).toBe('404 article-unknown');
    expect(await codes('writer', id, today(-1))).toBe('400 reservation-day');
    expect(await codes('writer', id, today(15))).toBe('400 reservation-day');
    expect(await codes('writer', id, 'sau-này')).toBe('400 bad-request');
    await publishArticle(setting.test, id, doc);
    expect(await codes('translator', id, today())).toBe('403 forbidden');
    expect((await writer.article(id)).reservations).toBe(null);
  });

  it('is one to several portals: none is lost when two take it at once', async () => {
    const writer = await setting.test.as('writer');
    const { id } = await writer.newArticle();
    const other = await makePortal(setting.server, { databaseUrl: setting.test.databaseUrl });
    try {
      const desk = await setting.test.as('head');
      const second = other.app.inject({
        method: 'PUT',
        url: `/api/articles/${id}/reservation`,
        headers: desk.headers,
        payload: { day: today(1) },
      });
      const replies = await Promise.all([say('writer', id, today(1)), second]);
      expect(replies.map((reply) => reply.statusCode)).toEqual([200, 200]);
      expect((await writer.article(id)).reservations).toHaveLength(2);
    } finally {
      await other.close();
    }
  });
});
