import { EventEmitter } from 'node:events';
import path from 'node:path';
import { RemotePorts } from '../shared/ports.ts';
import {
  bindingName,
  deliverName,
  isolatedWorldSource,
  mainWorldSource,
  worldName,
} from './preloadSource.ts';
import { chromium, runtime } from './runtime.ts';
import type { Session } from './session.ts';
import { createPage } from './targets.ts';

export interface PageOptions {
  session: Session;
  preload: string | undefined;
  width: number;
  height: number;
  additionalArguments: string[];
}

/** The document that a page shows now: where its preload script can be reached. */
interface Document {
  contextId: number;
  ports: RemotePorts;
  frames: unknown[];
}

/** A page of Chromium and the way to its preload script: what `WebContents` is built on. */
export class Page extends EventEmitter {
  session: Session;
  options: PageOptions;
  targetId = '';
  sessionId = '';
  /** As the app spells it, with its own scheme. */
  url = '';
  title = '';
  /** On the wire; known before the page is made if the app loads one at once. */
  firstUrl: string | undefined;
  zoom = 1;
  destroyed = false;
  crashed = false;
  loading = false;
  wasPainted = false;
  /** Resolves when the page can be commanded. */
  opened: Promise<void> = Promise.resolve();
  document: Document | undefined;
  /** URL of a navigation that the app itself asked for: it raises no `will-navigate`. */
  ownNavigation: string | undefined;
  /** Frames whose page wants to go elsewhere. */
  askedNavigations = new Set<string>();
  /** Set by the window. */
  whenGone: () => void = () => {};
  whenCloseRefused: () => void = () => {};

  constructor(options: PageOptions) {
    super();
    this.options = options;
    this.session = options.session;
  }

  command<T = Record<string, unknown>>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    return chromium().devtools.send<T>(method, params, this.sessionId);
  }

  /** For what may come too late: a page that is gone wants nothing any more. */
  quietly(method: string, params: Record<string, unknown> = {}): void {
    this.command(method, params).catch(() => {});
  }

  listen(method: string, listener: (params: Record<string, unknown>) => void): void {
    chromium().devtools.on(this.sessionId, method, (params) => {
      if (!this.destroyed) listener(params);
    });
  }

  /** Makes the page; `watch` hears of everything in it from its first event on. */
  async open(watch: () => void): Promise<void> {
    if (this.destroyed) return;
    const browserContextId = await this.session.browserContext();
    const { width, height, preload } = this.options;
    const page = await createPage({ width, height, firstUrl: this.firstUrl, browserContextId }, () =>
      this.whenGone(),
    );
    this.targetId = page.targetId;
    this.sessionId = page.sessionId;
    if (this.destroyed) {
      await chromium().devtools.send('Target.closeTarget', { targetId: this.targetId });
      return;
    }
    watch();
    const library = path.join(runtime.folder, 'lib');
    const { source, problem } = isolatedWorldSource(library, {
      preloadPath: preload ?? '',
      versions: process.versions as Record<string, string>,
      zoomFactor: this.zoom,
      argv: this.options.additionalArguments,
    });
    if (problem) process.stderr.write(`Unable to load preload script: ${preload}\n${String(problem)}\n`);
    await Promise.all([
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
    ]);
  }

  /** Chromium counts its own frame into a window's size; the page gets the size that the app asked for. */
  async fitContent(width: number, height: number): Promise<void> {
    const { windowId } = await this.command('Browser.getWindowForTarget');
    await this.command('Browser.setContentsSize', { windowId, width, height }).catch(() => {});
  }

  enterDocument(contextId: number): void {
    this.leaveDocument();
    const document: Document = {
      contextId,
      frames: [],
      ports: new RemotePorts(1, (frame) => this.deliver(frame, document)),
    };
    this.document = document;
  }

  leaveDocument(): void {
    const document = this.document;
    this.document = undefined;
    document?.ports.closeAll();
  }

  /** Sends to the preload script. All that is sent in one turn goes in one message. */
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
}
