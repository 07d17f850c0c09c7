import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installAsar } from '../asar/mount.ts';
import { answerRequire } from '../shared/electronModule.ts';
import { netWith } from '../shared/net.ts';
import { MessageChannelMain, MessagePortMain } from '../shared/ports.ts';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { app } from './app.ts';
import { startChromium } from './chromium.ts';
import { ipcMain } from './ipc.ts';
import { Menu, MenuItem } from './menu.ts';
import { preventable, runtime } from './runtime.ts';
import {
  clipboard,
  dialog,
  Notification,
  nativeTheme,
  powerMonitor,
  safeStorage,
  screen,
  shell,
} from './services.ts';
import { protocol, Session, session } from './session.ts';
import { watchTargets } from './targets.ts';
import { killUtilityProcesses, UtilityProcess, utilityProcess } from './utilityProcess.ts';
import { WebContents } from './webContents.ts';
import { BrowserWindow } from './window.ts';

const electron = strict('electron', {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  MessagePortMain,
  nativeTheme,
  net: netWith((url, request) =>
    session.defaultSession.protocol.handlers.get(url.protocol.slice(0, -1))?.(request()),
  ),
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  Session,
  session,
  shell,
  UtilityProcess,
  utilityProcess,
  webContents: strict('webContents', {
    getAllWebContents: () => WebContents.getAllWebContents(),
    getFocusedWebContents: () => BrowserWindow.getFocusedWindow()?.webContents ?? null,
    fromId: (id: number) => WebContents.fromId(id),
    fromDevToolsTargetId: (id: string) => WebContents.fromDevToolsTargetId(id),
  }),
});

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const { statSync } = fs;

/** Splits the command line as Electron does: switches, `-r` modules, the app's folder. */
function readCommandLine(args: string[]): { required: string[]; appArgument: string | undefined } {
  const required: string[] = [];
  let appArgument: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '-r' || argument === '--require') {
      required.push(args[index + 1] ?? '');
      index += 1;
    } else if (argument.startsWith('--')) {
      const [name = '', value = ''] = argument.slice(2).split(/=(.*)/s);
      if (name) app.commandLine.appendSwitch(name, value);
    } else if (!argument.startsWith('-')) appArgument ??= argument;
  }
  return { required, appArgument };
}

function readManifest(): void {
  const file = path.join(runtime.appPath, 'package.json');
  let manifest: Partial<typeof runtime.manifest>;
  try {
    manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<typeof runtime.manifest>;
  } catch (error) {
    fail(`Unable to find Electron app at ${runtime.appPath}\n\n${String(error)}`);
  }
  runtime.manifest = { name: 'Electron', version: '0.0.0', ...manifest, main: manifest.main ?? 'index.js' };
}

async function loadApp(): Promise<void> {
  const entry = path.resolve(runtime.appPath, runtime.manifest.main);
  if (!fs.existsSync(entry)) {
    fail(`Unable to find Electron app at ${runtime.appPath}\n\nCannot find module '${entry}'`);
  }
  if (entry.endsWith('.mjs')) await import(pathToFileURL(entry).href);
  else createRequire(path.join(runtime.appPath, 'package.json'))(entry);
}

async function shutDown(code: number): Promise<never> {
  killUtilityProcesses();
  const { chromium } = runtime;
  if (chromium) {
    const kill = setTimeout(() => chromium.process.kill('SIGKILL'), 3_000);
    chromium.devtools.send('Browser.close').catch(() => {});
    setTimeout(() => chromium.devtools.close(), 500).unref();
    await chromium.exited;
    clearTimeout(kill);
  }
  process.exit(code);
}

async function start(): Promise<void> {
  runtime.folder = path.dirname(path.dirname(fs.realpathSync(process.argv[1] ?? '')));
  runtime.executable = process.env.ELECTRON_STAND_IN_LAUNCHER ?? path.join(runtime.folder, 'electron');
  const onlyAsar = process.env.ELECTRON_STAND_IN_FUSES?.[5] === '1';
  delete process.env.ELECTRON_STAND_IN_LAUNCHER;
  delete process.env.ELECTRON_STAND_IN_FUSES;
  runtime.node = process.execPath;
  process.argv.splice(0, 2, runtime.executable);
  process.execPath = runtime.executable;
  process.execArgv = [];
  const resources = path.join(runtime.folder, 'resources');
  const version = fs.readFileSync(path.join(runtime.folder, 'version'), 'utf8').replace(/^v/, '').trim();
  Object.defineProperty(process, 'type', { value: 'browser', enumerable: true });
  Object.defineProperty(process, 'resourcesPath', { value: resources, enumerable: true });
  Object.defineProperty(process.versions, 'electron', { value: version, enumerable: true });
  // Taken before archives are mounted: the archive itself is a file, whatever it holds.
  const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  installAsar();

  const { required, appArgument } = readCommandLine(process.argv.slice(1));
  const bundled = path.join(resources, 'app.asar');
  if (isFile(bundled)) {
    runtime.isPackaged = true;
    runtime.appPath = bundled;
  } else if (appArgument === undefined || onlyAsar) {
    fail('no app: give the folder of an app as the argument, or put one at resources/app.asar');
  } else {
    Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
    const given = path.resolve(appArgument);
    runtime.appPath = given;
    if (isFile(given) && !given.endsWith('.asar')) {
      runtime.appPath = path.dirname(given);
      runtime.manifest = { name: 'Electron', version, main: path.basename(given) };
    }
  }
  if (runtime.manifest.main === 'index.js') readManifest();

  answerRequire(electron);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  process.on('exit', killUtilityProcesses);
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    process.stderr.write(`Uncaught Exception:\n${error instanceof Error ? error.stack : String(error)}\n`);
    if (!runtime.ready) void shutDown(1);
  });
  app.shutDown = shutDown;

  const requireHere = createRequire(path.join(process.cwd(), 'noop.js'));
  for (const module of required) requireHere(module);
  await loadApp();
  if (app.quitting || app.exiting) return;
  await new Promise((resolve) => setImmediate(resolve));
  if (app.exiting) return;

  const profile = path.join(app.getPath('sessionData'), 'Chromium');
  const chromium = await startChromium(
    profile,
    app.commandLine.switches,
    app.commandLine.hasSwitch('remote-debugging-port'),
  );
  runtime.chromium = chromium;
  void chromium.exited.then(() => {
    if (!app.exiting) fail('Chromium ended unexpectedly');
  });
  const { product } = await chromium.devtools.send<{ product: string }>('Browser.getVersion');
  Object.defineProperty(process.versions, 'chrome', { value: product.split('/')[1], enumerable: true });
  await watchTargets();
  runtime.ready = true;
  app.emit('will-finish-launching');
  app.emit('ready', preventable({}), {});
  app.becomeReady();
}

start().catch((error: unknown) => {
  if (error instanceof NotInStandInError) process.stderr.write(`${error.message}\n`);
  process.stderr.write(
    `App threw an error during load\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  void shutDown(1);
});
