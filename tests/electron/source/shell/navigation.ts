import { answerRequest, type PausedRequest } from './requests.ts';
import { preventable } from './runtime.ts';
import { fromWire, originOf, toWire } from './scheme.ts';
import { windowPath } from './targets.ts';
import type { WebContents } from './webContents.ts';

const withoutFragment = (url: string): string => url.replace(/#.*$/s, '');

/** Lets the next navigation to this URL of the app pass without asking. */
export function expectNavigation(contents: WebContents, url: string): void {
  contents.ownNavigation = withoutFragment(new URL(toWire(url)).href);
}

/** False for what the app asked for, and for reloads from outside of the page. */
function isPageNavigation(contents: WebContents, { frameId, request }: PausedRequest): boolean {
  const asked = contents.askedNavigations.delete(frameId);
  const target = withoutFragment(request.url);
  if (frameId === contents.targetId && contents.ownNavigation === target) {
    contents.ownNavigation = undefined;
    return false;
  }
  return asked || frameId !== contents.targetId || target !== withoutFragment(toWire(contents.url));
}

function navigationRefused(contents: WebContents, url: string, isMainFrame: boolean): boolean {
  const frame = isMainFrame ? contents.mainFrame : null;
  const details = { url, isMainFrame, isSameDocument: false, frame, initiator: contents.mainFrame };
  const framed = preventable(details);
  contents.emit('will-frame-navigate', framed);
  if (framed.defaultPrevented || !isMainFrame) return framed.defaultPrevented;
  const event = preventable(details);
  contents.emit('will-navigate', event, url, false, true, 0, 0);
  return event.defaultPrevented;
}

function redirectRefused(contents: WebContents, url: string, isMainFrame: boolean): boolean {
  const event = preventable({ url, isMainFrame, isSameDocument: false, frame: contents.mainFrame });
  contents.emit('will-redirect', event, url, false, isMainFrame, 0, 0);
  return event.defaultPrevented;
}

/** Decides about a request of a page: navigations ask the app first, then the protocol handler answers. */
export async function handleRequest(contents: WebContents, paused: PausedRequest): Promise<void> {
  const { requestId, frameId, resourceType } = paused;
  const isMainFrame = frameId === contents.targetId;
  const isDocument = resourceType === 'Document';
  const url = fromWire(paused.request.url);
  const abort = (): void => contents.quietly('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
  if (isDocument) {
    if (new URL(paused.request.url).pathname === windowPath) return abort();
    if (isPageNavigation(contents, paused) && navigationRefused(contents, url, isMainFrame)) return abort();
    const details = preventable({ url, isMainFrame, isSameDocument: false });
    contents.emit('did-start-navigation', details, url, false, isMainFrame);
    if (isMainFrame) {
      contents.loading = true;
      contents.emit('did-start-loading', preventable({}));
      const wireOrigin = new URL(paused.request.url).origin;
      await contents.session.decidePermissions(contents, url, wireOrigin, originOf(url));
    }
  }
  const outcome = await answerRequest(contents.session, paused);
  const headers = 'responseHeaders' in outcome.params ? outcome.params.responseHeaders : [];
  const location = headers.find(({ name }) => name === 'location')?.value;
  if (location && isDocument) {
    const target = new URL(location, paused.request.url).href;
    if (redirectRefused(contents, fromWire(target), isMainFrame)) return abort();
    if (isMainFrame) contents.ownNavigation = withoutFragment(target);
  }
  await contents.command(outcome.method, { requestId, ...outcome.params });
}
