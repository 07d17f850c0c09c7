import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { SYNCED, type UpdateRow } from '../../../domain/contracts/index.ts';
import {
  encodeState,
  fingerprint,
  loadDoc,
  readContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { compactArticle } from '../../../portal/snapshots/compact.ts';
import { Compactor } from '../../../portal/snapshots/compactor.ts';
import { makePortal, ORGANISATION, type TestDesk, usePortal } from './support.ts';

const held = usePortal();
const always = () => true;
const DAY_MS = 24 * 3_600_000;
const compact = (articleId: string) => compactArticle(held.test.portal, ORGANISATION, articleId, always);

let clients = 500_000;

/** Words put in front of the title, each as one update, sent as they are made. */
async function type(desk: TestDesk, id: string, doc: Y.Doc, words: readonly string[]): Promise<UpdateRow[]> {
  clients += 1;
  doc.clientID = clients;
  const rows: UpdateRow[] = [];
  for (const word of words) {
    const before = stateVector(doc);
    titleText(doc).insert(0, word);
    rows.push(desk.update(id, encodeState(doc, before)));
  }
  expect((await desk.push('updates', rows)).refused).toEqual([]);
  return rows;
}

/** The article as a new desk gets it. */
async function pulled(
  desk: TestDesk,
  id: string,
): Promise<{ doc: Y.Doc; updates: number; hasSnapshot: boolean }> {
  const snapshot = (await desk.pull('snapshots')).get(id);
  const updates = [...(await desk.pull('updates')).values()].filter((row) => row.articleId === id);
  const parts = [...(snapshot ? [snapshot.state] : []), ...updates.map((row) => row.update)];
  return {
    doc: loadDoc(parts.map((part) => Buffer.from(String(part), 'base64'))),
    updates: updates.length,
    hasSnapshot: snapshot !== undefined,
  };
}

const print = (doc: Y.Doc) => fingerprint(readContent(doc));

describe('snapshots', () => {
  it('take the place of updates: a new desk gets the same text from them and what came after', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    await type(writer, id, doc, ['một ', 'hai ', 'ba ']);
    const before = await writer.article(id);
    expect(await compact(id)).toBe('done');
    const row = (await writer.pull('snapshots')).get(id);
    const { _deleted, ...bare } = row ?? {};
    expect(Value.Check(SYNCED.snapshots.schema, bare)).toBe(true);
    expect(row).toMatchObject({ articleId: id, updates: 4, fingerprint: before.fingerprint });
    expect(await pulled(writer, id)).toMatchObject({ updates: 0, hasSnapshot: true });
    expect(await writer.article(id)).toEqual(before);

    await type(writer, id, doc, ['bốn ']);
    const colleague = await pulled(await held.test.as('colleague'), id);
    expect(colleague.updates).toBe(1);
    expect(print(colleague.doc)).toBe(print(doc));
    expect((await writer.article(id)).fingerprint).toBe(print(doc));
    expect(await compact(id)).toBe('done');
    expect((await writer.pull('snapshots')).get(id)).toMatchObject({ updates: 5, fingerprint: print(doc) });
  });

  it('are read by a portal that begins anew', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle();
    await type(writer, id, doc, ['một ']);
    await compact(id);
    const other = await makePortal(held.server, { databaseUrl: test.databaseUrl });
    const there = await other.as('writer');
    await type(there, id, doc, ['hai ']);
    expect((await there.article(id)).fingerprint).toBe(print(doc));
    // The first has the article in memory from before the snapshot, and without what the other took.
    await compact(id);
    expect(await writer.decide(id, 'submit', doc)).toMatchObject({ status: 'accepted' });
    await other.close();
  });

  it('keep a repeated push without effect, and take what was written long ago against an old state', async () => {
    const { test } = held;
    const [writer, colleague] = [await test.as('writer'), await test.as('colleague')];
    const { id, doc } = await writer.newArticle({ title: 'Gốc' });
    const away = loadDoc([encodeState(doc)], 600_001);
    const sent = await type(writer, id, doc, ['một ', 'hai ']);
    await compact(id);
    const before = await writer.article(id);
    expect(await writer.push('updates', sent)).toEqual({ conflicts: [], refused: [] });
    expect((await pulled(writer, id)).updates).toBe(0);
    expect(await writer.article(id)).toEqual(before);

    const old = stateVector(away);
    titleText(away).insert(3, ' cũ');
    titleText(away).delete(0, 1);
    expect((await colleague.push('updates', [colleague.update(id, encodeState(away, old))])).refused).toEqual(
      [],
    );
    expect((await writer.article(id)).title).toBe('hai một ốc cũ');
  });

  it('keep who wrote: four eyes hold, and who sent what is known', async () => {
    const { test } = held;
    const [writer, head, editor, chief] = [
      await test.as('writer'),
      await test.as('head'),
      await test.as('editor'),
      await test.as('chief'),
    ];
    const { id, doc } = await writer.newArticle();
    await writer.decide(id, 'submit', doc);
    await head.decide(id, 'endorse', doc);
    await editor.decide(id, 'pass', doc);
    await type(chief, id, doc, ['Sửa: ']);
    await compact(id);
    expect((await chief.article(id)).contributors).toEqual(['chief']);
    expect(await chief.decide(id, 'approve', doc)).toMatchObject({
      status: 'refused',
      verdictCode: 'four-eyes',
    });
    const runs = await test.portal.db
      .selectFrom('contributions')
      .select(['author_id', 'updates'])
      .where('article_id', '=', id)
      .orderBy('first_arrival')
      .execute();
    expect(runs).toEqual([
      { author_id: 'writer', updates: 1 },
      { author_id: 'chief', updates: 1 },
    ]);
    // Evidence of what was decided is with the decision.
    const decisions = [...(await chief.pull('decisions')).values()].filter((row) => row.articleId === id);
    expect(decisions.filter((row) => row.action === 'pass').every((row) => row.content !== null)).toBe(true);
  });

  it('are not made of text that is not whole yet', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle({ title: 'Gốc' });
    const missing = stateVector(doc);
    doc.clientID = 610_001;
    titleText(doc).insert(0, 'một ');
    const first = encodeState(doc, missing);
    const between = stateVector(doc);
    titleText(doc).insert(0, 'hai ');
    await writer.push('updates', [writer.update(id, encodeState(doc, between))]);
    expect(await compact(id)).toBe('incomplete');
    await writer.push('updates', [writer.update(id, first)]);
    expect(await compact(id)).toBe('done');
    expect(print((await pulled(writer, id)).doc)).toBe(print(doc));
  });

  it('lose nothing while several people write, and whoever follows the feeds has everything', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: '' });
    const parts = [Buffer.from(encodeState(doc))];
    let busy = true;
    const compacting = (async () => {
      const outcomes = new Set<string>();
      while (busy) outcomes.add(await compact(id));
      return outcomes;
    })();
    const following = (async () => {
      const reader = await test.as('head');
      const places = { updates: 0, snapshots: 0 };
      const look = async () => {
        for (const collection of ['updates', 'snapshots'] as const) {
          const { documents, checkpoint } = (
            await test.app.inject({
              url: `/api/sync/${collection}?sequence=${places[collection]}&id=&limit=1000`,
              headers: reader.headers,
            })
          ).json();
          places[collection] = checkpoint?.sequence ?? places[collection];
          for (const row of documents)
            if (row.articleId === id) parts.push(Buffer.from(row.update ?? row.state, 'base64'));
        }
      };
      while (busy) await look();
      await look();
    })();
    await Promise.all(
      (['writer', 'colleague', 'head'] as const).map(async (person, at) => {
        const desk = await test.as(person);
        const own = loadDoc([encodeState(doc)], 620_001 + at);
        for (let n = 0; n < 25; n += 1) {
          const before = stateVector(own);
          titleText(own).insert(0, `${person}${n};`);
          expect((await desk.push('updates', [desk.update(id, encodeState(own, before))])).refused).toEqual(
            [],
          );
        }
      }),
    );
    busy = false;
    expect(await compacting).toContain('done');
    await following;
    const followed = loadDoc(parts);
    const fresh = (await pulled(writer, id)).doc;
    expect(print(followed)).toBe(print(fresh));
    const words = titleText(fresh).toString().split(';').filter(Boolean);
    expect(new Set(words).size).toBe(75);
    expect((await writer.article(id)).fingerprint).toBe(print(fresh));
  });

  it('are made in the background once the updates weigh enough, by one process at a time', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: '' });
    await type(
      writer,
      id,
      doc,
      Array.from({ length: 100 }, (_, n) => `${n} `),
    );
    await expect
      .poll(async () => (await pulled(writer, id)).hasSnapshot, { timeout: 20_000, interval: 200 })
      .toBe(true);
    expect(print((await pulled(writer, id)).doc)).toBe(print(doc));
  });

  it('are made of articles that rest for a month, unless one row says it all or a long text got little', async () => {
    const portal = await makePortal(held.server);
    const { db } = portal.portal;
    const writer = await portal.as('writer');
    const written = async (words: readonly string[]) => {
      const article = await writer.newArticle();
      if (words.length > 0) await type(writer, article.id, article.doc, words);
      return article;
    };
    const first = await written(['một ', 'hai ']);
    const single = await written([]);
    const long = await written(['dài '.repeat(4000)]);
    expect(await compactArticle(portal.portal, ORGANISATION, long.id, always)).toBe('done');
    await type(writer, long.id, long.doc, ['mới ']);
    const awake = await written(['một ', 'hai ']);
    const last = await written(['một ']);
    portal.clock.now += 31 * DAY_MS;
    const { arrived_at: justNow } = await db
      .selectFrom('updates')
      .select('arrived_at')
      .where('article_id', '=', awake.id)
      .orderBy('arrival', 'desc')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('updates')
      .set({ arrived_at: justNow + 2 * DAY_MS })
      .where('article_id', '=', awake.id)
      .where('arrived_at', '=', justNow)
      .execute();

    const rowsOf = async (id: string) => {
      const at = (table: 'updates' | 'snapshots') =>
        db.selectFrom(table).select(['id', 'content']).where('article_id', '=', id).execute();
      return { updates: (await at('updates')).length, snapshots: await at('snapshots') };
    };
    const compactor = new Compactor(portal.portal);
    await compactor.start();
    // Taken up in the order of their ids, which rise.
    const gathered = async () => [(await rowsOf(first.id)).updates, (await rowsOf(last.id)).updates];
    await expect.poll(gathered, { timeout: 20_000, interval: 100 }).toEqual([0, 0]);
    await compactor.close();
    for (const { id, doc } of [first, last]) {
      const { snapshots } = await rowsOf(id);
      expect(print(loadDoc(snapshots.map((row) => row.content)))).toBe(print(doc));
    }
    expect(await rowsOf(single.id)).toMatchObject({ updates: 1, snapshots: [] });
    expect(await rowsOf(awake.id)).toMatchObject({ updates: 3, snapshots: [] });
    expect(await rowsOf(long.id)).toMatchObject({ updates: 1, snapshots: [{ id: long.id }] });
    await portal.close();
  });
});
