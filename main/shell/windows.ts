import { BrowserWindow, ipcMain } from 'electron';
import { HOME } from './scheme.ts';

const CLOSE_TIMEOUT_MS = 2_000;

export const windows = (): BrowserWindow[] => BrowserWindow.getAllWindows();

/** Opens a window on the desk; it is shown when it has something to show, and asked for unsaved work before it closes. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Soạn',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    event.preventDefault();
    const contents = window.webContents;
    const finish = (): void => {
      clearTimeout(timer);
      ipcMain.removeListener('shell.closed', onClosed);
      if (!window.isDestroyed()) window.destroy();
    };
    const onClosed = (answer: Electron.IpcMainEvent): void => {
      if (answer.sender === contents) finish();
    };
    const timer = setTimeout(finish, CLOSE_TIMEOUT_MS);
    ipcMain.on('shell.closed', onClosed);
    contents.send('shell.closing');
  });
  void window.loadURL(HOME);
  return window;
}
