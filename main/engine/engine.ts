import { createCustody } from './custody/custody.ts';
import type { DatabaseOptions } from './database.ts';
import { createDeskKeeper } from './deskKeeper.ts';
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
import { openWorkspace } from './workspace.ts';

export type { PortLike } from './door/port.ts';

export interface EngineOptions {
  /** Folder of this app for this user of the system. */
  readonly userData: string;
  /** Address of the portal, unless another was chosen by hand. */
  readonly portalUrl: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Protects a text by the system's key store, base64, and back. Rejects where that offers no real protection. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
  /** Has the shell keep a secret in its memory, for an engine that is started again; null lets go. */
  readonly hold?: (name: string, value: string | null) => void;
  /** What the shell kept from the engine before this one. */
  readonly held?: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Told which portal this desk belongs to, at the start and when that changes. */
  readonly onPortal?: (url: string) => void;
  /** First pause after a failed request; grows up to a minute. */
  readonly firstPauseMs?: number;
  /** How often to look whether a backup is due; the first time after a tenth of it. */
  readonly backupLookMs?: number | undefined;
  /** scrypt's N of new wraps; lower in tests. */
  readonly scryptCost?: number | undefined;
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

/**
 * Starts the engine of the desk. A store that can't be opened is told to the windows (`store.trouble`); nothing is deleted to make it
 * open. Needs no portal: without one everything is saved here and waits.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { userData, log, now = Date.now, hold = () => undefined, held = {} } = options;
  const { protect, unprotect, scryptCost } = options;
  await makeFolder(userData);
  const topics = createTopics();
  const preferences = await openPreferences(userData, () => topics.emit('preferences'));
  const reachability = createReachability({
    fetch: options.fetch,
    now,
    onChange: () => topics.emit('connection'),
  });
  let announce: Parameters<typeof openWorkspace>[0]['announce'] = () => undefined;
  let hasDeskHere = false;
  const custody = createCustody({ userData, log, protect, unprotect, hold, held, scryptCost });
  const keeper = createDeskKeeper({
    userData,
    custody,
    log,
    open: (folder, signedIn, key) =>
      openWorkspace({
        folder,
        signedIn,
        key,
        session,
        topics,
        log,
        now,
        announce: (change, except) => announce(change, except),
        firstPauseMs: options.firstPauseMs,
        backupLookMs: options.backupLookMs,
        storage: options.storage,
      }),
    onChange: () => topics.emit('desk', 'outbox', 'directory', 'store'),
  });
  const watchPortal = () => {
    // Who is signed in here but not there is told when the portal answers again.
    if (keeper.workspace() && session.state().status === 'signed-in') reachability.rest();
    else reachability.watch(session.state().portalUrl);
  };
  const onChange = async (signedIn: SignedIn | null) => {
    await keeper.switchTo(signedIn);
    hasDeskHere = await custody.hasDeskOf(session.state().portalUrl);
    watchPortal();
    topics.emit('session', 'connection');
    options.onPortal?.(session.state().portalUrl);
  };

  const session = await openSession({
    userData,
    portalUrl: options.portalUrl,
    fetch: options.fetch,
    now,
    protect,
    unprotect,
    hold,
    held,
    custody,
    isLocked: keeper.isLocked,
    hasDeskHere: () => hasDeskHere,
    log,
    onChange,
  });
  await onChange(session.signedIn());

  const door = createDoor({
    handlers: createHandlers({ session, preferences, keeper, reachability, watchPortal }),
    topics,
    log,
    onWindowClosed: (windowId) => keeper.workspace()?.windowClosed(windowId),
  });
  announce = (change, except) => door.announce('documents.changed', change, except);

  return {
    connectWindow: door.connect,
    retry() {
      keeper.workspace()?.retry();
      watchPortal();
    },
    settled: async () => {
      await keeper.workspace()?.settled();
    },
    async stop() {
      door.close();
      reachability.rest();
      await keeper.stop();
    },
  };
}
