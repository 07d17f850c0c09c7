import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installAsar } from '../asar/mount.ts';
import { decode, encode } from '../shared/codec.ts';
import { answerRequire } from '../shared/electronModule.ts';
import { net } from '../shared/net.ts';
import {
  type Link,
  type MessagePortMain,
  type PortFrame,
  portOf,
  RemotePorts,
  transferred,
} from '../shared/ports.ts';
import { strict } from '../shared/strict.ts';

interface Settings {
  executable: string;
  versions: Record<string, string>;
  resourcesPath: string;
  packaged: boolean;
  parent: number;
}
const settings = JSON.parse(process.env.ELECTRON_STAND_IN ?? '{}') as Settings;
delete process.env.ELECTRON_STAND_IN;
// The guard that kills this process with its parent can come too late for a parent that is gone already.
if (process.ppid !== settings.parent) process.exit(1);

const send = process.send?.bind(process);
if (!send) throw new Error('a utility process is started by utilityProcess.fork');
const ports = new RemotePorts(2, (frame) => send(frame));

class ParentPort extends EventEmitter {
  unread: { data: string; links: Link[] }[] = [];
  started = false;

  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    const data = encode(message);
    send?.(['parent', data, ports.export(transferred(transfer))]);
  }
  receive(data: string, ids: number[]): void {
    // At once: what comes next may already be for one of these ports.
    this.unread.push({ data, links: ports.import(ids) });
    this.drain();
  }
  drain(): void {
    while (this.started) {
      const next = this.unread.shift();
      if (!next) return;
      this.emit('message', { data: decode(next.data), ports: next.links.map(portOf) });
    }
  }
  start(): void {
    this.started = true;
    this.drain();
  }
  pause(): void {
    this.started = false;
  }
}
const parent = new ParentPort();
const parentPort = strict('process.parentPort', parent);
// The channel keeps the process alive only while somebody listens, as in Electron.
parent.on('newListener', (event) => {
  if (event !== 'message') return;
  process.channel?.ref();
  setImmediate(() => parent.start());
});
process.on('message', (frame) => {
  const message = frame as ['parent', string, number[]] | PortFrame;
  if (message[0] === 'parent') parent.receive(message[1], message[2]);
  else ports.read(message);
});
process.channel?.unref();
process.on('disconnect', () => process.exit(0));

Object.defineProperty(process, 'parentPort', { value: parentPort, enumerable: true });
Object.defineProperty(process, 'type', { value: 'utility', enumerable: true });
Object.defineProperty(process, 'resourcesPath', { value: settings.resourcesPath, enumerable: true });
for (const [name, value] of Object.entries(settings.versions ?? {})) {
  Object.defineProperty(process.versions, name, { value, enumerable: true });
}
process.execPath = settings.executable;
Object.defineProperty(process, 'send', { value: undefined, configurable: true });

answerRequire(
  strict("require('electron') of a utility process", {
    net,
    systemPreferences: strict('systemPreferences', {}),
  }),
);
installAsar();

process.argv.splice(0, 2, settings.executable);
send(['ready']);
const entry = path.resolve(process.argv[1] ?? '');
if (entry.endsWith('.mjs')) void import(pathToFileURL(entry).href);
else createRequire(entry)(entry);
