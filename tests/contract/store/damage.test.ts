import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../../main/engine/store/index.ts';
import { checkAfterCrash } from './crashCheck.ts';
import { type LogLine, openCollections, Writer } from './crashWrites.ts';
import { flipBits, makeWhole, openDamaged } from './damage.ts';
import {
  type Doc,
  type Instance,
  insertAll,
  insertRow,
  makeFolder,
  removeFolders,
  storageAt,
  stores,
} from './harness.ts';
import { Random } from './random.ts';

const FLIPS = Number(process.env.STORE_FLIPS ?? 500);

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  return (error as StoreError).code;
}

afterAll(removeFolders);

/** Number of bulk writes whose traces are there. */
async function lastStep(opened: ReadonlyMap<string, Instance>): Promise<number> {
  let last = -1;
  for (const instance of opened.values()) {
    const documents = ((await instance.getChangedDocumentsSince?.(1_000_000))?.documents ?? []) as Doc[];
    for (const { step } of documents) last = Math.max(last, step);
  }
  return last + 1;
}

describe.each(stores)('damage of the medium: $name', ({ sealed }) => {
  let path: string;
  let whole: Doc[];

  beforeAll(async () => {
    path = join(makeFolder(), 'whole.db');
    whole = await makeWhole(path, sealed);
  });

  it(`${FLIPS} times some bits flipped: a StoreError or the right data`, { timeout: 300_000 }, async () => {
    const { outcomes, codes, examples } = await flipBits(path, sealed, whole, FLIPS, 20250901);
    console.info(outcomes, codes);
    expect(examples).toEqual([]);
    expect(outcomes.told).toBeGreaterThan(FLIPS / 10);
  });

  it('cut off anywhere: STORE_DAMAGED, and the file is left as it was', { timeout: 120_000 }, async () => {
    const random = new Random(3);
    const cut = `${path}.cut`;
    const { size } = statSync(path);
    for (let i = 0; i < 100; i++) {
      const length = i % 2 === 0 ? random.int(size) : random.int(Math.floor(size / 4096)) * 4096;
      copyFileSync(path, cut);
      truncateSync(cut, length);
      expect(await codeOf(openDamaged(cut, sealed)), `length ${length}`).toBe('STORE_DAMAGED');
      expect(statSync(cut).size).toBe(length);
    }
  });

  it('a write-ahead log cut off or with flipped bits: an earlier state, whole, or a StoreError', {
    timeout: 120_000,
  }, async () => {
    const folder = makeFolder();
    const live = join(folder, 'live.db');
    const random = new Random(4);
    const writer = new Writer(random, 'w');
    const lines: LogLine[] = [];
    const opened = await openCollections(storageAt(live, sealed));
    opened.values().next().value?.internals.table.connection.db.exec('PRAGMA wal_autocheckpoint = 0');
    for (let i = 0; i < 40; i++) {
      for (const [name, instance] of opened) await writer.write(name, instance, (line) => lines.push(line));
    }
    const files = { database: readFileSync(live), log: readFileSync(`${live}-wal`) };
    for (const instance of opened.values()) await instance.close();
    const begun = lines.filter((line) => 'begun' in line).length;
    let earlier = 0;
    for (let i = 0; i < 60; i++) {
      const copy = join(makeFolder(), 'copy.db');
      writeFileSync(copy, files.database);
      const log = Buffer.from(files.log);
      const place = random.int(log.length);
      if (i % 2 === 0) log[place] = (log[place] ?? 0) ^ (1 << random.int(8));
      writeFileSync(`${copy}-wal`, i % 2 === 0 ? log : log.subarray(0, place));
      let again: Map<string, Instance>;
      try {
        again = await openCollections(storageAt(copy, sealed));
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        continue;
      }
      // The writes were one after another, so the last step found says which state this must be.
      const steps = await lastStep(again);
      earlier += steps < begun ? 1 : 0;
      const stepOf = (line: LogLine) =>
        'begun' in line ? line.begun : 'answered' in line ? line.answered : 0;
      const upTo = lines.filter((line) => stepOf(line) < steps);
      expect(await checkAfterCrash(again, upTo)).toMatchObject({ lost: [], torn: [], broken: [] });
      for (const instance of again.values()) await instance.close();
    }
    expect(earlier).toBeGreaterThan(30);
  });
});

describe.each(stores)('the world around the file: $name', ({ sealed }) => {
  it('locked by another process: STORE_LOCKED at open and at writing; after its death all is well', async () => {
    const path = join(makeFolder(), 'locked.db');
    await makeWhole(path, sealed);
    const open = () => openDamaged(path, sealed, 100);
    const instance = await open();
    const holder = spawn(process.execPath, [join(import.meta.dirname, 'lockHolder.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const row = insertRow({ id: 'neu', unit: 'a', due: 1, text: 'x' });
    try {
      expect(await codeOf(instance.bulkWrite([row], 'test'))).toBe('STORE_LOCKED');
      expect(await instance.findDocumentsById(['bài-1', 'neu'], true)).toHaveLength(1);
      await instance.close();
      expect(await codeOf(open())).toBe('STORE_LOCKED');
    } finally {
      const ended = new Promise((resolve) => holder.once('exit', resolve));
      holder.kill('SIGKILL');
      await ended;
    }
    const again = await open();
    expect((await again.bulkWrite([row], 'test')).error).toEqual([]);
    await again.close();
  });

  it('a disk that is really full: STORE_FULL, nothing answered is lost, writing goes on once there is room', async (test) => {
    const mounted = join(makeFolder(), 'small');
    mkdirSync(mounted);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mounted]);
    if (mount.status !== 0)
      return test.skip('mounting a small disk needs root; faults.test.ts has the limit by pages');
    try {
      const path = join(mounted, 'desk.db');
      const ballast = join(mounted, 'ballast');
      writeFileSync(ballast, Buffer.alloc(400_000));
      const random = new Random(9);
      const writer = new Writer(random, 'f');
      const lines: LogLine[] = [];
      let opened = await openCollections(storageAt(path, sealed));
      const fill = async () => {
        for (let i = 0; i < 5000; i++) {
          const [name, instance] = random.pick([...opened]);
          await writer.write(name, instance, (line) => lines.push(line));
        }
      };
      expect(await codeOf(fill())).toBe('STORE_FULL');
      const check = () => checkAfterCrash(opened, lines);
      expect(await check()).toMatchObject({ lost: [], torn: [], broken: [] });
      for (const instance of opened.values()) await instance.close();
      // Opening writes the log's index: on a full disk that may fail, with a code, and must not harm.
      try {
        opened = await openCollections(storageAt(path, sealed));
        expect(await check()).toMatchObject({ lost: [], torn: [], broken: [] });
        for (const instance of opened.values()) await instance.close();
      } catch (error) {
        expect(['STORE_FULL', 'STORE_IO']).toContain((error as StoreError).code);
      }
      rmSync(ballast);
      opened = await openCollections(storageAt(path, sealed));
      const marks = opened.get('marks');
      if (!marks) throw new Error('no collection');
      const finding = await check();
      expect(finding).toMatchObject({ lost: [], torn: [], broken: [] });
      expect(finding.answers).toBeGreaterThan(20);
      await insertAll(marks, [{ id: 'room', unit: 'a', number: 0, change: 1, step: 0, text: '', sum: '' }]);
      for (const instance of opened.values()) await instance.close();
      expect(await codeOf(openCollections(storageAt(join(mounted, 'none', 'x.db'), sealed)))).toBe(
        'STORE_NO_FOLDER',
      );
    } finally {
      spawnSync('umount', ['-l', mounted]);
    }
  });
});
