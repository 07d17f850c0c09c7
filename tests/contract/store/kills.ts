import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkAfterCrash } from './crashCheck.ts';
import { type LogLine, openCollections } from './crashWrites.ts';
import { makeFolder, removeFolders, storageAt } from './harness.ts';
import { Random } from './random.ts';

/** What a run of kills found; `lost`, `torn` and `broken` must be empty. */
export type KillReport = {
  kills: number;
  /** Bulk writes answered before their process was killed. */
  answers: number;
  /** Kills that came between the begin of a bulk write and its answer. */
  killsInWrite: number;
  documents: number;
  lost: string[];
  torn: string[];
  broken: string[];
};

/** Each file takes this many kills, one after another, before a fresh one is begun. */
const KILLS_PER_FILE = 10;

const linesOf = (path: string): LogLine[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as LogLine)
    : [];

/** Starts a writer, waits until it has been answered `answers` times (1), and kills it `afterMs` later; resolves to its log. */
export async function writeAndKill(options: {
  readonly path: string;
  readonly log: string;
  readonly round: number;
  readonly seed: number;
  readonly sealed: boolean;
  readonly afterMs: number;
  readonly answers?: number;
  readonly writer?: string;
}): Promise<LogLine[]> {
  const { path, log, round, seed, sealed, afterMs, answers = 1 } = options;
  const writer = options.writer ?? join(import.meta.dirname, 'writer.ts');
  const child = spawn(process.execPath, [writer, path, log, String(round), String(seed), String(sealed)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_, signal) => resolve(signal)),
  );
  const isAnswered = () => existsSync(log) && readFileSync(log, 'utf8').split('"answered"').length > answers;
  for (let i = 0; i < 2000 && !isAnswered() && child.exitCode === null; i++) await wait(5);
  await wait(afterMs);
  child.kill('SIGKILL');
  if ((await ended) !== 'SIGKILL') throw new Error(`the writer ended by itself: ${complaint}`);
  return linesOf(log);
}

/** Steps are numbered from 0 in every process: made distinct before logs are put together. */
export function joinLogs(logs: readonly (readonly LogLine[])[]): LogLine[] {
  const stepsPerLog = 10_000_000;
  return logs.flatMap((lines, i) =>
    lines.map((line): LogLine => {
      if ('begun' in line) return { ...line, begun: line.begun + i * stepsPerLog };
      if ('answered' in line) return { answered: line.answered + i * stepsPerLog };
      return line;
    }),
  );
}

/** Kills writers at random moments and compares what is reopened with what they were answered. */
export async function runKills(options: {
  readonly kills: number;
  readonly seed: number;
  readonly sealed: boolean;
  readonly writer?: string;
  readonly stopAtFirst?: boolean;
}): Promise<KillReport> {
  const { kills, seed, sealed, writer } = options;
  const random = new Random(seed);
  const report: KillReport = {
    kills: 0,
    answers: 0,
    killsInWrite: 0,
    documents: 0,
    lost: [],
    torn: [],
    broken: [],
  };
  let path = '';
  let logs: LogLine[][] = [];
  for (let round = 0; round < kills; round++) {
    if (round % KILLS_PER_FILE === 0) {
      removeFolders();
      path = join(makeFolder(), 'crash.db');
      logs = [];
    }
    const afterMs = random.int(random.pick([20, 60, 250]));
    const settings = { path, log: `${path}.log${round}`, round, seed: seed + round, sealed, afterMs };
    const lines = await writeAndKill(writer === undefined ? settings : { ...settings, writer });
    logs.push(lines);
    const begun = lines.filter((line) => 'begun' in line).length;
    const answered = lines.filter((line) => 'answered' in line).length;
    report.kills++;
    report.answers += answered;
    report.killsInWrite += begun > answered ? 1 : 0;
    try {
      const opened = await openCollections(storageAt(path, sealed));
      try {
        const { lost, torn, broken, documents } = await checkAfterCrash(opened, joinLogs(logs));
        const named = (text: string) => `round ${round}: ${text}`;
        report.lost.push(...lost.map(named));
        report.torn.push(...torn.map(named));
        report.broken.push(...broken.map(named));
        report.documents += documents;
      } finally {
        for (const instance of opened.values()) await instance.close();
      }
    } catch (error) {
      report.broken.push(`round ${round}: ${String(error)}`);
    }
    if (options.stopAtFirst && report.lost.length + report.torn.length + report.broken.length > 0) break;
  }
  return report;
}
