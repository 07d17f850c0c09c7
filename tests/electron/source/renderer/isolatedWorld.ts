import { decode, encode } from '../shared/codec.ts';
import { strict } from '../shared/strict.ts';
import { createSide } from './bridge.ts';
import { EventEmitter } from './events.ts';

/** What the shell tells the isolated world of a window. */
export interface PreloadSettings {
  preloadPath: string;
  versions: Record<string, string>;
  zoomFactor: number;
  argv: string[];
}

type Preload = (...modules: unknown[]) => void;
interface Globals {
  electronStandInNative?: (payload: string) => void;
  electronStandInDeliver?: (payload: string) => void;
}
type FromShell =
  | ['msg', string, string, number[]]
  | ['reply', number, boolean, string]
  | ['port', number, string, number[]]
  | ['portclose', number];

/** Runs the preload script in the isolated world, connected with the shell and with the page. */
export function start(settings: PreloadSettings, preload: Preload): void {
  const globals = globalThis as Globals;
  const native = globals.electronStandInNative;
  if (!native) throw new Error('the binding to the shell is missing');
  delete globals.electronStandInNative;

  let frames: unknown[] = [];
  const post = (frame: unknown[]): void => {
    if (frames.length === 0) {
      queueMicrotask(() => {
        const batch = JSON.stringify(frames);
        frames = [];
        native(batch);
      });
    }
    frames.push(frame);
  };

  const pumps = new Map<number, MessagePort>();
  const given = new Map<number, WeakRef<MessagePort>>();
  let nextPort = 2;
  const pump = (id: number, port: MessagePort): void => {
    pumps.set(id, port);
    port.onmessage = (event) => {
      try {
        post(['port', id, encode(event.data), exportPorts(event.ports)]);
      } catch (error) {
        console.error(error);
      }
    };
  };
  const exportPorts = (ports: readonly MessagePort[]): number[] =>
    ports.map((port) => {
      const id = nextPort;
      nextPort += 2;
      pump(id, structuredClone(port, { transfer: [port] }));
      return id;
    });
  const importPorts = (ids: number[]): MessagePort[] =>
    ids.map((id) => {
      const channel = new MessageChannel();
      const close = channel.port2.close.bind(channel.port2);
      // Chromium says nothing when a port closes, so the shell would never know.
      channel.port2.close = () => {
        close();
        if (pumps.delete(id)) post(['portclose', id]);
      };
      pump(id, channel.port1);
      given.set(id, new WeakRef(channel.port2));
      return channel.port2;
    });

  const replies = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextReply = 1;
  class IpcRenderer extends EventEmitter {
    send(channel: string, ...args: unknown[]): void {
      post(['send', checked(channel), encode(args), []]);
    }
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const id = nextReply++;
      const frame = ['invoke', id, checked(channel), encode(args)];
      return new Promise((resolve, reject) => {
        replies.set(id, { resolve, reject });
        post(frame);
      });
    }
    postMessage(channel: string, message: unknown, transfer: MessagePort[] = []): void {
      const data = encode([message]);
      if (transfer.some((port) => !(port instanceof MessagePort))) {
        throw new TypeError('Invalid value for transfer');
      }
      post(['send', checked(channel), data, exportPorts(transfer)]);
    }
  }
  const ipcRenderer = strict('ipcRenderer', new IpcRenderer());

  const receive = (frame: FromShell): void => {
    switch (frame[0]) {
      case 'msg': {
        const args = decode(frame[2]) as unknown[];
        ipcRenderer.emit(frame[1], { sender: ipcRenderer, ports: importPorts(frame[3]) }, ...args);
        return;
      }
      case 'reply': {
        const waiting = replies.get(frame[1]);
        replies.delete(frame[1]);
        if (frame[2]) waiting?.resolve(decode(frame[3]));
        else waiting?.reject(new Error(frame[3]));
        return;
      }
      case 'port':
        pumps.get(frame[1])?.postMessage(decode(frame[2]), importPorts(frame[3]));
        return;
      case 'portclose': {
        const id = frame[1];
        const port = pumps.get(id);
        pumps.delete(id);
        // A task of its own, queued behind the messages that are still on their way to the port.
        setTimeout(() => {
          port?.close();
          given.get(id)?.deref()?.dispatchEvent(new Event('close'));
          given.delete(id);
        });
      }
    }
  };
  Object.defineProperty(globalThis, 'electronStandInDeliver', {
    value: (payload: string) => {
      for (const frame of JSON.parse(payload) as FromShell[]) {
        try {
          receive(frame);
        } catch (error) {
          reportError(error);
        }
      }
    },
  });

  const element = document.createElement('div');
  window.dispatchEvent(new MouseEvent('electron-stand-in-handshake', { relatedTarget: element }));
  const side = createSide(element, 'from-preload', 'from-page', (request) => {
    if (request.op === 'open') post(['open', request.url, request.frameName, request.features]);
    return undefined;
  });

  window.addEventListener('keydown', (event) => {
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    if (!(ctrlKey || altKey || metaKey || /^F\d+$/.test(key))) return;
    setTimeout(() => {
      if (!event.defaultPrevented) post(['key', { key, code, ctrlKey, altKey, shiftKey, metaKey }]);
    });
  });

  const electron = strict("require('electron') of a sandboxed preload", {
    ipcRenderer,
    contextBridge: strict('contextBridge', {
      exposeInMainWorld(key: string, api: unknown): void {
        if (typeof key !== 'string') throw new TypeError('the key of an API must be a string');
        if (api === ipcRenderer || Object.values(Object(api)).includes(ipcRenderer)) {
          throw new Error('ipcRenderer can not be sent over the context bridge');
        }
        side.request({ op: 'expose', key, value: side.encodeValue(api) });
      },
    }),
    webFrame: strict('webFrame', webFrame(settings.zoomFactor, post)),
  });

  const modules: Record<string, unknown> = {
    electron,
    'electron/renderer': electron,
    'electron/common': electron,
    events: Object.assign(EventEmitter, { EventEmitter, default: EventEmitter }),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate },
    url: { URL, URLSearchParams },
  };
  const requireModule = (name: string): unknown => {
    const plain = name.startsWith('node:') ? name.slice(5) : name;
    if (!Object.hasOwn(modules, plain)) throw new Error(`module not found: ${name}`);
    return modules[plain];
  };
  const processObject = strict('process of a sandboxed preload', {
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
    platform: 'linux',
    arch: 'x64',
    versions: { ...settings.versions },
    version: `v${settings.versions.node ?? ''}`,
    env: {},
    argv: [...settings.argv],
    execPath: '',
    pid: 0,
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queueMicrotask(() => callback(...args)),
    on: () => processObject,
    once: () => processObject,
    off: () => processObject,
  });
  const moduleObject = { exports: {} };
  try {
    preload(
      requireModule,
      moduleObject,
      moduleObject.exports,
      processObject,
      globalThis,
      setImmediate,
      clearImmediate,
    );
  } catch (error) {
    console.error(`Unable to load preload script: ${settings.preloadPath}`);
    console.error(error);
    post(['preload-error', error instanceof Error ? `${error.name}: ${error.message}` : String(error)]);
  }
}

function checked(channel: unknown): string {
  if (typeof channel !== 'string') throw new TypeError('the channel must be a string');
  return channel;
}

function setImmediate(callback: (...args: unknown[]) => void, ...args: unknown[]): number {
  return window.setTimeout(callback, 0, ...args);
}

function clearImmediate(id: number): void {
  window.clearTimeout(id);
}

function webFrame(initialZoom: number, post: (frame: unknown[]) => void): object {
  let zoom = initialZoom;
  const setZoomFactor = (factor: number): void => {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0");
    zoom = factor;
    post(['zoom', factor]);
  };
  return {
    setZoomFactor,
    getZoomFactor: () => zoom,
    setZoomLevel: (level: number) => setZoomFactor(1.2 ** level),
    getZoomLevel: () => Math.log(zoom) / Math.log(1.2),
  };
}
