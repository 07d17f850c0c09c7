import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { electronExecutable } from '../tests/electron/locate.ts';
import { bundle } from './bundle.ts';
import { ROOT, toolEnvironment } from './steps.ts';

/**
 * `npm start`: the portal with the sample organisation, unless `SOAN_PORTAL_URL` names one, and the desk in a window. Ends both
 * when the window is closed.
 */
const ELECTRON_TIMEOUT_MS = 20_000;
const PORT = process.env.SOAN_PORTAL_PORT ?? '3080';

/** Asks once for Electron's own binary, and goes on without it when it can't be had in time. */
async function tryForElectron(): Promise<void> {
  if (existsSync(join(ROOT, 'node_modules/electron/dist/version'))) return;
  const install = spawn('node', ['node_modules/electron/install.js'], {
    cwd: ROOT,
    stdio: 'ignore',
    env: toolEnvironment(),
  });
  const timer = setTimeout(() => install.kill('SIGKILL'), ELECTRON_TIMEOUT_MS);
  await new Promise<void>((resolve) => install.once('exit', () => resolve()));
  clearTimeout(timer);
}

/** Chromium's sandbox does not work for root. */
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

await tryForElectron();
const electron = await electronExecutable();
await bundle();

let portalUrl = process.env.SOAN_PORTAL_URL;
let stopPortal = (): void => undefined;
if (!portalUrl) {
  const portal = spawn('node', ['portal/server.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: toolEnvironment({ SOAN_SAMPLE: '1', SOAN_PORTAL_PORT: PORT }),
  });
  stopPortal = () => void portal.kill('SIGTERM');
  portalUrl = await new Promise<string>((resolve, reject) => {
    let text = '';
    portal.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const ready = /^portal ready (\S+)/m.exec(text);
      if (ready?.[1]) resolve(ready[1]);
    });
    portal.once('exit', (code) => reject(new Error(`The portal ended with code ${code}.`)));
  });
}

process.stdout.write(
  `Soạn runs on ${electron.kind === 'electron' ? 'Electron' : 'the stand-in for Electron'} ${electron.version}. `,
);
process.stdout.write(`Portal: ${portalUrl} · accounts: README.md\n`);

const desk = spawn(electron.path, [join(ROOT, 'dist'), ...asRoot, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: toolEnvironment({
    SOAN_PORTAL_URL: portalUrl,
    ELECTRON_OVERRIDE_DIST_PATH: join(electron.path, '..'),
  }),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void desk.kill(signal));
desk.once('exit', (code) => {
  stopPortal();
  process.exitCode = code ?? 0;
});
