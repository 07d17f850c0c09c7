import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { DeskData, Dying, FromDesk, Idle, ToDesk } from './desk/messages.ts';

/** The thread of one desk, as the driver sees it: in each round something is given, and all that came of it is taken. */
export class DeskHost {
  readonly #bundle: string;
  readonly #mayEnd: boolean;
  /** Milliseconds since 1970, and how far this machine's clock is off. */
  readonly clock = new Float64Array(new SharedArrayBuffer(16));
  #worker: Worker | null = null;
  #seq = 0;
  #waiting: ((idle: Idle | Dying) => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  /** When the next timer of this desk is due. */
  nextDue: number | null = null;

  /** `mayEnd`: a power cut ends the thread itself, and the next engine has a new one. */
  constructor(bundle: string, mayEnd: boolean) {
    this.#bundle = bundle;
    this.#mayEnd = mayEnd;
  }

  /** Sees that there is a thread. */
  begin(): void {
    if (this.#worker) return;
    const worker = new Worker(this.#bundle, {
      workerData: { clock: this.clock, mayEnd: this.#mayEnd } satisfies DeskData,
      stdout: false,
      stderr: false,
    });
    this.#worker = worker;
    this.#seq = 0;
    worker.on('message', (message: Idle | Dying) => {
      if (worker !== this.#worker) return;
      const resolve = this.#waiting;
      this.#waiting = null;
      resolve?.(message);
    });
    worker.on('error', (error: Error) => {
      if (worker === this.#worker) this.#worker = null;
      this.#failed?.(error);
    });
  }

  /** Gives the desk these, lets it work until it is idle, and takes what came of it. */
  async round(items: readonly ToDesk[]): Promise<{ out: readonly FromDesk[]; died: boolean }> {
    if (!this.#worker) throw new Error('no desk');
    this.#seq += 1;
    const answered = new Promise<Idle | Dying>((resolve, reject) => {
      this.#waiting = resolve;
      this.#failed = reject;
    });
    this.#worker.postMessage({ seq: this.#seq, items });
    const message = await answered;
    if ('dying' in message) {
      this.nextDue = null;
      if (this.#mayEnd) await this.end();
      return { out: message.out, died: true };
    }
    if (message.seq !== this.#seq) throw new Error('rounds out of step');
    this.nextDue = message.nextDue;
    return { out: message.out, died: false };
  }

  /** The power goes: whatever the desk was doing stops here. */
  async die(): Promise<void> {
    this.nextDue = null;
    if (!this.#worker) return;
    // In the middle of a round there is nobody to tell.
    if (this.#mayEnd || this.#waiting) await this.end();
    else await this.round([{ kind: 'die' }]);
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#waiting = null;
    this.nextDue = null;
    if (!worker) return;
    const gone = once(worker, 'exit');
    await worker.terminate();
    await gone.catch(() => undefined);
  }
}

/** Threads that outlive a history: what they have compiled serves the next. */
export class DeskHosts {
  readonly #bundle: string;
  readonly #resting: DeskHost[] = [];

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** `mayEnd`: of a history whose power cuts end threads; such threads serve it alone. */
  take(mayEnd: boolean): DeskHost {
    return (mayEnd ? undefined : this.#resting.shift()) ?? new DeskHost(this.#bundle, mayEnd);
  }

  /** Takes back a desk, whatever state it is in. */
  async giveBack(host: DeskHost, mayEnd: boolean): Promise<void> {
    if (mayEnd) await host.end();
    else {
      await host.die();
      host.clock.fill(0);
      this.#resting.push(host);
    }
  }
}
