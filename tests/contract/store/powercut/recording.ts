import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One call that changed files or made changes durable, as the recorder saw it. Names are relative to the folder. */
export type Operation =
  | {
      readonly kind: 'open';
      readonly inode: bigint;
      readonly name: string;
      readonly created: boolean;
      readonly emptied: boolean;
      readonly folder: boolean;
    }
  | { readonly kind: 'write'; readonly inode: bigint; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly inode: bigint; readonly length: number }
  | { readonly kind: 'sync'; readonly inode: bigint }
  | { readonly kind: 'rename' | 'link'; readonly name: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string };

const INSTALL = 'apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev';
const HEADER_BYTES = 32;

/**
 * Compiles the recorder into `folder`. Without a compiler: as root on Debian installs one (a minute, and the
 * network), elsewhere throws an error that names the one command to run.
 */
export function buildRecorder(folder: string): string {
  const output = join(folder, 'recorder.so');
  const source = join(import.meta.dirname, 'shim.c');
  const hasCompiler = () => spawnSync('cc', ['--version']).status === 0;
  if (!hasCompiler()) {
    const help = `the power-cut test needs a C compiler; install it with: sudo sh -c '${INSTALL}'`;
    if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(help);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', INSTALL], { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (!hasCompiler()) throw new Error(help);
  }
  const args = [
    '-O1',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    output,
    source,
    '-ldl',
    '-lpthread',
  ];
  const { status, stderr } = spawnSync('cc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the recorder does not compile: ${stderr}`);
  return output;
}

/** What one recording is made with. */
export type RecordingOptions = {
  readonly recorder: string;
  /** Empty folder for the workload and its log. */
  readonly folder: string;
  readonly seed: number;
  readonly sealed: boolean;
  readonly rounds: number;
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Another copy of the workload, e.g. one with a planted defect. */
  readonly workload?: string;
};

/** Runs the workload under the recorder and reads what it did. */
export async function record(options: RecordingOptions): Promise<Operation[]> {
  const { recorder, folder, seed, sealed, rounds, synchronous } = options;
  const workload = options.workload ?? join(import.meta.dirname, 'workload.ts');
  const data = join(folder, 'data');
  const log = join(folder, 'recording');
  mkdirSync(data, { recursive: true });
  const child = spawn(
    process.execPath,
    [workload, data, String(seed), String(rounds), synchronous, String(sealed)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        LD_PRELOAD: recorder,
        POWERCUT_FOLDER: data,
        POWERCUT_LOG: log,
        // Writes through the ring would pass the recorder by.
        UV_USE_IO_URING: '0',
      },
    },
  );
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...ended) => resolve(ended)),
  );
  if (code !== 0) throw new Error(`the workload ended with ${code ?? signal}: ${complaint}`);
  return parse(readFileSync(log));
}

function parse(log: Buffer): Operation[] {
  const operations: Operation[] = [];
  let at = 0;
  while (at < log.length) {
    const type = log.readUInt32LE(at);
    const pathLength = log.readUInt32LE(at + 4);
    const inode = log.readBigUInt64LE(at + 8);
    const offset = Number(log.readBigUInt64LE(at + 16));
    const dataLength = Number(log.readBigUInt64LE(at + 24));
    const dataAt = at + HEADER_BYTES + pathLength;
    const name = basename(log.toString('utf8', at + HEADER_BYTES, dataAt));
    const data = log.subarray(dataAt, dataAt + dataLength);
    operations.push(toOperation(type, inode, offset, name, data));
    at = dataAt + dataLength;
  }
  return operations;
}

function toOperation(type: number, inode: bigint, offset: number, name: string, data: Buffer): Operation {
  switch (type) {
    case 1: {
      const [created, emptied, folder] = [1, 2, 4].map((bit) => (offset & bit) !== 0);
      return {
        kind: 'open',
        inode,
        name,
        created: created === true,
        emptied: emptied === true,
        folder: folder === true,
      };
    }
    case 2:
      return { kind: 'write', inode, offset, data };
    case 3:
      return { kind: 'truncate', inode, length: offset };
    case 4:
      return { kind: 'sync', inode };
    case 5:
      return { kind: 'rename', name, to: basename(data.toString('utf8')) };
    case 6:
      return { kind: 'unlink', name };
    case 7:
      return { kind: 'link', name, to: basename(data.toString('utf8')) };
    default:
      throw new Error(`the recording has a call of type ${type}`);
  }
}
