import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { findChromium } from '../../../electron/source/shell/chromium.ts';
import { ensureSystemPackages } from '../../../electron/systemPackages.ts';
import type { Order, Times } from './suite.ts';

/** Something that can be measured, round after round, at any number of documents. Rejects with what went wrong in it. */
export interface Contender {
  readonly name: string;
  readonly measure: (order: Order) => Promise<Times>;
}

const IN_NODE = ['ours', 'ours, encrypted', 'ours alone', 'by hand', 'memory'];
const IN_CHROMIUM = ['Dexie', 'localstorage'];

export interface Field {
  readonly contenders: readonly Contender[];
  readonly chromium: string;
  readonly close: () => Promise<void>;
}

/** Starts all contenders: one process each, those of the browser in one page each of the system's Chromium with a profile on disk. */
export async function openField(): Promise<Field> {
  const folder = mkdtempSync(join(tmpdir(), 'soan-bench-store-'));
  const children: ChildProcess[] = [];
  const inNode = IN_NODE.map((name, number): Contender => {
    const own = join(folder, `contender-${number}`);
    mkdirSync(own);
    const child = fork(join(import.meta.dirname, 'child.ts'), [name, own], { execArgv: ['--expose-gc'] });
    children.push(child);
    return { name, measure: (order) => ask(child, order) };
  });
  const browser = await openChromium(join(folder, 'profile'));
  return {
    contenders: [...inNode, ...browser.contenders],
    chromium: browser.version,
    close: async () => {
      await browser.close();
      for (const child of children) {
        const gone = once(child, 'exit');
        child.disconnect();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(child: ChildProcess, order: Order): Promise<Times> {
  const answered = new AbortController();
  const answer = once(child, 'message', answered);
  const gone = once(child, 'exit', answered).then(() => {
    throw new Error('the process of a contender ended');
  });
  gone.catch(() => undefined);
  child.send(order);
  try {
    const [{ times, error }] = (await Promise.race([answer, gone])) as [{ times?: Times; error?: string }];
    if (!times) throw new Error(error);
    return times;
  } finally {
    answered.abort();
  }
}

interface Page {
  readonly measure: (kind: string, order: Order) => Promise<Times>;
}

async function openChromium(profile: string) {
  ensureSystemPackages();
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium');
  const bundled = await build({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    alias: { assert: join(import.meta.dirname, 'assertInPage.ts') },
    logLevel: 'error',
  });
  const script = bundled.outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    // An isolated page has a clock of 5 µs instead of 100 µs.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const isScript = request.url === '/page.js';
    response.setHeader(
      'Content-Type',
      isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    );
    response.end(isScript ? script : '<!doctype html><title>bench</title><script src="/page.js"></script>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const contenders = await Promise.all(
    IN_CHROMIUM.map(async (name): Promise<Contender> => {
      const page = await context.newPage();
      await page.goto(address);
      const measure = async (order: Order): Promise<Times> => {
        // A page that is not shown gets less of the processor.
        await page.bringToFront();
        return page.evaluate(([kind, wanted]) => (globalThis as unknown as Page).measure(kind, wanted), [
          name,
          order,
        ] as const);
      };
      return { name, measure };
    }),
  );
  return {
    contenders,
    version: context.browser()?.version() ?? '',
    close: async () => {
      await context.close();
      server.close();
    },
  };
}
