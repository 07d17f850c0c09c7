import { openAppWindow } from './chromium.ts';
import { chromium } from './runtime.ts';

interface Attached {
  sessionId: string;
  targetInfo: { targetId: string; openerId?: string };
}
export interface NewPage {
  width: number;
  height: number;
  /** Where the page will go first; a window belongs to this origin and shows no address while there. */
  firstUrl: string | undefined;
  browserContextId: string | undefined;
}

/** Path that a window is opened on; nothing is ever loaded from it. */
export const windowPath = '/.electron-stand-in-window';

/** How long a window that another Chromium process asks for may take to appear. */
const windowPatienceMs = 10_000;

let expected = 0;
/** Pages that may be one of those expected. */
let limbo: Attached[] = [];
const arrived: (() => void)[] = [];
const claimed = new Set<string>();
const gone = new Map<string, () => void>();

/** Closes a page that the app did not ask for, before it runs a line. */
function refuse({ sessionId, targetInfo }: Attached): void {
  const { devtools } = chromium();
  devtools.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {});
  devtools.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => {});
}

/** Attaches to every page before it runs a line. Pages that no {@link createPage} asked for are closed. */
export async function watchTargets(): Promise<void> {
  const { devtools } = chromium();
  devtools.on('', 'Target.attachedToTarget', (params) => {
    const attached = params as unknown as Attached;
    if (expected === 0 || attached.targetInfo.openerId) return refuse(attached);
    limbo.push(attached);
    for (const notice of arrived.splice(0)) notice();
  });
  devtools.on('', 'Target.detachedFromTarget', (params) => {
    const sessionId = String(params.sessionId);
    devtools.forget(sessionId);
    gone.get(sessionId)?.();
    gone.delete(sessionId);
  });
  await devtools.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}

async function createTarget({ width, height, browserContextId }: NewPage): Promise<Attached> {
  const params = { url: 'about:blank', newWindow: true, width, height };
  const { targetId } = await chromium().devtools.send<{ targetId: string }>('Target.createTarget', {
    ...params,
    ...(browserContextId ? { browserContextId } : {}),
  });
  const own = limbo.find((attached) => attached.targetInfo.targetId === targetId);
  if (!own) throw new Error('Chromium made a page without attaching to it');
  return own;
}

/** A window without tabs and address field can only be asked for on Chromium's command line. */
async function createAppWindow(page: NewPage): Promise<Attached> {
  const address = page.firstUrl ? new URL(windowPath, page.firstUrl).href : 'data:text/html,%20';
  await openAppWindow(chromium(), address, page.width, page.height);
  const end = Date.now() + windowPatienceMs;
  for (;;) {
    const own = limbo.find(({ targetInfo }) => !claimed.has(targetInfo.targetId));
    if (own) return own;
    if (Date.now() > end) throw new Error('Chromium opened no window');
    const timeout = new Promise((resolve) => setTimeout(resolve, 250));
    await Promise.race([new Promise<void>((resolve) => arrived.push(resolve)), timeout]);
  }
}

/** A new page, paused until its session says `Runtime.runIfWaitingForDebugger`. */
export async function createPage(
  page: NewPage,
  whenGone: () => void,
): Promise<{ targetId: string; sessionId: string }> {
  const inWindow = !chromium().headless && !page.browserContextId;
  expected += 1;
  try {
    const { targetInfo, sessionId } = await (inWindow ? createAppWindow(page) : createTarget(page));
    claimed.add(targetInfo.targetId);
    gone.set(sessionId, whenGone);
    return { targetId: targetInfo.targetId, sessionId };
  } finally {
    expected -= 1;
    if (expected === 0) {
      const strangers = limbo.filter((attached) => !claimed.has(attached.targetInfo.targetId));
      limbo = [];
      for (const stranger of strangers) refuse(stranger);
    }
  }
}
