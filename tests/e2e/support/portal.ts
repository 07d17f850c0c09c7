import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface PortalOptions {
  /** Its data folder; kept between starts. */
  readonly data: string;
  /** 0 for any free one. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A portal of its own process, with the sample organisation on its embedded PostgreSQL. */
export class Portal {
  readonly #options: PortalOptions;
  #process: ChildProcess | null = null;
  #port: number;
  url = '';
  /** What it printed, for the report of a failed test. */
  output = '';

  constructor(options: PortalOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  /** Starts it, the second time on the same address, and waits until it serves. */
  async start(): Promise<string> {
    const child = spawn('node', ['portal/server.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        SOAN_SAMPLE: '1',
        SOAN_PORTAL_DATA: this.#options.data,
        SOAN_PORTAL_PORT: String(this.#port),
        SOAN_PORTAL_HOST: '127.0.0.1',
        ...this.#options.env,
      },
    });
    this.#process = child;
    this.url = await new Promise<string>((resolve, reject) => {
      const read = (part: string): void => {
        this.output += part;
        const ready = /^portal ready (\S+)/m.exec(this.output.slice(-4000));
        if (ready?.[1]) resolve(ready[1].replace(/\/$/, ''));
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
      child.once('exit', (code) =>
        reject(new Error(`The portal ended with code ${code}:\n${this.output.slice(-3000)}`)),
      );
    });
    this.#port = Number(new URL(this.url).port);
    this.output = '';
    return this.url;
  }

  /** Ends it by SIGKILL, as a power cut would, or by SIGTERM. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }
}
