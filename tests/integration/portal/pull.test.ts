import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { SYNCED, SYNCED_COLLECTIONS } from '../../../domain/contracts/index.ts';
import { CATEGORY, type PersonId, publishArticle, usePortal } from './support.ts';

const held = usePortal();

const EVERYBODY: readonly PersonId[] = [
  'writer',
  'colleague',
  'head',
  'stranger',
  'editor',
  'chief',
  'translator',
];

async function whoSees(id: string): Promise<string[]> {
  const seen: string[] = [];
  for (const person of EVERYBODY) {
    const desk = await held.test.as(person);
    const rows = {
      articles: (await desk.pull('articles')).get(id),
      updates: [...(await desk.pull('updates')).values()].find((row) => row.articleId === id),
      decisions: [...(await desk.pull('decisions')).values()].find((row) => row.articleId === id),
    };
    const whole = Object.values(rows).map((row) => row !== undefined && row._deleted === false);
    expect(new Set(whole).size, `${person}: all or nothing`).toBe(1);
    if (whole[0]) seen.push(person);
  }
  return seen;
}

describe('what a desk receives', () => {
  it('is what its person may see, and grows with the state', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle();
    expect(await whoSees(id)).toEqual(['writer', 'colleague', 'head']);
    await writer.decide(id, 'submit', doc);
    expect(await whoSees(id)).toEqual(['writer', 'colleague', 'head', 'editor', 'chief']);
    await (await test.as('head')).decide(id, 'endorse', doc);
    await (await test.as('editor')).decide(id, 'pass', doc);
    await (await test.as('chief')).decide(id, 'approve', doc);
    expect(await whoSees(id)).toEqual(['writer', 'colleague', 'head', 'editor', 'chief', 'translator']);
  });

  it('reaches desks whose checkpoint had passed the rows while they were hidden', async () => {
    const { test } = held;
    const [writer, editor] = [await test.as('writer'), await test.as('editor')];
    const { id, doc } = await writer.newArticle();
    const end = async (collection: string) => {
      const reply = await test.app.inject({
        url: `/api/sync/${collection}?sequence=0&id=&limit=1000`,
        headers: editor.headers,
      });
      return reply.json().checkpoint.sequence as number;
    };
    const ends = {
      articles: await end('articles'),
      updates: await end('updates'),
      decisions: await end('decisions'),
    };
    await writer.decide(id, 'submit', doc);
    expect((await editor.pull('articles', ends.articles)).has(id)).toBe(true);
    const updates = [...(await editor.pull('updates', ends.updates)).values()];
    expect(updates.some((row) => row.articleId === id)).toBe(true);
    const decisions = [...(await editor.pull('decisions', ends.decisions)).values()];
    expect(decisions.filter((row) => row.articleId === id).map((row) => row.action)).toEqual([
      'declare',
      'submit',
    ]);
  });

  it('leaves a desk that may no longer have it, without its words', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const translator = await test.as('translator');
    const { id, doc } = await writer.newArticle({ title: 'Chỉ còn dấu vết' });
    await publishArticle(test, id, doc);
    expect((await translator.article(id))._deleted).toBe(false);
    await (await test.as('chief')).decide(id, 'withdraw', doc, { reason: 'Gỡ' });
    for (const collection of ['articles', 'updates', 'decisions'] as const) {
      const rows = [...(await translator.pull(collection)).values()].filter(
        (row) => row.id === id || row.articleId === id,
      );
      expect(rows.length, collection).toBeGreaterThan(0);
      for (const row of rows) {
        const { _deleted, ...bare } = row;
        expect(_deleted).toBe(true);
        expect(Object.keys(bare).sort(), collection).toEqual(
          collection === 'articles' ? ['id'] : ['articleId', 'id'],
        );
      }
    }
    const stranger = await test.as('stranger');
    expect((await stranger.pull('articles')).has(id)).toBe(false);
  });

  it('has the shape of the contract in every collection', async () => {
    const chief = await held.test.as('chief');
    const writer = await held.test.as('writer');
    const { id } = await writer.newArticle();
    await writer.push('files', [writer.fileRow(id, Buffer.from('tệp'))]);
    for (const collection of SYNCED_COLLECTIONS) {
      // Of snapshots: snapshots.test.ts.
      if (collection === 'snapshots') continue;
      const desk = collection === 'files' ? writer : chief;
      const rows = [...(await desk.pull(collection)).values()];
      expect(rows.length, collection).toBeGreaterThan(0);
      for (const { _deleted, ...row } of rows) {
        const errors = [...Value.Errors(SYNCED[collection].schema, row)].map((error) => error.message);
        expect(errors, `${collection} ${row.id}`).toEqual([]);
      }
    }
    const kinds = new Set([...(await chief.pull('directory')).values()].map((row) => row.kind));
    expect(kinds).toEqual(new Set(['organisation', 'profile', 'calendar', 'unit', 'person']));
  });

  it('comes in full pages as long as there is more, hidden rows or not', async () => {
    const { test } = held;
    const [writer, stranger] = [await test.as('writer'), await test.as('stranger')];
    for (let n = 0; n < 6; n += 1) {
      await writer.newArticle();
      await stranger.newArticle({}, { unitId: 'hai', categoryId: CATEGORY });
    }
    const page = async (sequence: number, limit: number) =>
      (
        await test.app.inject({
          url: `/api/sync/articles?sequence=${sequence}&id=&limit=${limit}`,
          headers: stranger.headers,
        })
      ).json();
    let sequence = 0;
    let count = 0;
    for (;;) {
      const { documents, checkpoint } = await page(sequence, 2);
      count += documents.length;
      if (documents.length < 2) break;
      sequence = checkpoint.sequence;
    }
    expect(count).toBe(6);
    const rest = await page(10_000_000, 5);
    expect(rest).toMatchObject({
      documents: [],
      checkpoint: { sequence: 10_000_000, id: '' },
      more: false,
    });
    expect((await page(-1, 5)).code).toBe('bad-request');
    expect((await page(0, 100_000)).code).toBe('bad-request');
  });
});
