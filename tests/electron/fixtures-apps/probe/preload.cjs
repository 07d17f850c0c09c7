const { contextBridge, ipcRenderer, webFrame } = require('electron');
const { EventEmitter } = require('node:events');

const emitter = new EventEmitter();
let port;
const received = [];
let closed = 0;
let ports = 0;
ipcRenderer.on('port', (event, name) => {
  port = event.ports[0];
  port.onmessage = (message) => {
    received.push(message.data);
    for (const extra of message.ports)
      extra.onmessage = (inner) => received.push(['through extra port', inner.data]);
  };
  port.addEventListener('close', () => {
    closed += 1;
  });
  ports += 1;
  emitter.emit('port', name);
});
ipcRenderer.on('port-for-page', (event) => window.postMessage('port', '*', event.ports));
ipcRenderer.on('note', (_event, ...args) => received.push(args));

const tryRequire = (name) => {
  try {
    return typeof require(name);
  } catch (error) {
    return error.message;
  }
};

class Person {
  constructor() {
    this.name = 'An';
  }
  greet() {
    return 'hello';
  }
}

contextBridge.exposeInMainWorld('probe', {
  constant: { nested: { list: [1, 2, 3] } },
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  echo: (value) => value,
  kind: (value) => Object.prototype.toString.call(value),
  twice: (number) => number * 2,
  later: async (value) => {
    await null;
    return value;
  },
  fail: () => {
    throw new TypeError('refused by the preload');
  },
  failLater: async () => {
    throw new Error('refused later');
  },
  person: () => new Person(),
  uncloneable: () => new WeakMap(),
  callBack: (callback) => callback({ bytes: new Uint8Array([1, 2, 3]) }, (answer) => `inner ${answer}`),
  resolved: async (promise) => `was ${await promise}`,
  tryRequire,
  globals: () => ({
    process: typeof process,
    type: process.type,
    sandboxed: process.sandboxed,
    buffer: typeof Buffer,
    filename: typeof __filename,
    page: typeof window.fromPage,
    electron: process.versions.electron,
  }),
  exposeAgain: () => contextBridge.exposeInMainWorld('probe', {}),
  exposeAs: (name) => contextBridge.exposeInMainWorld(name, { yes: true }),
  postToPort: (value) => port.postMessage(value),
  floodPort: (count) => {
    for (let index = 0; index < count; index += 1) port.postMessage(index);
  },
  sendBytes: (bytes, times) => {
    for (let index = 0; index < times; index += 1) port.postMessage(bytes);
  },
  closePort: () => port.close(),
  sendChannel: () => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => received.push(['back', event.data]);
    channel.port1.postMessage('early');
    ipcRenderer.postMessage('channel', 'take it', [channel.port2]);
  },
  zoom: (factor) => webFrame.setZoomFactor(factor),
  received: () => received.splice(0),
  receivedCount: () => received.length,
  closed: () => closed,
  portCount: () => ports,
});
