import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { Desk } from './support/desk.ts';
import { Complaints, prefer, sidewaysOverflow, violations } from './support/inspect.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { openReader } from './support/reader.ts';
import { words } from './support/words.ts';

const DOCUMENT = join(import.meta.dirname, '../../portal/sample/files/quyet-dinh-26-2017-qd-ubnd.docx');

let portal: Portal;
test.describe.configure({ timeout: 240_000 });
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'accessibility-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

/** Looks at the screen as it stands in both languages and both themes; leaves it in Vietnamese, light. */
async function inspect(page: Page, screen: string): Promise<void> {
  for (const [language, theme] of [
    ['vi', 'light'],
    ['en', 'dark'],
  ] as const) {
    await prefer(page, language, theme);
    expect.soft(await violations(page), `${screen}, ${language}, ${theme}`).toEqual([]);
    expect.soft(await sidewaysOverflow(page), `${screen}, ${language}, width`).toEqual([]);
  }
  await prefer(page, 'vi', 'light');
}

/** Runs with a person at a desk of its own; nothing may have been complained about at the end. */
async function at(account: string, userData: string, look: (person: Person) => Promise<void>): Promise<void> {
  const person = await Person.signIn(account, { userData, portalUrl: portal.url });
  try {
    const complaints = await Complaints.of(person.page);
    await person.isOnline();
    await look(person);
    expect(complaints.all).toEqual([]);
  } finally {
    await person.desk.close();
  }
}

/** Opens a dialog, looks at it, and closes it without deciding anything. */
async function inspectDialog(person: Person, open: () => Promise<void>, screen: string): Promise<void> {
  await open();
  await expect(person.dialog).toBeVisible();
  await inspect(person.page, screen);
  await person.page.keyboard.press('Escape');
  await expect(person.dialog).toBeHidden();
}

const bar = (person: Person): Locator => person.page.getByRole('region', { name: words('decision.bar') });

async function inspectViews(person: Person): Promise<void> {
  await person.go('desk');
  const views = person.page.getByRole('navigation', { name: words('desk.views') }).getByRole('button');
  const count = await views.count();
  expect(count).toBeGreaterThan(3);
  for (let at = 0; at < count; at += 1) {
    const view = views.nth(at);
    const name = ((await view.textContent()) ?? '').replace(/[\d.,]+$/, '');
    await view.click();
    await expect(person.page.getByRole('main', { name })).toBeVisible();
    await inspect(person.page, `list “${name}”`);
  }
}

test('signing in', async ({}, info) => {
  const desk = await Desk.open({ userData: info.outputPath('desk'), portalUrl: portal.url });
  try {
    const { page } = desk;
    const complaints = await Complaints.of(page);
    await expect(page.getByRole('heading', { name: words('signIn.title') })).toBeVisible();
    await inspect(page, 'sign-in');
    await page.getByRole('button', { name: words('signIn.changePortal') }).click();
    await page.getByRole('button', { name: words('signIn.submit'), exact: true }).click();
    await inspect(page, 'sign-in, with what is missing and the address of the portal');
    expect(complaints.all).toEqual([]);
  } finally {
    await desk.close();
  }
});

test('a liaison officer: lists, new article, editor with all its tabs, declaration, outbox, account, help', async ({}, info) => {
  await at('dau-moi.sldtbxh', info.outputPath('desk'), async (person) => {
    const { page } = person;
    await inspectViews(person);
    await page.getByRole('searchbox', { name: words('desk.search') }).fill('không có bài nào như thế');
    await expect(page.getByText(words('desk.empty.searched'))).toBeVisible();
    await inspect(page, 'list, nothing found');
    const search = page.getByRole('searchbox', { name: words('desk.search') });
    await search.fill('quy che');
    await expect(page.locator('.row mark').first()).toBeVisible();
    await inspect(page, 'list, words found');
    await inspectDialog(
      person,
      () => person.button(`${words('desk.filter.dates')}:`).click(),
      'dates of the filter',
    );
    await search.fill('không có bài nào như thế');
    await person.button(`${words('desk.filter.channel')}:`).click();
    await page.getByRole('menuitemradio', { name: words('desk.filter.channels.en') }).click();
    await expect(page.getByText(words('desk.empty.filtersOn_other', { count: 1 }))).toBeVisible();
    await inspect(page, 'list, nothing found, a filter on');
    await person.button(words('desk.filter.clearAll_other', { count: 1 })).click();
    await search.fill('');
    await inspectDialog(person, () => person.button(words('desk.new')).first().click(), 'new article');

    await person.create(
      'tin tức',
      'Một bài có tiêu đề dài hơn bình thường để xem tiêu đề xuống dòng thế nào khi cửa sổ hẹp',
    );
    await page.locator('#field-summary').fill('Sapô của bài, có đủ dấu: ẵ, ễ, ỗ, ữ, ỵ, đ.');
    await person.body.click();
    await person.setBlock('h2');
    await page.keyboard.insertText('Đề mục');
    await page.keyboard.press('Enter');
    await person.format('bullets');
    await page.keyboard.insertText('Mục của danh sách');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('Một đoạn văn trước bảng.');
    await page.keyboard.press('Enter');
    await person.format('insertTable');
    await page.keyboard.insertText('Ô của bảng');
    await person.saved();
    await inspect(page, 'editor, fields');
    await person.tab('checks');
    await inspect(page, 'editor, checks');
    await person.attach(DOCUMENT);
    await expect(page.getByText('quyet-dinh-26-2017-qd-ubnd.docx')).toBeVisible();
    await inspect(page, 'editor, files');
    await person.tab('history');
    await inspect(page, 'editor, history');
    await page
      .getByRole('toolbar', { name: words('toolbar.label') })
      .getByLabel(words('toolbar.block'))
      .click();
    await inspect(page, 'editor, menu');
    await page.keyboard.press('Escape');
    await inspectDialog(person, () => person.button(words('declare.open')).click(), 'declaration');

    await person.go('outbox');
    await inspect(page, 'outbox with what is only here');
    await person.go('account');
    await inspect(page, 'account');
    await inspectDialog(person, () => person.button(words('account.keys')).click(), 'help');
    await inspectDialog(person, () => person.button(words('account.signOut')).click(), 'signing out');
  });
});

test('a head of a unit: queue, text, comparison, confirmation, reason', async ({}, info) => {
  await at('lanh-dao.stttt', info.outputPath('desk'), async (person) => {
    const { page } = person;
    await person.go('review');
    await expect(bar(person)).toBeVisible();
    await inspect(page, 'review, whole text');
    await person.button(words('review.edit')).click();
    await page.locator('#field-title').press('End');
    await page.keyboard.type(' (bản đơn vị sửa)');
    await person.toEndOfBody();
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('Một đoạn do lãnh đạo đơn vị thêm.');
    await person.saved();
    await person.go('review');
    await person.button(words('review.basis.submitted')).click();
    await expect(page.locator('main ins').first()).toBeVisible();
    await inspect(page, 'review, comparison');
    const endorse = words('action.endorse').replace(/ \{\{.*$/, '');
    await inspectDialog(person, () => person.button(endorse, bar(person)).click(), 'confirmation');
    await inspectDialog(
      person,
      () => person.button(words('action.returnWithReason'), bar(person)).click(),
      'reason',
    );
  });
});

test('an editor-in-chief: approval', async ({}, info) => {
  await at('truong-ban', info.outputPath('desk'), async (person) => {
    await person.go('review');
    await expect(bar(person)).toBeVisible();
    const approve = words('action.approve').replace(/ \{\{.*$/, '');
    await inspectDialog(person, () => person.button(approve, bar(person)).click(), 'approval');
  });
});

test('a translator: list, start, two texts side by side, empty outbox', async ({}, info) => {
  await at('bien-dich', info.outputPath('desk'), async (person) => {
    const { page } = person;
    await person.go('outbox');
    await expect(page.getByRole('heading', { name: words('outbox.empty') })).toBeVisible();
    await inspect(page, 'empty outbox');
    await person.go('translation');
    const row = page.getByRole('row').filter({ hasText: '26/2017' });
    await expect(row).toBeVisible();
    await inspect(page, 'translation list');
    await row.click();
    await expect(person.dialog).toBeVisible();
    await inspect(page, 'starting a translation');
    await person.button(words('translation.start'), person.dialog).click();
    await expect(page.locator('#field-title')).toBeVisible();
    await page.locator('#field-title').fill('Decision 26/2017/QĐ-UBND');
    await person.saved();
    await inspect(page, 'translation');
  });
});

test('the public pages', async () => {
  const reader = await openReader();
  try {
    const { page } = reader;
    const complaints = await Complaints.of(page);
    await page.goto(`${portal.url}/`);
    const article = await page.locator('main a[href*="/bai/"]').first().getAttribute('href');
    const pages = ['/', '/en/', article ?? '', '/tim-kiem?q=quy+che', '/tim-kiem?q=khong-co-gi', '/tat-ca'];
    for (const path of [...pages, '/en/search?q=decision', '/en/all', '/khong-co-trang-nay', '/en/no-page']) {
      await page.goto(new URL(path, portal.url).href);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect.soft(await violations(page), `${path}, ${colorScheme}`).toEqual([]);
      }
      expect.soft(await sidewaysOverflow(page), path).toEqual([]);
    }
    // A page that is not there is itself reported in the console.
    expect(complaints.all.filter((line) => !line.includes('status of 404'))).toEqual([]);
  } finally {
    await reader.close();
  }
});
