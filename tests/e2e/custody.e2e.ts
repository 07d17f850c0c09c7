import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { foldVietnamese } from '../../domain/text/index.ts';
import { unwrapByPassword, wrapByPassword } from '../../main/engine/custody/wrap.ts';
import { enginePid, killEngine } from './support/engine.ts';
import { prefer, sidewaysOverflow, violations } from './support/inspect.ts';
import { PASSWORD, Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const ACCOUNT = 'dau-moi.sldtbxh';
const SOON = { SOAN_BACKUP_LOOK_MS: '2000' };

let portal: Portal;
test.describe.configure({ timeout: 240_000 });
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'custody-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

const deskFolder = (userData: string): string => {
  const desks = join(userData, 'desks');
  return join(desks, readdirSync(desks).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '');
};
const backupsIn = (userData: string): string[] =>
  readdirSync(join(deskFolder(userData), 'backups')).filter((name) => name.endsWith('.backup'));
const backedUp = (userData: string) =>
  expect.poll(() => backupsIn(userData).length, { timeout: 60_000, message: 'a backup' }).toBeGreaterThan(0);

/** Looks at the screen in both languages and themes, and keeps pictures of it. */
async function inspect(page: Page, screen: string, picture: string): Promise<void> {
  for (const [language, theme] of [
    ['en', 'dark'],
    ['vi', 'light'],
  ] as const) {
    await prefer(page, language, theme);
    await page.screenshot({ path: `${picture}-${language}.png` });
    expect.soft(await violations(page), `${screen}, ${language}, ${theme}`).toEqual([]);
    expect.soft(await sidewaysOverflow(page), `${screen}, ${language}, width`).toEqual([]);
  }
}

/** The stand-in's browser keeps titles of its tabs and pages; Electron has no such files. */
const BROWSERS_OWN = /[/\\]Chromium[/\\]Default[/\\](?:Sessions[/\\]|History|Top Sites|Shortcuts)/;

/** Files below a folder that hold one of the words, in any spelling that a program might write. */
function filesWith(folder: string, marked: readonly string[]): string[] {
  const forms = marked.flatMap((word) =>
    [word, word.toLowerCase(), foldVietnamese(word)].flatMap((form) => [
      Buffer.from(form, 'utf8'),
      Buffer.from(form, 'utf16le'),
      ...[0, 1, 2].map((shift) => base64Core(form, shift)),
    ]),
  );
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || BROWSERS_OWN.test(path)) continue;
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      // Gone since it was listed.
      continue;
    }
    if (forms.some((form) => bytes.includes(form))) found.push(path.slice(folder.length));
  }
  return found;
}

/** What base64 makes of the word wherever in a text it begins; without the ends, which depend on what is around it. */
function base64Core(word: string, shift: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64');
  return Buffer.from(text.slice(shift === 0 ? 0 : 4, -4));
}

test('nothing that was written, attached, searched or backed up lies readable on the disk', async ({}, info) => {
  const userData = info.outputPath('desk');
  const person = await Person.signIn(ACCOUNT, { userData, portalUrl: portal.url });
  const { page } = person;
  const inTitle = 'Lươngkhoquýba';
  const inBody = 'Hàngràomâytre';
  const inFile = 'Ngọcbíchxanhlơ';
  const inFileName = 'tên-tệp-khóđoán';
  const marked = [inTitle, inBody, inFile, inFileName];
  try {
    await person.create('tin tức', `Bài có chữ ${inTitle} để tìm`);
    await person.body.click();
    await page.keyboard.insertText(`Thân bài có chữ ${inBody} ở giữa.`);
    await person.saved();
    const file = info.outputPath(`${inFileName}.txt`);
    const content = `Tệp có chữ ${inFile} bên trong.\n`.repeat(200);
    writeFileSync(file, content);
    await person.attach(file);
    await expect(page.getByText(`${inFileName}.txt`)).toBeVisible();
    await person.saved();
    await person.go('desk');
    for (const word of [inBody, inFile]) {
      await page.getByRole('searchbox', { name: words('desk.search') }).fill(word);
      await expect(page.getByRole('row').filter({ hasText: inTitle })).toBeVisible({ timeout: 20_000 });
    }
    await page.getByRole('searchbox', { name: words('desk.search') }).fill('');
    await person.open(inTitle);
    await person.declare();
    await person.hasSentAll();
    expect(filesWith(userData, marked), 'while it runs').toEqual([]);

    await person.desk.close();
    await person.desk.reopen(SOON);
    await person.open(inTitle);
    await backedUp(userData);
    expect(filesWith(userData, marked), 'with a backup').toEqual([]);
    await person.desk.close();
    expect(filesWith(userData, marked), 'after the end').toEqual([]);
    expect(filesWith(userData, [PASSWORD]), 'password').toEqual([]);
    // The name of an attached file on the disk tells nothing of it either.
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(readdirSync(join(deskFolder(userData), 'files'), { recursive: true }).join()).not.toContain(
      sha256.slice(2),
    );
    // The search itself finds what is there.
    expect(filesWith(userData, [ACCOUNT]).some((path) => path.endsWith('keys.json'))).toBe(true);
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});

test('without a key store: the password opens the desk offline, a wrong one does not, and signing in later loses nothing', async ({}, info) => {
  const userData = info.outputPath('desk');
  const person = await Person.signIn('dau-moi.stttt', { userData, portalUrl: portal.url, keyring: false });
  const title = 'Bài mở bằng mật khẩu';
  try {
    await person.create('tin tức', title);
    await person.saved();

    // A crash of the engine asks nobody for anything.
    const before = await enginePid(person.desk.app);
    await killEngine(person.desk.app);
    await expect.poll(() => enginePid(person.desk.app), { timeout: 20_000 }).not.toBe(before);
    await person.body.click();
    await person.page.keyboard.insertText('Viết sau khi máy trục trặc.');
    await person.saved();
    await person.isOnline();

    await person.desk.close();
    await portal.end('SIGTERM');
    await person.desk.reopen();
    const { page } = person;
    await expect(page.getByRole('heading', { name: words('signIn.unlockTitle') })).toBeVisible();
    await expect(page.getByText(words('signIn.offlineHere'))).toBeVisible({ timeout: 30_000 });
    await inspect(page, 'locked', info.outputPath('locked'));
    await person.signInAs('dau-moi.stttt', 'sai-mat-khau');
    await expect(page.getByRole('alert')).toHaveText(words('error.wrong-password-here'), { timeout: 30_000 });
    await inspect(page, 'locked, wrong password', info.outputPath('wrong'));
    await person.signInAs('dau-moi.stttt', PASSWORD);
    await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible({
      timeout: 30_000,
    });
    await expect(person.strip).toContainText(words('strip.expiredOffline'));
    await expect(page.getByText(words('signIn.openedHere'))).toBeVisible();
    await inspect(page, 'opened offline', info.outputPath('opened'));
    await person.open(title);
    await expect(person.body).toContainText('Viết sau khi máy trục trặc.');
    await person.toEndOfBody();
    await page.keyboard.insertText(' Viết khi mất mạng.');
    await person.saved();
    await person.declare();

    await portal.start();
    await person.strip.getByRole('button', { name: words('strip.retry') }).click();
    await expect(page.getByText(words('signIn.reachableAgain'))).toBeVisible({ timeout: 30_000 });
    await expect(person.strip).toContainText(words('strip.expired'));
    await person.body.click();
    await person.toEndOfBody();
    await page.keyboard.insertText(' Đang gõ dở.');
    await person.strip.getByRole('button', { name: words('strip.signInAgain') }).click();
    await inspect(page, 'signing in again', info.outputPath('again'));
    await person.dialog.getByLabel(words('signIn.password'), { exact: true }).fill(PASSWORD);
    await person.dialog.getByRole('button', { name: words('signIn.submit') }).click();
    await expect(person.dialog).toBeHidden({ timeout: 30_000 });
    await expect(person.body).toContainText('Viết khi mất mạng. Đang gõ dở.');
    await person.hasSentAll();
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});

test('a password changed meanwhile: the former one is asked for once, or the desk is put aside', async ({}, info) => {
  const userData = info.outputPath('desk');
  const former = 'Mat-khau-truoc-day';
  const person = await Person.signIn('lanh-dao.stttt', { userData, portalUrl: portal.url, keyring: false });
  try {
    await person.desk.close();
    const folder = deskFolder(userData);
    const about = `${folder.slice(-32)} 1`;
    const file = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'));
    const key = await unwrapByPassword(file.password, PASSWORD, about);
    if (!key) throw new Error('the password does not open the desk');
    const rewritten = JSON.stringify({ ...file, password: await wrapByPassword(key, former, about, 1024) });
    for (const place of ['keys.json', 'backups/keys.json']) writeFileSync(join(folder, place), rewritten);

    await person.desk.reopen();
    const { page } = person;
    await person.signInAs('lanh-dao.stttt', PASSWORD);
    const field = page.getByLabel(words('signIn.former'), { exact: true });
    await expect(field).toBeFocused({ timeout: 30_000 });
    await inspect(page, 'former password', info.outputPath('former'));
    await field.fill('not it');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText(words('error.former-password-wrong'), {
      timeout: 30_000,
    });
    await page.getByRole('button', { name: words('signIn.formerForgotten') }).click();
    await inspect(page, 'putting a desk aside', info.outputPath('afresh'));
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('store.cancel') })
      .click();
    await field.fill(former);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible({
      timeout: 30_000,
    });
    const after = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'));
    expect(await unwrapByPassword(after.password, PASSWORD, about)).not.toBeNull();
    expect(after.password.cost).toBeGreaterThanOrEqual(2 ** 17);
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});

/** Overwrites a piece of every page, as a failing disk might. */
function damage(userData: string): void {
  const path = join(deskFolder(userData), 'desk.sqlite');
  const bytes = readFileSync(path);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 64);
  writeFileSync(path, bytes);
}

test('a damaged store: the copy is restored from the screen, and the portal’s comes again', async ({}, info) => {
  const userData = info.outputPath('desk');
  const person = await Person.signIn(ACCOUNT, { userData, portalUrl: portal.url });
  const title = 'Bài trước khi ổ đĩa hỏng';
  try {
    await person.create('tin tức', title);
    await person.body.click();
    await person.page.keyboard.insertText('Có trong bản sao.');
    await person.saved();
    await person.declare();
    await person.hasSentAll();
    await person.desk.close();
    await person.desk.reopen(SOON);
    await backedUp(userData);
    await person.open(title);
    await person.toEndOfBody();
    await person.page.keyboard.insertText(' Viết sau bản sao.');
    await person.saved();
    await person.hasSentAll();
    await person.desk.close();

    damage(userData);
    await person.desk.reopen();
    const { page } = person;
    await expect(page.getByRole('heading', { name: words('store.title') })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(words('error.store-damaged'))).toBeVisible();
    await inspect(page, 'damaged store', info.outputPath('damaged'));
    await page.getByRole('button', { name: words('store.openFolder') }).click();
    await page.getByRole('button', { name: words('store.retry') }).click();
    await expect(page.getByRole('button', { name: words('store.retry') })).toBeVisible();
    await page.getByRole('button', { name: words('store.restore').replace(/ \{\{.*$/, '') }).click();
    await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible({
      timeout: 60_000,
    });
    await person.hasSentAll();
    await person.open(title);
    await expect(person.body).toContainText('Có trong bản sao. Viết sau bản sao.', { timeout: 30_000 });
    expect(readdirSync(deskFolder(userData)).some((name) => name.startsWith('desk.sqlite.damaged-'))).toBe(
      true,
    );
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});

test('a damaged store without a copy: a new one only after it was confirmed', async ({}, info) => {
  const userData = info.outputPath('desk');
  const person = await Person.signIn('bien-dich', { userData, portalUrl: portal.url });
  try {
    await person.desk.close();
    damage(userData);
    await person.desk.reopen();
    const { page } = person;
    await expect(page.getByText(words('store.noBackup'))).toBeVisible({ timeout: 30_000 });
    await inspect(page, 'damaged store without a copy', info.outputPath('none'));
    await page.getByRole('button', { name: words('store.afresh') }).click();
    await inspect(page, 'beginning a new store', info.outputPath('confirm'));
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('store.cancel') })
      .click();
    await expect(page.getByRole('heading', { name: words('store.title') })).toBeVisible();
    await page.getByRole('button', { name: words('store.afresh') }).click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('store.afreshConfirm') })
      .click();
    await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible({
      timeout: 60_000,
    });
    await person.hasSentAll();
    expect(readdirSync(deskFolder(userData)).some((name) => name.startsWith('desk.sqlite.damaged-'))).toBe(
      true,
    );
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});
