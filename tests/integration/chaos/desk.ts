import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answered, Told } from './deskChild.ts';

/** A desk of its own process that can be killed at any moment and started again on the same folder. */
export class DeskProcess {
  readonly account: string;
  readonly #userData: string;
  readonly #portalUrl: string;
  #child: ChildProcess | null = null;
  #id = 0;
  readonly #waiting = new Map<number, (answer: Answered | null) => void>();
  output = '';

  constructor(account: string, userData: string, portalUrl: string) {
    this.account = account;
    this.#userData = userData;
    this.#portalUrl = portalUrl;
  }

  async start(): Promise<void> {
    const child = fork(
      join(import.meta.dirname, 'deskChild.ts'),
      [this.#userData, this.#portalUrl, this.account],
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'json' },
    );
    child.stdout?.resume();
    child.stderr?.on('data', (data: Buffer) => {
      this.output = (this.output + data).slice(-10_000);
    });
    this.#child = child;
    const ready = new Promise<Answered | null>((resolve) => this.#waiting.set(0, resolve));
    child.on('message', (message) => {
      const answer = message as Answered;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
      for (const settle of this.#waiting.values()) settle(null);
      this.#waiting.clear();
    });
    if ((await ready) === null) throw new Error(`the desk of ${this.account} did not start: ${this.output}`);
  }

  /** The value; null when it was killed before it answered, so that nothing was acknowledged. Throws on a refusal. */
  async tell(told: Told): Promise<{ readonly value: unknown } | null> {
    const child = this.#child;
    if (!child?.connected) return null;
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<Answered | null>((resolve) => this.#waiting.set(id, resolve));
    child.send({ id, told });
    const answer = await answered;
    if (answer && !answer.ok) throw new Error(`${this.account}, ${told.do}: ${answer.error}`);
    return answer && { value: answer.value };
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  async kill(): Promise<void> {
    await this.#end((child) => child.kill('SIGKILL'));
  }

  async stop(): Promise<void> {
    await this.#end((child) => child.disconnect());
  }

  async #end(how: (child: ChildProcess) => void): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    how(child);
    await gone;
  }
}
