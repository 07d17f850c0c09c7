import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode } from './source/shared/codec.ts';
import { removeFolders, type Started, startProbe, until } from './support/probe.ts';

describe('messages as text', () => {
  const cyclic: Record<string, unknown> = { list: [1, 2] };
  cyclic.self = cyclic;
  cyclic.again = cyclic.list;
  const sparse = [1];
  sparse[2] = 3;
  const shared = new Uint8Array([1, 2, 3, 4, 5]);
  it.each<[string, unknown]>([
    ['primitives', [1, 'a', true, null, undefined, 12n, Number.NaN, -0, Number.POSITIVE_INFINITY]],
    ['text with marks', ['Điều 7.4', '\u2028', '\0', '😀', '\ud800']],
    ['dates and patterns', [new Date(0), new Date(Number.NaN), /a+/giu]],
    ['maps and sets', [new Map<unknown, unknown>([[{ a: 1 }, new Set([1n])]]), new Set()]],
    [
      'bytes',
      [
        shared,
        shared.subarray(1, 3),
        new Float64Array([1.5]),
        new BigInt64Array([-1n]),
        new DataView(new ArrayBuffer(3)),
        new ArrayBuffer(2),
      ],
    ],
    ['errors', [new RangeError('far', { cause: 'x' }), new Error('')]],
    ['cycles', cyclic],
    ['sparse lists', sparse],
    ['boxed primitives', [Object(1), Object('x'), Object(false)]],
    ['odd keys', JSON.parse('{"__proto__": {"a": 1}, "": 2, "constructor": 3}')],
    ['class instances', Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 })],
  ])('carries %s as structured clone does', (_name, value) => {
    expect(decode(encode(value))).toStrictEqual(structuredClone(value));
  });
  it('knows one object met twice as one', () => {
    const back = decode(encode(cyclic)) as typeof cyclic;
    expect(back.self).toBe(back);
    expect(back.again).toBe(back.list);
  });
  it.each<[string, unknown]>([
    ['functions', () => {}],
    ['symbols', Symbol('x')],
    ['promises', Promise.resolve()],
    ['weak maps', new WeakMap()],
    ['blobs', new Blob([])],
    ['shared memory', new SharedArrayBuffer(1)],
    ['ports', new MessageChannel().port1],
    ['functions deep inside', { a: [{ b: () => {} }] }],
  ])('refuses %s', (_name, value) => {
    expect(() => encode(value)).toThrow('An object could not be cloned.');
  });
});

describe('ipc', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startProbe();
  });
  afterAll(async () => {
    await started.app.close();
    removeFolders();
  });
  const page = () => started.page;

  it('clones arguments and results of invoke structurally', async () => {
    const kinds = await page().evaluate(async () => {
      const values = [new Map(), new Date(), new Uint8Array(3), 5n, undefined, [1]];
      return Promise.all(values.map((value) => probe.invoke?.('kind', value)));
    });
    expect(kinds).toEqual(
      ['Map', 'Date', 'Uint8Array', 'BigInt', 'Undefined', 'Array'].map((name) => `[object ${name}]`),
    );
  });
  it('tells the handler who asks, by the app’s own scheme', async () => {
    const id = await started.app.evaluate(() => probe.window.id);
    expect(await page().evaluate(() => probe.invoke?.('sender'))).toEqual({
      url: 'probe://desk/page.html',
      origin: 'probe://desk',
      window: id,
    });
  });
  it('rejects with the message of the handler, and for channels without one', async () => {
    const messages = await page().evaluate(() =>
      Promise.all(
        ['fail', 'nobody', 'function'].map((channel) =>
          Promise.resolve(probe.invoke?.(channel)).catch((error: Error) => error.message),
        ),
      ),
    );
    expect(messages).toEqual([
      "Error invoking remote method 'fail': RangeError: refused by the shell",
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
      expect.stringContaining('An object could not be cloned.'),
    ]);
  });
  it('refuses a second handler for a channel', async () => {
    const message = await started.app.evaluate(({ ipcMain }) => {
      try {
        ipcMain.handle('echo', () => {});
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toBe("Attempted to register a second handler for 'echo'");
  });
  it('keeps the order of send and answers by reply', async () => {
    await page().evaluate(() => probe.received?.());
    await page().evaluate(() => {
      for (let index = 0; index < 200; index += 1) probe.send?.('note', index);
    });
    await until(() => page().evaluate(() => probe.receivedCount?.() === 200), 'all answers');
    const answers = await page().evaluate(() => probe.received?.());
    expect(answers).toEqual(Array.from({ length: 200 }, (_unused, index) => ['answer', index]));
  });
  it('carries a thousand invokes in a second', async () => {
    const elapsed = await page().evaluate(async () => {
      const before = performance.now();
      await Promise.all(Array.from({ length: 1_000 }, (_unused, index) => probe.invoke?.('echo', index)));
      return performance.now() - before;
    });
    expect(elapsed).toBeLessThan(1_000);
  });
});
