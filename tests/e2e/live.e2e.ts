import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const TITLE = 'Hai người cùng viết một bài';

let portal: Portal;
const people: Person[] = [];
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'live-portal') });
  await portal.start();
  for (const account of ['dau-moi.sldtbxh', 'dau-moi-2.sldtbxh']) {
    const userData = join(info.project.outputDir, `live-${account}`);
    people.push(await Person.signIn(account, { userData, portalUrl: portal.url }));
  }
});
test.afterAll(async () => {
  for (const person of people) await person.desk.close();
  await portal.end('SIGTERM');
});

test('two people on one article see each other: who is here, where the cursor stands, what is typed', async ({}, info) => {
  const [first, second] = people;
  if (!first || !second) throw new Error('two people are needed');
  await first.create('tin tức', TITLE);
  await first.body.click();
  await first.page.keyboard.insertText('Sở tiếp công dân vào sáng thứ Năm hằng tuần.');
  await first.saved();
  await first.declare();
  await first.hasSentAll();
  const here = first.page.getByRole('status').filter({ hasText: words('presence.with', { names: '' }) });
  await expect(here).toHaveCount(0);

  await second.open(TITLE);
  await expect(second.body).toContainText('sáng thứ Năm');
  await expect(here).toHaveCount(1);
  await expect(
    second.page.getByRole('status').filter({ hasText: words('presence.with', { names: '' }) }),
  ).toHaveCount(1);

  await second.body.click();
  await second.page.keyboard.press('Control+Home');
  const caret = first.page.locator('.caret');
  await expect(caret).toHaveCount(1);
  await expect(caret.locator('.caret-name')).not.toBeEmpty();
  const caretX = async () => (await caret.boundingBox())?.x ?? 0;
  const startX = (await first.body.boundingBox())?.x ?? 0;
  await expect.poll(async () => Math.abs((await caretX()) - startX)).toBeLessThan(4);
  await second.page.keyboard.insertText('Thông báo: ');
  await expect(first.body).toContainText('Thông báo: Sở tiếp công dân');
  await expect.poll(caretX).toBeGreaterThan(startX + 40);
  await second.page.keyboard.press('Shift+End');
  await expect(first.page.locator('.caret-selection')).not.toHaveCount(0);
  await first.page.screenshot({ path: join(info.project.outputDir, 'live.png') });

  // What the first types meanwhile does not move the other's selection away from its words.
  await first.toEndOfBody();
  await first.page.keyboard.insertText(' Mời đến sớm.');
  await expect(second.body).toContainText('Mời đến sớm.');

  await portal.end('SIGKILL');
  await first.isOffline();
  await expect(caret).toHaveCount(0);
  await expect(here).toHaveCount(0);
  await second.page.keyboard.press('End');
  await second.page.keyboard.insertText(' Viết khi mất mạng.');
  await portal.start();
  await expect(first.body).toContainText('Viết khi mất mạng.', { timeout: 60_000 });
  await expect(here).toHaveCount(1);

  await second.go('desk');
  await expect(here).toHaveCount(0);
});
