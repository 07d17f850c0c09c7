import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { words } from './support/words.ts';

const SIZE = '160m';
const TITLE = 'Bài viết khi ổ đĩa đầy';

let portal: Portal;
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'full-disk-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

/** Mounts a small disk; the reason when this machine does not let it. */
function mountDisk(folder: string): string | null {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'soan-test', folder], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let piece = 1024 * 1024; piece >= 1; piece = Math.floor(piece / 4)) {
      const bytes = Buffer.alloc(piece, 1);
      try {
        for (;;) writeSync(file, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

test('a full disk: the window says at once that nothing is saved, and loses nothing once there is room again', async ({}, info) => {
  const userData = info.outputPath('disk');
  const refused = mountDisk(userData);
  test.skip(refused !== null, `This machine lets nobody mount a small disk: ${refused}`);
  const filler = join(userData, 'filler');
  try {
    const person = await Person.signIn('dau-moi.sct', { userData, portalUrl: portal.url });
    const { page } = person;
    try {
      await person.create('tin tức', TITLE);
      await person.body.click();
      await page.keyboard.insertText('Trước khi đĩa đầy.');
      await person.saved();

      fill(filler);
      const alert = page.getByRole('alert').filter({ hasText: words('strip.unsavedNote') });
      let lines = 0;
      // What the store had set aside before may still take a line or two.
      await expect(async () => {
        await person.toEndOfBody();
        for (let more = 0; more < 5; more += 1) {
          lines += 1;
          await page.keyboard.press('Enter');
          await page.keyboard.insertText(`Dòng ${lines}. ${'chữ '.repeat(2_000)}`);
        }
        await expect(alert).toBeVisible({ timeout: 3_000 });
      }).toPass({ timeout: 60_000 });
      await expect(page.locator('[data-saved="failed"]')).toHaveText(words('saved.failed'));
      await page.locator('#field-title').press('End');
      await page.keyboard.type(', gõ tiếp');
      await page.waitForTimeout(1_000);
      await expect(alert).toBeVisible();

      rmSync(filler);
      await expect(page.locator('[data-saved="saved"]')).toBeVisible({ timeout: 30_000 });
      await expect(alert).toBeHidden();
      await expect(person.strip).toContainText(words('strip.allSaved'));
      const typed = await person.body.innerText();

      await person.declare();
      await person.hasSentAll();
      await person.desk.close();
      await person.desk.reopen();
      await person.open(`${TITLE}, gõ tiếp`);
      await expect(person.body).toContainText('Trước khi đĩa đầy.');
      await expect(person.body).toContainText(`Dòng ${lines}.`);
      expect(await person.body.innerText()).toBe(typed);
    } finally {
      await person.desk.close().catch(() => undefined);
    }
  } finally {
    execFileSync('umount', ['-l', userData]);
  }
  expect(existsSync(filler)).toBe(false);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(userData);
});
