import { describe, expect, it } from 'vitest';
import { actionOf, chordOf, KEYS, type PressedKey } from '../../../renderer/app/keys.ts';

const press = (more: Partial<PressedKey>): PressedKey => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  ...more,
});
const chords = Object.values(KEYS).flat() as string[];

describe('the keys of the window', () => {
  it('are given out once', () => {
    expect(new Set(chords).size).toBe(chords.length);
  });

  it.each([
    ['bare letters and digits (Telex, VNI, screen readers)', /^[A-Z0-9]$/],
    ['Ctrl+Shift (Unikey)', /Ctrl\+.*Shift/],
    ['Alt+Z (Unikey)', /^Alt\+Z$/],
    ['Alt+Shift (Windows)', /Alt\+Shift/],
    ['Ctrl+Alt (AltGr, tables in NVDA)', /Ctrl\+Alt/],
    ['Insert and CapsLock (screen readers)', /Insert|CapsLock/],
  ])('leave alone %s', (_name, forbidden) => {
    expect(chords.filter((chord) => forbidden.test(chord))).toEqual([]);
  });

  it('find their action', () => {
    expect(actionOf(press({ key: 'Enter', ctrlKey: true }))).toBe('primary');
    expect(actionOf(press({ key: 'k', altKey: true }))).toBe('refuse');
    expect(actionOf(press({ key: 'F6', shiftKey: true }))).toBe('previousPane');
    expect(actionOf(press({ key: 't' }))).toBeNull();
  });

  it('know a digit by its key, whatever the layout writes', () => {
    expect(actionOf(press({ key: 'ă', code: 'Digit1', altKey: true }))).toBe('module1');
  });

  it('do nothing while an input method composes', () => {
    expect(chordOf(press({ key: 'Enter', ctrlKey: true, isComposing: true }))).toBeNull();
    expect(chordOf(press({ key: 'Enter', ctrlKey: true, keyCode: 229 }))).toBeNull();
  });
});
