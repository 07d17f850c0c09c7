import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './source/shell/chromium.ts';

const packages = ['chromium', 'fonts-noto-core'];
const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/**
 * Makes sure that a Chromium is there. As root on Debian it installs one, which takes a minute and the
 * network; elsewhere it throws an error that names the one command to run.
 */
export function ensureSystemPackages(): void {
  if (findChromium()) return;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(`the Electron stand-in needs Chromium; install it with: sudo sh -c '${command}'`);
  }
  process.stderr.write(`installing Chromium: ${command}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'], env });
  if (status !== 0 || !findChromium()) throw new Error(`Chromium could not be installed; run: ${command}`);
}
