import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { enginePid, killEngine } from './support/engine.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { seeded } from './support/seeded.ts';

const KILLS = 20;
const SEED = 20_171_026;
const TITLE = 'Bài gõ khi máy trục trặc';

interface Shown {
  title: string;
  body: string;
}
interface Watching {
  shownAsSaved: Shown[];
  timer: number;
}

let portal: Portal;
test.beforeAll(async ({}, info) => {
  portal = new Portal({ data: join(info.project.outputDir, 'kill-portal') });
  await portal.start();
});
test.afterAll(() => portal.end('SIGTERM'));

/** Notes in the window what stood in title and body whenever two frames in a row said that it is saved. */
async function watch(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    const watching: Watching = { shownAsSaved: [], timer: 0 };
    let before = '';
    const look = (): void => {
      const title = document.querySelector<HTMLTextAreaElement>('#field-title')?.value ?? '';
      const body = document.querySelector<HTMLElement>('#field-body')?.textContent ?? '';
      const isSaved = document.querySelector('[data-saved="saved"]') !== null;
      const now = isSaved ? `${title}\n${body}` : '';
      const last = watching.shownAsSaved.at(-1);
      if (isSaved && now === before && (last?.title !== title || last.body !== body))
        watching.shownAsSaved.push({ title, body });
      before = now;
      watching.timer = requestAnimationFrame(look);
    };
    look();
    (globalThis as unknown as { watching: Watching }).watching = watching;
  });
}

const shownAsSaved = (person: Person): Promise<Shown[]> =>
  person.page.evaluate(() => (globalThis as unknown as { watching: Watching }).watching.shownAsSaved);

async function content(person: Person): Promise<Shown> {
  return {
    title: await person.page.locator('#field-title').inputValue(),
    body: (await person.body.textContent()) ?? '',
  };
}

test(`nothing shown as saved is missing after the engine was killed ${KILLS} times in the middle of typing`, async ({}, info) => {
  test.setTimeout(420_000);
  const random = seeded(SEED);
  const person = await Person.signIn('dau-moi.sldtbxh', {
    userData: info.outputPath('desk'),
    portalUrl: portal.url,
  });
  try {
    const { page } = person;
    await person.create('tin tức', TITLE);
    await person.saved();
    await watch(person);

    let word = 0;
    let killedWhileSaving = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const isTitle = kill % 3 === 0;
      await (isTitle ? page.locator('#field-title') : person.body).click();
      await page.waitForTimeout(150);
      await page.keyboard.press('Control+End');
      await page.waitForTimeout(150);
      const before = await enginePid(person.desk.app);
      let isTyping = true;
      const typing = (async () => {
        while (isTyping) await page.keyboard.type(` ${isTitle ? 'tt' : 'chữ'}${++word}`, { delay: 15 });
      })();
      await page.waitForTimeout(100 + random() * 900);
      if ((await page.locator('[data-saved="saving"]').count()) > 0) killedWhileSaving += 1;
      expect(await killEngine(person.desk.app), `kill ${kill} met a running engine`).toBe(true);
      await page.waitForTimeout(random() * 300);
      isTyping = false;
      await typing;
      await expect
        .poll(() => enginePid(person.desk.app), { timeout: 20_000, message: `engine after kill ${kill}` })
        .not.toBe(before);
      await expect(page.locator('[data-saved="saved"]')).toBeVisible({ timeout: 30_000 });
    }
    // What the last kill left is shown as saved by now, so it counts too.
    const last = await content(person);
    await expect.poll(async () => (await shownAsSaved(person)).at(-1)).toEqual(last);
    const seen = await shownAsSaved(person);
    expect(last.body.endsWith(`chữ${word}`) || last.title.endsWith(`tt${word}`)).toBe(true);
    expect(seen.length, 'moments at which something was shown as saved').toBeGreaterThan(KILLS);
    expect(killedWhileSaving, 'kills while something was not saved yet').toBeGreaterThan(KILLS / 4);

    await person.desk.close();
    await person.desk.reopen();
    await person.open(TITLE);
    await expect.poll(() => content(person)).toEqual(last);
    // Only appended to, so whatever was shown as saved has to be a beginning of what is there.
    for (const { title, body } of seen) {
      expect(last.title.startsWith(title), `title “…${title.slice(-30)}”`).toBe(true);
      expect(last.body.startsWith(body), `body “…${body.slice(-30)}”`).toBe(true);
    }
  } finally {
    await person.desk.close().catch(() => undefined);
  }
});
