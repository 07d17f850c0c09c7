import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseOptions } from './database.ts';
import { createDoor } from './door/door.ts';
import type { PortLike } from './door/port.ts';
import { makeFolder } from './durableFile.ts';
import { createHandlers } from './handlers.ts';
import type { Log } from './log.ts';
import { openPreferences } from './preferences.ts';
import { createReachability } from './session/reachability.ts';
import { openSession, type SignedIn } from './session/session.ts';
import type { Fetch } from './sync/portalClient.ts';
import { createTopics } from './topics.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export type { PortLike } from './door/port.ts';

export interface EngineOptions {
  /** Folder of this app for this user of the system. */
  readonly userData: string;
  /** Address of the portal, unless another was chosen by hand. */
  readonly portalUrl: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Protects a text by the system's key store, base64, and back. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
  readonly log: Log;
  /** Told which portal this desk belongs to, at the start and when that changes. */
  readonly onPortal?: (url: string) => void;
  /** First pause after a failed request; grows up to a minute. */
  readonly firstPauseMs?: number;
  /** Another storage; for tests. */
  readonly storage?: DatabaseOptions['storage'];
}

export interface Engine {
  connectWindow(windowId: string, port: PortLike): void;
  /** The machine is on a network again, or woke up: asks the portal at once. */
  retry(): void;
  /** Lets go of everything; what was acknowledged is on disk anyway. */
  stop(): Promise<void>;
  /** Resolves when everything that can be exchanged is. For tests. */
  settled(): Promise<void>;
}

/** The folder of one person at one portal: what another person at this machine does never gets there. */
export const folderOf = (userData: string, { portalUrl, person }: SignedIn): string =>
  join(
    userData,
    'desks',
    createHash('sha256').update(`${portalUrl}\n${person.id}`).digest('hex').slice(0, 32),
  );

/**
 * Starts the engine of the desk. Rejects with a `StoreError` when the store of the signed-in person can't be opened;
 * nothing is deleted to make it open. Needs no portal: without one everything is saved here and waits.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { userData, log, now = Date.now } = options;
  await makeFolder(userData);
  const topics = createTopics();
  const preferences = await openPreferences(userData, () => topics.emit('preferences'));
  const reachability = createReachability({
    fetch: options.fetch,
    now,
    onChange: () => topics.emit('connection'),
  });
  let workspace: Workspace | null = null;
  let key: string | null = null;
  let announce: Parameters<typeof openWorkspace>[0]['announce'] = () => undefined;
  let switching: Promise<unknown> = Promise.resolve();

  const switchTo = async (signedIn: SignedIn | null) => {
    const nextKey = signedIn && folderOf(userData, signedIn);
    if (nextKey === key && workspace) {
      workspace.retry();
    } else {
      const former = workspace;
      workspace = null;
      key = null;
      await former?.stop();
      if (signedIn && nextKey !== null) {
        workspace = await openWorkspace({
          folder: nextKey,
          signedIn,
          session,
          topics,
          log,
          now,
          announce: (change, except) => announce(change, except),
          firstPauseMs: options.firstPauseMs,
          storage: options.storage,
          protect: options.protect,
          unprotect: options.unprotect,
        });
        key = nextKey;
      }
      topics.emit('desk', 'outbox', 'directory');
    }
    if (workspace) reachability.rest();
    else reachability.watch(session.state().portalUrl);
    topics.emit('session', 'connection');
    options.onPortal?.(session.state().portalUrl);
  };
  const onChange = (signedIn: SignedIn | null) => {
    const next = switching.then(() => switchTo(signedIn));
    switching = next.catch(() => undefined);
    return next;
  };

  const session = await openSession({
    userData,
    portalUrl: options.portalUrl,
    fetch: options.fetch,
    now,
    protect: options.protect,
    unprotect: options.unprotect,
    log,
    onChange,
  });
  await onChange(session.signedIn());

  const door = createDoor({
    handlers: createHandlers({ session, preferences, workspace: () => workspace, reachability }),
    topics,
    log,
    onWindowClosed: (windowId) => workspace?.windowClosed(windowId),
  });
  announce = (change, except) => door.announce('documents.changed', change, except);

  return {
    connectWindow: door.connect,
    retry() {
      if (workspace) workspace.retry();
      else reachability.watch(session.state().portalUrl);
    },
    settled: async () => {
      await workspace?.settled();
    },
    async stop() {
      door.close();
      reachability.rest();
      await switching;
      await workspace?.stop();
      workspace = null;
    },
  };
}
