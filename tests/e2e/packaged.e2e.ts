import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { PASSWORD } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const FOLDER = join(import.meta.dirname, '../../release/linux-unpacked');
const ACCOUNT = 'dau-moi.sldtbxh';
const SAMPLE = 'Quy chế quản lý, vận hành, cung cấp thông tin và dịch vụ công trực tuyến';

interface Packaged {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
  /** Resolves to the address of its debugging port, or null if the app ended before it had one. */
  readonly devTools: Promise<string | null>;
}

/** Starts the packaged app. Its fuses switch off the inspector of Node, so it is driven by its windows alone. */
function start(folder: string, userData: string, portalUrl: string): Packaged {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    join(folder, 'soan'),
    ['--remote-debugging-port=0', `--user-data-dir=${userData}`, ...asRoot],
    {
      cwd: userData,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SOAN_PORTAL_URL: portalUrl, SOAN_BACKUP_LOOK_MS: '5000' },
    },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const devTools = new Promise<string | null>((resolve) => {
    const read = (part: string): void => {
      output += part;
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    void ended.then(() => resolve(null));
  });
  return { process: child, ended, output: () => output, devTools };
}

async function stop(app: Packaged): Promise<void> {
  app.process.kill('SIGTERM');
  const timer = setTimeout(() => app.process.kill('SIGKILL'), 20_000);
  await app.ended;
  clearTimeout(timer);
}

async function signInAndRead(page: Page): Promise<void> {
  await page.getByLabel(words('signIn.account')).fill(ACCOUNT);
  await page.getByLabel(words('signIn.password'), { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words('signIn.submit'), exact: true }).click();
  await page
    .getByRole('navigation', { name: words('desk.views') })
    .getByRole('button', { name: words('view.all') })
    .click();
  await page.getByRole('row').filter({ hasText: SAMPLE }).click();
  await expect(page.locator('#field-title')).toHaveValue(new RegExp(SAMPLE));
  await expect(page.locator('#field-body')).toContainText('Điều 1');
}

let portal: Portal;
test.beforeAll(async ({}, info) => {
  expect(existsSync(join(FOLDER, 'soan')), 'the packaged app; `npm run dist` makes it').toBe(true);
  portal = new Portal({ data: join(info.project.outputDir, 'packaged-portal') });
  await portal.start();
});
test.afterAll(() => portal?.end('SIGTERM'));

test('the packaged app starts from its archive, opens an article and backs up in its thread', async ({}, info) => {
  expect(readdirSync(join(FOLDER, 'resources'))).toContain('app.asar');
  expect(existsSync(join(FOLDER, 'resources/app'))).toBe(false);
  const userData = info.outputPath('desk');
  mkdirSync(userData, { recursive: true });
  const app = start(FOLDER, userData, portal.url);
  try {
    const address = await app.devTools;
    expect(address, app.output()).not.toBeNull();
    const browser = await chromium.connectOverCDP(address ?? '');
    const context = browser.contexts()[0];
    await expect.poll(() => context?.pages().length ?? 0).toBe(1);
    const [page] = context?.pages() ?? [];
    if (!page) throw new Error('no window');
    await signInAndRead(page);
    const [desk = ''] = readdirSync(join(userData, 'desks'));
    const backups = () => readdirSync(join(userData, 'desks', desk, 'backups'));
    await expect
      .poll(() => backups().filter((name) => name.endsWith('.backup')).length, { timeout: 60_000 })
      .toBe(1);
    await browser.close();
  } finally {
    await stop(app);
  }
});

test('without its archive, or with a damaged one, the packaged app does not start', async ({}, info) => {
  const folder = info.outputPath('copy');
  cpSync(FOLDER, folder, { recursive: true });
  const archive = join(folder, 'resources/app.asar');
  const userData = info.outputPath('desk');
  mkdirSync(userData, { recursive: true });
  for (const damage of [() => writeFileSync(archive, 'no archive'), () => rmSync(archive)]) {
    damage();
    const app = start(folder, userData, portal.url);
    try {
      const timer = setTimeout(() => app.process.kill('SIGKILL'), 15_000);
      const first = await Promise.race([
        app.ended,
        app.devTools.then(async (address) => address ?? app.ended),
      ]);
      clearTimeout(timer);
      if (typeof first === 'string') {
        // Electron opens its port before it looks for the app; then it has no window to show.
        const browser = await chromium.connectOverCDP(first);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        expect(browser.contexts().flatMap((context) => context.pages())).toEqual([]);
        await browser.close();
      } else expect(first, app.output()).not.toBe(0);
    } finally {
      await stop(app);
    }
  }
  rmSync(folder, { recursive: true, force: true });
});
