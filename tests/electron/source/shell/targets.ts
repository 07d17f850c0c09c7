import { chromium } from './runtime.ts';

interface Attached {
  sessionId: string;
  targetInfo: { targetId: string; type: string };
}

let creating = 0;
let limbo: Attached[] = [];
const claimed = new Set<string>();
const gone = new Map<string, () => void>();

function refuse({ sessionId, targetInfo }: Attached): void {
  const { devtools } = chromium();
  const { targetId } = targetInfo;
  devtools.send('Target.closeTarget', { targetId }).catch(() => {});
  devtools.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => {});
}

/** Attaches to every page before it runs a line. Pages that no {@link createPage} asked for are closed. */
export async function watchTargets(): Promise<void> {
  const { devtools } = chromium();
  devtools.on('', 'Target.attachedToTarget', (params) => {
    const attached = params as unknown as Attached;
    if (creating > 0) limbo.push(attached);
    else refuse(attached);
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

/** A new page, paused at `about:blank` until its session says `Runtime.runIfWaitingForDebugger`. */
export async function createPage(
  params: Record<string, unknown>,
  whenGone: () => void,
): Promise<{ targetId: string; sessionId: string }> {
  const { devtools } = chromium();
  creating += 1;
  try {
    const { targetId } = await devtools.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...params,
    });
    claimed.add(targetId);
    const own = limbo.find((attached) => attached.targetInfo.targetId === targetId);
    if (!own) throw new Error('Chromium made a page without attaching to it');
    gone.set(own.sessionId, whenGone);
    return { targetId, sessionId: own.sessionId };
  } finally {
    creating -= 1;
    if (creating === 0) {
      const strangers = limbo.filter((attached) => !claimed.has(attached.targetInfo.targetId));
      limbo = [];
      for (const stranger of strangers) refuse(stranger);
    }
  }
}
