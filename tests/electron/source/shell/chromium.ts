import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { DevTools } from './devtools.ts';

const candidates = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The system's Chromium, or `undefined`; `SOAN_CHROMIUM` names another one. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.SOAN_CHROMIUM) return env.SOAN_CHROMIUM;
  const onPath = (env.PATH ?? '').split(':').flatMap((folder) => [path.join(folder, 'chromium')]);
  return [...candidates, ...onPath].find((file) => fs.existsSync(file));
}

/** Switches that the stand-in sets itself, or that mean Node's side of Electron. */
const ownSwitches = new Set([
  'remote-debugging-port',
  'remote-debugging-pipe',
  'user-data-dir',
  'inspect',
  'inspect-brk',
  'headless',
  'host-resolver-rules',
  'proxy-server',
  'proxy-bypass-list',
]);
const disabledFeatures = 'LocalNetworkAccessChecks,Translate,AutofillServerCommunication,OptimizationHints';

export interface Chromium {
  devtools: DevTools;
  process: ChildProcess;
  headless: boolean;
  /** Resolves when the process is gone. */
  exited: Promise<void>;
  executable: string;
  profile: string;
}

/** A profile that a killed shell left behind is freed by its Chromium within moments; a new one must wait for it. */
async function waitForProfile(profile: string): Promise<void> {
  const lock = path.join(profile, 'SingletonLock');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    let owner: string;
    try {
      owner = fs.readlinkSync(lock);
    } catch {
      return;
    }
    const pid = Number(owner.slice(owner.lastIndexOf('-') + 1));
    let command = '';
    try {
      command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {}
    if (!command.includes(profile)) {
      fs.rmSync(lock, { force: true });
      return;
    }
    if (attempt === 60) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Where no locale is set, Chromium can't open files whose names have letters beyond ASCII. */
function unicodeEnvironment(): NodeJS.ProcessEnv {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG || 'C';
  return /utf-?8/i.test(locale) ? process.env : { ...process.env, LC_ALL: 'C.UTF-8' };
}

/** Starts Chromium without a window; rejects when it can't be found or doesn't answer. */
export async function startChromium(
  profile: string,
  switches: Map<string, string>,
  showDevToolsLine: boolean,
): Promise<Chromium> {
  const executable = findChromium();
  if (!executable) throw new Error('no Chromium found: apt-get install chromium, or set SOAN_CHROMIUM');
  fs.mkdirSync(profile, { recursive: true });
  await waitForProfile(profile);
  const headless = !process.env.DISPLAY;
  const features = [disabledFeatures, switches.get('disable-features')].filter(Boolean).join(',');
  const flags = [
    '--remote-debugging-pipe',
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-extensions',
    '--password-store=basic',
    // Nothing listens there: what request interception does not see has no way out either.
    '--proxy-server=http://127.0.0.1:1',
    '--proxy-bypass-list=<-loopback>',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    `--user-data-dir=${profile}`,
    `--disable-features=${features}`,
  ];
  if (headless) flags.push('--headless=new', '--disable-gpu', '--hide-scrollbars=false');
  // With the test flag Chromium shows no bar about the missing sandbox.
  if (process.getuid?.() === 0) flags.push('--no-sandbox', '--test-type');
  if (showDevToolsLine) flags.push('--remote-debugging-port=0');
  for (const [name, value] of switches) {
    if (ownSwitches.has(name) || name === 'disable-features') continue;
    flags.push(value === '' ? `--${name}` : `--${name}=${value}`);
  }
  const child = spawn(executable, flags, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: unicodeEnvironment(),
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const devtools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const verbose = Boolean(process.env.ELECTRON_ENABLE_LOGGING) || switches.has('enable-logging');
  const lines: string[] = [];
  createInterface({ input: child.stderr as Readable }).on('line', (line) => {
    lines.push(line);
    if (lines.length > 40) lines.shift();
    if (verbose || line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`);
  });
  const failed = exited.then(() => {
    throw new Error(`Chromium (${executable}) ended while starting:\n${lines.join('\n')}`);
  });
  failed.catch(() => {});
  await Promise.race([devtools.send('Browser.getVersion'), failed]);
  return { devtools, process: child, headless, exited, executable, profile };
}

/** Asks the running Chromium, through a second one that ends at once, for a window without tabs. */
export async function openAppWindow(
  running: Chromium,
  address: string,
  width: number,
  height: number,
): Promise<void> {
  const flags = [
    `--user-data-dir=${running.profile}`,
    `--app=${address}`,
    `--window-size=${width},${height}`,
    '--no-first-run',
  ];
  if (process.getuid?.() === 0) flags.push('--no-sandbox', '--test-type');
  const child = spawn(running.executable, flags, { stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
