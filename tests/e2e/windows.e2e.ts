import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import enMenu from '../../assets/strings/menu.en.json' with { type: 'json' };
import viMenu from '../../assets/strings/menu.vi.json' with { type: 'json' };
import { electronExecutable } from '../electron/locate.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { leaves, words } from './support/words.ts';

const TITLE = 'Bài mở ở hai cửa sổ';
const dist = join(import.meta.dirname, '../../dist');

let portal: Portal;
let person: Person;
let userData = '';
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'windows-portal') });
  await portal.start();
  userData = join(info.project.outputDir, 'windows-desk');
  person = await Person.signIn('dau-moi.sldtbxh', { userData, portalUrl: portal.url });
});
test.afterAll(async () => {
  await person?.desk.close();
  await portal.end('SIGTERM');
});

const menuLabels = (): Promise<string[]> =>
  person.desk.app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? []).flatMap((item) => [
      item.label,
      ...(item.submenu?.items ?? []).filter((one) => one.type !== 'separator').map((one) => one.label),
    ]),
  );

async function openSecondWindow(): Promise<Page> {
  const { app } = person.desk;
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }, label) => {
    const items = (Menu.getApplicationMenu()?.items ?? []).flatMap((item) => item.submenu?.items ?? []);
    items.find((item) => item.label === label)?.click();
  }, viMenu.newWindow);
  const page = await opened;
  await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible();
  return page;
}

async function open(page: Page, title: string): Promise<void> {
  await page
    .getByRole('navigation', { name: words('desk.views') })
    .getByRole('button', { name: words('view.all') })
    .click();
  await page.getByRole('row').filter({ hasText: title }).click();
  await expect(page.locator('#field-title')).toHaveValue(title);
}

test('two windows on one article see each other’s typing, and each keeps what it wrote', async () => {
  await person.create('tin tức', TITLE);
  await person.body.click();
  await person.page.keyboard.insertText('Từ cửa sổ thứ nhất.');
  await person.saved();
  const second = await openSecondWindow();
  await open(second, TITLE);
  const [here, there] = [person.body, second.locator('#field-body')];
  await expect(there).toContainText('Từ cửa sổ thứ nhất.');

  await there.click();
  await second.waitForTimeout(150);
  await second.keyboard.press('Control+End');
  await second.waitForTimeout(150);
  await second.keyboard.press('Enter');
  await second.keyboard.insertText('Từ cửa sổ thứ hai.');
  await expect(here).toContainText('Từ cửa sổ thứ hai.');
  // Both at once, in the same title.
  await Promise.all([
    (async () => {
      await person.page.locator('#field-title').press('Home');
      await person.page.keyboard.type('Một ', { delay: 20 });
    })(),
    (async () => {
      await second.locator('#field-title').press('End');
      await second.keyboard.type(' hai', { delay: 20 });
    })(),
  ]);
  for (const page of [person.page, second])
    await expect(page.locator('#field-title')).toHaveValue(`Một ${TITLE} hai`);
  await expect.poll(async () => (await there.innerText()) === (await here.innerText())).toBe(true);
  await expect(second.locator('[data-saved="saved"]')).toBeVisible();
  // A window that is closed takes nothing with it.
  await second.keyboard.type(' ba');
  await person.desk.app.evaluate(({ BrowserWindow }) => {
    const last = BrowserWindow.getAllWindows().sort((a, b) => b.id - a.id)[0];
    last?.close();
  });
  await expect
    .poll(() => person.desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length))
    .toBe(1);
  await expect(person.page.locator('#field-title')).toHaveValue(`Một ${TITLE} hai ba`);
});

test('the language is switched at run time: window, menu and the page’s language, without a Vietnamese rest', async () => {
  const { page } = person;
  expect(await menuLabels()).toEqual(expect.arrayContaining([viMenu.file, viMenu.newWindow]));
  await person.go('account');
  await page.getByText(words('language.en'), { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const rail = page.getByRole('navigation', { name: words('frame.rail', {}, 'en') });
  await expect(rail).toBeVisible();
  const labels = await menuLabels();
  expect(labels).toEqual(expect.arrayContaining([enMenu.file, enMenu.newWindow, enMenu.quit]));
  expect(labels.filter((label) => Object.values(viMenu).includes(label))).toEqual([]);

  const english = new Set(leaves('en'));
  const onlyVietnamese = new Set(leaves('vi').filter((sentence) => !english.has(sentence)));
  for (const module of ['account', 'outbox', 'desk'] as const) {
    await rail.getByRole('button', { name: words(`rail.${module}`, {}, 'en') }).click();
    await page.waitForTimeout(300);
    const lines = (await page.locator('body').innerText()).split(/\n| · /).map((line) => line.trim());
    expect(
      lines.filter((line) => onlyVietnamese.has(line)),
      module,
    ).toEqual([]);
    expect(lines.some((line) => english.has(line))).toBe(true);
  }
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await rail.getByRole('button', { name: words('rail.account', {}, 'en') }).click();
  await page.getByText(words('language.vi'), { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
});

test('a second start with the same profile brings the first window back and ends', async () => {
  const { app } = person.desk;
  const state = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized()));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expect.poll(state).toEqual([true]);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const second = spawn((await electronExecutable()).path, [dist, `--user-data-dir=${userData}`, ...asRoot], {
    stdio: 'ignore',
    env: { ...process.env, SOAN_PORTAL_URL: portal.url },
  });
  const timer = setTimeout(() => second.kill('SIGKILL'), 20_000);
  const code = await new Promise((resolve) => second.once('exit', resolve));
  clearTimeout(timer);
  expect(code).toBe(0);
  await expect.poll(state).toEqual([false]);
});
