import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type TestInfo, test } from '@playwright/test';
import { Api } from './support/api.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const MEBIBYTE = 1024 * 1024;
const ACCOUNT = 'dau-moi.sct';

let portal: Portal;
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'bad-files-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

/** A PDF by its first bytes, mostly holes, with something of its own in the middle and at the end. */
async function largeFile(info: TestInfo, name: string, size: number): Promise<string> {
  const path = info.outputPath(name);
  const file = await open(path, 'w');
  try {
    await file.write('%PDF-1.7\n', 0);
    await file.write(randomBytes(MEBIBYTE), 0, MEBIBYTE, Math.floor(size / 2));
    await file.truncate(size);
    await file.write(randomBytes(MEBIBYTE), 0, MEBIBYTE, size - MEBIBYTE);
  } finally {
    await file.close();
  }
  return path;
}

async function small(info: TestInfo, name: string, bytes: string | Buffer): Promise<string> {
  const path = info.outputPath(name);
  await writeFile(path, bytes);
  return path;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

const listed = (person: Person, name: string): Locator =>
  person.page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: name });

/** The file is refused with the sentence of a code, and put away. */
async function isRefused(person: Person, name: string, code: string): Promise<void> {
  const row = listed(person, name);
  await expect(row.getByRole('alert')).toContainText(words(`error.${code}`), { timeout: 60_000 });
  await row.getByRole('button', { name: words('files.dismiss', { name }) }).click();
  await expect(row).toHaveCount(0);
  await expect(person.page.getByText(words('files.empty'))).toBeVisible();
}

test('files that can not be attached are refused in words, and nothing of them is attached', async ({}, info) => {
  const person = await Person.signIn(ACCOUNT, {
    userData: info.outputPath('desk'),
    portalUrl: portal.url,
  });
  try {
    await person.create('tin tức', 'Bài có tệp hỏng');
    for (const [name, bytes, code] of [
      ['cai-dat.exe', 'MZ', 'file-type-refused'],
      ['trang.html', '<!doctype html>', 'file-type-refused'],
      ['doi-duoi.pdf', 'MZ not a PDF', 'file-type-refused'],
      ['trong.pdf', '', 'file-empty'],
    ] as const) {
      await person.attach(await small(info, name, bytes));
      await isRefused(person, name, code);
    }
    const tooLarge = await largeFile(info, 'qua-lon.pdf', 513 * MEBIBYTE);
    await person.attach(tooLarge);
    await isRefused(person, 'qua-lon.pdf', 'file-too-large');
    await rm(tooLarge);

    for (const [name, spoil] of [
      ['bi-xoa.pdf', (path: string) => rm(path)],
      ['bi-sua.pdf', (path: string) => writeFile(path, '%PDF-1.7 another file by now')],
    ] as const) {
      const path = await largeFile(info, name, 100 * MEBIBYTE);
      await person.attach(path);
      await expect(listed(person, name).getByRole('progressbar')).toBeVisible();
      await spoil(path);
      await isRefused(person, name, 'file-vanished');
    }

    // The desk goes on: a sound file gets in.
    await person.attach(await small(info, 'dung.txt', 'Một tệp đúng.'));
    await expect(listed(person, 'dung.txt')).toContainText(words('files.onlyHere'));
    await person.saved();
  } finally {
    await person.desk.close();
  }
});

test('a file of 200 MB gets to the portal, with its progress shown', async ({}, info) => {
  const path = await largeFile(info, 'ban-do.pdf', 200 * MEBIBYTE);
  const person = await Person.signIn(ACCOUNT, {
    userData: info.outputPath('desk'),
    portalUrl: portal.url,
  });
  try {
    const title = 'Bài có tệp lớn';
    await person.create('tin tức', title);
    await person.saved();
    await person.declare();
    await person.attach(path);
    const row = listed(person, 'ban-do.pdf');
    const progress = row.getByRole('progressbar');
    await expect(progress).toBeVisible();
    await expect.poll(() => progress.getAttribute('aria-valuenow')).not.toBe('0');
    // The article can be written while its file is copied.
    await person.toEndOfBody();
    await person.page.keyboard.insertText('Viết trong khi tệp đang được lưu.');
    await person.saved();
    await expect(row).toContainText(words('files.received').replace(/ \{\{.*$/, ''), { timeout: 120_000 });
    await person.hasSentAll();

    const api = await Api.signIn(portal.url, ACCOUNT);
    const { id } = await api.article(title);
    const stored = await fetch(`${portal.url}/api/files/${await sha256(path)}?articleId=${id}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${api.token}` },
    });
    expect(stored.status).toBe(200);
    expect((await api.content(id)).files.map(({ name, size }) => [name, size])).toEqual([
      ['ban-do.pdf', 200 * MEBIBYTE],
    ]);
  } finally {
    await person.desk.close();
    await rm(path, { force: true });
  }
});
