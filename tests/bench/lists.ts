/**
 * `npm run bench lists [-- --articles 20000 --rounds 5 --only Xét duyệt,Tất cả]`: every list and overview of a desk with so many articles, opened and scrolled in
 * the real window on the real engine and its sealed store, beside the same on a desk with next to none. Needs `npm run bundle`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from '@playwright/test';
import { Person } from '../e2e/support/person.ts';
import { words } from '../e2e/support/words.ts';
import { openIn, type Scrolled, scrollIn, scrollPlain } from './support/lists/inPage.ts';
import { varyArticles } from './support/lists/varyArticles.ts';
import { at } from './support/percentile.ts';
import { startWorld } from './support/sync/world.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const ARTICLES = Number(values.articles);
const ROUNDS = Number(values.rounds);
const OPEN_MS = 200;
const MOST_RATIO = 3;
/** Filling a new desk: the exchange, then the rows of all lists. */
const FILLED_MS = 1_800_000;

type Kind = 'grid' | 'queue' | 'calendar' | 'sections';
interface Place {
  readonly name: string;
  readonly kind: Kind;
  /** Something else first, so that it is opened anew each time. */
  readonly before: (page: Page) => Promise<void>;
  /** What is pressed, as a selector. */
  readonly press: string;
}

const rail = (module: string) => `.rail-item:has-text("${words(`rail.${module}`)}")`;
const side = (view: string) => `.side-item:has(span:text-is("${words(`view.${view}`)}"))`;
const goTo = (selector: string) => async (page: Page) => {
  await page.locator(selector).first().click();
};
const away = goTo(rail('account'));
const toDesk = async (page: Page) => {
  await goTo(rail('desk'))(page);
  await goTo(side('returned'))(page);
  await page.waitForTimeout(300);
};
const toMonth = async (page: Page) => {
  await goTo(rail('deadlines'))(page);
  await goTo('.segmented button:nth-child(1)')(page);
  await page.waitForTimeout(300);
};
const view = (name: string): Place => ({
  name: words(`view.${name}`),
  kind: 'grid',
  before: toDesk,
  press: side(name),
});
const PLACES: readonly Place[] = [
  ...['mine', 'working', 'unit', 'late', 'at-risk', 'soon', 'review', 'published', 'all'].map(view),
  { name: words('rail.review'), kind: 'queue', before: away, press: rail('review') },
  { name: words('rail.deadlines'), kind: 'calendar', before: away, press: rail('deadlines') },
  {
    name: words('deadlines.listName.late'),
    kind: 'grid',
    before: toMonth,
    press: '.segmented button:nth-child(2)',
  },
  { name: words('rail.sections'), kind: 'sections', before: away, press: rail('sections') },
];

const folder = mkdtempSync(join(tmpdir(), 'soan-lists-'));
const world = await startWorld(1);
const people: Person[] = [];

/** A desk that has everything of the portal, with all its lists made. */
async function deskOf(account: string, atLeast: number): Promise<Page> {
  const person = await Person.signIn(account, {
    userData: join(folder, account),
    portalUrl: world.direct(0),
  });
  people.push(person);
  const { page } = person;
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.waitForFunction(
    (count) => {
      const all = [...document.querySelectorAll('.side-item .num')].at(-1)?.textContent ?? '';
      return Number(all.replaceAll(/\D/gu, '')) >= count;
    },
    atLeast,
    { timeout: FILLED_MS, polling: 1000 },
  );
  return page;
}

const sessions = new Map<Page, Promise<CDPSession>>();

/** Processor time that the window's own thread has taken, whatever else the machine does. */
async function threadMs(page: Page): Promise<number> {
  let session = sessions.get(page);
  if (!session) {
    session = page.context().newCDPSession(page);
    sessions.set(page, session);
    await (await session).send('Performance.enable', { timeDomain: 'threadTicks' });
  }
  const { metrics } = await (await session).send('Performance.getMetrics');
  return 1000 * (metrics.find((one) => one.name === 'TaskDuration')?.value ?? 0);
}

interface Round {
  readonly openMs: number;
  /** Of it, processor time of the window's own thread. */
  readonly openThreadMs: number;
  readonly scrolled: Scrolled | null;
  readonly threadMs: number;
  /** The same of a plain list, scrolled right after. */
  readonly plain: { readonly frames: number; readonly dropped: number } | null;
}

async function measure(page: Page, place: Place): Promise<Round[]> {
  const found: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await place.before(page);
    const target = page.locator(place.press).first();
    await target.waitFor();
    const start = await threadMs(page);
    const openMs = await target.evaluate(openIn, place.kind);
    const openThreadMs = (await threadMs(page)) - start;
    const mayScroll = place.kind === 'grid' || place.kind === 'queue';
    const before = await threadMs(page);
    const scrolled = mayScroll ? await page.evaluate(scrollIn) : null;
    const scrolledMs = (await threadMs(page)) - before;
    const plain = mayScroll ? await page.evaluate(scrollPlain) : null;
    found.push({ openMs, openThreadMs, scrolled, threadMs: scrolledMs, plain });
  }
  return found;
}

try {
  console.log(`${ARTICLES} articles; filling the desk takes minutes`);
  await world.fill(ARTICLES);
  await varyArticles(world, ARTICLES);
  const small = await deskOf('dau-moi.ctk', 0);
  const large = await deskOf('truong-ban', ARTICLES);
  const rows = [];
  const wanted = values.only.split(',').filter((name) => name !== '');
  for (const place of PLACES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    if ((await large.locator(rail('review')).count()) === 0) throw new Error('not the desk of the board');
    const isOnSmall = place.kind !== 'queue' && place.name !== words('view.review');
    const beside = isOnSmall ? await measure(small, place) : await measure(small, view('returned'));
    const found = await measure(large, place);
    const openMs = at(
      found.map((one) => one.openMs),
      0.5,
    );
    const emptyMs = at(
      beside.map((one) => one.openMs),
      0.5,
    );
    const scrolled = found.flatMap((one) => one.scrolled ?? []);
    const still = beside.flatMap((one) => one.scrolled ?? []);
    const sum = (some: readonly Scrolled[], of: keyof Scrolled) =>
      some.reduce((all, one) => all + one[of], 0);
    const percent = (some: readonly { readonly frames: number; readonly dropped: number }[]) =>
      some.length === 0
        ? null
        : Math.round(
            (1000 * some.reduce((all, one) => all + one.dropped, 0)) /
              some.reduce((all, one) => all + one.frames, 0),
          ) / 10;
    const dropped = percent(scrolled) ?? 0;
    const plainDropped = percent(found.flatMap((one) => one.plain ?? []));
    rows.push({
      list: place.name,
      'open ms': Math.round(openMs),
      'open thread ms': Math.round(
        at(
          found.map((one) => one.openThreadMs),
          0.5,
        ),
      ),
      'worst ms': Math.round(Math.max(...found.map((one) => one.openMs))),
      'next to empty ms': Math.round(emptyMs),
      ratio: Math.round((openMs / Math.max(1, emptyMs)) * 10) / 10,
      frames: sum(scrolled, 'frames'),
      dropped: sum(scrolled, 'dropped'),
      'dropped beside': sum(still, 'dropped'),
      'dropped %': dropped,
      'plain list %': plainDropped,
      'longest ms': Math.round(Math.max(0, ...scrolled.map((one) => one.longestMs))),
      'our longest ms': Math.round(Math.max(0, ...scrolled.map((one) => one.scriptMs))),
      'thread ms a frame':
        Math.round(
          (found.reduce((all, one) => all + one.threadMs, 0) / Math.max(1, sum(scrolled, 'frames'))) * 10,
        ) / 10,
      'blank frames': sum(scrolled, 'blank'),
      open: openMs < OPEN_MS ? 'pass' : 'FAIL',
      'to empty': openMs / Math.max(1, emptyMs) < MOST_RATIO ? 'pass' : 'FAIL',
      scroll: scrolled.length === 0 ? '' : dropped <= (plainDropped ?? 0) ? 'pass' : 'FAIL',
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
  console.table(rows);
  console.log(JSON.stringify({ bench: 'lists', articles: ARTICLES, rows }));
} finally {
  for (const person of people) await person.desk.close().catch(() => undefined);
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}
