import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { ToEngine, ToWindow } from '../domain/contracts/wire.ts';

/** Kind of every name of the contract, `{ articles: { list: 'query', … }, … }`; put in when the bundle is built. */
declare const SOAN_CONTRACT: Readonly<
  Record<string, Readonly<Record<string, 'request' | 'query' | 'announcement'>>>
>;

let port: MessagePort | null = null;
const replies = new Map<string, (message: ToWindow) => void>();
const watchers = new Map<string, (message: ToWindow) => void>();
const listeners = new Map<string, ((value: unknown) => void)[]>();
const onConnected: (() => void)[] = [];

const send = (message: ToEngine): void => port?.postMessage(message);

function receive(message: ToWindow): void {
  if (message.kind === 'announcement') {
    for (const listener of listeners.get(message.name) ?? []) listener(message.value);
  } else if (message.kind === 'value') {
    watchers.get(message.id)?.(message);
  } else {
    // A refused query is answered with a reply too.
    (replies.get(message.id) ?? watchers.get(message.id))?.(message);
    replies.delete(message.id);
  }
}

const verbs = {
  request: (name: string) => (id: string, args: unknown) =>
    new Promise<ToWindow>((resolve) => {
      replies.set(id, resolve);
      send({ kind: 'request', id, name, args });
    }),
  query: (name: string) => (id: string, args: unknown, listener: (message: ToWindow) => void) => {
    watchers.set(id, listener);
    send({ kind: 'watch', id, name, args });
  },
  announcement: (name: string) => (listener: (value: unknown) => void) => {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  },
};

ipcRenderer.on('engine-port', (event: IpcRendererEvent) => {
  const next = event.ports[0];
  if (!next) return;
  port?.close();
  port = next;
  next.onmessage = (message: MessageEvent<ToWindow>) => receive(message.data);
  next.start();
  for (const listener of onConnected) listener();
});

const areas = Object.fromEntries(
  Object.entries(SOAN_CONTRACT).map(([area, kinds]) => [
    area,
    Object.fromEntries(Object.entries(kinds).map(([verb, kind]) => [verb, verbs[kind](`${area}.${verb}`)])),
  ]),
);

contextBridge.exposeInMainWorld('soan', {
  ...areas,
  engine: {
    unwatch: (id: string) => {
      watchers.delete(id);
      send({ kind: 'unwatch', id });
    },
    onConnected: (listener: () => void) => {
      onConnected.push(listener);
      if (port) listener();
    },
  },
  shell: {
    info: () => ipcRenderer.invoke('shell.info'),
    setLanguage: (language: string) => ipcRenderer.invoke('shell.setLanguage', language),
    setTheme: (theme: string) => ipcRenderer.invoke('shell.setTheme', theme),
    openPublicPage: (path: string) => ipcRenderer.invoke('shell.openPublicPage', path),
    showDeskFolder: (folder: string) => ipcRenderer.invoke('shell.showDeskFolder', folder),
    print: () => ipcRenderer.invoke('shell.print'),
    onClosing: (listener: () => Promise<void>) => {
      ipcRenderer.on('shell.closing', () => {
        void Promise.resolve(listener()).finally(() => ipcRenderer.send('shell.closed'));
      });
    },
  },
});
