import { EventEmitter } from 'node:events';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { app } from './app.ts';
import { type Menu, menusBelongTo } from './menu.ts';
import { chromium, preventable, runtime } from './runtime.ts';
import { type Session, session } from './session.ts';
import { WebContents } from './webContents.ts';

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface WebPreferences {
  preload?: string;
  sandbox?: boolean;
  contextIsolation?: boolean;
  nodeIntegration?: boolean;
  session?: Session;
  partition?: string;
  additionalArguments?: string[];
  zoomFactor?: number;
  [other: string]: unknown;
}
interface WindowOptions extends Partial<Rectangle> {
  show?: boolean;
  title?: string;
  minWidth?: number;
  minHeight?: number;
  webPreferences?: WebPreferences;
  parent?: BrowserWindow;
  [other: string]: unknown;
}

const knownPreferences = new Set([
  'preload',
  'sandbox',
  'contextIsolation',
  'nodeIntegration',
  'session',
  'partition',
  'additionalArguments',
  'zoomFactor',
  'spellcheck',
  'devTools',
  'webSecurity',
  'webviewTag',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'navigateOnDragDrop',
  'safeDialogs',
  'disableDialogs',
  'autoplayPolicy',
  'backgroundThrottling',
  'v8CacheOptions',
  'defaultFontFamily',
  'defaultFontSize',
  'defaultMonospaceFontSize',
  'minimumFontSize',
  'defaultEncoding',
  'enableWebSQL',
  'images',
  'javascript',
  'webgl',
  'plugins',
  'textAreasAreResizable',
  'scrollBounce',
  'disableHtmlFullscreenWindowResize',
  'accessibleTitle',
  'enablePreferredSizeMode',
  'transparent',
  'disableBlinkFeatures',
  'imageAnimationPolicy',
]);
const mustBe: [name: string, value: boolean][] = [
  ['sandbox', true],
  ['contextIsolation', true],
  ['webSecurity', true],
  ['javascript', true],
  ['nodeIntegration', false],
  ['nodeIntegrationInWorker', false],
  ['nodeIntegrationInSubFrames', false],
  ['webviewTag', false],
  ['allowRunningInsecureContent', false],
  ['experimentalFeatures', false],
  ['enableBlinkFeatures', false],
];

/** The stand-in has nothing but hardened windows, and says so to an app that asks for others. */
function checkPreferences(preferences: WebPreferences): void {
  for (const [name, value] of mustBe) {
    if (preferences[name] !== undefined && preferences[name] !== value) {
      throw new NotInStandInError(`window with webPreferences.${name}: ${String(preferences[name])}`);
    }
  }
  for (const name of Object.keys(preferences)) {
    if (!knownPreferences.has(name)) throw new NotInStandInError(`webPreferences.${name}`);
  }
}

/** How long a page may take to close without asking to stay. */
const closePatienceMs = 5_000;

const windows = new Map<number, BrowserWindow>();
let focused: BrowserWindow | undefined;
let nextId = 1;

export class BrowserWindow extends EventEmitter {
  id = nextId++;
  webContents: WebContents;
  bounds: Rectangle;
  minimum: [number, number];
  shown: boolean;
  minimized = false;
  maximized = false;
  fullScreen = false;
  enabled = true;
  closing = false;
  finished = false;
  windowTitle: string;
  parentWindow: BrowserWindow | undefined;
  background = '#FFFFFF';
  autoHideMenuBar = false;
  menuBarVisible = true;

  constructor(options: WindowOptions = {}) {
    super();
    if (!runtime.ready) throw new Error('Cannot create BrowserWindow before app is ready');
    const preferences = options.webPreferences ?? {};
    checkPreferences(preferences);
    this.bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    this.minimum = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.shown = options.show !== false;
    this.windowTitle = options.title ?? app.getName();
    this.parentWindow = options.parent;
    const self = strict('BrowserWindow', this);
    this.webContents = new WebContents({
      session: preferences.session ?? session.fromPartition(preferences.partition ?? ''),
      preload: preferences.preload,
      width: this.bounds.width,
      height: this.bounds.height,
      additionalArguments: preferences.additionalArguments ?? [],
    });
    if (preferences.zoomFactor) this.webContents.zoom = preferences.zoomFactor;
    this.webContents.whenGone = () => self.finish();
    this.webContents.whenCloseRefused = () => {
      self.closing = false;
      app.cancelQuit();
    };
    this.webContents.on('ready-to-show', () => self.emit('ready-to-show'));
    this.webContents.on('page-title-updated', (event: { defaultPrevented: boolean }, title: string) => {
      self.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) self.windowTitle = title;
    });
    windows.set(this.id, self);
    if (this.shown) focused = self;
    app.emit('browser-window-created', preventable({}), self);
    app.emit('web-contents-created', preventable({}), this.webContents);
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return self;
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focused ?? null;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows.values()].find((window) => window.webContents === contents) ?? null;
  }
  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  loadFile(): never {
    return this.webContents.loadFile();
  }
  reload(): void {
    this.webContents.reload();
  }

  close(): void {
    if (this.finished || this.closing) return;
    const event = preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) {
      app.cancelQuit();
      return;
    }
    if (this.finished) return;
    this.closing = true;
    this.webContents.opened
      .then(async () => {
        if (this.webContents.crashed) this.destroy();
        else await this.webContents.command('Page.close');
        // A page that hangs would hold back the app's end for ever.
        setTimeout(() => {
          if (this.closing) this.destroy();
        }, closePatienceMs).unref();
      })
      .catch(() => this.destroy());
  }

  destroy(): void {
    if (this.finished) return;
    this.webContents.closeNow();
    this.finish();
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    windows.delete(this.id);
    if (focused === windows.get(this.id) || focused?.finished) focused = [...windows.values()].at(-1);
    this.webContents.finish();
    this.emit('closed');
    if (windows.size === 0) app.allWindowsClosed();
  }

  isDestroyed(): boolean {
    return this.finished;
  }
  show(): void {
    const before = this.shown;
    this.shown = true;
    this.setState('normal');
    if (!before) this.emit('show');
    this.focus();
  }
  showInactive(): void {
    if (!this.shown) this.emit('show');
    this.shown = true;
  }
  hide(): void {
    const before = this.shown;
    this.shown = false;
    this.setState('minimized');
    if (before) this.emit('hide');
  }
  isVisible(): boolean {
    return this.shown;
  }
  focus(): void {
    const before = focused;
    focused = windows.get(this.id);
    if (before === focused) return;
    before?.emit('blur');
    this.emit('focus');
    this.webContents.opened.then(() => this.webContents.focus()).catch(() => {});
  }
  blur(): void {
    if (focused !== windows.get(this.id)) return;
    focused = undefined;
    this.emit('blur');
  }
  isFocused(): boolean {
    return focused === windows.get(this.id);
  }
  minimize(): void {
    this.minimized = true;
    this.setState('minimized');
    this.emit('minimize');
  }
  restore(): void {
    if (!this.minimized) return;
    this.minimized = false;
    this.setState('normal');
    this.emit('restore');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  maximize(): void {
    this.maximized = true;
    this.setState('maximized');
    this.emit('maximize');
  }
  unmaximize(): void {
    this.maximized = false;
    this.setState('normal');
    this.emit('unmaximize');
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isNormal(): boolean {
    return !this.minimized && !this.maximized && !this.fullScreen;
  }
  setFullScreen(flag: boolean): void {
    this.fullScreen = flag;
    this.setState(flag ? 'fullscreen' : 'normal');
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen(): boolean {
    return this.fullScreen;
  }

  /** Chromium without a display has no window states to show. */
  setState(windowState: string): void {
    if (chromium().headless || this.finished) return;
    this.browserBounds({ windowState });
  }

  browserBounds(bounds: Record<string, unknown>): void {
    const { webContents } = this;
    webContents.opened
      .then(async () => {
        const { windowId } = await webContents.command('Browser.getWindowForTarget');
        await webContents.command('Browser.setWindowBounds', { windowId, bounds });
      })
      .catch(() => {});
  }

  getBounds(): Rectangle {
    return { ...this.bounds };
  }
  getNormalBounds(): Rectangle {
    return this.getBounds();
  }
  getContentBounds(): Rectangle {
    return this.getBounds();
  }
  setBounds(bounds: Partial<Rectangle>): void {
    const [minimumWidth, minimumHeight] = this.minimum;
    const wanted = { ...this.bounds, ...bounds };
    const before = this.bounds;
    this.bounds = {
      ...wanted,
      width: Math.max(wanted.width, minimumWidth),
      height: Math.max(wanted.height, minimumHeight),
    };
    const { x, y, width, height } = this.bounds;
    this.webContents.opened
      .then(async () => {
        if (x !== before.x || y !== before.y) this.browserBounds({ left: x, top: y });
        await this.webContents.fitContent(width, height);
        if (width !== before.width || height !== before.height) this.emit('resize');
        if (x !== before.x || y !== before.y) this.emit('move');
      })
      .catch(() => {});
  }
  getSize(): [number, number] {
    return [this.bounds.width, this.bounds.height];
  }
  getContentSize(): [number, number] {
    return this.getSize();
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  getPosition(): [number, number] {
    return [this.bounds.x, this.bounds.y];
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }
  center(): void {}
  setMinimumSize(width: number, height: number): void {
    this.minimum = [width, height];
  }
  getMinimumSize(): [number, number] {
    return this.minimum;
  }
  setTitle(title: string): void {
    this.windowTitle = title;
  }
  getTitle(): string {
    return this.windowTitle;
  }
  getParentWindow(): BrowserWindow | null {
    return this.parentWindow ?? null;
  }
  setBackgroundColor(color: string): void {
    this.background = color;
  }
  getBackgroundColor(): string {
    return this.background;
  }
  setEnabled(enable: boolean): void {
    this.enabled = enable;
  }
  setMenu(_menu: Menu | null): void {}
  removeMenu(): void {}
  setMenuBarVisibility(visible: boolean): void {
    this.menuBarVisible = visible;
  }
  isMenuBarVisible(): boolean {
    return this.menuBarVisible;
  }
  setAutoHideMenuBar(hide: boolean): void {
    this.autoHideMenuBar = hide;
  }
  flashFrame(): void {}
  setProgressBar(): void {}
  setIcon(): void {}
  moveTop(): void {}
  setContentProtection(): void {}
}

menusBelongTo(() => focused);
app.windows = {
  count: () => windows.size,
  closeAll: () => {
    for (const window of [...windows.values()]) window.close();
  },
  destroyAll: () => {
    for (const window of [...windows.values()]) window.destroy();
  },
};
