import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { checkAfterCrash } from './crashCheck.ts';
import { openCollections } from './crashWrites.ts';
import { makeFolder, removeFolders } from './harness.ts';
import { joinLogs, runKills, writeAndKill } from './kills.ts';

const KILLS = Number(process.env.STORE_KILLS ?? 40);

afterAll(removeFolders);

describe('kill -9', () => {
  it(`${KILLS} kills in the middle of writing lose nothing that was answered`, {
    timeout: 600_000,
  }, async () => {
    const report = await runKills({ kills: KILLS, seed: 42 });
    expect(report).toMatchObject({ kills: KILLS, lost: [], torn: [], broken: [] });
    expect(report.answers).toBeGreaterThan(KILLS * 5);
    // Kills that all fell between two writes would prove little.
    expect(report.killsInWrite).toBeGreaterThan(KILLS / 4);
  });

  it('two processes writing to one file at once lose nothing', { timeout: 60_000 }, async () => {
    const path = join(makeFolder(), 'shared.db');
    const logs = await Promise.all(
      [0, 1].map((i) =>
        writeAndKill({ path, log: `${path}.log${i}`, round: i, seed: i, afterMs: 100, answers: 15 }),
      ),
    );
    const opened = await openCollections(getRxStorageSqlite({ path }));
    const finding = await checkAfterCrash(opened, joinLogs(logs));
    for (const instance of opened.values()) await instance.close();
    expect(finding).toMatchObject({ lost: [], torn: [], broken: [] });
    for (const log of logs) expect(log.filter((line) => 'answered' in line).length).toBeGreaterThan(10);
  });
});
