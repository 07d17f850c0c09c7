/**
 * Holds the stand-in to `electron.d.ts`: each of its classes and modules has to have members that the
 * declarations know, and every call that the declarations allow has to be accepted. Nothing here runs.
 */
import type * as Electron from 'electron';
import type { net } from './shared/net.ts';
import type { MessageChannelMain, MessagePortMain } from './shared/ports.ts';
import type { app } from './shell/app.ts';
import type { ipcMain } from './shell/ipc.ts';
import type { Menu, MenuItem } from './shell/menu.ts';
import type {
  clipboard,
  dialog,
  Notification,
  nativeTheme,
  powerMonitor,
  safeStorage,
  screen,
  shell,
} from './shell/services.ts';
import type { protocol, Session } from './shell/session.ts';
import type { UtilityProcess } from './shell/utilityProcess.ts';
import type { WebContents } from './shell/webContents.ts';
import type { BrowserWindow } from './shell/window.ts';

// biome-ignore lint/suspicious/noExplicitAny: any function at all.
type AnyFunction = (...args: any[]) => unknown;
type Events = keyof NodeJS.EventEmitter | 'addListener' | 'on' | 'once' | 'off' | 'removeListener';

/** Names that both have, apart from events, which `EventEmitter` types too loosely to compare. */
type Shared<Ours, Theirs> = Exclude<keyof Ours & keyof Theirs, Events>;

/** Members whose number of required arguments is larger here than Electron's, or that are not functions there. */
type Clashes<Ours, Theirs> = {
  [Name in Shared<Ours, Theirs>]: Theirs[Name] extends AnyFunction
    ? Ours[Name] extends AnyFunction
      ? Required<Parameters<Ours[Name]>>['length'] extends number
        ? Parameters<Theirs[Name]>['length'] extends Parameters<Ours[Name]>['length']
          ? never
          : Parameters<Ours[Name]>['length'] extends Parameters<Theirs[Name]>['length']
            ? never
            : 0 extends Parameters<Ours[Name]>['length']
              ? never
              : Name
        : never
      : Name
    : Ours[Name] extends AnyFunction
      ? Name
      : never;
}[Shared<Ours, Theirs>];

/** Methods whose results are not what the declarations promise: the same kind of value, promise for promise. */
type WrongResults<Ours, Theirs> = {
  [Name in Shared<Ours, Theirs>]: Theirs[Name] extends AnyFunction
    ? Ours[Name] extends AnyFunction
      ? ReturnType<Theirs[Name]> extends Promise<unknown>
        ? ReturnType<Ours[Name]> extends Promise<unknown>
          ? never
          : Name
        : ReturnType<Ours[Name]> extends Promise<unknown>
          ? Name
          : ReturnType<Theirs[Name]> extends string | number | boolean | undefined
            ? [ReturnType<Ours[Name]>] extends [ReturnType<Theirs[Name]>]
              ? never
              : Name
            : never
      : never
    : never;
}[Shared<Ours, Theirs>];

type Problems<Ours, Theirs> = Clashes<Ours, Theirs> | WrongResults<Ours, Theirs>;
type None<T extends never> = T;

export type Checks = [
  None<Problems<typeof app, Electron.App>>,
  None<Problems<BrowserWindow, Electron.BrowserWindow>>,
  None<Problems<WebContents, Electron.WebContents>>,
  None<Problems<Session, Electron.Session>>,
  None<Problems<typeof protocol, Electron.Protocol>>,
  None<Problems<typeof ipcMain, Electron.IpcMain>>,
  None<Problems<MessagePortMain, Electron.MessagePortMain>>,
  None<Problems<MessageChannelMain, Electron.MessageChannelMain>>,
  None<Problems<UtilityProcess, Electron.UtilityProcess>>,
  None<Problems<Menu, Electron.Menu>>,
  // `click` is declared as any `Function`.
  None<Exclude<Problems<MenuItem, Electron.MenuItem>, 'click'>>,
  None<Problems<typeof dialog, Electron.Dialog>>,
  None<Problems<typeof shell, Electron.Shell>>,
  None<Problems<typeof safeStorage, Electron.SafeStorage>>,
  None<Problems<Notification, Electron.Notification>>,
  None<Problems<typeof nativeTheme, Electron.NativeTheme>>,
  None<Problems<typeof powerMonitor, Electron.PowerMonitor>>,
  None<Problems<typeof screen, Electron.Screen>>,
  None<Problems<typeof clipboard, Electron.Clipboard>>,
  None<Problems<typeof net, Electron.Net>>,
];
