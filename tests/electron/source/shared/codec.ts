/**
 * Structured clone as a string: the only form in which a value can cross the DevTools protocol.
 * Same code in the shell, in utility processes and in the isolated world of a window.
 */

type Wire = string | number | boolean | null | Wire[];

/** What Electron throws for a value that structured clone refuses. */
export class NotCloneableError extends Error {
  override name = 'DataCloneError';
  constructor() {
    super('An object could not be cloned.');
  }
}

const views: Record<
  string,
  { new (buffer: ArrayBuffer): ArrayBufferView; readonly BYTES_PER_ELEMENT?: number }
> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};
const errors: Record<string, ErrorConstructor> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

interface Base64Bytes {
  toBase64?(): string;
}
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

function toBase64(bytes: Uint8Array): string {
  const native = (bytes as Base64Bytes).toBase64;
  if (native) return native.call(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(text: string): ArrayBuffer {
  const native = (Uint8Array as Base64Constructor).fromBase64;
  if (native) return native.call(Uint8Array, text).buffer;
  const pooled = Buffer.from(text, 'base64');
  const own = new Uint8Array(pooled.byteLength);
  own.set(pooled);
  return own.buffer;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function encodeEntries(value: object, seen: Map<object, number>): Wire[] {
  const out: Wire[] = [];
  for (const key of Object.keys(value)) {
    out.push(key, encodeNode((value as Record<string, unknown>)[key], seen));
  }
  return out;
}

function encodeError(error: Error): Wire[] {
  const name = error.name in errors ? error.name : 'Error';
  const cause = 'cause' in error && typeof error.cause === 'string' ? error.cause : null;
  return ['e', name, String(error.message), typeof error.stack === 'string' ? error.stack : '', cause];
}

function encodeObject(value: object, seen: Map<object, number>): Wire {
  const known = seen.get(value);
  if (known !== undefined) return ['r', known];
  seen.set(value, seen.size);
  if (Array.isArray(value)) {
    const out: Wire[] = ['a', value.length];
    for (let index = 0; index < value.length; index += 1) {
      out.push(index in value ? encodeNode(value[index], seen) : ['h']);
    }
    return out;
  }
  if (ArrayBuffer.isView(value)) {
    const name = value instanceof Uint8Array ? 'Uint8Array' : tagOf(value);
    if (!(name in views)) throw new NotCloneableError();
    return ['v', name, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
  }
  switch (tagOf(value)) {
    case 'Object':
      if (value instanceof Error) return encodeError(value);
      return ['o', ...encodeEntries(value, seen)];
    case 'Date':
      return ['d', String((value as Date).getTime())];
    case 'RegExp':
      return ['x', (value as RegExp).source, (value as RegExp).flags];
    case 'Map': {
      const out: Wire[] = ['m'];
      for (const [key, item] of [...(value as Map<unknown, unknown>)]) {
        out.push(encodeNode(key, seen), encodeNode(item, seen));
      }
      return out;
    }
    case 'Set':
      return ['s', ...[...(value as Set<unknown>)].map((item) => encodeNode(item, seen))];
    case 'Error':
    case 'DOMException':
      return encodeError(value as Error);
    case 'ArrayBuffer':
      return ['v', 'ArrayBuffer', toBase64(new Uint8Array(value as ArrayBuffer))];
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'BigInt':
      return ['w', encodeNode(value.valueOf(), seen)];
    default:
      throw new NotCloneableError();
  }
}

function encodeNode(value: unknown, seen: Map<object, number>): Wire {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['n', Object.is(value, -0) ? '-0' : String(value)];
    case 'undefined':
      return ['u'];
    case 'bigint':
      return ['i', String(value)];
    case 'object':
      return value === null ? null : encodeObject(value, seen);
    default:
      throw new NotCloneableError();
  }
}

/** Throws {@link NotCloneableError} for functions, symbols, promises, blobs, ports and the like. */
export function encode(value: unknown): string {
  return JSON.stringify(encodeNode(value, new Map()));
}

function text(node: Wire | undefined): string {
  return typeof node === 'string' ? node : String(node);
}

function decodeNode(node: Wire | undefined, seen: unknown[]): unknown {
  if (!Array.isArray(node)) return node;
  const keep = <T>(value: T): T => {
    seen.push(value);
    return value;
  };
  switch (node[0]) {
    case 'u':
      return undefined;
    case 'n':
      return Number(node[1]);
    case 'i':
      return BigInt(text(node[1]));
    case 'r':
      return seen[Number(node[1])];
    case 'a': {
      const out: unknown[] = keep(new Array(Number(node[1])));
      for (let index = 2; index < node.length; index += 1) {
        const item = node[index];
        if (Array.isArray(item) && item[0] === 'h') continue;
        out[index - 2] = decodeNode(item, seen);
      }
      return out;
    }
    case 'o': {
      const out: Record<string, unknown> = keep({});
      for (let index = 1; index < node.length; index += 2) {
        const key = text(node[index]);
        const value = decodeNode(node[index + 1], seen);
        if (key === '__proto__') {
          Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true });
        } else out[key] = value;
      }
      return out;
    }
    case 'd':
      return keep(new Date(Number(node[1])));
    case 'x':
      return keep(new RegExp(text(node[1]), text(node[2])));
    case 'm': {
      const out = keep(new Map<unknown, unknown>());
      for (let index = 1; index < node.length; index += 2) {
        out.set(decodeNode(node[index], seen), decodeNode(node[index + 1], seen));
      }
      return out;
    }
    case 's': {
      const out = keep(new Set<unknown>());
      for (let index = 1; index < node.length; index += 1) out.add(decodeNode(node[index], seen));
      return out;
    }
    case 'e': {
      const make = errors[text(node[1])] ?? Error;
      const error = new make(text(node[2]), node[4] === null ? undefined : { cause: node[4] });
      Object.defineProperty(error, 'stack', { value: node[3], writable: true, configurable: true });
      return keep(error);
    }
    case 'v': {
      const buffer = fromBase64(text(node[2]));
      const view = views[text(node[1])];
      return keep(view ? new view(buffer) : buffer);
    }
    case 'w':
      return keep(Object(decodeNode(node[1], [])));
    default:
      throw new TypeError('not a message of the stand-in');
  }
}

/** The inverse of {@link encode}. */
export function decode(message: string): unknown {
  return decodeNode(JSON.parse(message) as Wire, []);
}
