import { EventEmitter } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Args, QueryName, Reply, RequestName, ToWindow } from '../../../../domain/contracts/index.ts';
import type { Refusal, Result } from '../../../../domain/lib/result.ts';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type PortLike,
} from '../../../../main/engine/engine.ts';

/** Two ends of a port in one process; messages are cloned as a real port clones them. */
export function createPorts(): {
  engineEnd: PortLike;
  windowEnd: EventEmitter & { send(message: unknown): void; close(): void };
} {
  const toEngine = new EventEmitter();
  const windowEnd = Object.assign(new EventEmitter(), {
    send: (message: unknown) => {
      const data = structuredClone(message);
      setImmediate(() => toEngine.emit('message', { data }));
    },
    close: () => void setImmediate(() => toEngine.emit('close')),
  });
  const engineEnd: PortLike = {
    postMessage: (message) => {
      const data = structuredClone(message);
      setImmediate(() => windowEnd.emit('message', data));
    },
    on: (event: string, listener: (...args: never[]) => void) => toEngine.on(event, listener as () => void),
    start: () => undefined,
    close: () => void setImmediate(() => windowEnd.emit('close')),
  };
  return { engineEnd, windowEnd };
}

let ids = 0;
export const newId = (prefix = 'id'): string => {
  ids += 1;
  return `${prefix}-${process.pid}-${ids}`;
};

/** A window on an engine: asks as the renderer does. */
export function createWindow(engine: Pick<Engine, 'connectWindow'>, windowId = newId('window')) {
  const { engineEnd, windowEnd } = createPorts();
  const replies = new Map<string, (message: ToWindow) => void>();
  const watches = new Map<string, (result: Result<unknown>) => void>();
  const announcements: Extract<ToWindow, { kind: 'announcement' }>[] = [];
  windowEnd.on('message', (message: ToWindow) => {
    if (message.kind === 'announcement') announcements.push(message);
    else if (message.kind === 'value') watches.get(message.id)?.({ ok: true, value: message.value });
    else if (replies.has(message.id)) replies.get(message.id)?.(message);
    else
      watches.get(message.id)?.(
        message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error },
      );
  });
  engine.connectWindow(windowId, engineEnd);

  const askRaw = (name: string, args: unknown, id: string = newId('ask')): Promise<Result<unknown>> =>
    new Promise((resolve) => {
      replies.set(id, (message) => {
        if (message.kind !== 'reply') return;
        replies.delete(id);
        resolve(message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error });
      });
      windowEnd.send({ kind: 'request', id, name, args });
    });
  const watchRaw = (
    name: string,
    args: unknown,
    listener: (result: Result<unknown>) => void,
  ): (() => void) => {
    const id = newId('watch');
    watches.set(id, listener);
    windowEnd.send({ kind: 'watch', id, name, args });
    return () => windowEnd.send({ kind: 'unwatch', id });
  };
  return {
    windowId,
    announcements,
    askRaw,
    sendRaw: (message: unknown) => windowEnd.send(message),
    watchRaw,
    ask: <N extends RequestName>(name: N, args: Args<N>, id?: string) =>
      askRaw(name, args, id) as Promise<Result<Reply<N>>>,
    /** The answer, or a test failure. */
    async must<N extends RequestName>(name: N, args: Args<N>): Promise<Reply<N>> {
      const result = (await askRaw(name, args)) as Result<Reply<N>>;
      if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
      return result.value;
    },
    /** The refusal, or a test failure. */
    async refusal<N extends RequestName>(name: N, args: Args<N>): Promise<Refusal> {
      const result = await askRaw(name, args);
      if (result.ok) throw new Error(`${name} was not refused`);
      return result.error;
    },
    /** The first value. */
    look: <N extends QueryName>(name: N, args: Args<N>): Promise<Reply<N>> =>
      new Promise((resolve, reject) => {
        const stop = watchRaw(name, args, (result) => {
          stop();
          if (result.ok) resolve(result.value as Reply<N>);
          else reject(new Error(`${name} was refused: ${result.error.code}`));
        });
      }),
    /** The first value that fits. */
    until: <N extends QueryName>(
      name: N,
      args: Args<N>,
      fits: (value: Reply<N>) => boolean,
      timeoutMs = 10_000,
    ): Promise<Reply<N>> =>
      new Promise((resolve, reject) => {
        let last: unknown;
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`${name} did not come to fit; last: ${JSON.stringify(last)?.slice(0, 2000)}`));
        }, timeoutMs);
        const stop = watchRaw(name, args, (result) => {
          last = result;
          if (!result.ok || !fits(result.value as Reply<N>)) return;
          clearTimeout(timer);
          stop();
          resolve(result.value as Reply<N>);
        });
      }),
    close: () => windowEnd.close(),
  };
}
export type TestWindow = ReturnType<typeof createWindow>;

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'soan-engine-'));

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An engine as a test wants it: short pauses, secrets in base64, its log kept. */
export async function startEngine(options: Pick<EngineOptions, 'fetch'> & Partial<EngineOptions>) {
  const lines: LogLine[] = [];
  const userData = options.userData ?? (await newFolder());
  const engine = await createEngine({
    portalUrl: 'http://127.0.0.1:1',
    protect: async (text) => Buffer.from(`protected ${text}`).toString('base64'),
    unprotect: async (base64) => Buffer.from(base64, 'base64').toString().replace('protected ', ''),
    log: (level, event, fields = {}) => lines.push({ level, event, fields }),
    firstPauseMs: 20,
    scryptCost: 1024,
    ...options,
    userData,
  });
  return { engine, window: createWindow(engine), userData, lines };
}
