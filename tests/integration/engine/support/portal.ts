import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PASSWORD = 'Soan-mau-2026';

/** The real portal with the sample organisation, in a process of its own. */
export async function startPortal() {
  const folder = await mkdtemp(join(tmpdir(), 'soan-portal-'));
  const port = await freePort();
  let child: ChildProcess | null = null;

  const start = async () => {
    child = spawn(process.execPath, ['portal/server.ts'], {
      env: {
        ...process.env,
        SOAN_PORTAL_PORT: String(port),
        SOAN_PORTAL_DATA: folder,
        SOAN_SAMPLE: '1',
        SOAN_PORTAL_LOG: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    child.stderr?.on('data', (data: Buffer) => said.push(data.toString()));
    const out = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const ready = new Promise<void>((resolve) => {
      out.on('line', (line) => {
        if (line.startsWith('portal ready')) resolve();
      });
    });
    const died = once(child, 'exit').then(() => {
      throw new Error(`the portal ended: ${said.join('').slice(-2000)}`);
    });
    await Promise.race([ready, died]);
    died.catch(() => undefined);
  };

  const stop = async () => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  };

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    start,
    stop,
    end: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
