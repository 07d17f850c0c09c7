import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

test('what was written is read: marks of secrecy and numbers of people are shown in their places and stay here', async ({}, info) => {
  test.setTimeout(180_000);
  const portal = new Portal({ data: join(info.project.outputDir, 'checks-portal') });
  await portal.start();
  const person = await Person.signIn('dau-moi.sldtbxh', {
    userData: info.outputPath('desk'),
    portalUrl: portal.url,
  });
  try {
    const { page } = person;
    await person.isOnline();
    await person.create('tin tức', 'Sở thăm gia đình chính sách');
    await person.body.click();
    for (const line of ['Mở đầu.', 'TỐI MẬT', 'Ông Bình, CCCD số 026085001234, trú tại thôn Đông.']) {
      await page.keyboard.insertText(line);
      await page.keyboard.press('Enter');
    }
    await person.tab('checks');
    const check = (sentence: string) => page.locator('.checks > li').filter({ hasText: sentence });
    const mark = check(words('check.secrecy-mark', { excerpt: 'TỐI MẬT' }));
    await expect(mark).toContainText(words('todo.take-out-secret'));
    await expect(mark).toContainText(words('checks.atParagraph', { number: 2 }));
    await expect(mark).toContainText('VP17 Điều 15 khoản 1');
    const number = check(words('check.personal-id', { excerpt: '026…34' }));
    await expect(number).toContainText(words('checks.atParagraph', { number: 3 }));

    const selected = () => page.evaluate(() => document.getSelection()?.toString());
    await mark.locator('[data-check-link]').click();
    await expect.poll(selected).toBe('TỐI MẬT');
    await number.locator('[data-check-link]').click();
    await expect.poll(selected).toBe('026085001234');

    await person.saved();
    await person.button(words('declare.open')).click();
    await person.dialog
      .locator('label')
      .filter({ has: page.getByRole('checkbox') })
      .click();
    await person.button(words('declare.only'), person.dialog).click();
    await expect(person.dialog).toContainText(words('error.incomplete'));
    await page.keyboard.press('Escape');

    await mark.locator('[data-check-link]').click();
    await expect.poll(selected).toBe('TỐI MẬT');
    await page.keyboard.press('Delete');
    await expect(mark).toHaveCount(0);
    await person.saved();
    await person.declare();
  } finally {
    await person.desk.close();
    await portal.end('SIGTERM');
  }
});
