// @vitest-environment jsdom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };
import { AppWindow } from '../../../renderer/app/AppWindow.tsx';
import { startI18n } from '../../../renderer/app/i18n.ts';
import { provideAriaStrings } from '../../../renderer/ui/ariaStrings.ts';
import { createFakeBridge, type FakeOptions } from './fakeBridge.ts';

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

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 90)));
const shown = () => document.body.textContent ?? '';

async function open(options: FakeOptions) {
  const host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
  await act(async () => root?.render(<AppWindow bridge={createFakeBridge(options)} />));
  await settle();
}

async function press(name: string, within: ParentNode = document) {
  const button = [...within.querySelectorAll<HTMLElement>('button, [role="row"], [role="tab"]')].find((one) =>
    one.textContent?.includes(name),
  );
  if (!button) throw new Error(`nothing named ${name}`);
  await act(async () => button.click());
  await settle();
}

async function key(name: string, target: Element = document.activeElement ?? document.body) {
  await act(async () => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
    target.dispatchEvent(new KeyboardEvent('keyup', { key: name, bubbles: true }));
  });
  await settle();
}

const versions = () => [...document.querySelectorAll<HTMLElement>('[data-version]')];
const dialog = () => document.querySelector<HTMLElement>('[data-modal-dialog]');

async function type(text: string) {
  await act(async () => {
    const field = dialog()?.querySelector('input');
    if (!field) throw new Error('no field');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('the history in %s', (language, words) => {
  const openPast = async () => {
    await open({ language, role: 'editor-in-chief' });
    await press(words.rail.review);
    await press('Kế hoạch sử dụng đất');
    await press(words.history.open);
  };

  it('shows what changed since the version before, and walks through it by keys', async () => {
    await openPast();
    expect(versions()[0]?.textContent).toContain(words.history.level.now);
    expect(versions().length).toBeGreaterThan(2);
    const changes = document.querySelectorAll('[data-change]').length;
    expect(changes).toBeGreaterThan(2);
    expect(document.querySelectorAll('ins').length).toBeGreaterThan(0);
    expect(document.querySelectorAll('del').length).toBeGreaterThan(0);
    await key('F8');
    expect(document.querySelector('.is-now')?.closest('[data-change]')?.getAttribute('data-change')).toBe(
      '1',
    );
    await act(async () => versions()[0]?.focus());
    await key('ArrowDown');
    expect(versions()[1]?.getAttribute('aria-selected')).toBe('true');
    expect(shown()).toContain(words.compare.equal);
    await key('End');
    expect(shown()).toContain(words.history.nothingBefore);
    await press(words.action.back);
    expect(shown()).toContain(words.review.queue);
  });

  it('names a version, and asks for the name until there is one', async () => {
    await openPast();
    await press(words.history.name);
    await press(words.history.nameSave, dialog() ?? document);
    expect(dialog()?.textContent).toContain(words.history.nameMissing);
    await type('  Trước khi cắt bảng ');
    await press(words.history.nameSave, dialog() ?? document);
    expect(dialog()).toBeNull();
    expect(versions().some((one) => one.textContent?.includes('Trước khi cắt bảng'))).toBe(true);
  });

  it('restores only after a question, and the present version is then what was restored', async () => {
    await openPast();
    expect(shown()).not.toContain(words.history.restore);
    await act(async () => versions().at(-1)?.focus());
    await key('End');
    await press(words.history.restore);
    expect(dialog()?.textContent).toContain(words.history.restoreTitle);
    await press(words.history.restoreConfirm, dialog() ?? document);
    expect(dialog()).toBeNull();
    expect(shown()).toContain(words.history.restored);
    expect(versions()[0]?.getAttribute('aria-selected')).toBe('true');
    expect(shown()).toContain(words.compare.equal);
  });

  it('says why a version can’t be shown or named', async () => {
    await open({
      language,
      role: 'editor-in-chief',
      refusals: { 'history.compare': 'not-found', 'history.name': 'disk-full' },
    });
    await press(words.rail.review);
    await press('Kế hoạch sử dụng đất');
    await press(words.history.open);
    expect(shown()).toContain(words.error['not-found']);
    await press(words.history.name);
    await type('x');
    await press(words.history.nameSave, dialog() ?? document);
    expect(dialog()?.textContent).toContain(words.error['disk-full']);
  });
});
