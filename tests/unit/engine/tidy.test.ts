import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, type DeskDatabase, type LocalUpdate, UNSENT } from '../../../main/engine/database.ts';
import { createTidy } from '../../../main/engine/sync/tidy.ts';
import { openStore } from './support/openStore.ts';

const row = (n: number, update = 'x'.repeat(2000)): LocalUpdate => ({
  id: `u${n}`,
  articleId: 'a',
  authorId: 'somebody',
  deskId: 'here',
  at: n,
  held: false,
  update,
  ...UNSENT,
  opens: null,
  aside: null,
});

/** Live and deleted rows, as they lie in the store. */
const stored = async (database: DeskDatabase) =>
  (await database.updates.storageInstance.getChangedDocumentsSince?.(10_000))?.documents ?? [];

let opened: DeskDatabase | null = null;
afterEach(() => opened?.close());

async function withRows(count: number) {
  const { database, folder } = await openStore();
  opened = database;
  await database.updates.bulkInsert(Array.from({ length: count }, (_, n) => row(n)));
  const tidy = createTidy({ database, log: () => undefined, gatherMs: 3_600_000 });
  const sizeOf = async (suffix: string) => (await stat(join(folder, DATABASE_FILE + suffix))).size;
  return { database, tidy, sizeOf };
}

describe('what was deleted', () => {
  it('leaves the store; what was not stays', async () => {
    const { database, tidy } = await withRows(50);
    await database.updates.find({ selector: { at: { $lt: 40 } } }).remove();
    expect(await stored(database)).toHaveLength(50);
    await tidy.settled();
    expect((await stored(database)).map(({ _deleted }) => _deleted)).toEqual(Array(10).fill(false));
    await tidy.stop();
  });

  it('gives its room back to the disk, and the log is emptied', async () => {
    const { database, tidy, sizeOf } = await withRows(3000);
    const before = (await sizeOf('')) + (await sizeOf('-wal'));
    await database.updates.find().remove();
    await tidy.settled();
    expect(await sizeOf('-wal')).toBe(0);
    expect(await sizeOf('')).toBeLessThan(before / 4);
    await tidy.stop();
  });

  it('can come again under its id', async () => {
    const { database, tidy } = await withRows(1);
    const first = await database.updates.findOne('u0').exec();
    await first?.remove();
    await tidy.settled();
    await database.updates.insert(row(0, 'again'));
    expect((await database.updates.findOne('u0').exec())?.update).toBe('again');
    await database.updates
      .findOne('u0')
      .exec()
      .then((one) => one?.incrementalPatch({ sent: 5 }));
    expect((await database.updates.findOne('u0').exec())?.sent).toBe(5);
    await tidy.stop();
  });

  it('goes by itself a while after, also what an earlier run left over', async () => {
    const { database, tidy } = await withRows(5);
    await database.updates.find().remove();
    await tidy.stop();
    expect(await stored(database)).toHaveLength(5);
    const next = createTidy({ database, log: () => undefined, gatherMs: 1 });
    await expect.poll(() => stored(database)).toHaveLength(0);
    await database.updates.insert(row(9));
    await database.updates.find().remove();
    await expect.poll(() => stored(database)).toHaveLength(0);
    await next.stop();
  });
});
