import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import vi from '../../assets/strings/admin.vi.json' with { type: 'json' };
import { sampleOrganisation } from '../../portal/sample/organisation.ts';
import { Complaints, sidewaysOverflow, violations } from './support/inspect.ts';
import { Portal } from './support/portal.ts';
import { openReader, type Reader } from './support/reader.ts';

const { admin: words } = vi;
const LONG =
  'Trung tâm Phục vụ hành chính công và Chuyển đổi số thuộc Văn phòng Ủy ban nhân dân tỉnh, tổ chức lại từ các đơn vị sự nghiệp trực thuộc Sở Thông tin và Truyền thông';

let portal: Portal;
let reader: Reader;
test.describe.configure({ timeout: 240_000, mode: 'serial' });
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'admin-portal') });
  await portal.start();
  reader = await openReader();
});
test.afterAll(async () => {
  await reader?.close();
  await portal.end('SIGTERM');
});

const at = (path: string): string => new URL(path, portal.url).href;

async function signIn(page: Page): Promise<void> {
  await page.goto(at('/quan-tri'));
  await page.getByLabel(words.signIn.account).fill('quan-tri');
  await page.getByLabel(words.signIn.password, { exact: true }).fill(sampleOrganisation().samplePassword);
  await page.getByRole('button', { name: words.signIn.submit }).click();
  await expect(page.getByRole('heading', { name: words.area.overview, level: 1 })).toBeVisible();
}

/** Looks at the page as it stands in both languages, with a picture of each; leaves it in Vietnamese. */
async function inspect(page: Page, name: string, picture: (name: string) => string): Promise<void> {
  for (const language of ['vi', 'en'] as const) {
    if (language === 'en') await page.getByRole('link', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    expect.soft(await violations(page), `${name}, ${language}`).toEqual([]);
    expect.soft(await sidewaysOverflow(page), `${name}, ${language}, width`).toEqual([]);
    await page.screenshot({ path: picture(`${name}-${language}.png`), fullPage: true });
  }
  await page.getByRole('link', { name: 'Tiếng Việt' }).click();
}

test('an administrator walks through all of administration, in both languages', async ({}, info) => {
  const { page } = reader;
  const picture = (name: string) => info.outputPath(name);
  await page.goto(at('/quan-tri/dang-nhap'));
  const complaints = await Complaints.of(page);
  await inspect(page, 'sign-in', picture);
  await signIn(page);
  await inspect(page, 'overview', picture);

  await page.getByRole('link', { name: words.area.units, exact: true }).click();
  await page.getByRole('link', { name: words.unit.new }).click();
  await page.getByLabel(words.unit.id, { exact: true }).fill('trung-tam-phuc-vu');
  await page.getByLabel(words.unit.nameVi).first().fill(LONG);
  await page
    .getByLabel(words.unit.nameEn)
    .first()
    .fill('Centre for public administration services and digital transformation');
  await page.getByRole('button', { name: words.unit.create }).click();
  await expect(page.getByRole('status')).toContainText(words.done.created);
  await inspect(page, 'unit', picture);
  await page.goto(at('/quan-tri/don-vi'));
  await inspect(page, 'units', picture);
  await page.goto(at('/quan-tri/don-vi?q=zzz'));
  await inspect(page, 'units-none', picture);

  await page.goto(at('/quan-tri/nguoi-dung'));
  await inspect(page, 'people', picture);
  await page.goto(at('/quan-tri/nguoi-dung/moi'));
  await page.getByLabel(words.person.nameVi, { exact: true }).fill('Nguyễn Thị Minh Khai Ngọc Ánh Tuyết');
  await page.getByLabel(words.person.nameEn).fill('Nguyễn Thị Minh Khai Ngọc Ánh Tuyết');
  await page.getByLabel(words.person.account, { exact: true }).fill('minh-khai');
  await page.getByLabel(words.person.unit, { exact: true }).selectOption('trung-tam-phuc-vu');
  await page.getByRole('button', { name: words.person.create }).click();
  await expect(page.getByRole('alert')).toContainText(words.personFault['no-role']);
  await page.screenshot({ path: picture('person-refused-vi.png'), fullPage: true });
  expect.soft(await violations(page), 'a refused form').toEqual([]);
  await page.getByRole('checkbox', { name: 'Cán bộ đầu mối' }).check();
  await page.getByRole('button', { name: words.person.create }).click();
  await expect(page.locator('.secret')).toBeVisible();
  expect.soft(await violations(page), 'a password').toEqual([]);
  await page.screenshot({ path: picture('password-vi.png'), fullPage: true });
  await page.getByRole('link', { name: words.password.noted }).click();
  await inspect(page, 'person', picture);
  await page.goto(at('/quan-tri/mat-khau'));
  await inspect(page, 'own-password', picture);

  await page.goto(at('/quan-tri/uy-quyen'));
  await inspect(page, 'delegations-none', picture);
  await page.goto(at('/quan-tri/uy-quyen/moi'));
  await page.getByLabel(words.delegation.giver, { exact: true }).fill('bien-tap-vien-1');
  await page.getByLabel(words.delegation.taker, { exact: true }).fill('bien-tap-vien-1');
  await page.getByRole('checkbox', { name: 'Biên tập viên' }).check();
  await page.getByLabel(words.delegation.from, { exact: true }).fill('2199-01-01');
  await page.getByLabel(words.delegation.to, { exact: true }).fill('2199-02-01');
  await page.getByLabel(words.delegation.basis).fill('Giấy ủy quyền số 1');
  await page.getByRole('button', { name: words.delegation.create }).click();
  await expect(page.getByRole('alert')).toContainText(words.delegationFault['to-oneself']);
  await page.screenshot({ path: picture('delegation-refused-vi.png'), fullPage: true });
  await page.getByLabel(words.delegation.taker, { exact: true }).fill('bien-tap-vien-2');
  await page.getByRole('button', { name: words.delegation.create }).click();
  await expect(page.getByRole('status')).toContainText(words.done.created);
  await inspect(page, 'delegation', picture);
  await page.goto(at('/quan-tri/uy-quyen'));
  await inspect(page, 'delegations', picture);

  await page.goto(at('/quan-tri/quy-che'));
  await inspect(page, 'profile', picture);
  await page.getByRole('link', { name: 'Văn bản quy phạm pháp luật' }).first().click();
  await inspect(page, 'category', picture);
  await page.getByLabel(words.profile.workingDays, { exact: true }).fill('9');
  await page.getByRole('button', { name: words.preview.see }).click();
  await expect(page.getByText(words.preview.notYet)).toBeVisible();
  await page.screenshot({ path: picture('profile-preview-vi.png'), fullPage: true });
  expect.soft(await violations(page), 'a preview').toEqual([]);
  await page.getByLabel(words.basis, { exact: true }).fill('Quyết định sửa đổi số 1');
  await page.getByRole('button', { name: words.preview.apply }).click();
  await expect(page.getByRole('status')).toContainText(words.done.applied);
  await inspect(page, 'profile-applied', picture);
  await page.goto(at('/quan-tri/quy-che/thay'));
  await page.locator('#file').setInputFiles({
    name: 'quy-che.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"schemaVersion":2,"id":"VP17"}'),
  });
  await page.getByRole('button', { name: words.preview.see }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.screenshot({ path: picture('profile-refused-vi.png'), fullPage: true });
  expect.soft(await violations(page), 'a refused regulation').toEqual([]);

  await page.goto(at('/quan-tri/lich/2026'));
  await inspect(page, 'calendar', picture);
  await page.getByRole('checkbox', { name: /31\/8\/2026/ }).check();
  await page.getByRole('checkbox', { name: /22\/8\/2026/ }).check();
  await page.getByLabel(words.calendar.source).first().fill('Thông báo số 6150/TB-BNV');
  await page.getByRole('button', { name: words.calendar.confirm }).click();
  await expect(page.getByText(words.preview.notYet)).toBeVisible();
  await page.screenshot({ path: picture('calendar-preview-vi.png'), fullPage: true });
  await page.getByRole('button', { name: words.preview.apply }).click();
  await expect(page.getByRole('status')).toContainText(words.done.applied);

  await page.goto(at('/quan-tri/lich-su'));
  await inspect(page, 'history', picture);
  // Refused forms answer 422, which the console reports by itself.
  expect(complaints.all.filter((line) => !line.includes('status of 422'))).toEqual([]);
});

test('administration needs no script', async () => {
  const browser = reader.page.context().browser();
  const context = await browser?.newContext({ javaScriptEnabled: false });
  const page = await context?.newPage();
  if (!page) throw new Error('no browser');
  await signIn(page);
  await page.goto(at('/quan-tri/lich/2027'));
  await page.getByRole('checkbox', { name: /24\/11\/2027/ }).check();
  await page.getByLabel(words.calendar.source).first().fill('Nghị quyết của Quốc hội');
  await page.getByRole('button', { name: words.calendar.confirm }).click();
  await page.getByRole('button', { name: words.preview.apply }).click();
  await expect(page.getByRole('status')).toContainText(words.done.applied);
  await page.getByRole('button', { name: words.signOut }).click();
  await expect(page.getByRole('heading', { name: words.signIn.title })).toBeVisible();
  await context?.close();
});
