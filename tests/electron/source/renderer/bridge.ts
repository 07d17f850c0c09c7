/**
 * The context bridge between a page and its preload script. Both sides run this code, each in its own
 * world, and share one element that is in no document: events on it cross worlds at once, their
 * `detail` cloned by Chromium, and no page script can reach it.
 */

type Wire =
  | { t: 'v'; v: unknown }
  | { t: 'o'; e: [string, Wire][] }
  | { t: 'a'; v: Wire[] }
  | { t: 'f' | 'p' | 'r'; id: number }
  | { t: 'e'; message: string }
  | { t: 'x' };

export type BridgeRequest =
  | { op: 'call'; id: number; args: Wire[] }
  | { op: 'settle'; id: number; ok: boolean; value: Wire }
  | { op: 'release'; id: number }
  | { op: 'expose'; key: string; value: Wire }
  | { op: 'open'; url: string; frameName: string; features: string };
type Reply = { op: 'reply'; ok: boolean; value: Wire };
type Anything = (...args: unknown[]) => unknown;

const maximumDepth = 1000;
const { apply, ownKeys, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { freeze } = Object;
const toTag = Object.prototype.toString;
const dispatchEvent = EventTarget.prototype.dispatchEvent;
const addEventListener = EventTarget.prototype.addEventListener;
const NativeCustomEvent = CustomEvent;
const NativePromise = Promise;
const promiseThen = Promise.prototype.then;
const NativeError = Error;
const NativeMap = Map;
const clone = structuredClone;
const bind = Function.prototype.bind;
const isView = ArrayBuffer.isView;
const getDetail = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get;

const tagOf = (value: object): string => apply(toTag, value, []) as string;

/** Freezes what crosses for good: an API, but not arguments and results. */
export function deepFreeze(value: unknown): void {
  if (typeof value === 'function') {
    freeze(value);
    return;
  }
  if (typeof value !== 'object' || value === null || isView(value) || Object.isFrozen(value)) return;
  freeze(value);
  for (const key of ownKeys(value)) deepFreeze((value as Record<PropertyKey, unknown>)[key]);
}

/** One side of the bridge; `onRequest` handles what is not a call, a settlement or a release. */
export function createSide(
  element: Element,
  out: string,
  incoming: string,
  onRequest: (request: BridgeRequest, decodeValue: (wire: Wire) => unknown) => unknown,
): { request(request: BridgeRequest): unknown; encodeValue(value: unknown): Wire } {
  const mine = new NativeMap<number, Anything>();
  const pending = new NativeMap<
    number,
    { resolve: (value: unknown) => void; reject: (error: unknown) => void }
  >();
  let nextId = 1;
  let reply: Reply | undefined;
  const released = new FinalizationRegistry<number>((id) => {
    send({ op: 'release', id });
  });

  const send = (message: BridgeRequest | Reply): Reply | undefined => {
    reply = undefined;
    apply(dispatchEvent, element, [new NativeCustomEvent(out, { detail: message })]);
    const answer = reply;
    reply = undefined;
    return answer;
  };

  const describe = (error: unknown): string => {
    try {
      if (error instanceof NativeError) return `${error.message}`;
      return `${error as string}`;
    } catch {
      return 'An unknown exception occurred while crossing contexts';
    }
  };

  const encodeValue = (value: unknown, seen = new NativeMap<object, number>(), depth = 0): Wire => {
    if (depth >= maximumDepth) {
      throw new TypeError(
        'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.',
      );
    }
    if (typeof value === 'symbol') return { t: 'x' };
    if (typeof value === 'function') {
      const id = nextId++;
      mine.set(id, value as Anything);
      return { t: 'f', id };
    }
    if (typeof value !== 'object' || value === null) return { t: 'v', v: value };
    const known = seen.get(value);
    if (known !== undefined) return { t: 'r', id: known };
    const tag = tagOf(value);
    if (value instanceof NativePromise) {
      const id = nextId++;
      apply(promiseThen, value, [
        (result: unknown) => settle(id, true, result),
        (error: unknown) => settle(id, false, error),
      ]);
      return { t: 'p', id };
    }
    if (value instanceof NativeError || tag === '[object Error]') return { t: 'e', message: describe(value) };
    if (tag === '[object Array]') {
      seen.set(value, seen.size);
      const items = value as unknown[];
      const out: Wire[] = [];
      for (let index = 0; index < items.length; index += 1) {
        out[index] = encodeValue(items[index], seen, depth + 1);
      }
      return { t: 'a', v: out };
    }
    if (tag === '[object Object]') {
      seen.set(value, seen.size);
      const entries: [string, Wire][] = [];
      for (const key of ownKeys(value)) {
        if (typeof key !== 'string' || !getOwnPropertyDescriptor(value, key)?.enumerable) continue;
        const item = encodeValue((value as Record<string, unknown>)[key], seen, depth + 1);
        if (item.t !== 'x') entries[entries.length] = [key, item];
      }
      return { t: 'o', e: entries };
    }
    try {
      return { t: 'v', v: clone(value) };
    } catch {
      throw new TypeError('An object could not be cloned.');
    }
  };

  const settle = (id: number, ok: boolean, result: unknown): void => {
    try {
      send({ op: 'settle', id, ok, value: encodeValue(result) });
    } catch (error) {
      send({ op: 'settle', id, ok: false, value: { t: 'e', message: describe(error) } });
    }
  };

  const decodeValue = (wire: Wire, seen: unknown[] = []): unknown => {
    switch (wire.t) {
      case 'v':
        return wire.v;
      case 'x':
        return undefined;
      case 'e':
        return new NativeError(wire.message);
      case 'r':
        return seen[wire.id];
      case 'a': {
        const list: unknown[] = [];
        seen[seen.length] = list;
        for (let index = 0; index < wire.v.length; index += 1) {
          list[index] = decodeValue(wire.v[index] as Wire, seen);
        }
        return list;
      }
      case 'o': {
        const object = {};
        seen[seen.length] = object;
        for (const [key, item] of wire.e) {
          const value = decodeValue(item, seen);
          defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
        }
        return object;
      }
      case 'p': {
        const promise = new NativePromise<unknown>((resolve, reject) => {
          pending.set(wire.id, { resolve, reject });
        });
        return promise;
      }
      case 'f': {
        const id = wire.id;
        const call = (...args: unknown[]): unknown => {
          const encoded: Wire[] = [];
          for (let index = 0; index < args.length; index += 1) encoded[index] = encodeValue(args[index]);
          return answered(send({ op: 'call', id, args: encoded }));
        };
        const proxy = apply(bind, call, [undefined]) as Anything;
        defineProperty(proxy, 'name', { value: '', configurable: true });
        defineProperty(proxy, 'length', { value: 0, configurable: true });
        released.register(proxy, id);
        return proxy;
      }
    }
  };

  const answered = (answer: Reply | undefined): unknown => {
    if (!answer) throw new NativeError('An object could not be cloned.');
    const value = decodeValue(answer.value);
    if (!answer.ok) throw value;
    return value;
  };

  const handle = (request: BridgeRequest): Reply => {
    try {
      return { op: 'reply', ok: true, value: encodeValue(perform(request)) };
    } catch (error) {
      return { op: 'reply', ok: false, value: { t: 'e', message: describe(error) } };
    }
  };

  const perform = (request: BridgeRequest): unknown => {
    switch (request.op) {
      case 'call': {
        const target = mine.get(request.id);
        if (!target) throw new NativeError('the function is gone');
        const args: unknown[] = [];
        for (let index = 0; index < request.args.length; index += 1) {
          args[index] = decodeValue(request.args[index] as Wire);
        }
        return apply(target, undefined, args);
      }
      case 'settle': {
        const waiting = pending.get(request.id);
        pending.delete(request.id);
        const value = decodeValue(request.value);
        if (request.ok) waiting?.resolve(value);
        else waiting?.reject(value);
        return undefined;
      }
      case 'release':
        mine.delete(request.id);
        return undefined;
      default:
        return onRequest(request, decodeValue);
    }
  };

  apply(addEventListener, element, [
    incoming,
    (event: CustomEvent) => {
      const message = (getDetail ? apply(getDetail, event, []) : null) as BridgeRequest | Reply | null;
      if (!message) return;
      if (message.op === 'reply') {
        reply = message;
        return;
      }
      const answer = handle(message);
      apply(dispatchEvent, element, [new NativeCustomEvent(out, { detail: answer })]);
    },
  ]);

  return { request: (request) => answered(send(request)), encodeValue };
}
