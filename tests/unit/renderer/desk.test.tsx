// @vitest-environment jsdom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };
import { AppWindow } from '../../../renderer/app/AppWindow.tsx';
import { startI18n } from '../../../renderer/app/i18n.ts';
import { filtersOn, listArgsOf, NO_FILTER } from '../../../renderer/features/desk/filter.ts';
import { provideAriaStrings } from '../../../renderer/ui/ariaStrings.ts';
import { createFakeBridge } from './fakeBridge.ts';

class NoResizes {
  observe() {}
  unobserve() {}
  disconnect() {}
}

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, ResizeObserver: NoResizes });
  window.matchMedia = (query) =>
    ({
      matches: false,
      media: query,
      addEventListener() {},
      removeEventListener() {},
    }) as unknown as MediaQueryList;
  Object.defineProperty(document, 'fonts', { value: { ready: Promise.resolve() }, configurable: true });
  Element.prototype.scrollTo = () => {};
  Element.prototype.scrollIntoView = () => {};
  provideAriaStrings(startI18n());
});

let root: Root | undefined;
afterEach(async () => {
  await act(async () => root?.unmount());
  document.body.replaceChildren();
});

const shown = () => document.body.textContent ?? '';
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
/** Waits for what must come, letting React work meanwhile. */
async function until(look: () => unknown): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
    if (look()) return;
    if (Date.now() > deadline) throw new Error(`it never came: ${look}\n${shown()}`);
  }
}

function named(name: string, selector = 'button, [role="menuitemradio"], [role="row"]'): HTMLElement {
  const found = all(selector).find((one) =>
    (one.getAttribute('aria-label') ?? one.textContent)?.includes(name),
  );
  if (!found) throw new Error(`nothing named ${name}`);
  return found;
}
const press = (name: string) => act(async () => named(name).click());

async function type(input: HTMLInputElement | null | undefined, text: string) {
  await act(async () => {
    if (!input) throw new Error('no field');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
const searchBox = () => document.querySelector<HTMLInputElement>('input[type="search"]');

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('the list in %s', (language, { desk, view, article }) => {
  const on = (count: number) => {
    return desk.filter.clearAll_other.replace('{{count}}', String(count));
  };

  beforeEach(async () => {
    const host = document.createElement('div');
    document.body.append(host);
    root = createRoot(host);
    const bridge = createFakeBridge({ language, role: 'liaison' });
    await act(async () => root?.render(<AppWindow bridge={bridge} />));
    await until(() => shown().includes('Mức hỗ trợ mới'));
  });

  it('shows where the words were found, in the title and under it', async () => {
    await type(searchBox(), 'muc ho tro');
    await until(() => all('.row mark').length >= 2);
    expect(all('.row-title mark').map((mark) => mark.textContent)).toEqual(['Mức hỗ trợ']);
    const second = document.querySelector('.row-second');
    expect(second?.textContent).toBe(`${article.body}: …một đoạn có muc ho tro`);
    expect(second?.querySelector('mark')?.textContent).toBe('muc ho tro');
    expect(document.querySelector('[role="status"].sr')?.textContent).toContain('1');
    await type(searchBox(), '');
    await until(() => all('.row mark').length === 0);
  });

  it('says how many filters are on when nothing is found, takes them off, and keeps them for each view', async () => {
    await press(view.all);
    await press(`${desk.filter.channel}:`);
    await press(desk.filter.channels.en);
    await press(`${desk.filter.state}:`);
    await press(language === 'vi' ? 'Không duyệt' : 'Refused');
    await until(() => shown().includes(on(2)));
    await until(() => shown().includes(desk.empty.filtersOn_other.replace('{{count}}', '2')));
    // Another view has its own filters; coming back, these are still on.
    await press(view.working);
    await until(() => shown().includes('Mức hỗ trợ mới') && !shown().includes(on(2)));
    await press(view.all);
    await until(() => shown().includes(on(2)));
    await press(on(2));
    await until(() => shown().includes('Mức hỗ trợ mới') && !shown().includes(on(2)));
  });

  it('narrows by days, written as they are in Viet Nam, and refuses an end before the beginning', async () => {
    await press(`${desk.filter.dates}:`);
    const fields = () => all('.dates input:not([type="radio"])') as HTMLInputElement[];
    await until(() => fields().length === 2);
    await type(fields()[0], '05/09/2026');
    await until(() => all('.filter.is-on').length === 1);
    await type(fields()[1], '1-9-2026');
    await until(() => shown().includes(desk.filter.reversed));
    await type(fields()[1], '30/9/2026');
    await until(() => !shown().includes(desk.filter.reversed));
    const days = language === 'vi' ? ['05/9/2026', '30/9/2026'] : ['5 Sep 2026', '30 Sep 2026'];
    expect(document.querySelector('.filter.is-on')?.textContent?.replaceAll('\u00a0', ' ')).toContain(
      days.join(' – '),
    );
    await press(desk.filter.clearDates);
    await until(() => all('.filter.is-on').length === 0 && all('.dates').length === 0);
  });
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('a unit that has ended, in %s', (language, { desk, unitEnded }) => {
  it('is told with its heir in place of a new article', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    root = createRoot(host);
    const bridge = createFakeBridge({
      language,
      role: 'liaison',
      ended: { validTo: '2025-06-30', successorIds: ['stp'] },
    });
    await act(async () => root?.render(<AppWindow bridge={bridge} />));
    await until(() => shown().includes('Mức hỗ trợ mới'));
    await press(desk.new);
    await until(() => shown().includes(unitEnded.title));
    const heir = language === 'vi' ? 'Sở Tư pháp' : 'Department of Justice';
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain(heir);
    expect(all('[role="dialog"] input')).toEqual([]);
  });
});

describe('filters', () => {
  it('are counted, and asked for only where they are on', () => {
    expect([filtersOn(NO_FILTER), listArgsOf(NO_FILTER)]).toEqual([0, {}]);
    const dates = { of: 'due', from: '2026-09-05' } as const;
    const filter = { ...NO_FILTER, state: 'draft', channel: 'en', dates } as const;
    expect(filtersOn(filter)).toBe(3);
    expect(listArgsOf(filter)).toEqual({ states: ['draft'], channel: 'en', dates });
  });
});
