function fail(message: unknown): never {
  throw new Error(`assertion failed: ${String(message)}`);
}

/** The part of Node's `assert` that RxDB's suite calls, for a page. */
const assert = {
  ok: (value: unknown, message?: unknown) => {
    if (!value) fail(message);
  },
  strictEqual: (one: unknown, other: unknown, message?: unknown) => {
    if (one !== other) fail(`${String(message)}: ${String(one)} is not ${String(other)}`);
  },
};
export default assert;
