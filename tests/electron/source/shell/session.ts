import { EventEmitter } from 'node:events';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { chromium, runtime } from './runtime.ts';
import { type Privileges, privileged } from './scheme.ts';

type ProtocolHandler = (request: Request) => Response | Promise<Response>;
type PermissionRequestHandler = (
  webContents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void;
type PermissionCheckHandler = (
  webContents: unknown,
  permission: string,
  requestingOrigin: string,
  details: { isMainFrame: boolean; requestingUrl?: string },
) => boolean;

class Protocol {
  handlers = new Map<string, ProtocolHandler>();

  /** As in Electron: once, and before the app is ready. Schemes here must be standard and secure. */
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges?: Privileges }[]): void {
    if (runtime.ready) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    }
    for (const { scheme, privileges = {} } of schemes) {
      if (!privileges.standard || !privileges.secure) {
        throw new NotInStandInError(`scheme '${scheme}' that is not both standard and secure`);
      }
      if (privileges.bypassCSP) throw new NotInStandInError(`scheme '${scheme}' with bypassCSP`);
      privileged.set(scheme.toLowerCase(), privileges);
    }
  }

  handle(scheme: string, handler: ProtocolHandler): void {
    if (this.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    if (!privileged.has(scheme) && scheme !== 'https' && scheme !== 'http') {
      throw new NotInStandInError(`handler for '${scheme}', which is not registered as privileged`);
    }
    this.handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.handlers.delete(scheme)) throw new Error(`Failed to unregister protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.handlers.has(scheme);
  }
}

/** Electron's names for what Chromium's DevTools call otherwise. */
export const permissions: Record<string, readonly string[]> = {
  'clipboard-read': ['clipboard-read'],
  'clipboard-sanitized-write': ['clipboard-write'],
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  midi: ['midi'],
  'idle-detection': ['idle-detection'],
  'window-management': ['window-management'],
  'local-fonts': ['local-fonts'],
};

export class Session extends EventEmitter {
  protocol = strict('protocol', new Protocol());
  permissionRequestHandler: PermissionRequestHandler | null = null;
  permissionCheckHandler: PermissionCheckHandler | null = null;
  spellChecker = true;
  contextId: Promise<string> | undefined;
  partition: string;

  constructor(partition: string) {
    super();
    this.partition = partition;
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return strict('session', this);
  }

  setPermissionRequestHandler(handler: PermissionRequestHandler | null): void {
    this.permissionRequestHandler = handler;
  }
  setPermissionCheckHandler(handler: PermissionCheckHandler | null): void {
    this.permissionCheckHandler = handler;
  }
  setDevicePermissionHandler(): void {}
  setDisplayMediaRequestHandler(): void {}
  setSpellCheckerEnabled(enable: boolean): void {
    this.spellChecker = enable;
  }
  isSpellCheckerEnabled(): boolean {
    return this.spellChecker;
  }
  setSpellCheckerLanguages(): void {}
  isPersistent(): boolean {
    return this.partition === '';
  }
  async clearStorageData(): Promise<void> {}
  async clearCache(): Promise<void> {}
  async closeAllConnections(): Promise<void> {}
  getUserAgent(): string {
    return `Electron stand-in/${process.versions.electron ?? ''}`;
  }
  flushStorageData(): void {}

  /** Chromium has no hook for a permission that is asked for, so the handlers decide ahead, per document. */
  async decidePermissions(
    webContents: unknown,
    url: string,
    wireOrigin: string,
    origin: string,
  ): Promise<void> {
    for (const [permission, names] of Object.entries(permissions)) {
      const granted = await this.allows(webContents, permission, url, origin);
      for (const name of names) {
        await chromium()
          .devtools.send('Browser.setPermission', {
            permission: { name },
            setting: granted ? 'granted' : 'denied',
            origin: wireOrigin,
            ...(this.contextId ? { browserContextId: await this.contextId } : {}),
          })
          .catch(() => {});
      }
    }
  }

  async allows(webContents: unknown, permission: string, url: string, origin: string): Promise<boolean> {
    const check = this.permissionCheckHandler;
    if (check && !check(webContents, permission, origin, { isMainFrame: true, requestingUrl: url }))
      return false;
    const ask = this.permissionRequestHandler;
    if (!ask) return false;
    return new Promise((resolve) => {
      ask(webContents, permission, (granted) => resolve(granted === true), {
        requestingUrl: url,
        isMainFrame: true,
      });
    });
  }

  /** The Chromium profile of this session: the default one, or one in memory. */
  browserContext(): Promise<string | undefined> {
    if (this.partition === '') return Promise.resolve(undefined);
    this.contextId ??= chromium()
      .devtools.send<{ browserContextId: string }>('Target.createBrowserContext', { disposeOnDetach: true })
      .then((result) => result.browserContextId);
    return this.contextId;
  }
}

const sessions = new Map<string, Session>();

export const session = strict('session', {
  get defaultSession(): Session {
    if (!runtime.ready) throw new Error('Session can only be received when app is ready');
    return session.fromPartition('');
  },
  fromPartition(partition: string): Session {
    if (!runtime.ready) throw new Error('Session can only be received when app is ready');
    if (partition.startsWith('persist:')) throw new NotInStandInError('session of a partition on disk');
    const known = sessions.get(partition) ?? new Session(partition);
    sessions.set(partition, known);
    return known;
  },
});

const beforeReady = new Protocol();

/** `protocol` of the default session; only privileges can be registered before the app is ready. */
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (schemes: { scheme: string; privileges?: Privileges }[]) =>
    beforeReady.registerSchemesAsPrivileged(schemes),
  handle: (scheme: string, handler: ProtocolHandler) =>
    session.defaultSession.protocol.handle(scheme, handler),
  unhandle: (scheme: string) => session.defaultSession.protocol.unhandle(scheme),
  isProtocolHandled: (scheme: string) => session.defaultSession.protocol.isProtocolHandled(scheme),
});
