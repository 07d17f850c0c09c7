import { EventEmitter } from 'node:events';
import { decode, encode } from '../shared/codec.ts';
import { strict } from '../shared/strict.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found ${typeof handler}`);
    this.handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

/** Built where windows and the app use it alike. */
export function makeIpcMain(): IpcMain {
  return strict('ipcMain', new IpcMain());
}

export const ipcMain = makeIpcMain();

/** The answer to `ipcRenderer.invoke`: an encoded value, or the message that Electron shows. */
export async function invoke(
  ipcs: IpcMain[],
  event: object,
  channel: string,
  data: string,
): Promise<{ ok: true; value: string } | { ok: false; message: string }> {
  try {
    const handler = ipcs.map((ipc) => ipc.handlers.get(channel)).find(Boolean);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return { ok: true, value: encode(await handler(event, ...(decode(data) as unknown[]))) };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, message: `Error invoking remote method '${channel}': ${text}` };
  }
}
