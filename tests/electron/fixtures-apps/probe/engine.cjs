const { net } = require('electron');
const actions = {
  echo: (value) => value,
  describe: () => ({
    type: process.type,
    argv: process.argv.slice(2),
    flag: process.env.PROBE_FLAG,
    send: typeof process.send,
    electron: process.versions.electron,
    online: typeof net.isOnline(),
    main: process.argv[1],
  }),
  missing: () => {
    try {
      return String(require('electron').BrowserWindow);
    } catch (error) {
      return error.message;
    }
  },
  print: () => {
    process.stdout.write('to stdout\n');
    process.stderr.write('to stderr\n');
  },
  exit: (code) => process.exit(code),
  crash: () => process.abort(),
  spin: () => {
    for (;;);
  },
  throwLater: () =>
    setImmediate(() => {
      throw new Error('engine bug');
    }),
};
let port;
let total = 0;
process.parentPort.on('message', ({ data, ports }) => {
  if (ports.length > 0) {
    port = ports[0];
    port.on('message', (event) => {
      if (event.data instanceof Uint8Array) {
        total += event.data.byteLength;
        port.postMessage({ total });
      } else port.postMessage({ echo: event.data }, event.ports);
    });
    port.on('close', () => process.parentPort.postMessage({ closed: true }));
    port.start();
    return;
  }
  process.parentPort.postMessage({ answer: actions[data.action](data.value) });
});
