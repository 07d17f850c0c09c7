import { openSync, writeSync } from 'node:fs';
import { type LogLine, openCollections, Writer } from './crashWrites.ts';
import { storageAt } from './harness.ts';
import { Random } from './random.ts';

/**
 * Writes to several collections at once, without pause, until it is killed. Before and after each bulk write
 * appends a line to a log outside the database, each line one write call, so that the log is a lower bound.
 */
const [path = '', logPath = '', round = '0', seed = '1', sealed = 'false'] = process.argv.slice(2);
const log = openSync(logPath, 'a');
const opened = await openCollections(storageAt(path, sealed === 'true'));
const random = new Random(Number(seed));
const writer = new Writer(random, `r${round}x`);
const tell = (line: LogLine) => writeSync(log, `${JSON.stringify(line)}\n`);

async function writeForEver(collection: string): Promise<never> {
  const instance = opened.get(collection);
  if (!instance) throw new Error(collection);
  for (;;) {
    await writer.write(collection, instance, tell);
    // Lets the other collections' writes come between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all([...opened.keys()].map(writeForEver));
