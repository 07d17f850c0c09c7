import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildStandIn, repository } from './build.ts';
import { ensureSystemPackages } from './systemPackages.ts';

/** An executable that starts an Electron app. */
export interface ElectronExecutable {
  path: string;
  kind: 'electron' | 'stand-in';
  version: string;
}

const require = createRequire(import.meta.url);

function realElectron(): ElectronExecutable | undefined {
  const folder = path.dirname(require.resolve('electron/package.json'));
  const named = path.join(folder, 'path.txt');
  if (!existsSync(named)) return undefined;
  const file = path.join(folder, 'dist', readFileSync(named, 'utf8'));
  const version = path.join(folder, 'dist', 'version');
  if (!existsSync(file) || !existsSync(version)) return undefined;
  return { path: file, kind: 'electron', version: readFileSync(version, 'utf8').replace(/^v/, '').trim() };
}

function newest(folder: string): number {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}

/** True if the folder holds a stand-in built from the present sources. */
function isFresh(folder: string): boolean {
  const mark = path.join(folder, 'version');
  if (!existsSync(mark)) return false;
  const { version } = JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')) as {
    version: string;
  };
  if (readFileSync(mark, 'utf8') !== version) return false;
  const sources = Math.max(
    newest(path.join(import.meta.dirname, 'source')),
    statSync(path.join(import.meta.dirname, 'build.ts')).mtimeMs,
  );
  return statSync(mark).mtimeMs > sources;
}

/** A build takes a second or two; a lock that is much older was left by a process that was killed. */
const lockPatienceMs = 60_000;

/** Builds once, however many processes ask for it at the same time. */
async function keepFresh(folder: string): Promise<void> {
  const lock = path.join(path.dirname(folder), '.cache', 'stand-in.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  while (!isFresh(folder)) {
    try {
      mkdirSync(lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
      if (since !== undefined && Date.now() - since > lockPatienceMs)
        rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (!isFresh(folder)) await buildStandIn(folder);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

/**
 * The Electron to run the app on: the real one if its binary is installed, else the stand-in, built
 * when it is missing or older than its sources. Installs or asks for Chromium where it is missing.
 */
export async function electronExecutable(): Promise<ElectronExecutable> {
  const real = realElectron();
  if (real) return real;
  ensureSystemPackages();
  const folder = process.env.SOAN_STAND_IN ?? path.join(repository, '.electron-stand-in');
  await keepFresh(folder);
  const version = readFileSync(path.join(folder, 'version'), 'utf8');
  return { path: path.join(folder, 'electron'), kind: 'stand-in', version };
}
