import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type * as Electron from 'electron';
import { electronExecutable } from '../locate.ts';

export const probeApp = path.resolve(import.meta.dirname, '../fixtures-apps/probe');

interface Engine extends Electron.UtilityProcess {
  messages: unknown[];
}
/** What the fixture app keeps in `globalThis.probe` of its shell. */
export interface Probe {
  electron: typeof Electron;
  log: string[];
  window: Electron.BrowserWindow;
  noted: unknown[];
  policy: string;
  stay?: boolean;
  refuseClose?: boolean;
  engines: Engine[];
  ports: Electron.MessagePortMain[];
  open(options?: {
    preload?: string;
    window?: Electron.BrowserWindowConstructorOptions;
  }): Electron.BrowserWindow;
  fork(options?: Electron.ForkOptions, args?: string[]): Engine;
  ask(engine: Engine, action: string, value?: unknown): Promise<unknown>;
  connect(window: Electron.BrowserWindow, engine: Engine): void;
}
/** What its preload script exposes to the page. */
export type Exposed = Record<string, (...args: unknown[]) => unknown> & { constant: unknown };

declare global {
  var probe: Probe & Exposed;
  var received: unknown[];
  var port: MessagePort;
}

const folders: string[] = [];
const children = new Set<ChildProcess>();
/** A folder that {@link removeFolders} takes away. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'stand-in-test-'));
  folders.push(folder);
  return folder;
}
export function removeFolders(): void {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export interface Started {
  app: ElectronApplication;
  page: Page;
  userData: string;
}

/** Starts the fixture app under Playwright, its page loaded. */
export async function startProbe(env: Record<string, string> = {}): Promise<Started> {
  const userData = temporaryFolder();
  const { path: executablePath } = await electronExecutable();
  const app = await _electron.launch({
    executablePath,
    args: [probeApp, `--user-data-dir=${userData}`],
    env: { ...(process.env as Record<string, string>), ...env },
    timeout: 30_000,
  });
  const page = await app.firstWindow();
  await page.waitForFunction(() => globalThis.probe && 'fromPage' in window);
  return { app, page, userData };
}

export interface Run {
  child: ChildProcess;
  trace(): string[];
  output(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts an executable by hand, as from a terminal; `trace` is what the fixture app wrote down. */
export function run(executable: string, args: string[], env: Record<string, string> = {}): Run {
  const traceFile = path.join(temporaryFolder(), 'trace');
  const child = spawn(executable, args, {
    env: { ...process.env, PROBE_TRACE: traceFile, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const trace = (): string[] => {
    try {
      return readFileSync(traceFile, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  return { child, trace, output: () => output, ended };
}

/** Waits until the condition holds; throws after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
