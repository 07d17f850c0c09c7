import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolders, type Started, startProbe } from './support/probe.ts';

let started: Started;
const page = () => started.page;
beforeAll(async () => {
  started = await startProbe();
});
afterAll(async () => {
  await started.app.close();
  removeFolders();
});

describe('a sandboxed preload script', () => {
  it.each(['electron', 'events', 'timers', 'url', 'node:events', 'node:timers', 'node:url'])(
    'may require %s',
    async (name) => {
      expect(await page().evaluate((it) => probe.tryRequire?.(it), name)).toMatch(/^(object|function)$/);
    },
  );
  it.each(['fs', 'node:fs', 'path', 'child_process', './other.cjs', 'lodash', 'electron/main'])(
    'may not require %s',
    async (name) => {
      expect(await page().evaluate((it) => probe.tryRequire?.(it), name)).toBe(`module not found: ${name}`);
    },
  );
  it('has the globals of a sandbox and not those of the page', async () => {
    expect(await page().evaluate(() => probe.globals?.())).toMatchObject({
      process: 'object',
      type: 'renderer',
      sandboxed: true,
      filename: 'undefined',
      page: 'undefined',
    });
  });
});

describe('contextBridge', () => {
  it('freezes what it exposes, deeply', async () => {
    const frozen = await page().evaluate(() => {
      const { constant } = probe as unknown as { constant: { nested: { list: number[] } } };
      return [probe, constant, constant.nested, constant.nested.list, probe.twice].map(Object.isFrozen);
    });
    expect(frozen).toEqual([true, true, true, true, true]);
    expect(await page().evaluate(() => Object.getOwnPropertyDescriptor(window, 'probe')?.writable)).toBe(
      false,
    );
  });
  it('calls functions synchronously', async () => {
    expect(await page().evaluate(() => probe.twice?.(21))).toBe(42);
  });
  it('shows functions as native code and leaves no other trace in the page', async () => {
    const seen = await page().evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const plain = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      frame.remove();
      return {
        source: String(probe.twice),
        open: String(window.open),
        names: Object.getOwnPropertyNames(window).filter((name) => !plain.has(name) && !/^\d+$/.test(name)),
      };
    });
    expect(seen).toEqual({
      source: 'function () { [native code] }',
      open: 'function () { [native code] }',
      names: ['probe', 'fromPage', 'received'],
    });
  });
  it('drops prototypes and methods that live on them', async () => {
    const person = await page().evaluate(() => {
      const value = probe.person?.() as { name: string; greet?: unknown };
      return [value.name, typeof value.greet, Object.getPrototypeOf(value) === Object.prototype];
    });
    expect(person).toEqual(['An', 'undefined', true]);
  });
  it('passes what structured clone passes, as values of the page', async () => {
    const kinds = await page().evaluate(() => {
      const values = [
        new Map([[1, 2]]),
        new Set([1]),
        new Date(5),
        new Uint8Array([7]),
        new ArrayBuffer(2),
        12n,
        /a/g,
      ];
      return values.map((value) => {
        const back = probe.echo?.(value);
        return [probe.kind?.(value), back instanceof Object || typeof back === 'bigint', back === value];
      });
    });
    expect(kinds.map(([kind]) => kind)).toEqual([
      '[object Map]',
      '[object Set]',
      '[object Date]',
      '[object Uint8Array]',
      '[object ArrayBuffer]',
      '[object BigInt]',
      '[object RegExp]',
    ]);
    expect(kinds.every(([, ours]) => ours)).toBe(true);
    expect(kinds.filter(([, , same]) => same)).toHaveLength(1);
  });
  it('leaves symbols out and keeps undefined', async () => {
    const keys = await page().evaluate(() =>
      Object.keys(probe.echo?.({ a: undefined, b: Symbol('x'), [Symbol('c')]: 1 }) as object),
    );
    expect(keys).toEqual(['a']);
  });
  it('keeps cycles', async () => {
    const same = await page().evaluate(() => {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const back = probe.echo?.(cycle) as { self: unknown };
      return back.self === back;
    });
    expect(same).toBe(true);
  });
  it('refuses what cannot be cloned', async () => {
    const message = await page().evaluate(() => {
      try {
        return probe.uncloneable?.();
      } catch (error) {
        return [(error as Error).message, error instanceof Error];
      }
    });
    expect(message).toEqual(['An object could not be cloned.', true]);
  });
  it('refuses objects nested deeper than a thousand', async () => {
    const message = await page().evaluate(() => {
      let deep: unknown = 1;
      for (let index = 0; index < 1_100; index += 1) deep = [deep];
      try {
        probe.echo?.(deep);
        return 'passed';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toMatch(/depth/);
  });
  it('passes callbacks both ways, within one call', async () => {
    const answers = await page().evaluate(() => {
      const seen: unknown[] = [];
      const result = probe.callBack?.((value: { bytes: Uint8Array }, inner: (text: string) => string) => {
        seen.push(value.bytes instanceof Uint8Array, inner('yes'));
        return 'outer';
      });
      return [...seen, result];
    });
    expect(answers).toEqual([true, 'inner yes', 'outer']);
  });
  it('passes promises both ways', async () => {
    expect(
      await page().evaluate(async () => [await probe.later?.(5), await probe.resolved?.(Promise.resolve(6))]),
    ).toEqual([5, 'was 6']);
  });
  it('throws errors of the preload as errors of the page, without their type', async () => {
    const errors = await page().evaluate(async () => {
      const caught: unknown[] = [];
      try {
        probe.fail?.();
      } catch (error) {
        caught.push(error instanceof Error, (error as Error).message);
      }
      await Promise.resolve(probe.failLater?.()).catch((error: Error) =>
        caught.push(error instanceof Error, error.message),
      );
      return caught;
    });
    expect(errors).toEqual([true, 'refused by the preload', true, 'refused later']);
  });
  it('refuses to expose over what is there', async () => {
    const messages = await page().evaluate(() =>
      [() => probe.exposeAgain?.(), () => probe.exposeAs?.('fromPage'), () => probe.exposeAs?.('fresh')].map(
        (attempt) => {
          try {
            attempt();
            return 'exposed';
          } catch (error) {
            return (error as Error).message;
          }
        },
      ),
    );
    const refused = 'Cannot bind an API on top of an existing property on the window object';
    expect(messages).toEqual([refused, refused, 'exposed']);
  });
});
