import { Value } from 'typebox/value';
import {
  type AnnouncementName,
  type Contract,
  DESK,
  type Reply,
  type ToEngine,
  type ToWindow,
} from '../../../domain/contracts/index.ts';
import { type Result, refuse } from '../../../domain/lib/result.ts';
import { describe, type Log } from '../log.ts';
import { refusalOf } from '../refused.ts';
import type { Topic, Topics } from '../topics.ts';
import { createAnswers } from './answers.ts';
import type { Caller, Handlers } from './handlers.ts';
import type { PortLike } from './port.ts';

const MAX_WATCHES = 500;
const COALESCE_MS = 25;

/** Handlers with the types of their names erased: the door checks arguments before it calls. */
interface AnyHandler {
  readonly run?: (args: unknown, caller: Caller) => Promise<Result<unknown>>;
  readonly readOnly?: boolean;
  readonly topics?: (args: unknown) => readonly Topic[];
  readonly read?: (args: unknown) => Promise<Result<unknown>>;
}

interface Watch {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  readonly handler: AnyHandler;
  topics: ReadonlySet<Topic>;
  last: string | null;
  reading: boolean;
  stale: boolean;
  gone: boolean;
}

interface Window extends Caller {
  readonly port: PortLike;
  readonly watches: Map<string, Watch>;
}

export interface Door {
  /** Serves a window until its port closes. A second port of the same window replaces the first. */
  connect(windowId: string, port: PortLike): void;
  announce<N extends AnnouncementName>(name: N, value: Reply<N>, except?: string): void;
  close(): void;
}

/** The contract of a name, or undefined. */
export function contractOf(name: string): Contract | undefined {
  const [area, verb, ...rest] = name.split('.');
  if (area === undefined || verb === undefined || rest.length > 0 || !Object.hasOwn(DESK, area))
    return undefined;
  const verbs: Readonly<Record<string, Contract>> = DESK[area as keyof typeof DESK];
  return Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}

/**
 * The one way in. Arguments are checked against the contract, handlers run, refusals and bugs are answered with a
 * code and logged, never dropped. A request asked again under its id gets the answer it had. Queries are answered at once and again
 * when something they depend on changed and their value differs.
 */
export function createDoor(options: {
  handlers: Handlers;
  topics: Topics;
  log: Log;
  onWindowClosed?: (windowId: string) => void;
}): Door {
  const { topics, log } = options;
  const handlers = options.handlers as unknown as Readonly<Record<string, AnyHandler>>;
  const windows = new Map<string, Window>();
  const answers = createAnswers();

  const post = (window: Window, message: ToWindow) => {
    if (windows.get(window.windowId) !== window) return;
    try {
      window.port.postMessage(message);
    } catch (error) {
      log('error', 'door.post-failed', { kind: message.kind, ...describe(error) });
    }
  };

  const guard = async (name: string, work: () => Promise<Result<unknown>>): Promise<Result<unknown>> => {
    try {
      const result = await work();
      if (!result.ok) log('info', 'door.refused', { name, code: result.error.code });
      return result;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) {
        log('warn', 'door.refused', { name, code: refusal.code });
        return { ok: false, error: refusal };
      }
      log('error', 'door.bug', { name, ...describe(error) });
      return refuse('internal');
    }
  };

  const find = (name: string, kind: 'request' | 'query', args: unknown): Result<AnyHandler> => {
    const contract = contractOf(name);
    const handler = contract && Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (!contract || contract.kind !== kind || !handler) return refuse('bad-request');
    return Value.Check(contract.args, args) ? { ok: true, value: handler } : refuse('bad-request');
  };

  const reply = (window: Window, id: string, result: Result<unknown>) =>
    post(
      window,
      result.ok
        ? { kind: 'reply', id, ok: true, value: result.value }
        : { kind: 'reply', id, ok: false, error: result.error },
    );

  const answer = async (window: Window, id: string, name: string, args: unknown) => {
    const found = find(name, 'request', args);
    if (!found.ok) {
      log('warn', 'door.refused', { name: name.slice(0, 60), code: found.error.code });
      reply(window, id, found);
      return;
    }
    const { run, readOnly = false } = found.value;
    const work = () => guard(name, () => (run ? run(args, window) : Promise.resolve(refuse('bad-request'))));
    reply(window, id, await (readOnly ? work() : answers.once(`${name} ${id}`, work)));
  };

  const refresh = async (window: Window, watch: Watch): Promise<void> => {
    if (watch.reading) {
      watch.stale = true;
      return;
    }
    watch.reading = true;
    do {
      watch.stale = false;
      const result = await guard(watch.name, () =>
        watch.handler.read ? watch.handler.read(watch.args) : Promise.resolve(refuse('bad-request')),
      );
      if (watch.gone) return;
      const text = JSON.stringify(result);
      if (text !== watch.last) {
        watch.last = text;
        if (result.ok) post(window, { kind: 'value', id: watch.id, value: result.value });
        else reply(window, watch.id, result);
      }
    } while (watch.stale && !watch.gone);
    watch.reading = false;
  };

  const unwatch = (window: Window, id: string) => {
    const watch = window.watches.get(id);
    if (watch) watch.gone = true;
    window.watches.delete(id);
  };

  const watch = (window: Window, id: string, name: string, args: unknown) => {
    const found = find(name, 'query', args);
    if (!found.ok || window.watches.size >= MAX_WATCHES) {
      log('warn', 'door.refused', {
        name: name.slice(0, 60),
        code: found.ok ? 'too-many-watches' : found.error.code,
      });
      reply(window, id, found.ok ? refuse('bad-request') : found);
      return;
    }
    unwatch(window, id);
    const made: Watch = {
      id,
      name,
      args,
      handler: found.value,
      topics: new Set(found.value.topics?.(args)),
      last: null,
      reading: false,
      stale: false,
      gone: false,
    };
    window.watches.set(id, made);
    void refresh(window, made);
  };

  let changed = new Set<Topic>();
  let timer: NodeJS.Timeout | null = null;
  const refreshChanged = () => {
    timer = null;
    const now = changed;
    changed = new Set();
    for (const window of windows.values()) {
      for (const one of window.watches.values()) {
        if ([...one.topics].some((topic) => now.has(topic))) void refresh(window, one);
      }
    }
  };
  const stopListening = topics.listen((some) => {
    for (const topic of some) changed.add(topic);
    timer ??= setTimeout(refreshChanged, COALESCE_MS);
  });

  const letGo = (window: Window) => {
    for (const one of window.watches.values()) one.gone = true;
    window.watches.clear();
    if (windows.get(window.windowId) !== window) return;
    windows.delete(window.windowId);
    options.onWindowClosed?.(window.windowId);
  };

  return {
    connect(windowId, port) {
      const former = windows.get(windowId);
      const window: Window = { windowId, port, watches: new Map() };
      if (former) {
        letGo(former);
        former.port.close();
      }
      windows.set(windowId, window);
      port.on('message', ({ data }) => {
        const message = readMessage(data);
        if (!message) log('warn', 'door.bad-message', { windowId });
        else if (message.kind === 'unwatch') unwatch(window, message.id);
        else if (message.kind === 'watch') watch(window, message.id, message.name, message.args);
        else void answer(window, message.id, message.name, message.args);
      });
      port.on('close', () => letGo(window));
      port.start();
    },
    announce(name, value, except) {
      for (const window of windows.values()) {
        if (window.windowId !== except) post(window, { kind: 'announcement', name, value });
      }
    },
    close() {
      stopListening();
      if (timer) clearTimeout(timer);
      for (const window of [...windows.values()]) {
        letGo(window);
        window.port.close();
      }
    },
  };
}

function readMessage(data: unknown): ToEngine | null {
  if (typeof data !== 'object' || data === null) return null;
  const { kind, id, name, args } = data as Record<string, unknown>;
  if (typeof id !== 'string' || id.length === 0 || id.length > 200) return null;
  if (kind === 'unwatch') return { kind, id };
  if ((kind === 'request' || kind === 'watch') && typeof name === 'string') return { kind, id, name, args };
  return null;
}
