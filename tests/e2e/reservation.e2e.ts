import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const TITLE = 'Bài mang đi công tác';

let portal: Portal;
const people: Person[] = [];
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'reservation-portal') });
  await portal.start();
  for (const account of ['dau-moi.sldtbxh', 'dau-moi-2.sldtbxh']) {
    const userData = join(info.project.outputDir, `reservation-${account}`);
    people.push(await Person.signIn(account, { userData, portalUrl: portal.url }));
  }
});
test.afterAll(async () => {
  for (const person of people) await person.desk.close();
  await portal.end('SIGTERM');
});

test('an article taken offline is a word to the others, no wall, and is given back', async ({}, info) => {
  const [first, second] = people;
  if (!first || !second) throw new Error('two people are needed');
  await first.create('tin tức', TITLE);
  await first.body.click();
  await first.page.keyboard.insertText('Sẽ viết tiếp trên đường.');
  await first.saved();
  await first.declare();
  await first.hasSentAll();
  await second.open(TITLE);

  await first.button(words('article.more')).click();
  await first.page.getByRole('menuitem', { name: words('reservation.take') }).click();
  await expect(first.dialog).toContainText(words('reservation.text'));
  await first.page.screenshot({ path: join(info.project.outputDir, 'reservation-dialog.png') });
  await first.button(words('reservation.confirm'), first.dialog).click();
  await expect(first.page.locator('[data-reservation="own"]')).toContainText(
    words('reservation.own').split('{{')[0] ?? '',
  );

  const told = second.page.locator('.reservations [data-reservation="other"]');
  await expect(told).toHaveCount(1);
  await expect(told).toContainText(words('reservation.note'));
  await second.toEndOfBody();
  await second.page.keyboard.insertText(' Người khác vẫn viết được.');
  await expect(first.body).toContainText('Người khác vẫn viết được.');
  await second.page.screenshot({ path: join(info.project.outputDir, 'reservation-other.png') });
  await first.page.screenshot({ path: join(info.project.outputDir, 'reservation-own.png') });

  const listed = (person: Person) =>
    person.page.getByRole('row').filter({ hasText: TITLE }).locator('[data-reservation="other"]');
  await second.go('desk');
  await expect(listed(second)).toHaveCount(1);
  await second.page.screenshot({ path: join(info.project.outputDir, 'reservation-list.png') });

  // Without the portal it is kept here, and told when it can be reached.
  await portal.end('SIGKILL');
  await first.isOffline();
  await first.button(words('reservation.giveBack')).click();
  await expect(first.page.locator('[data-reservation="own"]')).toContainText(
    words('reservation.backWaiting'),
  );
  await portal.start();
  await expect(listed(second)).toHaveCount(0, { timeout: 60_000 });
  await expect(first.page.locator('[data-reservation="own"]')).toHaveCount(0, { timeout: 60_000 });
});
