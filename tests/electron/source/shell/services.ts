import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type * as Electron from 'electron';
import { strict } from '../shared/strict.ts';
import { app } from './app.ts';
import { runtime } from './runtime.ts';
import { BrowserWindow } from './window.ts';

type Options = Record<string, unknown>;

/** Without a person to answer, every dialog is cancelled; tests replace these functions. */
function withoutWindow(args: unknown[]): Options {
  return (args[0] instanceof BrowserWindow ? args[1] : args[0]) as Options;
}
export const dialog = strict('dialog', {
  showOpenDialog: async (..._args: unknown[]) => ({ canceled: true, filePaths: [] as string[] }),
  showOpenDialogSync: (..._args: unknown[]): string[] | undefined => undefined,
  showSaveDialog: async (..._args: unknown[]) => ({ canceled: true, filePath: '' }),
  showSaveDialogSync: (..._args: unknown[]): string => '',
  showMessageBox: async (...args: unknown[]) => {
    const options = withoutWindow(args);
    return { response: Number(options.cancelId ?? options.defaultId ?? 0), checkboxChecked: false };
  },
  showMessageBoxSync: (...args: unknown[]): number => {
    const options = withoutWindow(args);
    return Number(options.cancelId ?? options.defaultId ?? 0);
  },
  showErrorBox: (title: string, content: string): void => {
    process.stderr.write(`${title}\n${content}\n`);
  },
});

/** What the app asked the system to open: recorded here, never done. */
export const opened: { what: string; target: string }[] = [];
export const shell = strict('shell', {
  opened,
  openExternal: async (target: string): Promise<void> => {
    new URL(target);
    opened.push({ what: 'openExternal', target });
  },
  openPath: async (target: string): Promise<string> => {
    opened.push({ what: 'openPath', target });
    return fs.existsSync(target) ? '' : `${target}: no such file`;
  },
  showItemInFolder: (target: string): void => {
    opened.push({ what: 'showItemInFolder', target });
  },
  trashItem: async (target: string): Promise<void> => {
    opened.push({ what: 'trashItem', target });
  },
  beep: (): void => {},
});

/**
 * There is no keyring here: a key file in the user data folder stands for one, which protects nothing
 * and is reported as `basic_text`. `ELECTRON_STAND_IN_KEYRING` names the keyring that it should pass for.
 */
type Backend = ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>;

class SafeStorage {
  plainTextAllowed = false;

  getSelectedStorageBackend(): Backend {
    if (!runtime.ready) return 'unknown';
    return (process.env.ELECTRON_STAND_IN_KEYRING as Backend | undefined) || 'basic_text';
  }
  setUsePlainTextEncryption(usePlainText: boolean): void {
    this.plainTextAllowed = usePlainText;
  }
  isEncryptionAvailable(): boolean {
    return runtime.ready && (this.plainTextAllowed || this.getSelectedStorageBackend() !== 'basic_text');
  }
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    await app.readiness;
    return true;
  }
  encryptString(plainText: string): Buffer {
    if (!this.isEncryptionAvailable())
      throw new Error(
        'Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.',
      );
    return this.seal(plainText);
  }
  decryptString(encrypted: Buffer): string {
    if (!this.isEncryptionAvailable())
      throw new Error(
        'Error while decrypting the ciphertext provided to safeStorage.decryptString. Decryption is not available.',
      );
    return this.unseal(encrypted);
  }
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    await app.readiness;
    return this.seal(plainText);
  }
  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    await app.readiness;
    return { result: this.unseal(encrypted), shouldReEncrypt: false };
  }

  key(): Buffer {
    const file = path.join(app.getPath('userData'), 'stand-in-keyring');
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return fs.readFileSync(file);
  }
  seal(plainText: string): Buffer {
    if (typeof plainText !== 'string') throw new TypeError('safeStorage encrypts strings');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(), nonce);
    const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from('v11'), nonce, cipher.getAuthTag(), body]);
  }
  unseal(encrypted: Buffer): string {
    if (!Buffer.isBuffer(encrypted) || encrypted.subarray(0, 3).toString() !== 'v11') {
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
    }
    const decipher = createDecipheriv('aes-256-gcm', this.key(), encrypted.subarray(3, 15));
    decipher.setAuthTag(encrypted.subarray(15, 31));
    return Buffer.concat([decipher.update(encrypted.subarray(31)), decipher.final()]).toString('utf8');
  }
}
export const safeStorage = strict('safeStorage', new SafeStorage());

/** Notifications that were shown, for tests to read and to `emit('click')` on. */
export const shownNotifications: Notification[] = [];
export class Notification extends EventEmitter {
  static shown = shownNotifications;
  title: string;
  subtitle = '';
  body: string;
  silent: boolean;
  urgency: string;
  actions: unknown[];
  timeoutType: string;

  static isSupported(): boolean {
    return true;
  }
  constructor(options: Options = {}) {
    super();
    this.title = String(options.title ?? '');
    this.body = String(options.body ?? '');
    this.silent = options.silent === true;
    this.urgency = String(options.urgency ?? 'normal');
    this.actions = (options.actions as unknown[] | undefined) ?? [];
    this.timeoutType = String(options.timeoutType ?? 'default');
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return strict('Notification', this);
  }
  show(): void {
    shownNotifications.push(this);
    setImmediate(() => this.emit('show'));
  }
  close(): void {
    setImmediate(() => this.emit('close'));
  }
}

class NativeTheme extends EventEmitter {
  source: 'system' | 'light' | 'dark' = 'system';
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError('invalid theme source');
    const before = this.shouldUseDarkColors;
    this.source = source;
    for (const window of BrowserWindow.getAllWindows()) this.apply(window);
    if (before !== this.shouldUseDarkColors) setImmediate(() => this.emit('updated'));
  }
  get shouldUseDarkColors(): boolean {
    return this.source === 'dark';
  }
  shouldUseHighContrastColors = false;
  shouldUseInvertedColorScheme = false;
  inForcedColorsMode = false;
  prefersReducedTransparency = false;

  apply(window: BrowserWindow): void {
    const features = this.source === 'system' ? [] : [{ name: 'prefers-color-scheme', value: this.source }];
    window.webContents.opened
      .then(() => window.webContents.command('Emulation.setEmulatedMedia', { features }))
      .catch(() => {});
  }
}
const theme = new NativeTheme();
export const nativeTheme = strict('nativeTheme', theme);
app.on('browser-window-created', (_event, window: BrowserWindow) => {
  if (theme.source !== 'system') theme.apply(window);
});

class PowerMonitor extends EventEmitter {
  onBattery = false;
  getSystemIdleTime(): number {
    return 0;
  }
  getSystemIdleState(): 'active' | 'idle' {
    return 'active';
  }
  isOnBatteryPower(): boolean {
    return false;
  }
  getCurrentThermalState(): 'unknown' {
    return 'unknown';
  }
}
export const powerMonitor = strict('powerMonitor', new PowerMonitor());

class Screen extends EventEmitter {
  display = {
    id: 1,
    label: 'stand-in',
    bounds: { x: 0, y: 0, width: 1920, height: 1080 },
    workArea: { x: 0, y: 0, width: 1920, height: 1080 },
    size: { width: 1920, height: 1080 },
    workAreaSize: { width: 1920, height: 1080 },
    scaleFactor: 1,
    rotation: 0,
    internal: false,
  };
  getPrimaryDisplay(): object {
    return this.display;
  }
  getAllDisplays(): object[] {
    return [this.display];
  }
  getDisplayMatching(): object {
    return this.display;
  }
  getDisplayNearestPoint(): object {
    return this.display;
  }
  getCursorScreenPoint(): object {
    return { x: 0, y: 0 };
  }
}
export const screen = strict('screen', new Screen());

let copied = '';
/** Electron's clipboard is asynchronous since 44. This one is the app's own, not the system's. */
export const clipboard = strict('clipboard', {
  readText: async (): Promise<string> => copied,
  writeText: async (text: string): Promise<void> => {
    copied = String(text);
  },
  clear: (): void => {
    copied = '';
  },
});
