import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAfterCrash, type Finding } from '../crashCheck.ts';
import { type LogLine, openCollections } from '../crashWrites.ts';
import { type AnyStorage, type Instance, insertAll, storageAt } from '../harness.ts';
import { Random } from '../random.ts';
import { Disk } from './disk.ts';
import { buildRecorder, type Operation, record } from './recording.ts';

/** What a run of power cuts found; every list is empty when the store keeps its promise. */
export type CutReport = {
  cuts: number;
  recordings: number;
  /** Calls recorded, and fsyncs among them. */
  operations: number;
  syncs: number;
  /** Answered bulk writes checked, summed over all cuts. */
  answers: number;
  documents: number;
  cutsWithLoss: number;
  cutsWithTear: number;
  cutsWithDamage: number;
  /** The first findings, with the seed and the place of the cut. */
  examples: string[];
};

export type CutOptions = {
  readonly cuts: number;
  readonly seed: number;
  readonly sealed: boolean;
  readonly synchronous?: 'FULL' | 'NORMAL';
  readonly cutsPerRecording?: number;
  readonly rounds?: number;
  readonly workload?: string;
  /** End at the first finding. */
  readonly stopAtFirst?: boolean;
  readonly onProgress?: (report: CutReport) => void;
};

const CREATION_CALLS = 60;

/** A folder in memory where there is one: the simulated disk is what keeps the data, not this machine's. */
function workFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'soan-powercut-'));
}

/** Records workloads and cuts their power at random moments. */
export async function runCuts(options: CutOptions): Promise<CutReport> {
  const { cuts, seed, sealed, synchronous = 'FULL', cutsPerRecording = 250, rounds = 60, workload } = options;
  const report: CutReport = {
    cuts: 0,
    recordings: 0,
    operations: 0,
    syncs: 0,
    answers: 0,
    documents: 0,
    cutsWithLoss: 0,
    cutsWithTear: 0,
    cutsWithDamage: 0,
    examples: [],
  };
  const folder = workFolder();
  try {
    const recorder = buildRecorder(folder);
    for (let i = 0; report.cuts < cuts; i++) {
      const own = join(folder, `recording${i}`);
      mkdirSync(own);
      const settings = { recorder, folder: own, seed: seed + i, sealed, rounds, synchronous };
      const operations = await record(workload === undefined ? settings : { ...settings, workload });
      report.recordings++;
      report.operations += operations.length;
      report.syncs += operations.filter(({ kind }) => kind === 'sync').length;
      const wanted = Math.min(cutsPerRecording, cuts - report.cuts);
      await cutRecording(
        operations,
        join(own, 'cut'),
        seed + i,
        wanted,
        report,
        sealed,
        options.stopAtFirst ?? false,
      );
      rmSync(own, { recursive: true, force: true });
      options.onProgress?.(report);
      if (options.stopAtFirst && report.examples.length > 0) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
}

async function cutRecording(
  operations: readonly Operation[],
  folder: string,
  seed: number,
  cuts: number,
  report: CutReport,
  sealed: boolean,
  stopAtFirst: boolean,
): Promise<void> {
  const random = new Random(seed ^ 0x9e3779b9);
  // The making of the database is short and delicate: a tenth of the cuts falls there.
  const anywhere = () =>
    random.int((random.chance(0.1) ? Math.min(CREATION_CALLS, operations.length) : operations.length) + 1);
  const places = Array.from({ length: cuts }, anywhere).sort((a, b) => a - b);
  const disk = new Disk();
  let done = 0;
  for (const place of places) {
    while (done < place) {
      const operation = operations[done++];
      if (operation) disk.apply(operation);
    }
    disk.cut(folder, random);
    const lines = disk.answers.map((line) => JSON.parse(line) as LogLine);
    const { lost, torn, broken, answers, documents } = await reopen(
      folder,
      sealed,
      lines,
      random.chance(0.1),
    );
    report.cuts++;
    report.answers += answers;
    report.documents += documents;
    report.cutsWithLoss += lost.length > 0 ? 1 : 0;
    report.cutsWithTear += torn.length > 0 ? 1 : 0;
    report.cutsWithDamage += broken.length > 0 ? 1 : 0;
    const found = [...broken, ...torn, ...lost];
    if (found.length > 0 && report.examples.length < 10) {
      report.examples.push(
        `seed ${seed}, cut after call ${place} of ${operations.length}: ${found.slice(0, 3).join('; ')}`,
      );
    }
    if (stopAtFirst && found.length > 0) return;
  }
}

/** Opens what the cut left with the real store; sometimes also writes to it and opens it again. */
async function reopen(
  folder: string,
  sealed: boolean,
  lines: readonly LogLine[],
  alsoWrite: boolean,
): Promise<Finding> {
  const storage = storageAt(join(folder, 'desk.db'), sealed);
  try {
    const finding = await withCollections(storage, async (opened) => {
      const checked = await checkAfterCrash(opened, lines);
      if (alsoWrite) await insertAll(collectionOf(opened, 'marks'), [AFTER]);
      return checked;
    });
    if (alsoWrite) {
      await withCollections(storage, async (opened) => {
        const found = await collectionOf(opened, 'marks').findDocumentsById([AFTER.id], false);
        if (found.length === 0) finding.lost.push('a write made after the cut');
      });
    }
    return finding;
  } catch (error) {
    return {
      lost: [],
      torn: [],
      broken: [`does not open or read: ${String(error)}`],
      answers: 0,
      documents: 0,
    };
  }
}

const AFTER = { id: 'after', unit: 'a', number: 1, change: 1, step: 1, text: '', sum: '' };

async function withCollections<T>(
  storage: AnyStorage,
  work: (opened: Map<string, Instance>) => Promise<T>,
): Promise<T> {
  const opened = await openCollections(storage);
  try {
    return await work(opened);
  } finally {
    for (const instance of opened.values()) await instance.close();
  }
}

function collectionOf(opened: ReadonlyMap<string, Instance>, name: string): Instance {
  const instance = opened.get(name);
  if (!instance) throw new Error(`no collection ${name}`);
  return instance;
}
