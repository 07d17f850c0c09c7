import { encode } from '../shared/codec.ts';
import { type MessagePortMain, transferred } from '../shared/ports.ts';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { makeIpcMain } from './ipc.ts';
import { expectNavigation } from './navigation.ts';
import { Page, type PageOptions } from './page.ts';
import { watchPage } from './pageEvents.ts';
import { chromium, preventable, runtime } from './runtime.ts';
import { originOf, toWire } from './scheme.ts';

type WindowOpenHandler = (details: {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
  referrer: { url: string; policy: string };
  postBody: undefined;
}) => { action: 'deny' | 'allow' };

const all = new Map<number, WebContents>();
let nextId = 1;

/** Electron's `webContents` of a window. */
export class WebContents extends Page {
  id = nextId++;
  ipc = makeIpcMain();
  windowOpenHandler: WindowOpenHandler | undefined;
  printed: { url: string; options: object }[] = [];

  constructor(options: PageOptions) {
    super(options);
    const self = strict('webContents', this);
    all.set(this.id, self);
    this.opened = Promise.resolve().then(() => self.open(() => watchPage(self)));
    this.opened.catch((error: unknown) => {
      if (!self.destroyed) process.stderr.write(`window failed to open: ${String(error)}\n`);
    });
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return self;
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()];
  }
  static fromId(id: number): WebContents | undefined {
    return all.get(id);
  }
  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return [...all.values()].find((contents) => contents.targetId === targetId);
  }

  get mainFrame(): { url: string; origin: string } {
    const { url } = this;
    const frame: Record<string, unknown> = {
      url,
      origin: originOf(url),
      parent: null,
      name: '',
      processId: 1,
      routingId: 1,
      frameTreeNodeId: this.id,
      detached: false,
      isDestroyed: () => this.destroyed,
      send: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
      postMessage: (channel: string, message: unknown, transfer?: MessagePortMain[]) =>
        this.postMessage(channel, message, transfer),
      executeJavaScript: (code: string) => this.executeJavaScript(code),
    };
    frame.top = frame;
    return strict('webFrameMain', frame) as unknown as { url: string; origin: string };
  }

  /** A page asked for a window. There is no way to allow one here. */
  windowOpened(url: string, frameName: string, features: string, disposition: string): void {
    const referrer = { url: this.url, policy: 'strict-origin-when-cross-origin' };
    const details = { url, frameName, features, disposition, referrer, postBody: undefined };
    if (this.windowOpenHandler?.(details).action !== 'deny') {
      const problem = new NotInStandInError(`window opened by a page (${url}): it was denied`);
      process.stderr.write(`${String(problem)}\n`);
    }
  }

  async readTitle(): Promise<void> {
    const title = await this.executeJavaScript('document.title').catch(() => '');
    this.title = String(title);
    if (this.title) this.emit('page-title-updated', preventable({}), this.title, true);
  }

  /** Called by the window when it is gone. */
  finish(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.leaveDocument();
    all.delete(this.id);
    this.emit('destroyed');
  }

  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument');
    this.deliver(['msg', channel, encode(args), []]);
  }

  postMessage(channel: string, message: unknown, transfer: MessagePortMain[] = []): void {
    const data = encode([message]);
    const links = transferred(transfer);
    if (this.document) this.deliver(['msg', channel, data, this.document.ports.export(links)]);
    else for (const link of links) link.close();
  }

  /** Rejects as Electron does when the document can't be loaded: `ERR_… (-2) loading 'url'`. */
  async loadURL(url: string): Promise<void> {
    this.firstUrl ??= new URL(toWire(url)).href;
    await this.opened;
    const finished = new Promise<void>((resolve) => {
      this.once('did-finish-load', () => resolve());
      this.once('destroyed', () => resolve());
    });
    expectNavigation(this, url);
    const { errorText } = await this.command<{ errorText?: string }>('Page.navigate', { url: toWire(url) });
    if (errorText) {
      const name = errorText.replace('net::', '');
      this.emit('did-fail-load', preventable({}), -2, name, url, true, 1, 1);
      throw Object.assign(new Error(`${name} (-2) loading '${url}'`), { code: name, errno: -2, url });
    }
    await finished;
  }
  loadFile(): never {
    throw new NotInStandInError('loadFile; serve the page from a privileged scheme');
  }
  reload(): void {
    expectNavigation(this, this.url);
    this.quietly('Page.reload');
  }
  reloadIgnoringCache(): void {
    expectNavigation(this, this.url);
    this.quietly('Page.reload', { ignoreCache: true });
  }
  stop(): void {
    this.quietly('Page.stopLoading');
  }

  /** Runs in the page's own world; rejects with what the code throws. */
  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    await this.opened;
    const { result, exceptionDetails } = await this.command<{
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    }>('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true, userGesture });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Without a printer: remembered in `printed`, and reported as done. */
  print(options: object = {}, callback?: (success: boolean, failureReason: string) => void): void {
    this.printed.push({ url: this.url, options });
    if (callback) setImmediate(callback, true, '');
  }
  async printToPDF(options: { landscape?: boolean; printBackground?: boolean } = {}): Promise<Buffer> {
    const { data } = await this.command<{ data: string }>('Page.printToPDF', { ...options });
    return Buffer.from(data, 'base64');
  }
  forcefullyCrashRenderer(): void {
    this.quietly('Page.crash');
  }
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }
  applyZoom(): void {
    this.executeJavaScript(`document.documentElement.style.zoom = '${this.zoom}'`).catch(() => {});
  }
  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0");
    this.zoom = factor;
    if (this.url) this.applyZoom();
  }
  getZoomFactor(): number {
    return this.zoom;
  }
  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level);
  }
  getZoomLevel(): number {
    return Math.log(this.zoom) / Math.log(1.2);
  }
  async setVisualZoomLevelLimits(): Promise<void> {}
  getURL(): string {
    return this.url;
  }
  getTitle(): string {
    return this.title;
  }
  getType(): 'window' {
    return 'window';
  }
  isLoading(): boolean {
    return this.loading;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  /** The developer tools of this Chromium are Playwright's or a browser's, through the debugging port. */
  openDevTools(): void {}
  closeDevTools(): void {}
  isDevToolsOpened(): boolean {
    return false;
  }
  focus(): void {
    this.quietly('Page.bringToFront');
  }
  close(options?: { waitForBeforeUnload?: boolean }): void {
    if (options?.waitForBeforeUnload) this.quietly('Page.close');
    else this.closeNow();
  }
  closeNow(): void {
    if (!runtime.chromium) return;
    this.opened
      .then(() => chromium().devtools.send('Target.closeTarget', { targetId: this.targetId }))
      .catch(() => {});
  }
}
