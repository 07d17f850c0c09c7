import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { crashSchema } from './crashSchema.ts';
import { makeFolder, openInstance, prepare, removeFolders, stores } from './harness.ts';
import { Random } from './random.ts';

const ROUNDS = Number(process.env.STORE_KILLS ?? 10);
const WRITER = join(import.meta.dirname, 'writer.ts');

afterAll(removeFolders);

const logLines = (path: string) =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];

/** Starts the writer, lets it answer some writes, kills it without warning. */
async function writeAndKill(
  path: string,
  log: string,
  round: number,
  afterMs: number,
  sealed: boolean,
): Promise<void> {
  const before = logLines(log).length;
  const child = spawn(process.execPath, [WRITER, path, log, String(round), sealed ? 'sealed' : ''], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_, signal) => resolve(signal)),
  );
  for (let i = 0; i < 1000 && logLines(log).length === before && child.exitCode === null; i++) await wait(10);
  await wait(afterMs);
  child.kill('SIGKILL');
  expect(await ended, complaint).toBe('SIGKILL');
}

describe.each(stores)('kill -9: $name', ({ key }) => {
  it(`${ROUNDS} kills in the middle of writing lose nothing that was answered`, {
    timeout: 600_000,
  }, async () => {
    const folder = makeFolder();
    const path = join(folder, 'crash.db');
    const log = join(folder, 'answered.log');
    const random = new Random(42);
    for (let round = 0; round < ROUNDS; round++) {
      await writeAndKill(path, log, round, 5 + random.int(250), key !== undefined);

      const answered = new Map<string, { step: number; revision: string }>();
      for (const line of logLines(log)) {
        const [id = '', step = '', revision = ''] = line.split(' ');
        answered.set(id, { step: Number(step), revision });
      }
      const instance = await openInstance(getRxStorageSqlite({ path, key }), crashSchema, {
        database: 'crash',
      });
      const found = new Map(
        (await instance.findDocumentsById([...answered.keys()], false)).map((document) => [
          document.id,
          document,
        ]),
      );
      const lost = [...answered].filter(([id, { step, revision }]) => {
        const document = found.get(id);
        // A later write may have been committed whose answer was not logged any more.
        return !document || document.step < step || (document.step === step && document._rev !== revision);
      });
      expect(lost).toEqual([]);
      const { documents } = await instance.query(
        prepare(instance, { selector: {}, sort: [{ step: 'asc' }] }),
      );
      const { count } = await instance.count(prepare(instance, { selector: {} }));
      expect(documents).toHaveLength(count);
      expect(count).toBeGreaterThanOrEqual(answered.size);
      for (const { text } of documents) expect(text.replaceAll('Văn bản ', '')).toBe('');
      await instance.close();
      const db = new DatabaseSync(path, { readOnly: true });
      expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      db.close();
    }
    expect(logLines(log).length).toBeGreaterThan(ROUNDS * 20);
  });

  it('two processes writing to one file at once lose nothing', { timeout: 60_000 }, async () => {
    const folder = makeFolder();
    const path = join(folder, 'shared.db');
    const logs = [join(folder, 'one.log'), join(folder, 'two.log')];
    await Promise.all(logs.map((log, i) => writeAndKill(path, log, i, 400, key !== undefined)));
    const answered = logs.flatMap(logLines).map((line) => line.split(' ')[0] ?? '');
    expect(logs.every((log) => logLines(log).length > 50)).toBe(true);
    const instance = await openInstance(getRxStorageSqlite({ path, key }), crashSchema, {
      database: 'crash',
    });
    const found = await instance.findDocumentsById([...new Set(answered)], false);
    expect(found).toHaveLength(new Set(answered).size);
    await instance.close();
  });
});
