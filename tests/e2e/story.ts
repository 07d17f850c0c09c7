import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page, expect as plainExpect } from '@playwright/test';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { openReader, type Reader } from './support/reader.ts';
import { words } from './support/words.ts';

const expect = plainExpect.configure({ timeout: 15_000 });
const root = join(import.meta.dirname, '../..');
const DOCUMENT_NAME = 'quyet-dinh-26-2017-qd-ubnd.docx';
const DOCUMENT = join(root, 'portal/sample/files', DOCUMENT_NAME);

/** Where the story tells what happens: the demo prints and takes pictures, the test only checks. */
export interface Teller {
  step(text: string): void;
  picture(page: Page, name: string): Promise<void>;
}

const TITLE = 'Thời gian cập nhật thông tin lên Cổng tỉnh: những điều đơn vị cần biết';
const SUMMARY =
  'Quy chế ban hành theo Quyết định 26/2017/QĐ-UBND quy định thời gian cập nhật cho từng mục thông tin, tính theo ngày làm việc.';
const PARAGRAPHS = [
  'Các cơ quan nhà nước có trách nhiệm cung cấp đầy đủ, chính xác và kịp thời thông tin lên Cổng Thông tin - Giao tiếp điện tử tỉnh.',
  'Thông tin tuyên truyền, phổ biến, hướng dẫn thực hiện pháp luật, chế độ, chính sách: không quá 05 ngày làm việc kể từ khi văn bản chính thức được ban hành.',
  'Thông tin về chiến lược, quy hoạch, dự án, hạng mục đầu tư, đấu thầu: không quá 10 ngày làm việc kể từ khi được phê duyệt.',
];
const AUTHOR = 'Văn phòng Sở Lao động - Thương binh và Xã hội';
const SOURCE = 'Cổng Thông tin - Giao tiếp điện tử tỉnh Vĩnh Phúc';
const REASON = 'Bổ sung thời hạn của văn bản quy phạm pháp luật (Điều 7 khoản 4).';
const ADDED_BY_LIAISON =
  'Văn bản quy phạm pháp luật của tỉnh: không quá 07 ngày làm việc kể từ ngày ban hành.';
const ADDED_BY_EDITOR = 'Đầu mối liên hệ: Ban Biên tập Cổng tỉnh.';
const ADDED_AFTER_APPROVAL =
  'Thông tin thống kê: không quá 05 ngày làm việc kể từ khi được quyết định công bố.';
const ENGLISH_TITLE = 'When units must update information on the provincial portal';
const ENGLISH_SUMMARY =
  'Decision 26/2017/QĐ-UBND sets a time limit in working days for each kind of information.';
const ENGLISH_BODY =
  'Policies and law: within 5 working days after official promulgation. Legal documents: within 7 working days.';
const MERGE_TITLE = 'Lịch tiếp công dân của Sở trong tuần';
const MERGE_START = 'Sở tiếp công dân tại trụ sở vào sáng thứ Năm.';

/** A day in Viet Nam as it is typed. */
function daysAgo(days: number): string {
  const [year, month, day] = new Date(Date.now() + 7 * 3_600_000 - days * 86_400_000)
    .toISOString()
    .slice(0, 10)
    .split('-');
  return `${day}/${month}/${year}`;
}

/**
 * The main job from an offline desk to the public page, told once: real windows, a real portal that is really killed.
 * `npm run demo` shows it, `mainJob.e2e.ts` tests it. Resolves when all six points hold.
 */
export async function mainJob(folder: string, teller: Teller): Promise<void> {
  await mkdir(folder, { recursive: true });
  const portal = new Portal({ data: join(folder, 'portal') });
  const people = new Map<string, Person>();
  let reader: Reader | undefined;
  const signIn = async (account: string): Promise<Person> => {
    const there = people.get(account);
    if (there) return there;
    const person = await Person.signIn(account, {
      userData: join(folder, `desk-${account}`),
      portalUrl: portal.url,
    });
    people.set(account, person);
    return person;
  };
  try {
    teller.step('The portal starts on its own PostgreSQL with the sample organisation of VP17');
    await portal.start();
    reader = await openReader();

    const liaison = await signIn('dau-moi.sldtbxh');
    teller.step('A liaison officer signs in');
    await teller.picture(liaison.page, 'liaison-desk');
    await writesOffline(liaison, portal, teller);
    await goesThroughTheUnit(liaison, signIn, portal, teller);
    await boardDecides(signIn, portal, teller);
    const address = await isPublic(reader, portal, teller);
    await isTranslated(signIn, reader, portal, address, teller);
    await mergesWithoutLoss(liaison, signIn, portal, teller);
  } catch (error) {
    for (const [account, { page }] of people) {
      await teller.picture(page, `failed-${account}`).catch(() => undefined);
    }
    throw error;
  } finally {
    for (const person of people.values()) await person.desk.close().catch(() => undefined);
    await reader?.close();
    await portal.end('SIGTERM');
  }
}

async function writesOffline(liaison: Person, portal: Portal, teller: Teller): Promise<void> {
  const { page } = liaison;
  // Units and rules have come: without them there is nothing to write in.
  await liaison.button(words('desk.new')).first().waitFor();
  await portal.end('SIGKILL');
  teller.step('The portal is killed; the liaison officer goes on offline');
  await liaison.create('chế độ, chính sách, quản lý nhà nước về lao động', TITLE);
  await page.locator('#field-summary').fill(SUMMARY);
  await liaison.body.click();
  await liaison.setBlock('h2');
  await page.keyboard.insertText('Thời gian cập nhật');
  await page.keyboard.press('Enter');
  await liaison.format('bold');
  await page.keyboard.insertText('Trách nhiệm. ');
  await liaison.format('bold');
  await page.keyboard.insertText(PARAGRAPHS[0] ?? '');
  await page.keyboard.press('Enter');
  await liaison.format('bullets');
  await page.keyboard.insertText(PARAGRAPHS[1] ?? '');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(PARAGRAPHS[2] ?? '');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await liaison.format('insertTable');
  for (const cell of [
    'Mục thông tin',
    'Thời hạn',
    'Căn cứ',
    'Thống kê',
    '05 ngày làm việc',
    'Điều 7 khoản 8',
  ]) {
    await page.keyboard.insertText(cell);
    await page.keyboard.press('Tab');
  }
  await liaison.tab('info');
  await page.locator('#field-basisDocumentDate').fill(daysAgo(2));
  await page.locator('#field-basisDocumentDate').blur();
  await page.locator('#field-author').fill(AUTHOR);
  await page.locator('[id="field-reused"]').getByText(words('field.yes'), { exact: true }).click();
  await page.locator('#field-sourceOfficial').fill(SOURCE);
  await page.locator('#field-sourceAuthorOrAgency').fill('UBND tỉnh Vĩnh Phúc');
  await liaison.attach(DOCUMENT);
  const attached = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: DOCUMENT_NAME });
  await expect(attached).toContainText(words('files.onlyHere'));
  await liaison.saved();
  await liaison.isOffline();
  await expect(page.getByText(words('declare.onlyHere'), { exact: true }).first()).toBeVisible();
  teller.step('The article has headings, lists, a table, fields and a document; it is only on this machine');
  await teller.picture(page, 'written-offline');

  await liaison.desk.close();
  await liaison.desk.reopen();
  teller.step('The app is closed and started again, still offline: everything is there');
  await liaison.open(TITLE);
  await expect(liaison.body).toContainText(PARAGRAPHS[2] ?? '');
  await expect(liaison.body.getByRole('table')).toContainText('05 ngày làm việc');
  await teller.picture(liaison.page, 'after-restart-offline');

  await liaison.decide('submit');
  await expect(liaison.strip).toContainText('chờ gửi');
  teller.step('It declares that the article holds no state secret and submits, offline');
  await liaison.go('outbox');
  await teller.picture(liaison.page, 'outbox-offline');
}

async function goesThroughTheUnit(
  liaison: Person,
  signIn: (account: string) => Promise<Person>,
  portal: Portal,
  teller: Teller,
): Promise<void> {
  await portal.start();
  await liaison.hasSentAll();
  teller.step('The portal is back: text, document and submission arrive');
  await teller.picture(liaison.page, 'sent');

  const head = await signIn('lanh-dao.sldtbxh');
  await head.review(TITLE);
  teller.step('The head of the unit reads it and returns it with a reason');
  await teller.picture(head.page, 'head-reads');
  await head.sendBack(REASON);
  await head.hasSentAll();

  await liaison.open(TITLE);
  await expect(liaison.page.getByText(REASON).first()).toBeVisible();
  await teller.picture(liaison.page, 'returned');
  await liaison.toEndOfBody();
  await liaison.page.keyboard.press('Enter');
  await liaison.page.keyboard.insertText(ADDED_BY_LIAISON);
  await liaison.saved();
  await liaison.decide('submit');
  await liaison.hasSentAll();
  teller.step('The liaison officer corrects it and submits again');

  await head.go('desk');
  await head.review(TITLE);
  await expect(head.page.locator('main')).toContainText(ADDED_BY_LIAISON);
  await portal.end('SIGKILL');
  await head.isOffline();
  await head.decide('endorse');
  teller.step('The head of the unit endorses it, offline');
  await teller.picture(head.page, 'endorsed-offline');
  await portal.start();
  await head.hasSentAll();
}

async function boardDecides(
  signIn: (account: string) => Promise<Person>,
  portal: Portal,
  teller: Teller,
): Promise<void> {
  const editor = await signIn('bien-tap-vien-1');
  await editor.open(TITLE);
  await editor.toEndOfBody();
  await editor.page.keyboard.press('Enter');
  await editor.page.keyboard.insertText(ADDED_BY_EDITOR);
  await editor.saved();
  await editor.decide('pass');
  await editor.hasSentAll();
  teller.step('An editor of the board edits it and passes it on');

  const chief = await signIn('truong-ban');
  await chief.review(TITLE);
  await expect(chief.page.locator('main')).toContainText(ADDED_BY_EDITOR);
  await teller.picture(chief.page, 'chief-reads');
  await portal.end('SIGKILL');
  await chief.isOffline();
  await chief.decide('approve');
  await expect(chief.strip).toContainText('chờ gửi');
  teller.step('The editor-in-chief approves it, offline');
  await teller.picture(chief.page, 'approved-offline');
  await chief.desk.close();

  await portal.start();
  await editor.open(TITLE);
  await editor.toEndOfBody();
  await editor.page.keyboard.press('Enter');
  await editor.page.keyboard.insertText(ADDED_AFTER_APPROVAL);
  await editor.saved();
  await editor.hasSentAll();
  teller.step('Meanwhile the editor changes the text');

  await chief.desk.reopen();
  await chief.hasSentAll();
  await chief.review(TITLE);
  await expect(chief.page.getByText('Bạn đã duyệt').first()).toBeVisible();
  await expect(chief.page.locator('main')).toContainText(ADDED_AFTER_APPROVAL);
  expect(await (await fetch(`${portal.url}/`)).text()).not.toContain(TITLE);
  teller.step(
    'That approval does not pass: it is kept, shown as approved an earlier text, with what differs',
  );
  await teller.picture(chief.page, 'approved-an-earlier-text');

  await chief.decide('approve');
  await chief.hasSentAll();
  teller.step('The editor-in-chief reads the difference and approves the present text');
}

async function isPublic(reader: Reader, portal: Portal, teller: Teller): Promise<string> {
  const address = await reader.find(portal.url, TITLE, 'vi');
  const { page } = reader;
  await expect(page.locator('main')).toContainText(ADDED_AFTER_APPROVAL);
  await expect(page.locator('main')).toContainText(AUTHOR);
  await expect(page.locator('main')).toContainText(SOURCE);
  await expect(page.locator('meta[name="DC.title"]')).toHaveAttribute('content', TITLE);
  expect(await page.locator('meta[name^="DC."]').count()).toBeGreaterThan(8);
  const file = page.locator('a[href*="/tep/"]').first();
  const answer = await page.request.get(new URL((await file.getAttribute('href')) ?? '', portal.url).href);
  expect(answer.status()).toBe(200);
  expect((await answer.body()).subarray(0, 2).toString()).toBe('PK');
  teller.step(
    'It is public on the Vietnamese channel, with its document, author, source and Dublin Core metadata',
  );
  await teller.picture(page, 'public-vietnamese');
  return address;
}

async function isTranslated(
  signIn: (account: string) => Promise<Person>,
  reader: Reader,
  portal: Portal,
  address: string,
  teller: Teller,
): Promise<void> {
  const translator = await signIn('bien-dich');
  await translator.go('translation');
  await translator.page.getByRole('row').filter({ hasText: TITLE }).click();
  await translator.button(words('translation.start'), translator.dialog).click();
  await expect(
    translator.page.getByRole('region', { name: words('translation.source') }).first(),
  ).toContainText(PARAGRAPHS[2] ?? '');
  await translator.page.locator('#field-title').fill(ENGLISH_TITLE);
  await translator.page.locator('#field-summary').fill(ENGLISH_SUMMARY);
  await translator.body.click();
  await translator.page.keyboard.insertText(ENGLISH_BODY);
  await translator.page.locator('#field-sourceOfficial').fill('Portal of Vĩnh Phúc province');
  await translator.page
    .locator('#field-sourceAuthorOrAgency')
    .fill("People's Committee of Vĩnh Phúc province");
  await translator.saved();
  teller.step('A translator opens it next to an English version and translates it');
  await teller.picture(translator.page, 'translation');
  await translator.submitEnglish();
  await translator.hasSentAll();

  const editor = await signIn('bien-tap-vien-2');
  await editor.review(ENGLISH_TITLE);
  await editor.decide('pass');
  await editor.hasSentAll();
  const chief = await signIn('truong-ban');
  await chief.review(ENGLISH_TITLE);
  await chief.decide('approve');
  await chief.hasSentAll();

  const english = await reader.find(portal.url, ENGLISH_TITLE, 'en');
  await expect(reader.page.locator('main')).toContainText(ENGLISH_BODY);
  await reader.page.getByRole('link', { name: 'Tiếng Việt' }).first().click();
  expect(new URL(reader.page.url()).pathname).toBe(new URL(address).pathname);
  await reader.page.getByRole('link', { name: 'English' }).first().click();
  expect(new URL(reader.page.url()).pathname).toBe(new URL(english).pathname);
  teller.step('Approved, it is public on the English channel, and the two pages link to each other');
  await teller.picture(reader.page, 'public-english');
}

async function mergesWithoutLoss(
  first: Person,
  signIn: (account: string) => Promise<Person>,
  portal: Portal,
  teller: Teller,
): Promise<void> {
  await first.create('tin tức', MERGE_TITLE);
  await first.body.click();
  await first.page.keyboard.insertText(MERGE_START);
  await first.saved();
  await first.declare();
  await first.hasSentAll();

  const second = await signIn('dau-moi-2.sldtbxh');
  await second.open(MERGE_TITLE);
  await expect(second.body).toContainText(MERGE_START);
  await portal.end('SIGKILL');
  await first.isOffline();
  await second.isOffline();
  await first.toEndOfBody();
  await first.page.keyboard.insertText(' Giám đốc Sở chủ trì.');
  await first.page.keyboard.press('Enter');
  await first.page.keyboard.insertText('Công dân mang theo giấy tờ tùy thân.');
  await first.saved();
  await second.body.click();
  await second.page.keyboard.press('Control+Home');
  await second.page.keyboard.insertText('Thông báo: ');
  await second.toEndOfBody();
  await second.page.keyboard.insertText(' Giờ tiếp: 8 giờ đến 11 giờ.');
  await second.saved();
  teller.step('Two liaison officers edit the same paragraph and elsewhere, both offline');
  await portal.start();
  await first.hasSentAll();
  await second.hasSentAll();
  const pieces = [
    'Thông báo: ',
    'sáng thứ Năm.',
    'Giám đốc Sở chủ trì.',
    'Giờ tiếp: 8 giờ đến 11 giờ.',
    'Công dân mang theo giấy tờ tùy thân.',
  ];
  for (const person of [first, second]) {
    for (const piece of pieces) await expect(person.body).toContainText(piece.trim(), { timeout: 30_000 });
  }
  const texts = [await first.body.innerText(), await second.body.innerText()];
  expect(texts[0]).toBe(texts[1]);
  teller.step('After both have synced, both find every word');
  await teller.picture(first.page, 'merged');
}
