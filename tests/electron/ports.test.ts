import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MessageChannelMain, type MessagePortMain } from './source/shared/ports.ts';
import { removeFolders, type Started, startProbe, until } from './support/probe.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
function collect(port: MessagePortMain): unknown[] {
  const seen: unknown[] = [];
  port.on('message', (event: { data: unknown }) => seen.push(event.data));
  port.on('close', () => seen.push('closed'));
  return seen;
}

describe('MessagePortMain', () => {
  it('queues until it is started, then keeps the order', async () => {
    const { port1, port2 } = new MessageChannelMain();
    const seen = collect(port2);
    for (let index = 0; index < 5; index += 1) port1.postMessage(index);
    await settled();
    expect(seen).toEqual([]);
    port2.start();
    port1.postMessage('late');
    await settled();
    expect(seen).toEqual([0, 1, 2, 3, 4, 'late']);
  });
  it('delivers later than postMessage returns, and a copy', async () => {
    const { port1, port2 } = new MessageChannelMain();
    const seen = collect(port2);
    port2.start();
    const value = { a: 1 };
    port1.postMessage(value);
    value.a = 2;
    expect(seen).toEqual([]);
    await settled();
    expect(seen).toEqual([{ a: 1 }]);
  });
  it('says that the other end closed, after the last message', async () => {
    const { port1, port2 } = new MessageChannelMain();
    const seen = collect(port2);
    port1.postMessage('last');
    port1.close();
    await settled();
    expect(seen).toEqual([]);
    port2.start();
    await settled();
    expect(seen).toEqual(['last', 'closed']);
    expect(() => port2.postMessage('into nothing')).not.toThrow();
  });
  it('moves with its unread messages', async () => {
    const inner = new MessageChannelMain();
    const outer = new MessageChannelMain();
    inner.port1.postMessage('before');
    outer.port1.postMessage('take', [inner.port2]);
    inner.port1.postMessage('after');
    const seen: unknown[] = [];
    outer.port2.on('message', (event: { data: unknown; ports: MessagePortMain[] }) => {
      const [port] = event.ports;
      port?.on('message', (message: { data: unknown }) => seen.push(message.data));
      port?.start();
    });
    outer.port2.start();
    await settled();
    inner.port1.postMessage('at last');
    await settled();
    expect(seen).toEqual(['before', 'after', 'at last']);
  });
  it('cannot be sent twice, nor through itself', () => {
    const inner = new MessageChannelMain();
    const outer = new MessageChannelMain();
    expect(() => outer.port1.postMessage('', [outer.port1])).toThrow(TypeError);
    outer.port1.postMessage('', [inner.port1]);
    expect(() => outer.port1.postMessage('', [inner.port1])).toThrow(TypeError);
    expect(() => outer.port1.postMessage('', [{} as MessagePortMain])).toThrow(TypeError);
  });
  it('sends nothing of a message that cannot be cloned', async () => {
    const inner = new MessageChannelMain();
    const outer = new MessageChannelMain();
    const seen = collect(outer.port2);
    outer.port2.start();
    expect(() => outer.port1.postMessage(() => {}, [inner.port1])).toThrow('An object could not be cloned.');
    await settled();
    expect(seen).toEqual([]);
    expect(() => outer.port1.postMessage('again', [inner.port1])).not.toThrow();
  });
});

describe('ports between window, shell and utility process', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startProbe();
  });
  afterAll(async () => {
    await started.app.close();
    removeFolders();
  });
  afterEach(async () => {
    await started.page.evaluate(() => probe.received?.());
  });
  const page = () => started.page;
  const connect = async () => {
    const before = await page().evaluate(() => Number(probe.portCount?.()));
    await started.app.evaluate(() => {
      const engine = probe.fork();
      probe.connect(probe.window, engine);
    });
    await page().waitForFunction((count) => Number(probe.portCount?.()) > count, before);
  };
  const received = (count: number) =>
    until(
      () => page().evaluate((wanted) => Number(probe.receivedCount?.()) >= wanted, count),
      `${count} messages`,
    );

  it('carry values from a window to a utility process and back', async () => {
    await connect();
    await page().evaluate(() =>
      probe.postToPort?.(
        new Map<unknown, unknown>([
          ['bytes', new Uint8Array([1, 2])],
          ['when', new Date(7)],
          ['big', 3n],
          ['none', undefined],
        ]),
      ),
    );
    await received(1);
    const kinds = await page().evaluate(() => {
      const [{ echo }] = Object(probe.received?.()) as [{ echo: Map<string, unknown> }];
      return [...echo].map(([key, value]) => [key, Object.prototype.toString.call(value)]);
    });
    expect(kinds).toEqual([
      ['bytes', '[object Uint8Array]'],
      ['when', '[object Date]'],
      ['big', '[object BigInt]'],
      ['none', '[object Undefined]'],
    ]);
  });
  it('keep the order of 5,000 messages, and take less than five seconds for them', async () => {
    await connect();
    const before = Date.now();
    await page().evaluate(() => probe.floodPort?.(5_000));
    await received(5_000);
    expect(Date.now() - before).toBeLessThan(5_000);
    const echoed = (await page().evaluate(() => probe.received?.())) as { echo: number }[];
    expect(echoed.map(({ echo }) => echo)).toEqual(Array.from({ length: 5_000 }, (_unused, index) => index));
  });
  it('carry 8 MB in chunks of 1 MB', async () => {
    await connect();
    await page().evaluate(() => probe.sendBytes?.(new Uint8Array(1024 * 1024).fill(7), 8));
    await received(8);
    expect(((await page().evaluate(() => probe.received?.())) as unknown[]).at(-1)).toEqual({
      total: 8 * 1024 * 1024,
    });
  });
  it('reach the page itself when the preload hands them on', async () => {
    await started.app.evaluate(() => {
      const engine = probe.fork();
      const { port1, port2 } = new probe.electron.MessageChannelMain();
      engine.postMessage('port', [port1]);
      probe.window.webContents.postMessage('port-for-page', null, [port2]);
    });
    await page().waitForFunction(() => 'port' in window);
    await page().evaluate(() => globalThis.port.postMessage('from the page'));
    await until(() => page().evaluate(() => globalThis.received.length > 0), 'an answer');
    expect(await page().evaluate(() => globalThis.received)).toEqual([{ echo: 'from the page' }]);
  });
  it('can start in the window', async () => {
    await page().evaluate(() => probe.sendChannel?.());
    await received(1);
    expect(await page().evaluate(() => probe.received?.())).toEqual([['back', 'shell got early']]);
  });
  it('close in the window when the utility process dies', async () => {
    await connect();
    const before = await page().evaluate(() => Number(probe.closed?.()));
    await page().evaluate(() => probe.postToPort?.('are you there'));
    await received(1);
    await started.app.evaluate(() => probe.engines.at(-1)?.kill());
    await until(() => page().evaluate((count) => Number(probe.closed?.()) > count, before), 'close');
  });
  it('close in the utility process when the window closes its end, reloads or goes', async () => {
    const closes = (index: number) =>
      until(
        () => started.app.evaluate((_electron, at) => probe.engines.at(at)?.messages.length === 1, index),
        'close in the utility process',
      );
    await connect();
    await page().evaluate(() => probe.closePort?.());
    await closes(-1);
    await connect();
    await page().reload();
    await closes(-1);
    await page().waitForFunction(() => 'fromPage' in window);
    await started.app.evaluate(async () => {
      const window = probe.open();
      await window.loadURL('probe://desk/page.html');
      probe.connect(window, probe.fork());
      window.destroy();
    });
    await closes(-1);
  });
});
