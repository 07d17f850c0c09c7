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

/** What jsdom lacks of a window; sizes are none, so nothing that depends on them is asked here. */
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

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 90)));

async function open(options: FakeOptions) {
  const host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
  const bridge = createFakeBridge(options);
  await act(async () => root?.render(<AppWindow bridge={bridge} />));
  await settle();
}

async function press(name: string) {
  const button = [...document.querySelectorAll<HTMLElement>('button, [role="row"], [role="tab"]')].find(
    (one) => one.textContent?.includes(name),
  );
  if (!button) throw new Error(`nothing named ${name}`);
  await act(async () => button.click());
  await settle();
}
const shown = () => document.body.textContent ?? '';

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('the window in %s', (language, words) => {
  it('asks who you are, and says in words what the portal refused', async () => {
    await open({ language, status: 'signed-out' });
    expect(document.documentElement.lang).toBe(language);
    const password = document.querySelector<HTMLInputElement>('input[type="password"]');
    await act(async () => {
      if (!password) return;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(password, 'sáu');
      password.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(shown()).toContain(words.signIn.vietnameseMarks);
    await press(words.signIn.submit);
    expect(shown()).toContain(words.error['wrong-password']);
  });

  it('lists, opens and reads an article', async () => {
    await open({ language, role: 'liaison' });
    expect(shown()).toContain(words.strip.offline);
    await press('Mức hỗ trợ mới');
    expect(document.querySelector<HTMLTextAreaElement>('#field-title')?.value).toContain('Mức hỗ trợ mới');
    expect(shown()).toContain(words.declare.onlyHere);
    const missing = words.check.missing.replace('{{field}}', language === 'vi' ? 'Trích yếu' : 'Abstract');
    expect(shown()).not.toContain(missing);
    await press(words.action.submit);
    expect(shown()).toContain(missing);
    expect(document.activeElement?.id).toBe('field-abstract');
  });

  it('says that an approval was for an earlier text', async () => {
    await open({ language, role: 'editor-in-chief', online: true });
    await press(words.rail.review);
    await press('Kế hoạch sử dụng đất');
    expect(shown()).toContain(words.review.earlierTitle.split('{{')[0]);
    expect(document.querySelectorAll('[data-change]').length).toBeGreaterThan(2);
    const rows = [...document.querySelectorAll('.queue-item')];
    expect(rows.every((row) => row.querySelector('.sync') !== null)).toBe(true);
  });

  it('says who works on an article offline, in the list and in the article, and keeps nobody from writing', async () => {
    const until = Date.now() + 86_400_000;
    const reservations = [{ personId: 'lanhdao.vpubnd', takenAt: 1, day: '2026-12-24', until }];
    await open({ language, role: 'liaison', reservations });
    const who = language === 'vi' ? 'Chánh Văn phòng UBND tỉnh' : 'Chief of Office';
    const sentence = (words_: string, day: string) => words_.replace('{{name}}', who).replace('{{day}}', day);
    expect(shown()).toContain(sentence(words.reservation.row, language === 'vi' ? '24/12' : '24 Dec'));
    await press('Mức hỗ trợ mới');
    expect(shown()).toContain(
      sentence(words.reservation.of, language === 'vi' ? '24/12/2026' : '24 Dec 2026'),
    );
    expect(shown()).toContain(words.reservation.note);
    expect(document.querySelector<HTMLTextAreaElement>('#field-title')?.readOnly).toBe(false);
  });

  it('says that the text of an article is still coming, and takes no writing until then', async () => {
    await open({ language, role: 'liaison', text: 'coming' });
    await press('Mức hỗ trợ mới');
    expect(shown()).toContain(words.article.arriving.coming);
    expect(shown()).toContain(words.article.arriving.comingOffline);
    expect(document.querySelector('#field-body')?.getAttribute('contenteditable')).not.toBe('true');
  });

  it('says that a part of the text is missing, and lets one write beside it', async () => {
    await open({ language, role: 'liaison', text: 'partly', online: true });
    await press('Mức hỗ trợ mới');
    expect(shown()).toContain(words.article.arriving.partly);
    expect(document.querySelector('#field-body')?.getAttribute('contenteditable')).toBe('true');
  });

  it('names everything that waits', async () => {
    await open({ language, role: 'liaison' });
    await press(words.rail.outbox);
    expect(shown()).toContain(words.outbox.notAccepted);
    expect(shown()).toContain(words.outbox.waitsForPortal);
    expect(shown()).toContain(words.outbox.whenOnline);
  });

  it('shows who is signed in', async () => {
    await open({ language, role: 'translator' });
    expect(shown()).toContain(words.rail.translation);
    expect(shown()).not.toContain(words.desk.new);
    await press(words.rail.account);
    expect(shown()).toContain(words.role.translator);
  });

  it('warns when the disk takes nothing', async () => {
    await open({ language, unsaved: true });
    const alert = document.querySelector('footer[role="alert"]');
    expect(alert?.textContent).toContain(words.strip.unsavedNote);
  });

  it('asks for the password of a locked desk, and for the former one when that does not open it', async () => {
    await open({ language, status: 'locked', refusals: { 'session.signIn': 'former-password' } });
    expect(shown()).toContain(words.signIn.unlockText);
    expect(shown()).toContain(words.signIn.offlineHere);
    const type = async (field: HTMLInputElement | null | undefined, text: string) =>
      act(async () => {
        if (!field) throw new Error('no field');
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
    const fields = () => document.querySelectorAll<HTMLInputElement>('input[type="password"]');
    await type(fields()[0], 'newer');
    await press(words.signIn.submit);
    expect(shown()).toContain(words.signIn.formerText);
    expect(document.querySelector('[role="alert"]')).toBeNull();
    expect(fields()).toHaveLength(2);
    await press(words.signIn.formerForgotten);
    expect(document.querySelector('[role="alertdialog"]')?.textContent).toContain(words.signIn.afreshText);
    await press(words.store.cancel);
    // Another password is another question.
    await type(fields()[0], 'else');
    expect(fields()).toHaveLength(1);
  });

  it('says quietly that damage was met, and lets the work go on', async () => {
    await open({ language, damagedSince: Date.now() });
    const strip = document.querySelector('[data-pane="strip"]');
    expect(strip?.textContent).toContain(words.strip.damaged);
    expect(strip?.querySelector('strong')?.title).toContain(words.strip.damagedNote.split('}}')[1] ?? 'none');
    expect(shown()).not.toContain(words.store.title);
    expect(document.querySelector('[role="alert"], [role="alertdialog"]')).toBeNull();
  });

  it('says what a damaged store keeps and loses, and restores the copy', async () => {
    const trouble = {
      code: 'store-damaged' as const,
      folder: 'a'.repeat(32),
      backup: { takenAt: Date.now() - 3_600_000, sizeInBytes: 5_000_000 },
      mayStartAfresh: true,
    };
    await open({ language, trouble });
    expect(shown()).toContain(words.error['store-damaged']);
    expect(shown()).toContain(words.store.portalHas);
    expect(shown()).not.toContain(words.store.afresh);
    expect(shown()).not.toContain(words.strip.allSaved);
    await press(words.store.restore.split('{{')[0] ?? '');
    expect(shown()).not.toContain(words.store.title);
    expect(shown()).toContain(words.store.restored.split('{{')[0] ?? '');
  });

  it('offers a new store only where no copy helps, and asks before', async () => {
    const trouble = {
      code: 'store-damaged' as const,
      folder: 'a'.repeat(32),
      backup: { takenAt: Date.now() - 3_600_000, sizeInBytes: 5_000_000 },
      mayStartAfresh: true,
    };
    await open({ language, trouble, refusals: { 'store.restore': 'backup-unusable' } });
    await press(words.store.restore.split('{{')[0] ?? '');
    expect(document.querySelector('[role="alert"]')?.textContent).toContain(words.error['backup-unusable']);
    await press(words.store.afresh);
    expect(shown()).toContain(words.store.afreshText);
    expect(shown()).toContain(words.store.title);
    await press(words.store.afreshConfirm);
    expect(shown()).not.toContain(words.store.title);
  });

  it('names what else keeps a store closed, without offering to replace it', async () => {
    const trouble = {
      code: 'store-locked' as const,
      folder: 'a'.repeat(32),
      backup: null,
      mayStartAfresh: false,
    };
    await open({ language, trouble });
    expect(shown()).toContain(words.error['store-locked']);
    expect(shown()).toContain(words.store.retry);
    expect(shown()).not.toContain(words.store.noBackup);
    expect(shown()).not.toContain(words.store.afresh);
  });
});
