import { type BrowserWindow, MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron';
import type { FromEngine, ToEngineProcess } from '../engine/processMessages.ts';
import { protect, unprotect } from './secrets.ts';

export interface EngineKeeperOptions {
  /** The engine's bundle. */
  readonly entry: string;
  readonly userData: string;
  readonly portalUrl: string;
  readonly version: string;
  /** The engine runs again after it had ended unasked: every window needs a new port. */
  readonly onRestarted: () => void;
  /** The engine can't work, with its code; it is not started again by itself. */
  readonly onFatal: (code: string) => void;
}

const STOP_TIMEOUT_MS = 10_000;
const CALM_MS = 30_000;
const MAX_DELAY_MS = 5_000;

/** Starts the engine, starts it again when it ends unasked, and hands windows their ports to it. */
export class EngineKeeper {
  readonly #options: EngineKeeperOptions;
  #engine: UtilityProcess | null = null;
  #stopping = false;
  #fatal = false;
  #restarts = 0;
  #nextWindow = 1;
  /** Secrets of the engine where the system keeps none: gone with this process. */
  readonly #held = new Map<string, string>();
  portalUrl: string;

  constructor(options: EngineKeeperOptions) {
    this.#options = options;
    this.portalUrl = options.portalUrl;
    this.#start();
  }

  send(message: ToEngineProcess): void {
    this.#engine?.postMessage(message);
  }

  /** Gives the window a port of its own; an earlier one of the same window ends with its page. */
  connect(window: BrowserWindow): void {
    if (!this.#engine || window.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    this.#engine.postMessage({ kind: 'window', windowId: this.#nextWindow++ } satisfies ToEngineProcess, [
      port1,
    ]);
    window.webContents.postMessage('engine-port', null, [port2]);
  }

  /** Lets the engine write what it has and end; resolves when it has ended, or was ended after ten seconds. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const engine = this.#engine;
    if (!engine) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        engine.kill();
        resolve();
      }, STOP_TIMEOUT_MS);
      engine.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      engine.postMessage({ kind: 'stop' } satisfies ToEngineProcess);
    });
  }

  #start(): void {
    const engine = utilityProcess.fork(this.#options.entry, [], { serviceName: 'soan-engine' });
    this.#engine = engine;
    const startedAt = Date.now();
    engine.on('message', (message: FromEngine) => void this.#receive(engine, message));
    engine.once('exit', () => {
      if (this.#engine === engine) this.#engine = null;
      if (this.#stopping || this.#fatal) return;
      this.#restarts = Date.now() - startedAt > CALM_MS ? 0 : this.#restarts + 1;
      const delayMs = this.#restarts <= 1 ? 0 : Math.min(MAX_DELAY_MS, 100 * 2 ** this.#restarts);
      setTimeout(() => {
        if (this.#stopping) return;
        this.#start();
        this.#options.onRestarted();
      }, delayMs);
    });
    engine.postMessage({
      kind: 'start',
      userData: this.#options.userData,
      portalUrl: this.#options.portalUrl,
      version: this.#options.version,
      held: Object.fromEntries(this.#held),
    } satisfies ToEngineProcess);
  }

  async #receive(engine: UtilityProcess, message: FromEngine): Promise<void> {
    if (message.kind === 'fatal') {
      this.#fatal = true;
      this.#options.onFatal(message.code);
    } else if (message.kind === 'portal') {
      this.portalUrl = message.url;
    } else if (message.kind === 'hold') {
      if (message.value === null) this.#held.delete(message.name);
      else this.#held.set(message.name, message.value);
    } else if (message.kind === 'protect' || message.kind === 'unprotect') {
      const answer =
        message.kind === 'protect' ? await protect(message.text) : await unprotect(message.base64);
      engine.postMessage({
        kind: 'secret',
        id: message.id,
        ok: answer !== null,
        value: answer ?? '',
      } satisfies ToEngineProcess);
    }
  }
}
