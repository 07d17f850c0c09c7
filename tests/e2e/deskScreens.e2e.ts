import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { editText, summaryText } from '../../domain/document/index.ts';
import { getProfile } from '../../domain/regulations/index.ts';
import { Api } from './support/api.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const TITLE =
  'Mức trợ cấp mới cho người có công và thân nhân của người có công với cách mạng trên địa bàn tỉnh';
const CATEGORY = 'labour-social-policy';
const FIRST = 'Mức trợ cấp áp dụng từ tháng sau.';
const ADDED = 'Hồ sơ nộp tại bộ phận một cửa của Sở.';
/** Of the sample: both wait for the editor-in-chief, the second after an editor changed its summary. */
const UNCHANGED = 'tỉnh Sóc Trăng';
const CHANGED = 'Cổng thông tin điện tử tỉnh Thái Bình';
const BY_EDITOR = 'Ban Biên tập đã rút gọn sapô';
const REASON = 'Ghi rõ văn bản thay thế, nếu có.';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let portal: Portal;
let liaison: Person;
let chief: Person;
/** Day of the week and date of the deadline as the window writes it, `Thứ Sáu 27/11/2026`. */
let due = '';

test.beforeAll(async ({}, info) => {
  const folder = (name: string) => join(info.project.outputDir, `screens-${name}`);
  portal = new Portal({ data: folder('portal') });
  await portal.start();
  const [head, editor] = await Promise.all(
    ['lanh-dao.stttt', 'bien-tap-vien-1'].map((account) => Api.signIn(portal.url, account)),
  );
  if (!head || !editor) throw new Error('two people are needed');
  const { id } = await head.article(CHANGED);
  await head.decide(id, 'endorse');
  await editor.edit(id, (doc) => editText(summaryText(doc), BY_EDITOR, 'test'));
  await editor.decide(id, 'pass');
  const signIn = (account: string) =>
    Person.signIn(account, { userData: folder(account), portalUrl: portal.url });
  [liaison, chief] = await Promise.all([signIn('dau-moi.sldtbxh'), signIn('truong-ban')]);
  for (const { page } of [liaison, chief]) await page.setViewportSize({ width: 1366, height: 768 });
});
test.afterAll(async () => {
  for (const person of [liaison, chief]) await person?.desk.close();
  await portal.end('SIGTERM');
});

const categoryNamed = (category: string): string =>
  getProfile('VP17')?.categories.find(({ id }) => id === category)?.name.vi ?? '';
const categoryName = categoryNamed(CATEGORY);
/** The beginning of a sentence, up to its first place for a value. */
const start = (key: string): string => words(key).split('{{')[0] ?? '';
const main = (page: Page): Locator => page.getByRole('main');

/** A day in Viet Nam as it is typed. */
function daysAgo(days: number): string {
  const date = new Date(Date.now() + 7 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);
  return date.split('-').reverse().join('/');
}

/** The last Wednesday: five working days later there was a weekend in between, whatever day is today. */
const wednesday = (): string => daysAgo((new Date(Date.now() + 7 * 3_600_000).getUTCDay() + 4) % 7);

async function setDate(day: string): Promise<void> {
  await liaison.tab('info');
  await liaison.page.locator('#field-basisDocumentDate').fill(day);
  await liaison.page.locator('#field-basisDocumentDate').blur();
  await liaison.saved();
}

test('why it is due on that day, and why it is not out, are told from the article and from the list of the unit', async () => {
  const { page, dialog } = liaison;
  await liaison.button(words('desk.new')).first().waitFor();
  await liaison.create(categoryName, TITLE);
  await page.keyboard.press('Alt+h');
  await expect(dialog).toContainText(words('deadlines.whyNone'));
  await expect(dialog).toContainText(start('deadlines.status.event-date-missing'));
  await page.keyboard.press('Escape');

  await liaison.body.click();
  await page.keyboard.insertText(FIRST);
  await setDate(wednesday());
  await page.keyboard.press('Alt+h');
  const days = dialog.getByRole('list', { name: words('deadlines.dayByDay') }).getByRole('listitem');
  await expect(days.first()).toContainText(words('deadlines.day.event').replace('{{event}}', ''));
  await expect(days.filter({ hasText: words('deadlines.day.weekend') }).first()).toBeVisible();
  const counted = await days.locator('.nth').allTextContents();
  expect(counted).toEqual(['1', '2', '3', '4', '5']);
  await expect(days.last()).toContainText(words('deadlines.day.due'));
  await expect(dialog).toContainText('VP17 Điều 7 khoản 2');
  const heading = (await dialog.getByRole('heading').first().textContent()) ?? '';
  due = heading.slice(start('deadlines.why').length, -1);
  expect(due).toMatch(/^.+ \d\d?\/\d\d?\/\d{4}$/);
  await page.keyboard.press('Escape');

  const isToldWhy = async () => {
    await expect(dialog).toContainText(TITLE);
    await expect(dialog).toContainText(words('standing.obstacle.not-declared'));
    const acts = dialog.getByRole('listitem').filter({ hasText: words('standing.action.declare') });
    await expect(acts.first()).toContainText('(bạn)');
  };
  await page.keyboard.press('Alt+v');
  await isToldWhy();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Alt+1');
  const views = page.getByRole('navigation', { name: words('desk.views') });
  await liaison.button(words('view.unit'), views).click();
  const row = page.getByRole('row').filter({ hasText: TITLE });
  await expect(row).toContainText(words('sync.local'));
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  while ((await row.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+v');
  await isToldWhy();
  await liaison.button(words('standing.openArticle'), dialog).click();
  await expect(page.locator('#field-title')).toHaveValue(TITLE);
});

test('the calendar goes by keys to the day of a deadline, shows what is due on it, and opens it', async ({}, info) => {
  const { page, dialog } = liaison;
  const heading = main(page).getByRole('heading', { level: 1 });
  const day = page.getByRole('gridcell', { name: due });
  const focused = page.locator('[role="gridcell"]:focus');
  await page.keyboard.press('Alt+2');
  await expect(focused).toHaveAccessibleName(new RegExp(words('deadlines.today')));
  const month = (await heading.textContent()) ?? '';
  await page.keyboard.press('PageDown');
  await expect(heading).not.toHaveText(month);
  await page.keyboard.press('PageUp');
  await expect(heading).toHaveText(month);

  for (let days = 0; days < 31 && (await day.evaluateAll((found) => found[0] !== document.activeElement)); ) {
    const before = (await focused.getAttribute('aria-label')) ?? '';
    await page.keyboard.press('ArrowRight');
    await expect(focused).not.toHaveAccessibleName(before);
    days += 1;
  }
  await expect(day).toBeFocused();
  await expect(day).toHaveAccessibleName(new RegExp(`${due}.*1 bài`));
  const piece = day.getByRole('button', { name: TITLE });
  await expect(piece).toBeVisible();
  await page.screenshot({ path: join(info.project.outputDir, 'screens-month.png') });
  await piece.click();
  await expect(dialog.getByRole('heading').first()).toHaveText(`${start('deadlines.why')}${due}?`);
  await page.keyboard.press('Escape');

  await day.focus();
  await page.keyboard.press('Enter');
  const list = page.getByRole('grid', { name: words('deadlines.listName.day') });
  await expect(list).toBeFocused();
  await expect(list.getByRole('row').filter({ hasText: TITLE })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('#field-title')).toHaveValue(TITLE);
});

test('lists by deadline and sections say what is late, and what was never updated', async ({}, info) => {
  const { page } = liaison;
  const lists = page.getByRole('group', { name: words('deadlines.show') });
  const late = lists.getByRole('button', { name: words('deadlines.list.late').split('{{')[0] ?? '' });
  await page.keyboard.press('Alt+2');
  await late.click();
  await expect(main(page)).toContainText(words('deadlines.empty.late'));

  await liaison.open(TITLE);
  await setDate(daysAgo(60));
  await page.keyboard.press('Alt+2');
  await expect(late).toContainText('(1)');
  await late.click();
  const row = page.getByRole('row').filter({ hasText: TITLE });
  await expect(row).toContainText(start('due.late_other'));
  await expect(row).toContainText('Điều 7 khoản 2');

  await page.keyboard.press('Alt+3');
  await expect(main(page)).toContainText(start('sections.ownUnit'));
  const section = (name: string) => page.getByRole('row').filter({ has: page.getByRole('button', { name }) });
  await expect(section(categoryName)).toContainText(
    words('sections.status.late_other').replace(/\{\{.*\}\}/, '1'),
  );
  await expect(section(categoryName)).toContainText(words('sections.never'));
  const show = page.getByRole('group', { name: words('sections.show') });
  await show.getByRole('button', { name: start('sections.list.empty') }).click();
  await expect(section(categoryName)).toHaveCount(0);
  const empty = page.getByRole('row').filter({ hasText: words('sections.status.empty') });
  await expect(empty.first()).toContainText(words('sections.never'));
  await page.screenshot({ path: join(info.project.outputDir, 'screens-sections.png') });

  // The board sees all units: a section with something public says since when.
  await chief.page.keyboard.press('Alt+4');
  const laws = chief.page.getByRole('row').filter({
    has: chief.page.getByRole('button', { name: categoryNamed('legal-documents') }),
  });
  await expect(laws).toContainText(words('sections.today'));
});

test('a version is named, compared with what came after, and restored', async ({}, info) => {
  const { page, dialog } = liaison;
  await liaison.open(TITLE);
  await expect(liaison.body).toContainText(FIRST);
  const open = async () => {
    await liaison.tab('history');
    await liaison.button(words('history.open')).click();
  };
  await open();
  await liaison.button(words('history.name')).click();
  await dialog.getByRole('textbox').fill('Trước khi bổ sung');
  await liaison.button(words('history.nameSave'), dialog).click();
  const versions = page.getByRole('listbox', { name: words('history.versions') });
  await expect(versions.getByRole('option', { name: 'Trước khi bổ sung' })).toBeVisible();
  await liaison.button(words('action.back')).click();
  await liaison.toEndOfBody();
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(ADDED);
  await liaison.saved();

  await open();
  const text = page.getByRole('main', { name: words('history.text') });
  await versions.getByRole('option').first().click();
  await page.getByRole('button', { name: words('history.compareWith') }).click();
  await page.getByRole('option', { name: 'Trước khi bổ sung' }).last().click();
  await expect(text.locator('ins')).toContainText(ADDED);
  await expect(text.locator('del')).toHaveCount(0);
  await page.screenshot({ path: join(info.project.outputDir, 'screens-history.png') });

  await versions.getByRole('option', { name: 'Trước khi bổ sung' }).click();
  await liaison.button(words('history.restore')).click();
  await liaison.button(words('history.restoreConfirm'), dialog).click();
  await expect(page.getByText(words('history.restored'))).toBeVisible();
  await liaison.button(words('action.back')).click();
  await expect(liaison.body).toContainText(FIRST);
  await expect(liaison.body).not.toContainText(ADDED);
});

test('the editor-in-chief goes through the queue by keys alone: next, read, compare, decide', async ({}, info) => {
  const { page, dialog } = chief;
  const queue = page.getByRole('navigation', { name: words('review.queue') });
  const title = page.getByRole('heading', { level: 1 }).filter({ hasText: /Quy chế/ });
  const text = page.getByRole('main', { name: words('review.text') });
  await page.keyboard.press('Alt+2');
  await expect(queue.getByRole('button')).toHaveCount(2);
  await expect(text).toBeFocused();
  const toChanged = async () => {
    if (!(await title.textContent())?.includes(CHANGED)) await page.keyboard.press('Control+PageDown');
    await expect(title).toContainText(CHANGED);
  };
  const first = (await title.textContent()) ?? '';
  await page.keyboard.press('Control+PageDown');
  await expect(title).not.toHaveText(first);
  await page.keyboard.press('Control+PageUp');
  await expect(title).toHaveText(first);
  await toChanged();

  await expect(text).toBeFocused();
  await expect(text).toContainText(BY_EDITOR);
  await page.keyboard.press('End');
  await expect.poll(() => text.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  await page.keyboard.press('Alt+s');
  await expect(text.locator('ins').first()).toContainText(BY_EDITOR);
  await expect(text.locator('del').first()).toBeVisible();
  await page.keyboard.press('F8');
  await expect(page.getByText(words('review.changeOf', { at: 1, count: 1 }))).toBeVisible();
  await page.screenshot({ path: join(info.project.outputDir, 'screens-queue.png') });

  await page.keyboard.press('Control+Enter');
  await expect(dialog).toContainText(CHANGED);
  await expect(dialog.getByRole('checkbox')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toContainText(words('confirm.consentMissing'));
  await page.keyboard.press('Space');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText(words('decided.approve'), { exact: true })).toBeVisible();

  await expect(title).toContainText(UNCHANGED);
  await page.keyboard.press('Alt+t');
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await page.keyboard.insertText(REASON);
  await page.keyboard.press('Control+Enter');
  await expect(main(page)).toContainText(words('review.empty'));
  await chief.hasSentAll();

  await page.keyboard.press('Alt+1');
  await chief.button(words('view.all'), page.getByRole('navigation', { name: words('desk.views') })).click();
  const row = (named: string) => page.getByRole('row').filter({ hasText: named });
  await expect(row(CHANGED)).toContainText(words('state.published'));
  await expect(row(UNCHANGED)).toContainText(words('state.returned'));
});

test('the same screens speak English as soon as it is chosen', async ({}, info) => {
  const { page } = chief;
  await chief.go('account');
  await page
    .locator('label')
    .filter({ hasText: words('language.en') })
    .click();
  for (const module of ['desk', 'review', 'deadlines', 'sections', 'outbox', 'account'])
    await expect(
      page.getByRole('button', { name: words(`rail.${module}`, {}, 'en'), exact: false }).first(),
    ).toBeVisible();
  await page.keyboard.press('Alt+3');
  const calendar = page.getByRole('grid', { name: words('deadlines.calendar', {}, 'en') });
  await expect(calendar.getByRole('columnheader').first()).toHaveText(words('weekday.1', {}, 'en'));
  await expect(main(page)).not.toContainText(/[ăâđêôơư]/u);
  await page.screenshot({ path: join(info.project.outputDir, 'screens-english.png') });
  await chief.page.keyboard.press('Alt+6');
  await page
    .locator('label')
    .filter({ hasText: words('language.vi', {}, 'en') })
    .click();
  await expect(main(page)).toContainText(words('account.appearance'));
});
