import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Dying, FromDesk, Idle, ToDesk } from './desk/messages.ts';

/** The thread of one desk, as the driver sees it: in each round something is given, and all that came of it is taken. */
export class DeskHost {
  readonly #bundle: string;
  /** Milliseconds since 1970, and how far this machine's clock is off. */
  readonly clock = new Float64Array(new SharedArrayBuffer(16));
  #worker: Worker | null = null;
  #seq = 0;
  #waiting: ((idle: Idle | Dying) => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  /** When the next timer of this desk is due. */
  nextDue: number | null = null;

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  get isAlive(): boolean {
    return this.#worker !== null;
  }

  spawn(): void {
    const worker = new Worker(this.#bundle, {
      workerData: { clock: this.clock },
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
    worker.on('error', (error: Error) => this.#failed?.(error));
  }

  /** Gives the desk these, lets it work until it is idle, and takes what came of it. Null: it died on the way. */
  async round(items: readonly ToDesk[]): Promise<{ out: readonly FromDesk[]; died: boolean }> {
    if (!this.#worker) throw new Error('no desk');
    this.#seq += 1;
    const answered = new Promise<Idle | Dying>((resolve, reject) => {
      this.#waiting = resolve;
      this.#failed = reject;
    });
    this.#worker.postMessage({ seq: this.#seq, items });
    const message = await answered;
    if ('dying' in message) return { out: message.out, died: true };
    if (message.seq !== this.#seq) throw new Error('rounds out of step');
    this.nextDue = message.nextDue;
    return { out: message.out, died: false };
  }

  /** The end of the machine: whatever it was doing stops here. */
  async kill(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.nextDue = null;
    if (!worker) return;
    const gone = once(worker, 'exit');
    await worker.terminate();
    await gone.catch(() => undefined);
  }
}
