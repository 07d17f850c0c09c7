import { useLayoutEffect, useRef } from 'react';

/**
 * The keys of the window. Never bare letters or digits (Telex, VNI, screen readers), Ctrl+Shift and Alt+Z (Unikey),
 * Alt+Shift (Windows), Ctrl+Alt (AltGr), Insert and CapsLock (screen readers).
 */
export const KEYS = {
  nextPane: ['F6'],
  previousPane: ['Shift+F6'],
  find: ['Ctrl+F'],
  newArticle: ['Ctrl+N'],
  print: ['Ctrl+P'],
  primary: ['Ctrl+Enter'],
  return: ['Alt+T'],
  refuse: ['Alt+K'],
  nextChange: ['F8'],
  previousChange: ['Shift+F8'],
  nextCheck: ['F7'],
  previousCheck: ['Shift+F7'],
  nextInQueue: ['Ctrl+PageDown'],
  previousInQueue: ['Ctrl+PageUp'],
  standing: ['Alt+V'],
  explainDue: ['Alt+H'],
  compareWith: ['Alt+S'],
  help: ['F1'],
  link: ['Ctrl+K'],
  module1: ['Alt+1'],
  module2: ['Alt+2'],
  module3: ['Alt+3'],
  module4: ['Alt+4'],
  module5: ['Alt+5'],
  module6: ['Alt+6'],
  module7: ['Alt+7'],
} as const;
export type KeyAction = keyof typeof KEYS;

export type PressedKey = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'keyCode'
>;

/** The name of what was pressed, `Ctrl+Enter`; null while an input method composes. */
export function chordOf(event: PressedKey): string | null {
  // 229 is what input methods send for keys that they keep.
  if (event.isComposing || event.keyCode === 229) return null;
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const key = digit ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** The action of a pressed key, or null. */
export function actionOf(event: PressedKey): KeyAction | null {
  const chord = chordOf(event);
  if (chord === null) return null;
  const found = Object.entries(KEYS).find(([, chords]) => (chords as readonly string[]).includes(chord));
  return found ? (found[0] as KeyAction) : null;
}

/** How a key is written on a button: `Ctrl Enter`. */
export const keyLabel = (action: KeyAction): string =>
  (KEYS[action][0] ?? '').replaceAll('+', ' ').replace('PageDown', 'PgDn').replace('PageUp', 'PgUp');

const isDialogOpen = (): boolean => document.querySelector('[data-modal-dialog]') !== null;

/**
 * Runs a handler for a key while the component stands. With a dialog open only dialogs answer (`inDialog`).
 * A handler that returns false leaves the key to others.
 */
export function useKey(
  action: KeyAction,
  handler: () => boolean | undefined,
  options: { readonly enabled?: boolean; readonly inDialog?: boolean } = {},
): void {
  const { enabled = true, inDialog = false } = options;
  const latest = useRef(handler);
  // Before the component is painted: what can be seen answers to its key, also where drawing takes long.
  useLayoutEffect(() => {
    latest.current = handler;
  });
  useLayoutEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || actionOf(event) !== action || inDialog !== isDialogOpen()) return;
      if (latest.current() !== false) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [action, enabled, inDialog]);
}
