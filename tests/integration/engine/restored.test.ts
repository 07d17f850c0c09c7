import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { summaryText, titleText } from '../../../domain/document/index.ts';
import { newId, startEngine, type TestWindow } from '../../unit/engine/support/desk.ts';
import { openText, propose, writeWhole } from '../../unit/engine/support/writing.ts';
import { PASSWORD, startPortal } from './support/portal.ts';

let portal: Awaited<ReturnType<typeof startPortal>>;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.end());

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

async function start(userData?: string, backupLookMs?: number) {
  const desk = await startEngine({
    fetch,
    portalUrl: portal.url,
    backupLookMs,
    ...(userData === undefined ? {} : { userData }),
  });
  running.push(desk.engine);
  return desk;
}

const quiet = (window: TestWindow) =>
  window.until(
    'connection.state',
    {},
    (state) => state.online && state.waiting === 0 && state.sending === 0,
    30_000,
  );

async function write(window: TestWindow, title: string): Promise<string> {
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title });
  await (await openText(window, articleId)).write(writeWhole(`Thân bài: ${title}`));
  return articleId;
}

it('a desk restored from yesterday has everything of the portal again, and its next steps pass', {
  timeout: 120_000,
}, async () => {
  const first = await start();
  await first.window.must('session.signIn', { account: 'dau-moi.sldtbxh', password: PASSWORD });
  await first.window.until('directory.all', {}, (all) => all.profile !== null);
  const undeclared = await write(first.window, 'Khai báo sau bản sao');
  const known = await write(first.window, 'Có trong bản sao');
  await propose(first.window, known, 'declare', null);
  await quiet(first.window);
  await first.engine.stop();

  const second = await start(first.userData, 500);
  await expect
    .poll(() => second.lines.some((line) => line.event === 'backup.taken'), { timeout: 30_000 })
    .toBe(true);
  await propose(second.window, undeclared, 'declare', null);
  const text = await openText(second.window, known);
  await text.write((doc) => titleText(doc).insert(0, 'Sửa sau bản sao: '));
  const made = await write(second.window, 'Làm sau bản sao');
  await propose(second.window, made, 'declare', null);
  await quiet(second.window);
  await second.engine.stop();

  const desks = join(first.userData, 'desks');
  const path = join(desks, (await readdir(desks))[0] ?? '', 'desk.sqlite');
  const bytes = await readFile(path);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 64);
  await writeFile(path, bytes);

  const third = await start(first.userData);
  const { window } = third;
  const { trouble } = await window.look('store.trouble', {});
  await window.must('store.restore', { takenAt: trouble?.backup?.takenAt ?? 0 });
  // The person goes on at once with what the backup has: the portal merges it with what it knows.
  const again = await openText(window, known);
  await again.write((doc) => summaryText(doc).insert(0, 'Sau khi khôi phục: '));
  for (const articleId of [undeclared, known, made]) {
    await window.until(
      'articles.detail',
      { articleId },
      ({ row }) => !row.local && row.sync === 'received' && row.problem === null,
      30_000,
    );
  }
  await quiet(window);
  const { items } = await window.look('outbox.list', {});
  expect(items.filter((item) => item.state !== 'accepted')).toEqual([]);
  const merged = (await openText(window, known)).content();
  expect(merged.title.startsWith('Sửa sau bản sao: ')).toBe(true);
  expect(merged.summary.startsWith('Sau khi khôi phục: ')).toBe(true);

  const detail = await window.look('articles.detail', { articleId: made });
  const submit = detail.actions.find((one) => one.action === 'submit');
  expect(submit?.blockedBy).toEqual([]);
  await propose(window, made, 'submit', (await openText(window, made)).fingerprint());
  await window.until('articles.detail', { articleId: made }, ({ row }) => row.state === 'submitted', 30_000);
});
