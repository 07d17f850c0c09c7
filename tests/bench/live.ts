/**
 * `npm run bench live [-- --letters 60]`: two desks on one article, online. How long after a key at one is its letter
 * on the screen of the other, and how long until the cursor is. Real windows, a real portal. Needs `npm run bundle`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { expect } from '@playwright/test';
import { Person } from '../e2e/support/person.ts';
import { Portal } from '../e2e/support/portal.ts';

const { values } = parseArgs({ options: { letters: { type: 'string', default: '60' } } });
const LETTERS = Number(values.letters);
const TITLE = 'Đo độ trễ khi hai người cùng viết';

const folder = mkdtempSync(join(tmpdir(), 'soan-live-'));
const portal = new Portal({ data: join(folder, 'portal') });
const people: Person[] = [];
const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

try {
  await portal.start();
  const signIn = async (account: string) => {
    const person = await Person.signIn(account, { userData: join(folder, account), portalUrl: portal.url });
    people.push(person);
    return person;
  };
  const writer = await signIn('dau-moi.sldtbxh');
  const reader = await signIn('dau-moi-2.sldtbxh');
  await writer.create('tin tức', TITLE);
  await writer.body.click();
  await writer.page.keyboard.insertText('Đầu bài. ');
  await writer.saved();
  await writer.declare();
  await writer.hasSentAll();
  await reader.open(TITLE);
  await expect(reader.body).toContainText('Đầu bài.');
  await writer.toEndOfBody();
  await expect(reader.page.locator('.caret')).toHaveCount(1);

  const texts: number[] = [];
  const carets: number[] = [];
  for (let n = 0; n < LETTERS; n += 1) {
    const length = (await reader.body.innerText()).length;
    const left = (await reader.page.locator('.caret').boundingBox())?.x ?? 0;
    const seen = reader.page.evaluate(
      ([from, x]) =>
        new Promise<{ text: number; caret: number }>((resolve) => {
          let text = 0;
          let caret = 0;
          const look = () => {
            const body = document.querySelector<HTMLElement>('.body-editor')?.innerText ?? '';
            if (text === 0 && body.length > from) text = Date.now();
            const now = document.querySelector('.caret')?.getBoundingClientRect().x ?? x;
            if (caret === 0 && Math.abs(now - x) > 1) caret = Date.now();
            if (text > 0 && caret > 0) resolve({ text, caret });
            else requestAnimationFrame(look);
          };
          look();
        }),
      [length, left] as const,
    );
    const typedAt = Date.now();
    await writer.page.keyboard.insertText(String.fromCharCode(97 + (n % 26)));
    const { text, caret } = await seen;
    texts.push(text - typedAt);
    carets.push(caret - typedAt);
    // Not in step with any timer of the desk.
    await pause(137 + (n % 7) * 61);
  }
  texts.sort((a, b) => a - b);
  carets.sort((a, b) => a - b);
  const row = (name: string, sorted: readonly number[]) => ({
    what: name,
    n: sorted.length,
    'median ms': at(sorted, 0.5),
    'p95 ms': at(sorted, 0.95),
    'max ms': sorted.at(-1) ?? 0,
    'under 500 ms': at(sorted, 0.95) < 500 ? 'pass' : 'FAIL',
  });
  const rows = [row('letter', texts), row('cursor', carets)];
  console.table(rows);
  console.log(JSON.stringify({ bench: 'live', rows }));
} finally {
  for (const person of people) await person.desk.close().catch(() => undefined);
  await portal.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
