// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bindControl } from '../../../renderer/data/useSharedText.ts';

function setUp(start: string) {
  const doc = new Y.Doc();
  const text = doc.getText('title');
  text.insert(0, start);
  const control = document.createElement('textarea');
  document.body.replaceChildren(control);
  control.focus();
  const end = bindControl(control, text);
  const type = (value: string, caret: number) => {
    control.value = value;
    control.setSelectionRange(caret, caret);
    control.dispatchEvent(new Event('input'));
  };
  const fromElsewhere = (change: (text: Y.Text) => void) => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    change(other.getText('title'));
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  };
  return { doc, text, control, type, fromElsewhere, end };
}

describe('a control bound to a shared text', () => {
  it('writes typing as one small edit', () => {
    const { doc, text, type } = setUp('Quyết định số 5');
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    type('Quyết định mới số 5', 14);
    expect(text.toString()).toBe('Quyết định mới số 5');
    expect(updates).toHaveLength(1);
    expect(updates[0]?.byteLength).toBeLessThan(60);
  });

  it('keeps both edits that were made at the same time', () => {
    const { text, type, fromElsewhere, control } = setUp('một hai');
    type('một hai ba', 10);
    fromElsewhere((other) => other.insert(0, 'không '));
    expect(text.toString()).toBe('không một hai ba');
    expect(control.value).toBe('không một hai ba');
  });

  it('keeps the cursor at its word when somebody writes in front of it', () => {
    const { control, fromElsewhere } = setUp('một hai');
    control.setSelectionRange(4, 7);
    fromElsewhere((other) => other.insert(0, 'không '));
    expect(control.value.slice(control.selectionStart, control.selectionEnd)).toBe('hai');
  });

  it('does not touch the control while an input method composes, and loses nothing of either side', () => {
    const { text, control, fromElsewhere } = setUp('Ủy ban tỉnh');
    control.setSelectionRange(6, 6);
    control.dispatchEvent(new Event('compositionstart'));
    control.value = 'Ủy ban nhan tỉnh';
    control.dispatchEvent(new Event('input'));
    fromElsewhere((other) => other.insert(0, 'Kết luận của '));
    expect(control.value).toBe('Ủy ban nhan tỉnh');
    control.value = 'Ủy ban nhân tỉnh';
    control.setSelectionRange(11, 11);
    control.dispatchEvent(new Event('compositionend'));
    expect(text.toString()).toBe('Kết luận của Ủy ban nhân tỉnh');
    expect(control.value).toBe('Kết luận của Ủy ban nhân tỉnh');
  });

  it('stores composed letters, however they were typed', () => {
    const { text, type } = setUp('');
    type('tiếng Việt'.normalize('NFD'), 13);
    expect(text.toString()).toBe('tiếng Việt'.normalize('NFC'));
  });

  it('undoes its own typing only', () => {
    const { text, control, type, fromElsewhere } = setUp('một');
    type('một hai', 7);
    fromElsewhere((other) => other.insert(0, 'không '));
    control.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, cancelable: true }));
    expect(text.toString()).toBe('không một');
  });

  it('lets go when it ends', () => {
    const { text, control, end, type } = setUp('một');
    end();
    type('một hai', 7);
    text.insert(0, 'không ');
    expect(text.toString()).toBe('không một');
    expect(control.value).toBe('một hai');
  });
});
