import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Made once per data folder and kept there, readable by the portal's user alone. */
export interface Secrets {
  /** Key of the access tokens, 32 bytes. */
  readonly tokenKey: Uint8Array;
  readonly databasePassword: string;
}

/** The folder is in use by a portal that runs. */
export class FolderInUse extends Error {}

/** Creates the data folder if need be, and its secrets. Several processes may do so at once: the first one's secrets stay. */
export async function openDataFolder(folder: string): Promise<Secrets> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  // The embedded PostgreSQL may run under another user, who has to get through to its own folder.
  await chmod(folder, 0o711);
  const path = join(folder, 'secrets.json');
  await writeOnce(
    path,
    JSON.stringify({
      tokenKey: randomBytes(32).toString('base64'),
      databasePassword: randomBytes(24).toString('base64url'),
    }),
  );
  const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (
    typeof kept !== 'object' ||
    kept === null ||
    !('tokenKey' in kept && typeof kept.tokenKey === 'string') ||
    !('databasePassword' in kept && typeof kept.databasePassword === 'string')
  )
    throw new Error(`${path} is damaged; without it nobody stays signed in. Restore it or remove it.`);
  return { tokenKey: Buffer.from(kept.tokenKey, 'base64'), databasePassword: kept.databasePassword };
}

async function writeOnce(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

/** Whether an error of the file system or the network has that code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * Holds the folder for one portal with an embedded PostgreSQL. A lock left behind by a killed process is taken over.
 * Throws {@link FolderInUse}.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, 'portal.lock');
  const own = `${process.pid} ${(await startOf(process.pid)) ?? ''}`;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(own);
      await file.close();
      return {
        async release() {
          if ((await readFile(path, 'utf8').catch(() => '')) === own) await rm(path, { force: true });
        },
      };
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const [pidText, start = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    const pid = Number(pidText);
    if (pid > 0 && (await isRunning(pid, start)))
      throw new FolderInUse(`the data folder ${folder} is in use by the portal with process id ${pid}`);
    await rm(path, { force: true });
  }
  throw new FolderInUse(`the data folder ${folder} could not be locked`);
}

async function isRunning(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  const now = await startOf(pid);
  return now === null || start === '' || now === start;
}

/** When a process was started, in the kernel's own ticks: tells a process from another that got its id later. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A process that ended but was not yet waited for holds nothing.
  if (fields[0] === 'Z') return 'ended';
  return fields[19] ?? null;
}
