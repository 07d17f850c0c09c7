import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkAfterCrash } from './crashCheck.ts';
import { openCollections } from './crashWrites.ts';
import { makeFolder, removeFolders, storageAt, stores } from './harness.ts';
import { joinLogs, runKills, writeAndKill } from './kills.ts';

/** Half of them on plain files, half on sealed ones. */
const KILLS = Math.ceil(Number(process.env.STORE_KILLS ?? 40) / 2);

afterAll(removeFolders);

describe.each(stores)('kill -9: $name', ({ sealed }) => {
  it(`${KILLS} kills in the middle of writing lose nothing that was answered`, {
    timeout: 600_000,
  }, async () => {
    const report = await runKills({ kills: KILLS, seed: sealed ? 142 : 42, sealed });
    expect(report).toMatchObject({ kills: KILLS, lost: [], torn: [], broken: [] });
    expect(report.answers).toBeGreaterThan(KILLS * 5);
    // Kills that all fell between two writes would prove little.
    expect(report.killsInWrite).toBeGreaterThan(KILLS / 4);
  });

  it('two processes writing to one file at once lose nothing', { timeout: 60_000 }, async () => {
    const path = join(makeFolder(), 'shared.db');
    const logs = await Promise.all(
      [0, 1].map((i) =>
        writeAndKill({
          path,
          log: `${path}.log${i}`,
          round: i,
          seed: i,
          sealed,
          afterMs: 100,
          answers: 15,
        }),
      ),
    );
    const opened = await openCollections(storageAt(path, sealed));
    const finding = await checkAfterCrash(opened, joinLogs(logs));
    for (const instance of opened.values()) await instance.close();
    expect(finding).toMatchObject({ lost: [], torn: [], broken: [] });
    for (const log of logs) expect(log.filter((line) => 'answered' in line).length).toBeGreaterThan(10);
  });
});
