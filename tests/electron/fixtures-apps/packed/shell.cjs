const marker = 'shell';
const path = require('node:path');
const { app, BrowserWindow, protocol, utilityProcess } = require('electron');

protocol.registerSchemesAsPrivileged([{ scheme: 'packed', privileges: { standard: true, secure: true } }]);
app.whenReady().then(async () => {
  globalThis.marker = marker;
  globalThis.facts = await require('./facts.cjs')();
  globalThis.engine = new Promise((resolve) => {
    utilityProcess.fork(path.join(__dirname, 'engine.cjs')).on('message', resolve);
  });
  protocol.handle(
    'packed',
    () => new Response('<h1>from the archive</h1>', { headers: { 'content-type': 'text/html' } }),
  );
  await new BrowserWindow().loadURL('packed://app/');
});
