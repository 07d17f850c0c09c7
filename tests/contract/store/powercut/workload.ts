import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type LogLine, openCollections, Writer } from '../crashWrites.ts';
import { storageAt } from '../harness.ts';
import { Random } from '../random.ts';

/**
 * Writes to a store in `folder` while the recorder watches: bulk writes to several collections at once, cleanups,
 * checkpoints, closing and opening. The log of answers lies in the same folder, so that its lines stand in
 * the recording at their moment.
 */
const [folder = '', seed = '1', rounds = '60', synchronous = 'FULL', sealed = 'false'] =
  process.argv.slice(2);
const random = new Random(Number(seed));
const writer = new Writer(random, 'w');
const answers = openSync(join(folder, 'answers'), 'a');
const log = (line: LogLine) => writeSync(answers, `${JSON.stringify(line)}\n`);

async function open() {
  const opened = await openCollections(storageAt(join(folder, 'desk.db'), sealed === 'true'));
  const [first] = opened.values();
  const db = first?.internals.table.connection.db;
  // Small logs, so that checkpoints happen often.
  db.exec(`PRAGMA wal_autocheckpoint = ${random.pick([5, 20, 1000])}`);
  // Only to show that the test sees what it should; otherwise as the store has set it.
  if (synchronous !== 'FULL') db.exec(`PRAGMA synchronous = ${synchronous}`);
  return opened;
}

let opened = await open();
for (let round = 0; round < Number(rounds); round++) {
  const together = [...opened].filter(() => random.chance(0.6));
  await Promise.all(together.map(([collection, instance]) => writer.write(collection, instance, log)));
  if (random.chance(0.05)) {
    const [collection, instance] = random.pick([...opened]);
    log({ cleanup: collection });
    await instance.cleanup(0);
  }
  if (random.chance(0.06)) {
    for (const instance of opened.values()) await instance.close();
    opened = await open();
  }
}
// Half of the recordings end without closing.
if (random.chance(0.5)) for (const instance of opened.values()) await instance.close();
process.exit(0);
