import { join } from 'node:path';
import { app, BrowserWindow, type IpcMainInvokeEvent, ipcMain, shell } from 'electron';
import type { ShellInfo } from '../../domain/contracts/wire.ts';
import { HOME } from './scheme.ts';
import type { MenuLanguage } from './strings.ts';

export interface WindowRequestOptions {
  readonly portalUrl: () => string;
  readonly setLanguage: (language: MenuLanguage) => void;
  readonly setTheme: (theme: 'system' | 'light' | 'dark') => void;
}

/** The few things that the shell does for a window. Each checks who asks and what; anything else is refused. */
export function handleWindowRequests(options: WindowRequestOptions): void {
  const handle = (name: string, run: (window: BrowserWindow, argument: unknown) => unknown): void => {
    ipcMain.handle(name, (event: IpcMainInvokeEvent, argument: unknown) => {
      const window = BrowserWindow.fromWebContents(event.sender);
      const frame = event.senderFrame;
      if (!window || !frame || frame.parent || new URL(frame.url).pathname !== new URL(HOME).pathname) {
        throw new Error('forbidden');
      }
      return run(window, argument);
    });
  };

  handle(
    'shell.info',
    (): ShellInfo => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      platform: process.platform,
      locale: app.getLocale(),
    }),
  );
  handle('shell.setLanguage', (_window, language) => {
    if (language === 'vi' || language === 'en') options.setLanguage(language);
  });
  handle('shell.setTheme', (_window, theme) => {
    if (theme === 'system' || theme === 'light' || theme === 'dark') options.setTheme(theme);
  });
  handle('shell.openPublicPage', async (_window, path) => {
    if (typeof path !== 'string' || !path.startsWith('/') || path.startsWith('//')) return false;
    const portal = new URL(options.portalUrl());
    const page = new URL(path, portal);
    if (page.origin !== portal.origin || !/^https?:$/.test(page.protocol)) return false;
    await shell.openExternal(page.href);
    return true;
  });
  handle('shell.showDeskFolder', async (_window, folder) => {
    if (typeof folder !== 'string' || !/^[0-9a-f]{32}$/.test(folder)) return false;
    return (await shell.openPath(join(app.getPath('userData'), 'desks', folder))) === '';
  });
  handle('shell.print', (window) => window.webContents.print());
}
