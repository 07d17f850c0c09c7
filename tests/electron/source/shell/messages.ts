import { decode } from '../shared/codec.ts';
import { type PortFrame, portOf } from '../shared/ports.ts';
import { invoke, ipcMain } from './ipc.ts';
import { type Key, pressAccelerator } from './menu.ts';
import { preventable } from './runtime.ts';
import { fromWire } from './scheme.ts';
import type { WebContents } from './webContents.ts';

type FromRenderer =
  | ['send', channel: string, args: string, ports: number[]]
  | ['invoke', id: number, channel: string, args: string]
  | ['open', url: string, frameName: string, features: string]
  | ['key', Key]
  | ['zoom', number]
  | ['preload-error', string]
  | PortFrame;

function ipcEvent(contents: WebContents): object {
  return {
    type: 'frame',
    sender: contents,
    senderFrame: contents.mainFrame,
    processId: 1,
    frameId: 1,
    reply: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
  };
}

/** Handles what a preload script sent: one batch of frames. */
export function receive(contents: WebContents, payload: string): void {
  for (const frame of JSON.parse(payload) as FromRenderer[]) {
    try {
      receiveFrame(contents, frame);
    } catch (error) {
      // A listener's exception is the app's own; the frames behind it must not be lost.
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

function receiveFrame(contents: WebContents, frame: FromRenderer): void {
  const { document } = contents;
  if (!document) return;
  switch (frame[0]) {
    case 'port':
    case 'portclose':
      document.ports.read(frame);
      return;
    case 'send': {
      const event = { ...ipcEvent(contents), ports: document.ports.import(frame[3]).map(portOf) };
      const args = decode(frame[2]) as unknown[];
      contents.emit('ipc-message', event, frame[1], ...args);
      for (const ipc of [contents.ipc, ipcMain]) ipc.emit(frame[1], event, ...args);
      return;
    }
    case 'invoke':
      void invoke([contents.ipc, ipcMain], ipcEvent(contents), frame[2], frame[3]).then((answer) => {
        contents.deliver(['reply', frame[1], answer.ok, answer.ok ? answer.value : answer.message], document);
      });
      return;
    case 'open':
      contents.windowOpened(fromWire(frame[1]), frame[2], frame[3], 'foreground-tab');
      return;
    case 'key':
      pressAccelerator(frame[1], contents);
      return;
    case 'zoom':
      contents.setZoomFactor(frame[1]);
      return;
    case 'preload-error':
      process.stderr.write(`Unable to load preload script: ${contents.options.preload}\n${frame[1]}\n`);
      contents.emit('preload-error', preventable({}), contents.options.preload, new Error(frame[1]));
  }
}
