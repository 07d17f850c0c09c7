import { enableCompileCache } from 'node:module';

enableCompileCache();

import { join } from 'node:path';
import { app, dialog, nativeTheme, net, powerMonitor } from 'electron';
import { EngineKeeper } from './engineKeeper.ts';
import { showMenu } from './menu.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { denyEverythingElse } from './security.ts';
import { type MenuLanguage, menuStrings } from './strings.ts';
import { handleWindowRequests } from './windowRequests.ts';
import { openWindow, windows } from './windows.ts';

const DEFAULT_PORTAL = 'http://127.0.0.1:3080';

if (!app.commandLine.hasSwitch('user-data-dir'))
  app.setPath('userData', join(app.getPath('appData'), 'soan'));
app.enableSandbox();
registerScheme();

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.on('second-instance', () => {
    const first = windows()[0];
    if (!first) return;
    if (first.isMinimized()) first.restore();
    first.focus();
  });
  app.on('web-contents-created', (_event, contents) => denyEverythingElse(contents));
  void app.whenReady().then(start);
}

function start(): void {
  let language: MenuLanguage = 'vi';
  const files = app.getAppPath();
  serveScheme(join(files, 'renderer'));

  const keeper = new EngineKeeper({
    entry: join(files, 'engine.cjs'),
    userData: app.getPath('userData'),
    portalUrl: process.env.SOAN_PORTAL_URL ?? DEFAULT_PORTAL,
    version: app.getVersion(),
    onRestarted: () => {
      for (const window of windows()) keeper.connect(window);
    },
    onFatal: (code) => {
      const strings = menuStrings(language);
      dialog.showErrorBox(strings.engineFailedTitle, strings.engineFailed.replace('{{code}}', code));
    },
  });

  handleWindowRequests({
    portalUrl: () => keeper.portalUrl,
    setLanguage: (next) => {
      language = next;
      showMenu(language, open);
    },
    setTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
  });

  const open = (): void => {
    const window = openWindow(join(files, 'preload.cjs'));
    // A reloaded window has lost its port; every finished load gets one of its own.
    window.webContents.on('did-finish-load', () => keeper.connect(window));
    window.webContents.on('render-process-gone', () => {
      if (!window.isDestroyed()) window.reload();
    });
  };

  showMenu(language, open);
  open();
  powerMonitor.on('resume', () => keeper.send({ kind: 'resumed' }));
  const online = setInterval(() => keeper.send({ kind: 'online', online: net.isOnline() }), 5_000);

  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => {
    if (windows().length === 0) open();
  });
  let stopped = false;
  app.on('before-quit', () => clearInterval(online));
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void keeper.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}
