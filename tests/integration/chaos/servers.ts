import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDataFolder } from '../../../portal/storage/dataFolder.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../portal/storage/embedded.ts';
import { Relay } from './relay.ts';

const root = join(import.meta.dirname, '../../..');

/** A PostgreSQL that can be killed; it keeps its address over all its lives. */
export async function startPostgres(folder: string) {
  await mkdir(folder, { recursive: true });
  const secrets = await openDataFolder(folder);
  let server: EmbeddedPostgres | null = null;
  const relay = new Relay(() => (server ? [server.port] : []));
  const start = async () => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        server = await startEmbedded({ folder, password: secrets.databasePassword, log: () => {} });
        return;
      } catch (error) {
        // Backends of a killed server hold its memory until they notice.
        if (attempt >= 20) throw error;
        await sleep(500);
      }
    }
  };
  await start();
  const port = await relay.start();
  const first = server as EmbeddedPostgres | null;
  if (!first) throw new Error('PostgreSQL did not start');
  const url = new URL(first.url);
  url.port = String(port);
  return {
    url: url.href,
    /** Of this life, past the line that a kill cuts. */
    directUrl: first.url,
    start,
    async kill() {
      const dead = server;
      server = null;
      if (!dead) return;
      const gone = new Promise<void>((resolve) => dead.onDeath(() => resolve()));
      process.kill(dead.pid, 'SIGKILL');
      relay.set({ kind: 'cut' });
      await gone;
      relay.set({ kind: 'none' });
    },
    async stop() {
      await relay.stop();
      await server?.stop();
    },
  };
}

/** A portal process on a given database; several share the folder and the database. */
export class PortalProcess {
  port = 0;
  output = '';
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;

  constructor(databaseUrl: string, data: string, more: Readonly<Record<string, string>> = {}) {
    this.#env = {
      ...more,
      DATABASE_URL: databaseUrl,
      SOAN_PORTAL_DATA: data,
      SOAN_SAMPLE: '1',
      SOAN_PORTAL_LOG: 'error',
      SOAN_PORTAL_REQUESTS_PER_MINUTE: '1000000',
    };
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.port !== 0;
  }

  /** Starts it, and again if its database is not there yet. */
  async start(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#launch();
        return;
      } catch (error) {
        if (attempt >= 20) throw error;
        await sleep(300);
      }
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #launch(): Promise<void> {
    const child = spawn(process.execPath, ['portal/server.ts'], {
      cwd: root,
      env: { ...process.env, ...this.#env, SOAN_PORTAL_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr?.on('data', (data: Buffer) => {
      this.output = (this.output + data).slice(-20_000);
    });
    const out = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const ready = new Promise<number>((resolve) => {
      out.on('line', (line) => {
        const found = /^portal ready \S+:(\d+)$/.exec(line);
        if (found) resolve(Number(found[1]));
      });
    });
    const died = once(child, 'exit').then(() => null);
    const port = await Promise.race([ready, died]);
    if (port === null) throw new Error(`a portal did not start: ${this.output.slice(-2000)}`);
    this.port = port;
    this.#child = child;
    void died.then(() => {
      if (this.#child !== child) return;
      this.#child = null;
      this.port = 0;
    });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.port = 0;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}
