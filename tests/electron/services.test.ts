import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolders, type Started, startProbe, temporaryFolder, until } from './support/probe.ts';

let started: Started;
beforeAll(async () => {
  started = await startProbe();
});
afterAll(async () => {
  await started.app.close();
  removeFolders();
});
const page = () => started.page;

describe('a window under Playwright', () => {
  it('has the size that the app asked for, and a smallest one', async () => {
    expect(await page().evaluate(() => [innerWidth, innerHeight])).toEqual([800, 500]);
    const bounds = await started.app.evaluate(async () => {
      probe.window.setMinimumSize(640, 480);
      const resized = new Promise<void>((resolve) => probe.window.once('resize', () => resolve()));
      probe.window.setBounds({ width: 700, height: 100 });
      await resized;
      return probe.window.getBounds();
    });
    expect(bounds).toMatchObject({ width: 700, height: 480 });
    await page().waitForFunction(() => innerWidth === 700 && innerHeight === 480);
  });
  it('types, clicks, chooses files and takes pictures', async () => {
    await page().getByLabel('Text').click();
    await page().keyboard.type('Cổng thông tin');
    expect(await page().getByLabel('Text').inputValue()).toBe('Cổng thông tin');
    const file = path.join(temporaryFolder(), 'văn bản.txt');
    writeFileSync(file, 'nội dung');
    const chooser = page().waitForEvent('filechooser');
    await page().locator('#file').click();
    await (await chooser).setFiles(file);
    const chosen = await page().evaluate(async () => {
      const [first] = (document.querySelector('#file') as HTMLInputElement).files ?? [];
      return [first?.name, await first?.text()];
    });
    expect(chosen).toEqual(['văn bản.txt', 'nội dung']);
    const picture = await page().screenshot();
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(2_000);
  });
  it('belongs to its BrowserWindow', async () => {
    const window = await started.app.browserWindow(page());
    expect(await window.evaluate((it) => [it.getTitle(), it.webContents.getURL()])).toEqual([
      'Probe',
      'probe://desk/page.html',
    ]);
  });
  it('tells of show, hide, focus and ready-to-show', async () => {
    const events = await started.app.evaluate(async ({ BrowserWindow }) => {
      const window = probe.open();
      const seen: string[] = [];
      for (const name of ['ready-to-show', 'show', 'hide', 'focus', 'blur', 'minimize', 'restore'] as const) {
        window.on(name as 'show', () => seen.push(name));
      }
      const ready = new Promise<void>((resolve) => window.once('ready-to-show', () => resolve()));
      await window.loadURL('probe://desk/page.html');
      await ready;
      window.show();
      window.minimize();
      window.restore();
      window.hide();
      const state = [window.isVisible(), BrowserWindow.getFocusedWindow() === window];
      window.destroy();
      return { seen, state };
    });
    expect(events).toEqual({
      seen: ['ready-to-show', 'show', 'focus', 'minimize', 'restore', 'hide'],
      state: [false, true],
    });
  });
  it('zooms from either side', async () => {
    await page().evaluate(() => probe.zoom?.(1.5));
    await until(
      () => started.app.evaluate(() => probe.window.webContents.getZoomFactor() === 1.5),
      'the factor',
    );
    await started.app.evaluate(() => probe.window.webContents.setZoomLevel(0));
    expect(await started.app.evaluate(() => probe.window.webContents.getZoomFactor())).toBe(1);
  });
  it('in memory shares nothing with the others', async () => {
    await page().evaluate(() => localStorage.setItem('shared', 'yes'));
    const seen = await started.app.evaluate(async ({ session }) => {
      const partition = session.fromPartition('apart');
      partition.protocol.handle(
        'probe',
        () => new Response('<h1>apart</h1>', { headers: { 'content-type': 'text/html' } }),
      );
      const window = probe.open({ window: { webPreferences: { partition: 'apart' } } });
      await window.loadURL('probe://desk/page.html');
      const text = await window.webContents.executeJavaScript(
        "document.body.innerText + localStorage.getItem('shared')",
      );
      window.destroy();
      return text as string;
    });
    expect(seen).toBe('apartnull');
  });
  it('passes on what the page logs', async () => {
    const message = await started.app.evaluate(async () => {
      const logged = new Promise<string>((resolve) => {
        probe.window.webContents.once('console-message', (event) =>
          resolve(`${event.level} ${event.message}`),
        );
      });
      await probe.window.webContents.executeJavaScript("console.error('đỏ', 7)");
      return logged;
    });
    expect(message).toBe('error đỏ 7');
  });
  it('prints to PDF', async () => {
    const start = await started.app.evaluate(async () =>
      (await probe.window.webContents.printToPDF({})).subarray(0, 5).toString(),
    );
    expect(start).toBe('%PDF-');
  });
});

describe('the application menu', () => {
  it('is clicked by tests, and by keys that the page leaves alone', async () => {
    await started.app.evaluate(({ Menu }) => {
      const clicked: string[] = [];
      (globalThis as unknown as { clicked: string[] }).clicked = clicked;
      const note = (item: { label: string }, window: unknown) =>
        clicked.push(`${item.label} ${window === probe.window}`);
      Menu.setApplicationMenu(
        Menu.buildFromTemplate([
          {
            label: 'File',
            submenu: [
              { label: 'New', id: 'new', accelerator: 'CmdOrCtrl+N', click: note },
              { label: 'Off', accelerator: 'CmdOrCtrl+O', enabled: false, click: note },
              { label: 'Find', accelerator: 'CmdOrCtrl+Shift+F', click: note },
              { type: 'separator' },
              { role: 'zoomIn' },
            ],
          },
        ]),
      );
      probe.window.focus();
      Menu.getApplicationMenu()?.getMenuItemById('new')?.click();
    });
    await page().evaluate(() => {
      window.addEventListener('keydown', (event) => {
        if (event.key === 'n' && event.altKey) event.preventDefault();
      });
    });
    for (const keys of ['Control+o', 'Control+Alt+n', 'Control+n', 'Control+Shift+F', 'Control+Equal'])
      await page().keyboard.press(keys);
    const clicks = () => started.app.evaluate(() => (globalThis as unknown as { clicked: string[] }).clicked);
    await until(async () => (await clicks()).length >= 3, 'three clicks');
    expect(await clicks()).toEqual(['New true', 'New true', 'Find true']);
    await until(() => started.app.evaluate(() => probe.window.webContents.getZoomLevel() > 0), 'the zoom');
  });
  it('is made of items with a label, a role or a line', async () => {
    const message = await started.app.evaluate(({ Menu }) => {
      try {
        Menu.buildFromTemplate([{ id: 'nameless' }]);
        return 'made';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toContain('label');
  });
});

describe('what the system would do', () => {
  it('is cancelled in dialogs, unless a test answers', async () => {
    const answers = await started.app.evaluate(async ({ dialog }) => {
      const first = await dialog.showOpenDialog(probe.window, { title: 'Open' });
      const box = await dialog.showMessageBox({ message: 'Sure?', buttons: ['Yes', 'No'], cancelId: 1 });
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/a'] });
      return [first, box.response, await dialog.showOpenDialog({})];
    });
    expect(answers).toEqual([{ canceled: true, filePaths: [] }, 1, { canceled: false, filePaths: ['/a'] }]);
  });
  it('is remembered and not done by shell', async () => {
    const opened = await started.app.evaluate(async ({ shell }) => {
      await shell.openExternal('https://elsewhere.example/');
      const bad = await shell.openExternal('no address').then(
        () => 'opened',
        () => 'refused',
      );
      shell.showItemInFolder('/tmp/x');
      return [bad, (shell as unknown as { opened: unknown }).opened];
    });
    expect(opened).toEqual([
      'refused',
      [
        { what: 'openExternal', target: 'https://elsewhere.example/' },
        { what: 'showItemInFolder', target: '/tmp/x' },
      ],
    ]);
  });
  it('is a keyring that protects nothing, and says so', async () => {
    const kept = await started.app.evaluate(async ({ safeStorage }) => {
      const sealed = await safeStorage.encryptStringAsync('mật khẩu');
      const opened = await safeStorage.decryptStringAsync(sealed);
      sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
      const forged = await safeStorage.decryptStringAsync(sealed).then(
        () => 'opened',
        () => 'refused',
      );
      return [
        await safeStorage.isAsyncEncryptionAvailable(),
        safeStorage.getSelectedStorageBackend(),
        sealed.includes('mật'),
        opened.result,
        forged,
      ];
    });
    expect(kept).toEqual([true, 'basic_text', false, 'mật khẩu', 'refused']);
  });
  it('is a theme that the page sees', async () => {
    const changed = await started.app.evaluate(async ({ nativeTheme }) => {
      const updated = new Promise<void>((resolve) => nativeTheme.once('updated', () => resolve()));
      nativeTheme.themeSource = 'dark';
      await updated;
      return nativeTheme.shouldUseDarkColors;
    });
    expect(changed).toBe(true);
    await page().waitForFunction(() => matchMedia('(prefers-color-scheme: dark)').matches);
  });
  it('is notifications that a test can click', async () => {
    const clicked = await started.app.evaluate(async ({ Notification }) => {
      const notification = new Notification({ title: 'Hạn', body: 'còn 2 ngày' });
      const answer = new Promise((resolve) => notification.on('click', () => resolve('clicked')));
      notification.show();
      (Notification as unknown as { shown: Electron.Notification[] }).shown.at(-1)?.emit('click');
      return answer;
    });
    expect(clicked).toBe('clicked');
  });
  it('is waking up, as told by a test', async () => {
    const woken = await started.app.evaluate(({ powerMonitor }) => {
      let count = 0;
      powerMonitor.on('resume', () => {
        count += 1;
      });
      powerMonitor.emit('resume');
      return count;
    });
    expect(woken).toBe(1);
  });
  it('is paths, names and switches', async () => {
    const facts = await started.app.evaluate(({ app }) => {
      app.setPath('logs', '/tmp/logs');
      let relative = 'accepted';
      try {
        app.setPath('temp', 'x');
      } catch {
        relative = 'refused';
      }
      return [
        app.getName(),
        app.getVersion(),
        app.isPackaged,
        app.getPath('logs'),
        relative,
        app.commandLine.hasSwitch('user-data-dir'),
        process.type,
      ];
    });
    expect(facts).toEqual(['Probe', '1.2.3', false, '/tmp/logs', 'refused', true, 'browser']);
  });
});
