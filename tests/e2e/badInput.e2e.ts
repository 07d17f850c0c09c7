import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { plainText } from '../../domain/document/index.ts';
import { Api } from './support/api.ts';
import { Desk } from './support/desk.ts';
import { PASSWORD, Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { WeakLine } from './support/weakLine.ts';
import { words } from './support/words.ts';

const ACCOUNT = 'dau-moi.sct';

let portal: Portal;
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'bad-input-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

const count = (text: string, piece: string): number => text.split(piece).length - 1;

/** A desk whose only way to the portal is a line that the test can spoil. */
async function behindLine(
  userData: string,
  run: (person: Person, line: WeakLine) => Promise<void>,
): Promise<void> {
  const line = new WeakLine(() => portal.url);
  const person = await Person.signIn(ACCOUNT, { userData, portalUrl: await line.start() });
  try {
    await run(person, line);
  } finally {
    await person.desk.close();
    await line.stop();
  }
}

async function write(person: Person, text: string): Promise<void> {
  await person.toEndOfBody();
  await person.page.keyboard.insertText(text);
  await person.saved();
}

test('a wrong password is said so, what was typed stays, and the right one opens the desk', async ({}, info) => {
  const desk = await Desk.open({ userData: info.outputPath('desk'), portalUrl: portal.url });
  const { page } = desk;
  try {
    const account = page.getByLabel(words('signIn.account'));
    const password = page.getByLabel(words('signIn.password'), { exact: true });
    await account.fill(ACCOUNT);
    await password.fill('not the password');
    await password.press('Enter');
    await expect(page.getByRole('alert')).toHaveText(words('error.wrong-password'));
    await expect(account).toHaveValue(ACCOUNT);
    await expect(password).toBeFocused();
    await password.fill(PASSWORD);
    await password.press('Enter');
    await expect(page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible();
  } finally {
    await desk.close();
  }
});

test('a session that was ended elsewhere: work goes on, and after signing in again everything is sent', async ({}, info) => {
  await behindLine(info.outputPath('desk'), async (person, line) => {
    const title = 'Bài viết khi phiên đã hết';
    await person.create('tin tức', title);
    await write(person, 'Câu thứ nhất.');
    await person.declare();
    await person.hasSentAll();

    const ended = await fetch(`${portal.url}/api/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${line.bearer}` },
    });
    expect(ended.status).toBe(200);
    await write(person, ' Câu thứ hai.');
    await expect(person.strip).toContainText(words('strip.expired'), { timeout: 30_000 });
    await write(person, ' Câu thứ ba.');
    await person.create('tin tức', 'Bài tạo khi phiên đã hết');
    await person.saved();
    await expect(person.strip).toContainText(words('strip.expired'));

    await person.button(words('strip.signInAgain'), person.strip).click();
    await expect(person.dialog.getByLabel(words('signIn.account'))).toHaveValue(ACCOUNT);
    const password = person.dialog.getByLabel(words('signIn.password'), { exact: true });
    await password.fill('not the password');
    await password.press('Enter');
    await expect(person.dialog.getByRole('alert')).toHaveText(words('error.wrong-password'));
    await password.fill(PASSWORD);
    await password.press('Enter');
    await expect(person.dialog).toBeHidden();
    await person.hasSentAll();

    const api = await Api.signIn(portal.url, ACCOUNT);
    const { id } = await api.article(title);
    expect(plainText(await api.content(id))).toContain('Câu thứ nhất. Câu thứ hai. Câu thứ ba.');
  });
});

test('a portal that answers 500, a login page, half an answer or nothing: work goes on, then all arrives exactly once', async ({}, info) => {
  await behindLine(info.outputPath('desk'), async (person, line) => {
    const api = await Api.signIn(portal.url, ACCOUNT);
    const title = 'Bài gửi qua đường truyền xấu';
    const second = 'Bài khai báo khi trả lời bị cắt';
    await person.create('tin tức', title);
    await write(person, 'Mở đầu.');
    await person.declare();
    await person.hasSentAll();
    const spoilt = ['error', 'garbage', 'half', 'cut'] as const;
    for (const mode of spoilt) {
      line.set(mode);
      await write(person, ` Gửi khi ${mode}.`);
      await person.isOffline();
      await expect(person.strip).toContainText(words('strip.allSaved'));
      if (mode === 'half') {
        // What waits goes one after the other: nothing may stand before the declaration.
        line.set('pass');
        await person.hasSentAll();
        line.set('half');
        await person.isOffline();
        const known = (await api.pull('articles')).length;
        await person.create('tin tức', second);
        await person.saved();
        await person.declare();
        // The portal takes it, and its answer is lost.
        await expect
          .poll(
            async () => {
              await person.button(words('strip.retry'), person.strip).click();
              return (await api.pull('articles')).length;
            },
            { timeout: 30_000 },
          )
          .toBe(known + 1);
        await person.isOffline();
      }
      await person.go('outbox');
      await person.open(title);
      await expect(person.body).toContainText(`Gửi khi ${mode}.`);
      // From bad to worse, and all well again in between.
      if (mode === 'garbage' || mode === 'cut') {
        line.set('pass');
        await person.hasSentAll();
      }
    }

    const { id } = await api.article(title);
    const text = plainText(await api.content(id));
    for (const mode of spoilt) expect(count(text, `Gửi khi ${mode}.`), mode).toBe(1);
    expect(count(text, 'Mở đầu.')).toBe(1);
    const declared = await api.article(second);
    expect(
      (await api.pull('decisions'))
        .filter((row) => row.articleId === id || row.articleId === declared.id)
        .map((row) => [row.action, row.status]),
    ).toEqual([
      ['declare', 'accepted'],
      ['declare', 'accepted'],
    ]);
    await person.go('desk');
    for (const one of [title, second])
      await expect(person.page.getByRole('row').filter({ hasText: one })).toHaveCount(1);
  });
});
