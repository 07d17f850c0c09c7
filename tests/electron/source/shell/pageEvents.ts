import { app } from './app.ts';
import { receive } from './messages.ts';
import { handleRequest } from './navigation.ts';
import { bindingName, worldName } from './preloadSource.ts';
import type { PausedRequest } from './requests.ts';
import { chromium, preventable } from './runtime.ts';
import { fromWire } from './scheme.ts';
import type { WebContents } from './webContents.ts';

/** How long after `load` a page counts as shown if Chromium reports no paint, as it does for empty ones. */
const paintPatienceMs = 200;

/** Translates what Chromium reports about a page into Electron's events. */
export function watchPage(contents: WebContents): void {
  watchDocument(contents);
  watchNavigation(contents);
  watchLoading(contents);
  contents.listen('Fetch.requestPaused', (params) => {
    handleRequest(contents, params as unknown as PausedRequest).catch(() => {});
  });
  contents.listen('Page.javascriptDialogOpening', ({ type }) => answerDialog(contents, String(type)));
  contents.listen('Runtime.consoleAPICalled', (params) => reportConsole(contents, params));
  contents.listen('Inspector.targetCrashed', () => crashed(contents));
  contents.listen('Target.attachedToTarget', ({ sessionId }) => blockRequests(String(sessionId)));
}

function watchDocument(contents: WebContents): void {
  contents.listen('Runtime.executionContextCreated', ({ context }) => {
    const created = context as { id: number; name: string; auxData: { frameId: string } };
    if (created.name !== worldName || created.auxData.frameId !== contents.targetId) return;
    contents.enterDocument(created.id);
  });
  contents.listen('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (contents.document?.contextId === executionContextId) contents.leaveDocument();
  });
  contents.listen('Runtime.executionContextsCleared', () => contents.leaveDocument());
  contents.listen('Runtime.bindingCalled', ({ name, executionContextId, payload }) => {
    if (name !== bindingName || executionContextId !== contents.document?.contextId) return;
    receive(contents, String(payload));
  });
}

function watchNavigation(contents: WebContents): void {
  contents.listen('Page.frameRequestedNavigation', ({ url, disposition, frameId }) => {
    if (disposition === 'currentTab') contents.askedNavigations.add(String(frameId));
    const kind = { newTab: 'background-tab', newWindow: 'new-window' }[String(disposition)];
    if (kind) contents.windowOpened(fromWire(String(url)), '', '', kind);
  });
  contents.listen('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
    const features = (windowFeatures as string[]).join();
    contents.windowOpened(fromWire(String(url)), String(windowName), features, 'foreground-tab');
  });
  contents.listen('Page.frameNavigated', ({ frame }) => {
    const { id, url, urlFragment } = frame as Record<string, string | undefined>;
    if (id !== contents.targetId) return;
    contents.url = fromWire(`${url ?? ''}${urlFragment ?? ''}`);
    contents.crashed = false;
    if (contents.zoom !== 1) contents.applyZoom();
    contents.emit('did-navigate', preventable({}), contents.url, 200, 'OK');
  });
  contents.listen('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId !== contents.targetId) return;
    contents.url = fromWire(String(url));
    contents.emit('did-navigate-in-page', preventable({}), contents.url, true, 0, 0);
  });
}

function watchLoading(contents: WebContents): void {
  const isReal = (): boolean => contents.url !== '' && contents.url !== 'about:blank';
  const painted = (): void => {
    if (contents.wasPainted || contents.destroyed) return;
    contents.wasPainted = true;
    contents.emit('ready-to-show');
  };
  contents.listen('Page.domContentEventFired', () => {
    if (!isReal()) return;
    contents.emit('dom-ready', preventable({}));
    void contents.readTitle();
  });
  contents.listen('Page.loadEventFired', () => {
    contents.loading = false;
    if (!isReal()) return;
    contents.emit('did-finish-load', preventable({}));
    contents.emit('did-stop-loading', preventable({}));
    setTimeout(painted, paintPatienceMs);
  });
  contents.listen('Page.lifecycleEvent', ({ name, frameId }) => {
    if (name === 'firstPaint' && frameId === contents.targetId && isReal()) painted();
  });
}

/** As in Electron, a page can't hold a window back with a dialog: only `will-prevent-unload` lets it go. */
function answerDialog(contents: WebContents, type: string): void {
  if (type === 'beforeunload') {
    const event = preventable({});
    contents.emit('will-prevent-unload', event);
    contents.quietly('Page.handleJavaScriptDialog', { accept: event.defaultPrevented });
    if (!event.defaultPrevented) contents.whenCloseRefused();
  } else if (!app.commandLine.hasSwitch('remote-debugging-port')) {
    // Nobody is there to answer; under Playwright the test answers.
    contents.quietly('Page.handleJavaScriptDialog', { accept: type === 'alert' });
  }
}

const levels: Record<string, string> = {
  warning: 'warning',
  error: 'error',
  assert: 'error',
  debug: 'debug',
};

function reportConsole(contents: WebContents, params: Record<string, unknown>): void {
  const values = params.args as { value?: unknown; description?: string }[];
  const message = values.map(({ value, description }) => String(value ?? description ?? '')).join(' ');
  const level = levels[String(params.type)] ?? 'info';
  const details = { level, message, lineNumber: 0, sourceId: contents.url, frame: contents.mainFrame };
  contents.emit('console-message', preventable(details));
}

function crashed(contents: WebContents): void {
  if (contents.crashed) return;
  contents.crashed = true;
  contents.leaveDocument();
  const details = { reason: 'crashed', exitCode: 11 };
  contents.emit('render-process-gone', preventable({}), details);
  app.emit('render-process-gone', preventable({}), contents, details);
}

/** Frames of other sites and workers have sessions of their own; nothing is served there. */
function blockRequests(sessionId: string): void {
  const { devtools } = chromium();
  const send = (method: string, params: Record<string, unknown> = {}): void => {
    devtools.send(method, params, sessionId).catch(() => {});
  };
  devtools.on(sessionId, 'Fetch.requestPaused', ({ requestId }) => {
    send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  });
  send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  send('Runtime.runIfWaitingForDebugger');
}
