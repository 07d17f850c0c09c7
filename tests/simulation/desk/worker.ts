// Before anything else is loaded: takes the place of timers, clock and chance, and gathers what is to be forgotten.
import './forgotten.ts';
import './time.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { storageAt } from '../../../main/engine/database.ts';
import { createEngine, type Engine, type PortLike } from '../../../main/engine/engine.ts';
import { createDisk } from './disk.ts';
import { closeFiles } from './files.ts';
import { forgetAll } from './forgotten.ts';
import { createLine } from './line.ts';
import type { DeskData, Dying, FromDesk, Idle, Round, ToDesk } from './messages.ts';
import { beginTime, endTime, fireDue, fireShort, isAwake, isBusy, nextDue, turn } from './time.ts';

/**
 * One desk: the engine as it is, in a thread of its own, with the driver for network, clock, disk and windows. The thread
 * outlives its engine: what an engine leaves behind in it is forgotten before the next one starts.
 */

const port = parentPort;
if (!port) throw new Error('a desk runs in a worker');
const { clock, mayEnd } = workerData as DeskData;
let out: FromDesk[] = [];
let isDead = true;
const say = (message: FromDesk) => {
  if (!isDead) out.push(message);
};

/** The power is gone. What still runs in this thread reaches nothing any more: no disk, no line, no window, no timer. */
function die(): void {
  if (isDead) return;
  if (mayEnd) {
    port?.postMessage({ dying: true, out } satisfies Dying);
    // Whatever runs in this thread stops here; the driver ends it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  isDead = true;
  endTime();
  line.forget();
  windows.clear();
}

/** Gives back what the dead engine had of the system: as the system does for a process that was killed. */
function bury(): void {
  engine = null;
  forgetAll();
  closeFiles();
  disk.forget();
}

const line = createLine(say);
const disk = createDisk(storageAt, die);
const windows = new Map<string, { hear(data: unknown): void; close(): void }>();
let engine: Engine | null = null;

process.on('unhandledRejection', (error) =>
  say({ kind: 'log', level: 'unhandled', line: String((error as Error)?.stack ?? error) }),
);

async function start(folder: string, portalUrl: string): Promise<void> {
  try {
    engine = await createEngine({
      userData: folder,
      portalUrl,
      fetch: line.fetch,
      protect: async (text) => Buffer.from(text).toString('base64'),
      unprotect: async (base64) => Buffer.from(base64, 'base64').toString(),
      log: (level, event, fields = {}) => {
        if (level === 'warn' || level === 'error')
          say({ kind: 'log', level, line: `${event} ${JSON.stringify(fields)}` });
      },
      now: Date.now,
      scryptCost: 1024,
      storage: disk.storage,
    });
    say({ kind: 'started', error: null });
  } catch (error) {
    say({ kind: 'started', error: String((error as Error)?.stack ?? error) });
  }
}

async function stop(): Promise<void> {
  const former = engine;
  engine = null;
  for (const window of windows.values()) window.close();
  windows.clear();
  await former?.stop();
  disk.forget();
  line.forget();
  say({ kind: 'stopped' });
}

function connect(windowId: string): void {
  const listeners = new Map<string, ((event: { data: unknown }) => void)[]>();
  const engineEnd: PortLike = {
    postMessage: (data) => say({ kind: 'toWindow', windowId, data: structuredClone(data) }),
    on: (event: string, listener: (...args: never[]) => void) =>
      listeners.set(event, [...(listeners.get(event) ?? []), listener as () => void]),
    start: () => undefined,
    close: () => undefined,
  };
  const emit = (event: string, data: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener({ data });
  };
  windows.set(windowId, { hear: (data) => emit('message', data), close: () => emit('close', null) });
  engine?.connectWindow(windowId, engineEnd);
}

function handle(item: ToDesk): void {
  if (item.kind === 'start') {
    forgetAll();
    isDead = false;
    beginTime(clock as Float64Array<ArrayBuffer>, item.seed);
    void start(item.folder, item.portalUrl);
  } else if (isDead) return;
  else if (item.kind === 'stop') void stop();
  else if (item.kind === 'die') die();
  else if (item.kind === 'window') connect(item.windowId);
  else if (item.kind === 'fromWindow') windows.get(item.windowId)?.hear(item.data);
  else if (item.kind === 'fetch') line.happened(item.event);
  else if (item.kind === 'advance') fireDue();
  else if (item.kind === 'online') engine?.retry();
  else if (item.kind === 'disk') disk.set(item.state);
  else if (item.kind === 'dieAt') disk.dieAt(item.write, item.when);
  else if (item.kind === 'forgetDeath') disk.live();
  else void disk.dump().then((rows) => say({ kind: 'dump', rows }));
}

/** Runs until nothing is left to do but to wait for the driver. */
async function untilIdle(): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    await turn();
    if (isBusy()) {
      quiet = 0;
      continue;
    }
    quiet += 1;
    if (quiet >= 3 && (fireShort() || isAwake())) quiet = 0;
  }
}

let rounds: Promise<void> = Promise.resolve();
port.on('message', ({ seq, items }: Round) => {
  rounds = rounds.then(async () => {
    for (const item of items) handle(item);
    await untilIdle();
    const said = out;
    out = [];
    if (isDead) {
      bury();
      port.postMessage({ dying: true, out: said } satisfies Dying);
    } else port.postMessage({ seq, out: said, nextDue: nextDue() } satisfies Idle);
  });
});
