import { EventEmitter } from 'node:events';
import path from 'node:path';
import { decode, encode } from '../shared/codec.ts';
import { type MessagePortMain, type PortFrame, portOf, RemotePorts, transferred } from '../shared/ports.ts';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { app } from './app.ts';
import { invoke, ipcMain, makeIpcMain } from './ipc.ts';
import { pressAccelerator } from './menu.ts';
import {
  bindingName,
  deliverName,
  isolatedWorldSource,
  mainWorldSource,
  worldName,
} from './preloadSource.ts';
import { answerRequest, type PausedRequest } from './requests.ts';
import { chromium, preventable, runtime } from './runtime.ts';
import { fromWire, originOf, toWire } from './scheme.ts';
import type { Session } from './session.ts';
import { createPage } from './targets.ts';

type WindowOpenHandler = (details: {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
  referrer: { url: string; policy: string };
  postBody: undefined;
}) => { action: 'deny' | 'allow' };
type FromRenderer =
  | ['send', string, string, number[]]
  | ['invoke', number, string, string]
  | ['open', string, string, string]
  | [
      'key',
      { key: string; code: string; ctrlKey: boolean; altKey: boolean; shiftKey: boolean; metaKey: boolean },
    ]
  | ['zoom', number]
  | ['preload-error', string]
  | PortFrame;

/** The document that a window shows now: where its preload script can be reached. */
interface Document {
  contextId: number;
  ports: RemotePorts;
  frames: unknown[];
}

export interface WebContentsOptions {
  session: Session;
  preload: string | undefined;
  width: number;
  height: number;
  show: boolean;
  additionalArguments: string[];
}

const all = new Map<number, WebContents>();
let nextId = 1;

export class WebContents extends EventEmitter {
  id = nextId++;
  session: Session;
  ipc = makeIpcMain();
  options: WebContentsOptions;
  targetId = '';
  sessionId = '';
  url = '';
  title = '';
  opened: Promise<void>;
  isOpen = false;
  destroyed = false;
  crashed = false;
  loading = false;
  zoom = 1;
  document: Document | undefined;
  windowOpenHandler: WindowOpenHandler | undefined;
  /** URL of a navigation that the app itself asked for: it raises no `will-navigate`. */
  ownNavigation: string | undefined;
  /** Frames whose page wants to go elsewhere. */
  askedNavigations = new Set<string>();
  onGone: () => void = () => {};
  hooks = { closeRefused: () => {} };

  constructor(options: WebContentsOptions) {
    super();
    this.options = options;
    this.session = options.session;
    const self = strict('webContents', this);
    all.set(this.id, self);
    this.opened = Promise.resolve().then(() => self.open());
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
  static getFocusedWebContents(): WebContents | null {
    return [...all.values()].at(-1) ?? null;
  }

  command<T = Record<string, unknown>>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    return chromium().devtools.send<T>(method, params, this.sessionId);
  }

  quietly(method: string, params: Record<string, unknown> = {}): void {
    this.command(method, params).catch(() => {});
  }

  listen(method: string, listener: (params: Record<string, unknown>) => void): void {
    chromium().devtools.on(this.sessionId, method, (params) => {
      if (!this.destroyed) listener(params);
    });
  }

  async open(): Promise<void> {
    if (this.destroyed) return;
    const browserContextId = await this.session.browserContext();
    const { width, height, show, preload } = this.options;
    const page = await createPage(
      {
        width,
        height,
        ...(browserContextId ? { browserContextId } : {}),
        ...(show ? {} : { background: true }),
      },
      () => this.onGone(),
    );
    this.targetId = page.targetId;
    this.sessionId = page.sessionId;
    if (this.destroyed) {
      await chromium().devtools.send('Target.closeTarget', { targetId: this.targetId });
      return;
    }
    this.watch();
    const library = path.join(runtime.folder, 'lib');
    const { source, problem } = isolatedWorldSource(library, {
      preloadPath: preload ?? '',
      versions: process.versions as Record<string, string>,
      zoomFactor: this.zoom,
      argv: this.options.additionalArguments,
    });
    if (problem) {
      process.stderr.write(`Unable to load preload script: ${preload}\n${String(problem)}\n`);
    }
    const settingUp = [
      this.command('Page.enable'),
      this.command('Page.setLifecycleEventsEnabled', { enabled: true }),
      this.command('Runtime.enable'),
      this.command('Inspector.enable'),
      this.command('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      this.command('Runtime.addBinding', { name: bindingName, executionContextName: worldName }),
      this.command('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource(library) }),
      this.command('Page.addScriptToEvaluateOnNewDocument', { source, worldName }),
      this.command('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
      this.fitContent(width, height),
      this.command('Runtime.runIfWaitingForDebugger'),
    ];
    await Promise.all(settingUp);
    this.isOpen = true;
  }

  /** Chromium counts its tab strip into a window's size; a page has the size that the app asked for. */
  async fitContent(width: number, height: number): Promise<void> {
    const { windowId } = await this.command('Browser.getWindowForTarget');
    await this.command('Browser.setContentsSize', { windowId, width, height });
  }

  watch(): void {
    this.listen('Fetch.requestPaused', (params) => {
      this.request(params as unknown as PausedRequest).catch(() => {});
    });
    this.listen('Runtime.bindingCalled', (params) => {
      if (params.name !== bindingName || params.executionContextId !== this.document?.contextId) return;
      for (const frame of JSON.parse(String(params.payload)) as FromRenderer[]) this.receive(frame);
    });
    this.listen('Runtime.executionContextCreated', ({ context }) => {
      const created = context as { id: number; name: string; auxData: { frameId: string } };
      if (created.name !== worldName || created.auxData.frameId !== this.targetId) return;
      this.leaveDocument();
      const document: Document = {
        contextId: created.id,
        frames: [],
        ports: new RemotePorts(1, (frame) => this.deliver(frame, document)),
      };
      this.document = document;
    });
    this.listen('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (this.document?.contextId === executionContextId) this.leaveDocument();
    });
    this.listen('Runtime.executionContextsCleared', () => this.leaveDocument());
    this.listen('Page.frameNavigated', ({ frame }) => {
      const { id, url, parentId, urlFragment } = frame as Record<string, string | undefined>;
      if (parentId || id !== this.targetId) return;
      this.url = fromWire(`${url ?? ''}${urlFragment ?? ''}`);
      this.crashed = false;
      if (this.zoom !== 1) this.applyZoom();
      this.emit('did-navigate', preventable({}), this.url, 200, 'OK');
    });
    this.listen('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId !== this.targetId) return;
      this.url = fromWire(String(url));
      this.emit('did-navigate-in-page', preventable({}), this.url, true, 0, 0);
    });
    this.listen('Page.domContentEventFired', () => {
      this.emit('dom-ready', preventable({}));
      this.readTitle();
    });
    this.listen('Page.loadEventFired', () => {
      this.loading = false;
      if (this.url === '' || this.url === 'about:blank') return;
      this.emit('did-finish-load', preventable({}));
      this.emit('did-stop-loading', preventable({}));
      setTimeout(() => this.painted(), 200);
    });
    this.listen('Page.lifecycleEvent', ({ name, frameId }) => {
      if (name === 'firstPaint' && frameId === this.targetId && this.url !== 'about:blank') this.painted();
    });
    this.listen('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      this.windowOpened(
        fromWire(String(url)),
        String(windowName),
        (windowFeatures as string[]).join(),
        'foreground-tab',
      );
    });
    this.listen('Page.frameRequestedNavigation', ({ url, disposition, frameId }) => {
      if (disposition === 'currentTab') this.askedNavigations.add(String(frameId));
      const kind = { newTab: 'background-tab', newWindow: 'new-window' }[String(disposition)];
      if (kind) this.windowOpened(fromWire(String(url)), '', '', kind);
    });
    this.listen('Page.javascriptDialogOpening', ({ type }) => this.dialog(String(type)));
    this.listen('Inspector.targetCrashed', () => this.gone('crashed', 11));
    this.listen('Target.attachedToTarget', (params) => {
      const sessionId = String(params.sessionId);
      const { devtools } = chromium();
      devtools.on(sessionId, 'Fetch.requestPaused', (paused) => {
        devtools
          .send(
            'Fetch.failRequest',
            { requestId: paused.requestId, errorReason: 'BlockedByClient' },
            sessionId,
          )
          .catch(() => {});
      });
      devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId).catch(() => {});
      devtools.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => {});
    });
  }

  readTitle(): void {
    this.executeJavaScript('document.title')
      .then((title) => {
        this.title = String(title);
        if (this.title) this.emit('page-title-updated', preventable({}), this.title, true);
      })
      .catch(() => {});
  }

  wasPainted = false;
  painted(): void {
    if (this.wasPainted || this.destroyed) return;
    this.wasPainted = true;
    this.emit('ready-to-show');
  }

  dialog(type: string): void {
    if (type === 'beforeunload') {
      const event = preventable({});
      this.emit('will-prevent-unload', event);
      this.quietly('Page.handleJavaScriptDialog', { accept: event.defaultPrevented });
      if (!event.defaultPrevented) this.hooks.closeRefused();
    } else if (!app.commandLine.hasSwitch('remote-debugging-port')) {
      this.quietly('Page.handleJavaScriptDialog', { accept: type === 'alert' });
    }
  }

  async request(paused: PausedRequest): Promise<void> {
    const isMainFrame = paused.frameId === this.targetId;
    const url = fromWire(paused.request.url);
    if (paused.resourceType === 'Document') {
      if (this.isPageNavigation(paused) && this.navigationRefused(url, isMainFrame)) {
        this.quietly('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Aborted' });
        return;
      }
      this.emit(
        'did-start-navigation',
        preventable({ url, isMainFrame, isSameDocument: false }),
        url,
        false,
        isMainFrame,
      );
      if (isMainFrame) {
        this.loading = true;
        await this.session.decidePermissions(this, url, new URL(paused.request.url).origin, originOf(url));
      }
    }
    const outcome = await answerRequest(this.session, paused);
    const location =
      'responseHeaders' in outcome.params
        ? outcome.params.responseHeaders.find(({ name }) => name === 'location')?.value
        : undefined;
    if (
      location &&
      paused.resourceType === 'Document' &&
      this.redirectRefused(fromWire(location), isMainFrame)
    ) {
      this.quietly('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Aborted' });
      return;
    }
    if (location && isMainFrame) this.ownNavigation = new URL(location, paused.request.url).href;
    await this.command(outcome.method, { requestId: paused.requestId, ...outcome.params });
  }

  /** False for what the app asked for, and for reloads from outside of the page. */
  isPageNavigation({ frameId, request }: PausedRequest): boolean {
    const asked = this.askedNavigations.delete(frameId);
    const target = request.url.replace(/#.*$/s, '');
    if (frameId === this.targetId && this.ownNavigation === target) {
      this.ownNavigation = undefined;
      return false;
    }
    return asked || frameId !== this.targetId || target !== toWire(this.url).replace(/#.*$/s, '');
  }

  navigationRefused(url: string, isMainFrame: boolean): boolean {
    const frame = isMainFrame ? this.mainFrame : null;
    const details = { url, isMainFrame, isSameDocument: false, frame, initiator: this.mainFrame };
    const framed = preventable(details);
    this.emit('will-frame-navigate', framed);
    if (framed.defaultPrevented || !isMainFrame) return framed.defaultPrevented;
    const event = preventable(details);
    this.emit('will-navigate', event, url, false, true, 0, 0);
    return event.defaultPrevented;
  }

  redirectRefused(url: string, isMainFrame: boolean): boolean {
    const event = preventable({ url, isMainFrame, isSameDocument: false, frame: this.mainFrame });
    this.emit('will-redirect', event, url, false, isMainFrame, 0, 0);
    return event.defaultPrevented;
  }

  windowOpened(url: string, frameName: string, features: string, disposition: string): void {
    const answer = this.windowOpenHandler?.({
      url,
      frameName,
      features,
      disposition,
      referrer: { url: this.url, policy: 'strict-origin-when-cross-origin' },
      postBody: undefined,
    });
    if (answer?.action !== 'deny') {
      process.stderr.write(
        `${String(new NotInStandInError(`window opened by a page (${url}): it was denied`))}\n`,
      );
    }
  }

  deliver(frame: unknown[], document: Document | undefined = this.document): void {
    if (!document || document !== this.document) return;
    if (document.frames.length === 0) setImmediate(() => this.flush(document));
    document.frames.push(frame);
  }

  flush(document: Document): void {
    const payload = JSON.stringify(document.frames);
    document.frames = [];
    if (document !== this.document || this.destroyed) return;
    this.quietly('Runtime.callFunctionOn', {
      functionDeclaration: `function (payload) { ${deliverName}(payload) }`,
      executionContextId: document.contextId,
      arguments: [{ value: payload }],
      silent: true,
    });
  }

  receive(frame: FromRenderer): void {
    const document = this.document;
    if (!document) return;
    const [kind] = frame;
    if (kind === 'port' || kind === 'portclose') document.ports.read(frame);
    else if (kind === 'send') {
      const ports = document.ports.import(frame[3]).map(portOf);
      const args = decode(frame[2]) as unknown[];
      for (const ipc of [this.ipc, ipcMain]) ipc.emit(frame[1], { ...this.ipcEvent(), ports }, ...args);
    } else if (kind === 'invoke') {
      invoke([this.ipc, ipcMain], this.ipcEvent(), frame[2], frame[3]).then((answer) => {
        this.deliver(['reply', frame[1], answer.ok, answer.ok ? answer.value : answer.message], document);
      });
    } else if (kind === 'open') this.windowOpened(fromWire(frame[1]), frame[2], frame[3], 'foreground-tab');
    else if (kind === 'key') pressAccelerator(frame[1], this);
    else if (kind === 'zoom') this.setZoomFactor(frame[1]);
    else {
      process.stderr.write(`Unable to load preload script: ${this.options.preload}\n${frame[1]}\n`);
      this.emit('preload-error', preventable({}), this.options.preload, new Error(frame[1]));
    }
  }

  ipcEvent(): object {
    return {
      type: 'frame',
      sender: this,
      senderFrame: this.mainFrame,
      processId: 1,
      frameId: 1,
      reply: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
    };
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

  leaveDocument(): void {
    const document = this.document;
    this.document = undefined;
    document?.ports.closeAll();
  }

  gone(reason: string, exitCode: number): void {
    if (this.crashed) return;
    this.crashed = true;
    this.leaveDocument();
    const details = { reason, exitCode };
    this.emit('render-process-gone', preventable({}), details);
    app.emit('render-process-gone', preventable({}), this, details);
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

  /** Rejects as Electron does when the document can't be loaded: `ERR_… (code) loading 'url'`. */
  async loadURL(url: string): Promise<void> {
    await this.opened;
    const target = toWire(url);
    const finished = new Promise<void>((resolve) => {
      this.once('did-finish-load', () => resolve());
      this.once('destroyed', () => resolve());
    });
    this.ownNavigation = new URL(target).href.replace(/#.*$/s, '');
    const { errorText } = await this.command<{ errorText?: string }>('Page.navigate', { url: target });
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
    this.ownNavigation = toWire(this.url).replace(/#.*$/s, '');
    this.quietly('Page.reload');
  }
  reloadIgnoringCache(): void {
    this.ownNavigation = toWire(this.url).replace(/#.*$/s, '');
    this.quietly('Page.reload', { ignoreCache: true });
  }
  stop(): void {
    this.quietly('Page.stopLoading');
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    await this.opened;
    const { result, exceptionDetails } = await this.command<{
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    }>('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true, userGesture });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async insertCSS(): Promise<never> {
    throw new NotInStandInError('webContents.insertCSS');
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
  isLoading(): boolean {
    return this.loading;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  isDevToolsOpened(): boolean {
    return false;
  }
  openDevTools(): void {}
  closeDevTools(): void {}
  getOSProcessId(): number {
    return 0;
  }
  getType(): string {
    return 'window';
  }
  focus(): void {
    this.quietly('Page.bringToFront');
  }
  close(options?: { waitForBeforeUnload?: boolean }): void {
    if (options?.waitForBeforeUnload) this.quietly('Page.close');
    else this.closeNow();
  }
  closeNow(): void {
    this.opened
      .then(() => chromium().devtools.send('Target.closeTarget', { targetId: this.targetId }))
      .catch(() => {});
  }
}
