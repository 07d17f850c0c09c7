import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolders, type Started, startProbe, until } from './support/probe.ts';

let started: Started;
beforeAll(async () => {
  started = await startProbe();
});
afterAll(async () => {
  await started.app.close();
  removeFolders();
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('utilityProcess', () => {
  it('has a pid from spawn until exit, and tells its exit code', async () => {
    const life = await started.app.evaluate(async () => {
      const engine = probe.fork();
      const before = engine.pid;
      await new Promise<void>((resolve) => engine.once('spawn', resolve));
      const during = engine.pid;
      const exit = new Promise<number>((resolve) => engine.once('exit', resolve));
      engine.postMessage({ action: 'exit', value: 42 });
      return { before: typeof before, during: typeof during, code: await exit, after: typeof engine.pid };
    });
    expect(life).toEqual({ before: 'undefined', during: 'number', code: 42, after: 'undefined' });
  });
  it('is named in the metrics of the app while it runs', async () => {
    const [during, after] = await started.app.evaluate(async ({ app }) => {
      const engine = probe.fork({ serviceName: 'probe-engine' });
      await new Promise<void>((resolve) => engine.once('spawn', resolve));
      const named = () => app.getAppMetrics().filter((metric) => metric.name === 'probe-engine');
      const running = named().map(({ pid, type, serviceName, memory }) => ({
        isIts: pid === engine.pid,
        type,
        serviceName,
        hasMemory: memory.workingSetSize > 0,
      }));
      const exit = new Promise((resolve) => engine.once('exit', resolve));
      engine.kill();
      await exit;
      return [running, named().length] as const;
    });
    expect(during).toEqual([
      { isIts: true, type: 'Utility', serviceName: 'node.mojom.NodeService', hasMemory: true },
    ]);
    expect(after).toBe(0);
  });
  it('gets arguments, environment and its own identity', async () => {
    const description = await started.app.evaluate(() =>
      probe.ask(probe.fork({ env: { ...process.env, PROBE_FLAG: 'set' } }, ['--one', 'two']), 'describe'),
    );
    expect(description).toMatchObject({
      type: 'utility',
      argv: ['--one', 'two'],
      flag: 'set',
      send: 'undefined',
      electron: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      online: 'boolean',
      main: expect.stringMatching(/engine\.cjs$/),
    });
  });
  it('may use only what Electron gives a utility process', async () => {
    const message = await started.app.evaluate(() => probe.ask(probe.fork(), 'missing'));
    expect(message).toContain('BrowserWindow');
  });
  it('clones messages', async () => {
    const same = await started.app.evaluate(async () => {
      const sent = new Map([['bytes', new Uint8Array([1, 2, 3])]]);
      const back = (await probe.ask(probe.fork(), 'echo', sent)) as typeof sent;
      return [back !== sent, back instanceof Map, back.get('bytes')?.join()];
    });
    expect(same).toEqual([true, true, '1,2,3']);
  });
  it('keeps messages that were sent before it was up', async () => {
    const answers = await started.app.evaluate(async () => {
      const engine = probe.fork();
      for (const value of [1, 2, 3]) engine.postMessage({ action: 'echo', value });
      await new Promise<void>((resolve) => {
        engine.on('message', () => {
          if (engine.messages.length === 3) resolve();
        });
      });
      return engine.messages;
    });
    expect(answers).toEqual([{ answer: 1 }, { answer: 2 }, { answer: 3 }]);
  });
  it('pipes its output when asked', async () => {
    const text = await started.app.evaluate(async () => {
      const engine = probe.fork({ stdio: 'pipe' });
      let seen = '';
      for (const stream of [engine.stdout, engine.stderr])
        stream?.on('data', (chunk) => {
          seen += String(chunk);
        });
      const closed = new Promise((resolve) => engine.stderr?.on('end', resolve));
      engine.postMessage({ action: 'print' });
      engine.postMessage({ action: 'exit', value: 0 });
      await closed;
      return seen;
    });
    expect(text).toContain('to stdout');
    expect(text).toContain('to stderr');
  });
  it.each([
    ['is killed', 'kill', 15],
    ['crashes', 'crash', 6],
    ['throws', 'throwLater', 1],
  ])('tells the shell when it %s', async (_name, action, expected) => {
    const code = await started.app.evaluate(async (_electron, what) => {
      const engine = probe.fork({ stdio: 'ignore' });
      await new Promise<void>((resolve) => engine.once('spawn', resolve));
      const exit = new Promise<number>((resolve) => engine.once('exit', resolve));
      if (what === 'kill') engine.kill();
      else engine.postMessage({ action: what });
      return exit;
    }, action);
    expect(code).toBe(expected);
  });
  it('does not outlive the app, not even in an endless loop', async () => {
    const other = await startProbe();
    const pid = await other.app.evaluate(async () => {
      const engine = probe.fork();
      await new Promise<void>((resolve) => engine.once('spawn', resolve));
      const { pid: own } = engine;
      engine.postMessage({ action: 'spin' });
      return own ?? 0;
    });
    expect(alive(pid)).toBe(true);
    await other.app.close();
    await until(() => !alive(pid), 'the end of the utility process');
  });
});
