import { createEngine, type Engine, type PortLike } from './engine.ts';
import { describe, type Log } from './log.ts';
import type { FromEngine, ToEngineProcess } from './processMessages.ts';
import { diskCode } from './refused.ts';
import { createSecrets } from './session/secrets.ts';
import type { Fetch } from './sync/portalClient.ts';

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly unknown[] }) => void): unknown;
  postMessage(message: FromEngine): void;
}

const log: Log = (level, event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
};

/** Electron's own network stack: the system's proxy and certificates. */
const electronFetch: Fetch = async (url, init) => {
  const { net } = await import('electron');
  // The two declarations of RequestInit, Electron's and Node's, describe the same object.
  return net.fetch(url, init as Parameters<typeof net.fetch>[1]) as unknown as Promise<Response>;
};

/** Connects the engine to the shell: the body of the utility process. */
export function serveShell(): void {
  const { parentPort } = process as unknown as { parentPort: ParentPort };
  const secrets = createSecrets((message) => parentPort.postMessage(message));
  const waiting: { windowId: string; port: PortLike }[] = [];
  let engine: Engine | null = null;
  let starting: Promise<void> | null = null;

  process.on('unhandledRejection', (error) => log('error', 'process.unhandled-rejection', describe(error)));
  process.on('uncaughtException', (error) => {
    log('error', 'process.uncaught-exception', describe(error));
    process.exit(1);
  });

  const start = async (message: Extract<ToEngineProcess, { kind: 'start' }>) => {
    try {
      const { userData, portalUrl, held } = message;
      const { protect, unprotect } = secrets;
      const onPortal = (url: string) => parentPort.postMessage({ kind: 'portal', url });
      engine = await createEngine({
        userData,
        portalUrl,
        fetch: electronFetch,
        protect,
        unprotect,
        hold: (name, value) => parentPort.postMessage({ kind: 'hold', name, value }),
        held,
        log,
        onPortal,
        backupLookMs: Number(process.env.SOAN_BACKUP_LOOK_MS) || undefined,
      });
      for (const { windowId, port } of waiting.splice(0)) engine.connectWindow(windowId, port);
      parentPort.postMessage({ kind: 'ready' });
    } catch (error) {
      log('error', 'engine.not-started', describe(error));
      parentPort.postMessage({ kind: 'fatal', code: diskCode(error) ?? 'internal' });
    }
  };

  const stop = async () => {
    await starting;
    await engine?.stop().catch((error: unknown) => log('error', 'engine.stop-failed', describe(error)));
    process.exit(0);
  };

  parentPort.on('message', ({ data, ports }) => {
    const message = data as ToEngineProcess;
    if (message.kind === 'start') starting ??= start(message);
    else if (message.kind === 'window') {
      const window = { windowId: String(message.windowId), port: ports[0] as PortLike };
      if (engine) engine.connectWindow(window.windowId, window.port);
      else waiting.push(window);
    } else if (message.kind === 'secret') secrets.answered(message);
    else if (message.kind === 'resumed' || (message.kind === 'online' && message.online)) engine?.retry();
    else if (message.kind === 'stop') void stop();
  });
}
