import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemberSetup } from './crewMember.ts';
import { scratchFolder, startServer } from './databases.ts';
import { bundleDesk } from './deskBundle.ts';
import type { Fault } from './planted/faults.ts';
import type { SeedResult, SeedTask } from './runSeed.ts';

/** Processes that run seeds, on one PostgreSQL. */
export interface Crew {
  /** Runs one history; more than there are processes wait for each other. */
  run(task: SeedTask): Promise<SeedResult>;
  end(): Promise<void>;
}

/** What the server and the scratch folder are for; shared by crews that follow each other. */
export interface Ground {
  readonly server: string;
  readonly scratch: string;
  clear(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const scratch = await scratchFolder('soan-simulation-');
  const server = await startServer();
  return {
    server: server.url,
    scratch,
    async clear() {
      await server.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** A seed that takes longer than this, in real time, hangs. */
const LONGEST_MS = 300_000;
/** Memory of a process that ran many seeds is given back now and then. */
const SEEDS_PER_PROCESS = 100;

let bundles = 0;

export async function gatherCrew(ground: Ground, jobs: number, fault: Fault | null = null): Promise<Crew> {
  bundles += 1;
  const bundle = join(ground.scratch, `desk-${bundles}.cjs`);
  await bundleDesk(bundle, fault);
  const setup: MemberSetup = { server: ground.server, bundle, scratch: ground.scratch };
  const isPortals = fault?.file.startsWith('portal/') ?? false;
  const idle: (() => void)[] = [];
  const members = new Set<ChildProcess>();
  let free = jobs;
  const resting: { child: ChildProcess; seeds: number }[] = [];

  const spawn = () => {
    const child = fork(join(import.meta.dirname, 'crewMember.ts'), [], {
      env: {
        ...process.env,
        SOAN_SIMULATION: JSON.stringify(setup),
        ...(isPortals ? { SOAN_SIMULATION_FAULT: JSON.stringify(fault) } : {}),
      },
      execArgv: [
        '--no-warnings',
        ...(isPortals ? ['--import', join(import.meta.dirname, 'planted/hook.ts')] : []),
      ],
    });
    members.add(child);
    child.once('exit', () => members.delete(child));
    return { child, seeds: 0 };
  };

  const attempt = (task: SeedTask): Promise<SeedResult> => {
    const member = resting.pop() ?? spawn();
    member.seeds += 1;
    return new Promise((resolve) => {
      const broken = (reason: string): SeedResult => ({
        seed: task.seed,
        failure: { oracle: 'harness', reason },
        history: [],
        planned: [],
        failedIn: null,
        rounds: 0,
        ms: 0,
        logs: [],
      });
      const settle = (result: SeedResult, isWell: boolean) => {
        clearTimeout(timer);
        member.child.removeAllListeners('message');
        member.child.off('exit', ended);
        if (isWell && member.seeds < SEEDS_PER_PROCESS) resting.push(member);
        else member.child.kill('SIGKILL');
        resolve(result);
      };
      const timer = setTimeout(() => settle(broken(`no end after ${LONGEST_MS} ms`), false), LONGEST_MS);
      member.child.once('message', (result: SeedResult) => settle(result, true));
      const ended = (code: number | null) => settle(broken(`its process ended with ${code}`), false);
      member.child.once('exit', ended);
      member.child.send(task);
    });
  };

  return {
    async run(task) {
      if (free === 0) await new Promise<void>((resolve) => idle.push(resolve));
      else free -= 1;
      try {
        return await attempt(task);
      } finally {
        const next = idle.shift();
        if (next) next();
        else free += 1;
      }
    },
    async end() {
      for (const child of members) child.kill('SIGKILL');
      await rm(bundle, { force: true });
    },
  };
}
