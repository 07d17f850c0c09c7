const electron = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const { app, BrowserWindow, protocol, ipcMain, utilityProcess, MessageChannelMain } = electron;

const log = [];
globalThis.probe = {
  log,
  engines: [],
  ports: [],
  electron,
  policy: "default-src 'none'; script-src 'self'; connect-src 'self'",
};
const trace = (line) => {
  log.push(line);
  if (process.env.PROBE_TRACE) fs.appendFileSync(process.env.PROBE_TRACE, `${line}\n`);
};
for (const name of ['ready', 'before-quit', 'will-quit', 'quit', 'render-process-gone'])
  app.on(name, () => trace(name));
app.on('second-instance', (_event, argv, _cwd, data) =>
  trace(`second-instance ${argv.at(-1)} ${data?.from}`),
);
app.on('window-all-closed', () => {
  trace('window-all-closed');
  if (!probe.stay) app.quit();
});
process.on('exit', (code) => trace(`exit ${code}`));

protocol.registerSchemesAsPrivileged([
  { scheme: 'probe', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  { scheme: 'quiet', privileges: { standard: true, secure: true } },
]);

async function serve(request) {
  const { pathname } = new URL(request.url);
  trace(`request ${request.method} ${request.url}`);
  if (pathname === '/echo')
    return Response.json(
      { method: request.method, body: await request.text(), header: request.headers.get('x-probe') },
      { status: 201, headers: { 'x-answer': 'yes' } },
    );
  if (pathname === '/moved') return Response.redirect('probe://desk/page.html', 302);
  const file = path.join(__dirname, pathname);
  if (!fs.existsSync(file)) return new Response('nothing here', { status: 404 });
  const type = file.endsWith('.html') ? 'text/html; charset=utf-8' : 'text/javascript';
  return new Response(fs.readFileSync(file), {
    headers: {
      'content-type': type,
      'content-security-policy': probe.policy,
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });
}

probe.open = (options = {}) => {
  const window = new BrowserWindow({
    width: 800,
    height: 500,
    show: false,
    webPreferences: { preload: path.join(__dirname, options.preload ?? 'preload.cjs') },
    ...options.window,
  });
  window.webContents.setWindowOpenHandler(({ url }) => {
    trace(`open ${url}`);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event, url) => {
    trace(`navigate ${url}`);
    event.preventDefault();
  });
  window.on('close', (event) => {
    trace('close');
    if (probe.refuseClose) event.preventDefault();
  });
  window.on('closed', () => trace('closed'));
  return window;
};
probe.fork = (options = {}, args = []) => {
  const engine = utilityProcess.fork(path.join(__dirname, 'engine.cjs'), args, options);
  probe.engines.push(engine);
  engine.messages = [];
  engine.on('message', (message) => engine.messages.push(message));
  return engine;
};
probe.ask = (engine, action, value) =>
  new Promise((resolve) => {
    engine.once('message', (message) => resolve(message.answer));
    engine.postMessage({ action, value });
  });
probe.connect = (window, engine) => {
  const { port1, port2 } = new MessageChannelMain();
  engine.postMessage('port', [port1]);
  window.webContents.postMessage('port', 'engine', [port2]);
};

if (process.env.PROBE_LOCK && !app.requestSingleInstanceLock({ from: 'second' })) {
  trace('not first');
  app.quit();
} else if (process.env.PROBE_THROW) {
  throw new Error('broken at start');
} else {
  ipcMain.handle('echo', (_event, value) => value);
  ipcMain.handle('kind', (_event, value) => Object.prototype.toString.call(value));
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame.url,
    origin: event.senderFrame.origin,
    window: BrowserWindow.fromWebContents(event.sender).id,
  }));
  ipcMain.handle('fail', () => {
    throw new RangeError('refused by the shell');
  });
  ipcMain.handle('function', () => () => {});
  ipcMain.on('note', (event, ...args) => {
    probe.noted = args;
    event.reply('note', 'answer', ...args);
  });
  ipcMain.on('channel', (event) => {
    const [port] = event.ports;
    probe.ports.push(port);
    port.on('message', (message) => port.postMessage(`shell got ${message.data}`));
    port.on('close', () => trace('channel closed'));
    port.start();
  });
  app.whenReady().then(async () => {
    protocol.handle('probe', serve);
    protocol.handle('quiet', () => new Response('quiet'));
    if (process.env.PROBE_EXIT) return app.exit(Number(process.env.PROBE_EXIT));
    probe.window = probe.open();
    if (process.env.PROBE_FORK)
      probe.fork({}, [`--of=${app.getPath('userData')}`]).postMessage({ action: 'spin' });
    await probe.window.loadURL('probe://desk/page.html');
    trace('loaded');
    if (process.env.PROBE_QUIT) app.quit();
  });
}
