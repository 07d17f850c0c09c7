import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronExecutable } from './locate.ts';
import {
  probeApp,
  type Run,
  removeFolders,
  run,
  startProbe,
  temporaryFolder,
  until,
} from './support/probe.ts';

let executable = '';
beforeAll(async () => {
  executable = (await electronExecutable()).path;
});
afterAll(removeFolders);

/** Processes whose command line names the folder: Chromium and the utility processes of an app. */
function processesOf(folder: string): number[] {
  const list = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}
const start = (env: Record<string, string> = {}, userData = temporaryFolder()): Run & { userData: string } =>
  Object.assign(run(executable, [probeApp, `--user-data-dir=${userData}`], env), { userData });
const loaded = (app: Run) => until(() => app.trace().includes('loaded'), `a page:\n${app.output()}`);
const events = (app: Run) => app.trace().filter((line) => !line.startsWith('request'));

describe('an app started by hand', () => {
  it('quits in Electron’s order, with exit code 0, and leaves nothing behind', async () => {
    const app = start({ PROBE_QUIT: '1' });
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(events(app)).toEqual([
      'ready',
      'loaded',
      'before-quit',
      'close',
      'closed',
      'will-quit',
      'quit',
      'exit 0',
    ]);
    // Chromium itself is gone; its helpers notice within moments.
    await until(() => processesOf(app.userData).length === 0, 'the end of Chromium’s helpers');
    expect(app.output()).toBe('');
  });
  it('exits at once with the code of app.exit, without asking', async () => {
    const app = start({ PROBE_EXIT: '7' });
    expect(await app.ended).toEqual({ code: 7, signal: null });
    expect(events(app)).toEqual(['ready', 'quit', 'exit 7']);
  });
  it('quits on SIGTERM', async () => {
    const app = start();
    await loaded(app);
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(events(app).slice(-4)).toEqual(['closed', 'will-quit', 'quit', 'exit 0']);
  });
  it('takes Chromium and utility processes along when it is killed, and can be started again at once', async () => {
    const first = start({ PROBE_FORK: '1' });
    await loaded(first);
    expect(processesOf(first.userData).length).toBeGreaterThan(2);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start({ PROBE_QUIT: '1' }, first.userData);
    expect(await second.ended).toEqual({ code: 0, signal: null });
    await until(() => processesOf(first.userData).length === 0, 'the end of Chromium');
    await until(() => processesOf(`--of=${first.userData}`).length === 0, 'the end of the utility process');
  });
  it('fails with a message when the app throws while loading', async () => {
    const app = start({ PROBE_THROW: '1' });
    expect((await app.ended).code).toBe(1);
    expect(app.output()).toContain('broken at start');
  });
  it('fails with a message when there is no app', async () => {
    const app = run(executable, [temporaryFolder()]);
    expect((await app.ended).code).toBe(1);
    expect(app.output()).toContain('Unable to find Electron app');
  });
  it('says its version', () => {
    expect(execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim()).toMatch(/^v?\d+\.\d+\.\d+$/);
  });
  it('starts through the electron package’s own command', async () => {
    const { path: file } = await electronExecutable();
    const app = run('npx', ['electron', probeApp, `--user-data-dir=${temporaryFolder()}`], {
      ELECTRON_OVERRIDE_DIST_PATH: file.slice(0, file.lastIndexOf('/')),
      PROBE_QUIT: '1',
    });
    expect((await app.ended).code).toBe(0);
    expect(app.trace()).toContain('loaded');
  });
});

describe('a single instance', () => {
  it('hears of the second, which ends without opening the profile', async () => {
    const first = start({ PROBE_LOCK: '1' });
    await loaded(first);
    const second = run(executable, [probeApp, `--user-data-dir=${first.userData}`, 'soan-link'], {
      PROBE_LOCK: '1',
    });
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(second.trace()).toEqual(['not first', 'before-quit', 'will-quit', 'quit', 'exit 0']);
    await until(() => first.trace().includes('second-instance soan-link second'), 'the news of the second');
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });
  it('is one of a user data folder', async () => {
    const both = [start({ PROBE_LOCK: '1', PROBE_QUIT: '1' }), start({ PROBE_LOCK: '1', PROBE_QUIT: '1' })];
    await Promise.all(both.map((app) => app.ended));
    expect(both.map((app) => app.trace().includes('loaded'))).toEqual([true, true]);
  });
  it('frees the lock when it is killed', async () => {
    const first = start({ PROBE_LOCK: '1' });
    await loaded(first);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start({ PROBE_LOCK: '1', PROBE_QUIT: '1' }, first.userData);
    await second.ended;
    expect(second.trace()).toContain('loaded');
  });
});

describe('an app under Playwright', () => {
  it('keeps its window when close is prevented, and does not quit', async () => {
    const { app, page } = await startProbe();
    await app.evaluate(({ app: electronApp }) => {
      probe.refuseClose = true;
      electronApp.quit();
    });
    await page.evaluate(() => probe.twice?.(1));
    expect(await app.evaluate(() => probe.log.slice(-2))).toEqual(['before-quit', 'close']);
    await app.evaluate(() => {
      probe.refuseClose = false;
    });
    await app.close();
  });
  it('lets a page that hangs be closed, and one that asks to stay, stay', async () => {
    const { app, page } = await startProbe();
    await page.evaluate(() => {
      window.addEventListener('beforeunload', (event) => event.preventDefault());
    });
    page.on('dialog', () => {});
    await page.getByLabel('Text').click();
    const stayed = await app.evaluate(async () => {
      const asked = new Promise<void>((resolve) => {
        probe.window.webContents.once('will-prevent-unload', () => resolve());
      });
      probe.window.close();
      await asked;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return !probe.window.isDestroyed();
    });
    expect(stayed).toBe(true);
    page
      .evaluate(() => {
        for (;;);
      })
      .catch(() => {});
    await app
      .evaluate(
        () =>
          new Promise<void>((resolve) => {
            probe.window.once('closed', () => resolve());
            probe.window.close();
          }),
      )
      .catch(() => {});
    await app.close();
    expect(app.windows()).toEqual([]);
  });
  it('goes on without windows when it listens to window-all-closed', async () => {
    const { app } = await startProbe();
    const windows = await app.evaluate(async ({ BrowserWindow }) => {
      probe.stay = true;
      const closed = new Promise<void>((resolve) => probe.window.once('closed', () => resolve()));
      probe.window.close();
      await closed;
      return [BrowserWindow.getAllWindows().length, probe.window.isDestroyed(), probe.log.at(-1)];
    });
    expect(windows).toEqual([0, true, 'window-all-closed']);
    const opened = app.waitForEvent('window');
    await app.evaluate(async () => probe.open().loadURL('probe://desk/page.html'));
    await (await opened).waitForFunction(() => 'fromPage' in window);
    await app.close();
  });
  it('tells of a crashed window, which can be loaded again', async () => {
    const { app, page } = await startProbe();
    const details = await app.evaluate(
      ({ app: electronApp }) =>
        new Promise((resolve) => {
          electronApp.once('render-process-gone', (_event, contents, gone) => {
            resolve({
              same: contents === probe.window.webContents,
              reason: gone.reason,
              crashed: contents.isCrashed(),
            });
          });
          probe.window.webContents.forcefullyCrashRenderer();
        }),
    );
    expect(details).toEqual({ same: true, reason: 'crashed', crashed: true });
    expect(page.isClosed()).toBe(false);
    const again = await app.evaluate(async () => {
      await probe.window.loadURL('probe://desk/page.html');
      return probe.window.webContents.executeJavaScript('probe.twice(4)');
    });
    expect(again).toBe(8);
    const reloaded = await app.evaluate(async () => {
      const { webContents } = probe.window;
      webContents.once('render-process-gone', () => probe.window.reload());
      const loadedAgain = new Promise<void>((resolve) =>
        webContents.once('did-finish-load', () => resolve()),
      );
      webContents.forcefullyCrashRenderer();
      await loadedAgain;
      return webContents.executeJavaScript('probe.twice(5)');
    });
    expect(reloaded).toBe(10);
    await app.close();
  });
  it('works through Playwright’s own loader, too', async () => {
    const { path: file } = await electronExecutable();
    const before = process.env.ELECTRON_OVERRIDE_DIST_PATH;
    process.env.ELECTRON_OVERRIDE_DIST_PATH = file.slice(0, file.lastIndexOf('/'));
    const { _electron } = await import('@playwright/test');
    const userData = temporaryFolder();
    const app = await _electron.launch({ args: [probeApp, `--user-data-dir=${userData}`], timeout: 30_000 });
    if (before === undefined) delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    else process.env.ELECTRON_OVERRIDE_DIST_PATH = before;
    const page = await app.firstWindow();
    await page.waitForFunction(() => 'fromPage' in window);
    expect(await page.title()).toBe('Probe');
    expect(
      await app.evaluate(({ app: electronApp }) => [electronApp.isReady(), electronApp.getName()]),
    ).toEqual([true, 'Probe']);
    await app.close();
    await until(() => processesOf(userData).length === 0, 'the end of Chromium’s helpers');
  });
  it('keeps what the page stored, and its files, from one start to the next', async () => {
    const { app, page, userData } = await startProbe();
    await page.evaluate(() => localStorage.setItem('kept', 'yes'));
    expect(await app.evaluate(({ app: electronApp }) => electronApp.getPath('userData'))).toBe(userData);
    await app.close();
    expect(existsSync(`${userData}/Chromium`)).toBe(true);
    expect(readFileSync(`${userData}/Chromium/Local State`, 'utf8')).not.toBe('');
  });
});
