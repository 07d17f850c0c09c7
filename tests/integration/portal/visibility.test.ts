import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../domain/contracts/index.ts';
import { compactArticle } from '../../../portal/snapshots/compact.ts';
import { seeded } from '../../unit/document/support/random.ts';
import { ORGANISATION, PEOPLE, type PersonId, TestDesk, usePortal } from './support.ts';

const held = usePortal();

const COLLECTIONS = ['articles', 'updates', 'snapshots', 'decisions', 'files'] as const;
type Collection = (typeof COLLECTIONS)[number];

/** What a desk holds, kept as a desk keeps it: page by page, from its checkpoint. */
class Follower {
  readonly desk: TestDesk;
  readonly rows = new Map<Collection, Map<string, Record<string, unknown>>>();
  readonly #places = new Map<Collection, Checkpoint>();
  received = 0;

  constructor(desk: TestDesk) {
    this.desk = desk;
  }

  async look(): Promise<this> {
    this.received = 0;
    for (const collection of COLLECTIONS) {
      const rows = this.rows.get(collection) ?? new Map();
      this.rows.set(collection, rows);
      for (let more = true; more; ) {
        const query = new URLSearchParams({ limit: '3' });
        for (const [key, value] of Object.entries(this.#places.get(collection) ?? {}))
          query.set(key, String(value));
        const reply = await this.desk.app.inject({
          url: `/api/sync/${collection}?${query}`,
          headers: this.desk.headers,
        });
        expect(reply.statusCode, reply.body).toBe(200);
        const { documents, checkpoint, more: wasCut } = reply.json();
        if (checkpoint) this.#places.set(collection, checkpoint);
        this.received += documents.length;
        for (const row of documents) {
          if (row._deleted) rows.delete(row.id);
          else rows.set(row.id, row);
        }
        more = wasCut || documents.length === 3;
      }
    }
    return this;
  }

  /** Ids by collection; decisions without the text of an article that is not seen don't count. */
  get ids(): Record<string, string[]> {
    const shown = (row: Record<string, unknown>) =>
      row.action === undefined || row.action === 'declare' || row.content !== null;
    return Object.fromEntries(
      COLLECTIONS.map((name) => [
        name,
        [...(this.rows.get(name)?.values() ?? [])]
          .filter(shown)
          .map((row) => String(row.id))
          .sort(),
      ]),
    );
  }

  has(articleId: string): boolean[] {
    return (['articles', 'updates', 'snapshots'] as const).map((name) =>
      [...(this.rows.get(name)?.values() ?? [])].some(
        (row) => row.id === articleId || row.articleId === articleId,
      ),
    );
  }
}

const signIn = async (person: PersonId) =>
  new Follower(await TestDesk.signIn(held.test.app, held.test.clock, person));

async function change(personId: PersonId, body: object): Promise<void> {
  const admin = await held.test.as('admin');
  const reply = await held.test.app.inject({
    method: 'PATCH',
    url: `/api/people/${personId}`,
    headers: admin.headers,
    payload: body,
  });
  expect(reply.statusCode, reply.body).toBe(200);
}

async function articleWithSnapshot(person: PersonId): Promise<string> {
  const desk = await TestDesk.signIn(held.test.app, held.test.clock, person);
  const unitId = (await desk.me()).unitId;
  const { id, doc } = await desk.newArticle({}, { unitId });
  await desk.retitle(id, doc, `Của ${unitId}`);
  await compactArticle(held.test.portal, ORGANISATION, id, () => true);
  await desk.retitle(id, doc, `Mới của ${unitId}`);
  await desk.push('files', [desk.fileRow(id, Buffer.from(`tệp của ${id}`))]);
  return id;
}

describe('a person who moves', () => {
  it('loses what the old unit has and gets what the new one has, and nothing else is sent', async () => {
    const [mine, theirs] = [await articleWithSnapshot('colleague'), await articleWithSnapshot('stranger')];
    const desk = await (await signIn('colleague')).look();
    expect(desk.has(mine)).toEqual([true, true, true]);
    expect(desk.has(theirs)).toEqual([false, false, false]);
    await change('colleague', { unitId: 'hai' });
    await desk.look();
    expect(desk.has(mine)).toEqual([false, false, false]);
    expect(desk.has(theirs)).toEqual([true, true, true]);
    expect(await (await desk.look()).received).toBe(0);
    // What this person proposed stays known to it, without the text.
    const own = [...(desk.rows.get('decisions')?.values() ?? [])].filter((row) => row.articleId === mine);
    expect(own.map((row) => [row.action, row.content])).toEqual([['declare', null]]);
    await change('colleague', { unitId: 'mot' });
    await desk.look();
    expect(desk.has(mine)).toEqual([true, true, true]);
    expect(desk.has(theirs)).toEqual([false, false, false]);
  });

  it('holds at every contact what a new desk would get, whatever happened meanwhile', async () => {
    const random = seeded(7);
    const desks = [await signIn('head'), await signIn('translator')];
    for (let round = 0; round < 14; round += 1) {
      for (let moves = random.below(3); moves > 0; moves -= 1) {
        const person = random.pick(['head', 'translator'] as const);
        const roles = random.pick([['unit-head'], ['liaison'], ['translator'], ['editor']] as const);
        await change(person, { unitId: random.pick(['mot', 'hai', 'bbt']), roles: [...roles] });
      }
      if (random.next() < 0.6) await articleWithSnapshot(random.pick(['writer', 'stranger'] as const));
      for (const desk of desks) {
        if (random.next() < 0.5) continue;
        await desk.look();
        const fresh = await (await signIn(desk.desk.person)).look();
        expect(desk.ids, `round ${round}, ${desk.desk.person}`).toEqual(fresh.ids);
      }
    }
    await change('head', { ...PEOPLE.head, roles: [...PEOPLE.head.roles] });
    await change('translator', { ...PEOPLE.translator, roles: [...PEOPLE.translator.roles] });
  });

  it('whose account is switched off gets nothing more', async () => {
    await change('stranger', { active: false });
    const stranger = await held.test.as('chief');
    expect(stranger.person).toBe('chief');
    const reply = await held.test.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: 'stranger', password: 'mat-khau-thu', deskId: 'd' },
    });
    expect(reply.json().code).toBe('account-inactive');
    await change('stranger', { active: true });
  });
});

describe('the administrator', () => {
  it('alone changes people, not their own rights, and only to what exists', async () => {
    const { test } = held;
    const ask = async (person: PersonId, target: string, payload: object) =>
      (
        await test.app.inject({
          method: 'PATCH',
          url: `/api/people/${target}`,
          headers: (await test.as(person)).headers,
          payload,
        })
      ).json().code;
    expect(await ask('chief', 'writer', { unitId: 'hai' })).toBe('wrong-role');
    expect(await ask('admin', 'admin', { roles: ['editor-in-chief'] })).toBe('forbidden');
    expect(await ask('admin', 'nobody', { unitId: 'hai' })).toBe('not-found');
    expect(await ask('admin', 'writer', { unitId: 'nowhere' })).toBe('bad-request');
    expect(await ask('admin', 'writer', { roles: [] })).toBe('bad-request');
    expect(await ask('admin', 'writer', {})).toBe('bad-request');
  });

  it('sets for how long desks may stay away; desks read it in the directory', async () => {
    const { test } = held;
    const reply = await test.app.inject({
      method: 'PATCH',
      url: '/api/organisation',
      headers: (await test.as('admin')).headers,
      payload: { offlineDays: 9 },
    });
    expect(reply.statusCode).toBe(200);
    const writer = await test.as('writer');
    expect((await writer.pull('directory')).get('organisation')?.data).toMatchObject({ offlineDays: 9 });
  });
});
