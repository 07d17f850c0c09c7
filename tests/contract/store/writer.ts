import { openSync, writeSync } from 'node:fs';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { crashSchema } from './crashSchema.ts';
import { asStored, type Doc, openInstance, testKey, updateRow } from './harness.ts';

/**
 * Writes without pause until it is killed. After each answered bulk write, appends what was answered to a log
 * outside the database: `id revision` per line, each line one write call, so that the log is a lower bound.
 */
const [path = '', logPath = '', round = '0', sealed = ''] = process.argv.slice(2);
const log = openSync(logPath, 'a');
const key = sealed ? testKey : undefined;
const instance = await openInstance(getRxStorageSqlite({ path, key }), crashSchema, { database: 'crash' });
const mine: Doc[] = [];

for (let step = 0; ; step++) {
  const inserts = Array.from({ length: 1 + (step % 20) }, (_, i) => ({
    document: asStored({ id: `r${round}s${step}n${i}`, text: 'Văn bản '.repeat(1 + (i % 40)), step }),
  }));
  const previous = mine[(step * 31) % Math.max(1, mine.length)];
  const updates = previous ? [updateRow(previous, { step: previous.step + 1 })] : [];
  const rows = [...inserts, ...updates];
  const { error } = await instance.bulkWrite(rows, 'crash');
  if (error.length > 0) throw new Error(JSON.stringify(error));
  writeSync(log, rows.map(({ document }) => `${document.id} ${document.step} ${document._rev}\n`).join(''));
  if (previous && updates[0]) mine[mine.indexOf(previous)] = updates[0].document as Doc;
  mine.push(...inserts.map(({ document }) => document));
}
