import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolder } from './durableFolder.ts';
import { type Binaries, binaries, exists, findRunner, outcome, type Runner } from './postgresPrograms.ts';

/** A PostgreSQL server of the portal's own. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Called if the server ends without having been asked to. */
  onDeath(listener: (lastWords: string) => void): void;
  /** Ends it and waits until everything is on disk. */
  stop(): Promise<void>;
}

interface Options {
  /** The portal's data folder; the cluster is its subfolder `postgres`. */
  readonly folder: string;
  readonly password: string;
  readonly log: (line: string) => void;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const USER = 'soan';

/**
 * Starts the PostgreSQL in the folder, creating it first where there is none (README.md, "Embedded PostgreSQL"). A
 * server that a killed portal left behind is stopped first. Throws with the server's own last words.
 */
export async function startEmbedded(options: Options): Promise<EmbeddedPostgres> {
  const cluster = join(options.folder, 'postgres');
  const programs = await binaries();
  const runner = await findRunner(cluster, programs);
  await removeLeftovers(options.folder);
  if (!(await exists(join(cluster, 'PG_VERSION')))) await initialise(options, cluster, programs, runner);
  await endOrphan(cluster, programs, runner, options.log);
  let lastError: unknown;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      return await launch(options, cluster, programs, runner, await freePort());
    } catch (error) {
      lastError = error;
      if (!/could not bind|Address already in use/.test(String(error))) break;
    }
  }
  throw lastError;
}

async function initialise(
  options: Options,
  cluster: string,
  programs: Binaries,
  runner: Runner,
): Promise<void> {
  const fresh = `${cluster}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${fresh}.pw`;
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (runner.uid !== null && runner.gid !== null) {
    await chown(fresh, runner.uid, runner.gid);
    await chown(passwordFile, runner.uid, runner.gid);
  }
  try {
    const args = [
      '-D',
      fresh,
      '-U',
      USER,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
    ];
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const done = await outcome(runner.start(programs.initdb, [...args, ...locale], true));
    if (done.code !== 0) throw new Error(`initdb failed: ${done.output.trim()}`);
    await rename(fresh, cluster);
    await syncFolder(options.folder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A first start that was cut off leaves folders that no start may take for a cluster. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('postgres.new-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function endOrphan(
  cluster: string,
  programs: Binaries,
  runner: Runner,
  log: (line: string) => void,
): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const pid = Number(text.split('\n')[0]);
  if (!(await isServerOf(pid, cluster))) {
    // Left by a power cut; the id may belong to anybody by now, and PostgreSQL would refuse to start.
    await rm(file, { force: true });
    return;
  }
  log(`a PostgreSQL of an earlier portal (process ${pid}) still runs; stopping it`);
  for (const mode of ['fast', 'immediate']) {
    await outcome(
      runner.start(programs.pg_ctl, ['stop', '-D', cluster, '-m', mode, '-w', '-t', '20'], false),
    );
    if (!(await isServerOf(pid, cluster))) return;
  }
  throw new Error(`the PostgreSQL with process id ${pid} still holds ${cluster} and could not be stopped`);
}

async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (command !== null) return command.split('\0').includes(cluster);
  if (platform() === 'linux') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function launch(
  options: Options,
  cluster: string,
  programs: Binaries,
  runner: Runner,
  port: number,
): Promise<EmbeddedPostgres> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '60',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = runner.start(programs.postgres, ['-D', cluster, ...flags], true);
  const lastLines: string[] = [];
  let ready: () => void = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const note = (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
      lastLines.push(line);
      if (lastLines.length > 30) lastLines.shift();
      if (line.includes('ready to accept connections')) ready();
      if (/ (FATAL|PANIC|WARNING): /.test(line)) options.log(line);
    }
  };
  child.stderr?.on('data', note);
  child.stdout?.on('data', note);
  const ended = once(child, 'close').then(() => lastLines.join('\n'));
  const first = await Promise.race([
    isReady.then(() => 'ready' as const),
    ended.then((words) => new Error(`PostgreSQL did not start: ${words}`)),
    sleep(START_TIMEOUT_MS, new Error('PostgreSQL did not start in time'), { ref: false }),
  ]);
  const pid = child.pid;
  if (first !== 'ready' || pid === undefined) {
    child.kill('SIGQUIT');
    throw first;
  }
  return running(child, pid, port, options.password, ended);
}

function running(
  child: ChildProcess,
  pid: number,
  port: number,
  password: string,
  ended: Promise<string>,
): EmbeddedPostgres {
  let stopping = false;
  return {
    url: `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    onDeath(listener) {
      void ended.then((words) => {
        if (!stopping) listener(words);
      });
    },
    async stop() {
      stopping = true;
      child.kill('SIGINT');
      const first = await Promise.race([ended, sleep(STOP_TIMEOUT_MS, null, { ref: false })]);
      if (first === null) child.kill('SIGQUIT');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
