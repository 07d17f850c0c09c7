import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { encodeState, stateVector, titleText } from '../../../domain/document/index.ts';
import { Feed, type Tx } from '../../../portal/storage/feed.ts';
import { copyOf, ORGANISATION, usePortal } from './support.ts';

const held = usePortal();
const WRITERS = 8;
const ROWS_EACH = 25;

type Stamp = (tx: Tx, id: string) => Promise<void>;

const withLock: Stamp = async (tx, id) => {
  const feed = new Feed();
  feed.touch('directory', id);
  await feed.stamp(tx, ORGANISATION);
};
const withoutLock: Stamp = async (tx, id) => {
  await sql`update directory set sequence = nextval('feed_sequence') where id = ${id}`.execute(tx);
};

/** Writers whose transactions take their place and commit a little later, and a reader that follows by checkpoint. Returns the ids it missed. */
async function race(name: string, stamp: Stamp): Promise<string[]> {
  const { db } = held.test.portal;
  const written: string[] = [];
  const read = new Set<string>();
  let checkpoint = 0;
  const readOn = async () => {
    const rows = await db
      .selectFrom('directory')
      .select(['id', 'sequence'])
      .where('organisation_id', '=', ORGANISATION)
      .where('sequence', '>', checkpoint)
      .orderBy('sequence')
      .execute();
    for (const row of rows) read.add(row.id);
    checkpoint = rows.at(-1)?.sequence ?? checkpoint;
  };
  await readOn();
  let writing = true;
  const reader = (async () => {
    while (writing) await readOn();
  })();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; n < ROWS_EACH; n += 1) {
        const id = `${name}-${writer}-${n}`;
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('directory')
            .values({ organisation_id: ORGANISATION, id, kind: 'unit', data: '{}' })
            .execute();
          await stamp(tx, id);
          await sql`select pg_sleep(${((writer * 7 + n * 3) % 10) / 1000})`.execute(tx);
        });
        written.push(id);
      }
    }),
  );
  writing = false;
  await reader;
  await readOn();
  return written.filter((id) => !read.has(id));
}

describe('checkpoints', () => {
  it(`miss no row of ${WRITERS} writers that commit out of turn`, async () => {
    expect(await race('locked', withLock)).toEqual([]);
  });

  it('would miss some without the lock', async () => {
    expect((await race('free', withoutLock)).length).toBeGreaterThan(0);
  });

  it('hold through the whole interface: eight desks push at once while another pulls', async () => {
    const writer = await held.test.as('writer');
    const articles = await Promise.all(Array.from({ length: WRITERS }, () => writer.newArticle()));
    const puller = await held.test.as('colleague');
    const pulled = new Map<string, Record<string, unknown>>();
    const sent: string[] = [];
    let checkpoint = { sequence: 0, id: '' };
    const pullOn = async () => {
      const reply = await held.test.app.inject({
        url: `/api/sync/updates?sequence=${checkpoint.sequence}&id=${checkpoint.id}&limit=7`,
        headers: puller.headers,
      });
      const { documents, checkpoint: next } = reply.json();
      for (const row of documents) pulled.set(row.id, row);
      if (next) {
        expect(next.sequence).toBeGreaterThanOrEqual(checkpoint.sequence);
        checkpoint = next;
      }
      return documents.length;
    };
    let pushing = true;
    const pulling = (async () => {
      while (pushing) await pullOn();
    })();
    await Promise.all(
      articles.map(async ({ id, doc }, index) => {
        const copy = copyOf(doc);
        copy.clientID = 30_000 + index;
        for (let n = 0; n < 12; n += 1) {
          const before = stateVector(copy);
          titleText(copy).insert(0, `${n} `);
          const row = writer.update(id, encodeState(copy, before));
          sent.push(row.id);
          expect((await writer.push('updates', [row])).refused).toEqual([]);
        }
      }),
    );
    pushing = false;
    await pulling;
    while ((await pullOn()) > 0);
    expect(sent.filter((id) => !pulled.has(id))).toEqual([]);
    for (const { id } of articles) expect(String((await puller.article(id)).title)).toMatch(/^11 10 9 8/);
  });

  it('let eight desks write one article at once, and keep every word', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle({ title: '' });
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, index) => {
        const copy = copyOf(doc);
        copy.clientID = 40_000 + index;
        for (let n = 0; n < 5; n += 1) {
          const before = stateVector(copy);
          titleText(copy).insert(titleText(copy).length, `<${index}.${n}>`);
          await writer.push('updates', [writer.update(id, encodeState(copy, before))]);
        }
      }),
    );
    const title = String((await writer.article(id)).title);
    for (let index = 0; index < WRITERS; index += 1)
      for (let n = 0; n < 5; n += 1) expect(title).toContain(`<${index}.${n}>`);
  });
});
