// @vitest-environment jsdom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };
import type { CountedDay } from '../../../domain/contracts/planning.ts';
import { AppWindow } from '../../../renderer/app/AppWindow.tsx';
import { startI18n } from '../../../renderer/app/i18n.ts';
import { addMonths, foldDays, sameDayIn, shownDays } from '../../../renderer/features/deadlines/months.ts';
import { provideAriaStrings } from '../../../renderer/ui/ariaStrings.ts';
import { createFakeBridge, type FakeOptions } from './fakeBridge.ts';

/** What jsdom lacks of a window. */
class NoResizes {
  observe() {}
  unobserve() {}
  disconnect() {}
}
beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, ResizeObserver: NoResizes });
  window.matchMedia = (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  Object.defineProperty(document, 'fonts', { value: { ready: Promise.resolve() } });
  Element.prototype.scrollTo = () => {};
  Element.prototype.scrollIntoView = () => {};
  provideAriaStrings(startI18n());
});

let root: Root | undefined;
afterEach(async () => {
  await act(async () => root?.unmount());
  document.body.replaceChildren();
});

const until = async (what: string, holds: () => boolean) => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (holds()) return;
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
  }
  throw new Error(`did not come: ${what}`);
};
async function open(options: FakeOptions) {
  const host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
  const bridge = createFakeBridge(options);
  await act(async () => root?.render(<AppWindow bridge={bridge} />));
  await until('the rail', () => document.querySelector('.rail-item') !== null);
}
const shown = () => document.body.textContent ?? '';
const find = (selector: string, text = '') =>
  [...document.querySelectorAll<HTMLElement>(selector)].find((one) => one.textContent?.includes(text));
async function click(selector: string, text = '') {
  await until(`${selector} ${text}`, () => find(selector, text) !== undefined);
  await act(async () => find(selector, text)?.click());
}
async function key(target: Element | null, name: string, more: KeyboardEventInit = {}) {
  await act(async () => {
    target?.dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }),
    );
  });
}
const chosenDay = () =>
  document.querySelector<HTMLElement>('[role="gridcell"][aria-selected="true"]')?.dataset.day ?? '';

describe('months', () => {
  it.each([
    ['2026-01', -1, '2025-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-05', 14, '2027-07'],
  ])('%s and %i', (month, by, other) => expect(addMonths(month, by)).toBe(other));

  it('know their six weeks, from Monday', () => {
    expect(shownDays('2026-11')).toEqual({ from: '2026-10-26', to: '2026-12-06' });
    expect(shownDays('2027-02')).toEqual({ from: '2027-02-01', to: '2027-03-14' });
  });

  it('keep the day where the other month has it', () => {
    expect(sameDayIn('2026-01-31', '2026-02')).toBe('2026-02-28');
    expect(sameDayIn('2026-01-15', '2026-02')).toBe('2026-02-15');
  });

  it('fold days that are off for the same reason, and never one that counts', () => {
    const day = (date: string, kind: CountedDay['kind'], n: number | null = null): CountedDay => ({
      date,
      kind,
      n,
      name: null,
      compensates: null,
      assumed: false,
    });
    const lines = foldDays([
      day('2026-11-20', 'event'),
      day('2026-11-21', 'weekend'),
      day('2026-11-22', 'weekend'),
      day('2026-11-23', 'counted', 1),
      day('2026-11-24', 'counted', 2),
      day('2026-11-25', 'holiday'),
    ]);
    expect(lines.map((line) => line.length)).toEqual([1, 2, 1, 1, 1]);
  });
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('deadlines in %s', (language, words) => {
  it('go by keys from day to day and month to month, and open a day as a list', async () => {
    await open({ language, role: 'editor', rows: 40 });
    await click('.rail-item', words.rail.deadlines);
    await click('button', words.deadlines.list.month);
    await until('the month', () => document.querySelector('.calendar[aria-busy="false"]') !== null);
    const today = document.querySelector<HTMLElement>('[aria-current="date"]')?.dataset.day ?? '';
    await click(`[data-day="${today}"]`);
    expect(chosenDay()).toBe(today);
    const grid = document.querySelector('.calendar');
    await key(grid, 'PageDown');
    const later = sameDayIn(today, addMonths(today.slice(0, 7), 1));
    await until(
      'the next month',
      () => chosenDay() === later && document.activeElement?.getAttribute('data-day') === later,
    );
    await key(document.activeElement, 'PageUp');
    await until('back', () => chosenDay() === today);
    const due = find('.day-count')?.closest<HTMLElement>('[data-day]')?.dataset.day ?? '';
    expect(due).not.toBe('');
    await click(`[data-day="${due}"]`);
    await key(document.querySelector('.calendar'), 'Enter');
    await until(
      'the list of the day',
      () => find('[role="grid"][aria-label]')?.getAttribute('aria-label') === words.deadlines.listName.day,
    );
    await until('its rows', () => document.querySelector('[data-article]') !== null);
    expect(document.querySelector('.group')).toBeNull();
    expect(document.activeElement?.getAttribute('aria-label')).toBe(words.deadlines.listName.day);
  });

  it('explain a due date from the month and from the list by keys', async () => {
    await open({ language, role: 'editor', rows: 40 });
    await click('.rail-item', words.rail.deadlines);
    await click('button', words.deadlines.list.month);
    await click('.event');
    await until('the explanation', () => document.querySelector('.explain') !== null);
    await click('[role="dialog"] button', words.action.close);
    await click('.rail-item', words.rail.desk);
    await until('rows', () => document.querySelector('[data-article]') !== null);
    await key(window as unknown as Element, 'h', { altKey: true });
    await until('the explanation again', () => document.querySelector('[role="dialog"] .explain') !== null);
  });

  it('say when there is nothing', async () => {
    await open({ language, role: 'editor', empty: true });
    await click('.rail-item', words.rail.deadlines);
    await click('.segmented button:nth-child(2)');
    await until('nothing', () => shown().includes(words.deadlines.empty.late));
  });
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('sections in %s', (language, words) => {
  it('open to their units and lead to their articles', async () => {
    await open({ language, role: 'editor' });
    await click('.rail-item', words.rail.sections);
    const section = 'land-use-planning';
    await click(`[data-section="${section}"]`);
    await until('its units', () => document.querySelector('.section-unit') !== null);
    await click('.section-unit .link');
    await until('the desk', () => document.querySelector('.filter-set.is-on') !== null);
    expect(document.querySelectorAll('.filter-set.is-on')).toHaveLength(2);
  });

  it('go by arrows with one tab stop', async () => {
    await open({ language, role: 'editor' });
    await click('.rail-item', words.rail.sections);
    await until('sections', () => document.querySelectorAll('[data-section]').length > 5);
    const all = () => [...document.querySelectorAll<HTMLElement>('[data-section]')];
    await act(async () => all()[0]?.focus());
    await key(document.activeElement, 'ArrowDown');
    expect(document.activeElement).toBe(all()[1]);
    expect(all().filter((one) => one.tabIndex === 0)).toEqual([all()[1]]);
  });

  it('of a unit’s own desk say so', async () => {
    await open({ language, role: 'liaison' });
    await click('.rail-item', words.rail.sections);
    await until('the remark', () => shown().includes(words.sections.ownUnit.split('{{')[0] ?? ''));
  });
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('where an article stands in %s', (language, words) => {
  it('is asked by a key, with what is missing and who acts next', async () => {
    await open({ language, role: 'liaison' });
    await until('rows', () => document.querySelector('[data-article]') !== null);
    await click('[data-article]', 'Mức hỗ trợ mới');
    await until('the bar', () => document.querySelector('.decision') !== null);
    await key(window as unknown as Element, 'v', { altKey: true });
    await until('the card', () => document.querySelector('.standing .people li') !== null);
    expect(shown()).toContain(words.standing.obstacle['not-declared']);
    expect(find('.people .you')).toBeDefined();
    await click('.standing .link', words.standing.showChecks);
    await until('the checks', () => document.querySelector('[role="dialog"]') === null);
    expect(find('[role="tab"][aria-selected="true"]')?.textContent).toContain(words.panel.checks);
  });
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('delegation in %s', (language, words) => {
  const start = words.delegation.now.split('{{')[0]?.trim() ?? '';
  it('is said on the desk and in the account', async () => {
    await open({ language, role: 'liaison', delegation: true });
    await until('the line', () => document.querySelector('.stand-in')?.textContent?.includes(start) === true);
    await click('.rail-item', words.rail.account);
    await until('the account', () => shown().includes(words.delegation.received));
    expect(shown()).toContain('12/QĐ-VP');
  });

  it('is no matter where there is none', async () => {
    await open({ language, role: 'liaison' });
    await click('.rail-item', words.rail.account);
    await until('the account', () => shown().includes(words.delegation.none));
    expect(document.querySelector('.stand-in')).toBeNull();
  });
});

it('the queue goes on past what is in sight', async () => {
  await open({ role: 'editor-in-chief', rows: 3000 });
  await click('.rail-item', vi.rail.review);
  await until('the queue', () => document.querySelector('.queue-item[aria-current]') !== null);
  const current = () => document.querySelector<HTMLElement>('.queue-item[aria-current]')?.dataset.index;
  expect(current()).toBe('0');
  const total = Number(document.querySelector('.queue h1 .num')?.textContent?.replaceAll(/\D/g, ''));
  expect(total).toBeGreaterThan(200);
  for (const at of ['1', '2', '3']) {
    await key(window as unknown as Element, 'PageDown', { ctrlKey: true });
    await until(`article ${at}`, () => current() === at);
  }
  await key(window as unknown as Element, 'PageUp', { ctrlKey: true });
  await until('the one before', () => current() === '2');
});
