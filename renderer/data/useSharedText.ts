import { type RefObject, useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import * as Y from 'yjs';
import { editText, shiftCursor, textEdit } from '../../domain/document/index.ts';
import { normaliseNfc } from '../../domain/text/index.ts';

type Control = HTMLInputElement | HTMLTextAreaElement;
type Delta = Parameters<typeof shiftCursor>[1];

/** Origin of edits that a form control makes, for undo. */
const FORM_ORIGIN = Symbol('form');

/**
 * Binds an input or textarea to a shared text. The control is not controlled by React: what is typed goes into the
 * text as the smallest edit, what comes from elsewhere goes into the control and leaves cursor and selection on their
 * words. While an input method composes, the control is left alone and caught up with afterwards. Returns the way to end it.
 */
export function bindControl(control: Control, text: Y.Text, onShown: () => void = () => {}): () => void {
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([FORM_ORIGIN]), captureTimeout: 500 });
  /** While composing: what the control showed when it began, and what others have done to the text since. */
  let composing: { readonly base: string; readonly foreign: Delta[] } | null = null;

  const show = (moveCursor: (position: number) => number) => {
    const after = text.toString();
    if (control.value === after) return;
    const { selectionStart, selectionEnd } = control;
    const active = control.ownerDocument.activeElement === control;
    control.value = after;
    if (active && selectionStart !== null && selectionEnd !== null)
      control.setSelectionRange(moveCursor(selectionStart), moveCursor(selectionEnd));
    onShown();
  };
  const write = () => {
    const typed = normaliseNfc(control.value);
    editText(text, typed, FORM_ORIGIN, Math.min(control.selectionStart ?? typed.length, typed.length));
    onShown();
  };
  const writeOver = (base: string, foreign: readonly Delta[]) => {
    const own = textEdit(base, normaliseNfc(control.value), control.selectionStart ?? undefined);
    if (own === null) return;
    const from = foreign.reduce(shiftCursor, own.index);
    const to = foreign.reduce(shiftCursor, own.index + own.remove);
    text.doc?.transact(() => {
      // Somebody wrote into the very stretch that was composed over: keep both rather than lose theirs.
      if (to - from === own.remove && own.remove > 0) text.delete(from, own.remove);
      if (own.insert !== '') text.insert(from, own.insert);
    }, FORM_ORIGIN);
  };

  const onInput = () => {
    // What an input method is still building goes in when it is done: half a syllable is nobody's edit.
    if (composing === null) write();
  };
  const onCompositionStart = () => {
    composing = { base: text.toString(), foreign: [] };
  };
  const onCompositionEnd = () => {
    if (composing === null) return;
    const { base, foreign } = composing;
    composing = null;
    if (foreign.length === 0) write();
    else writeOver(base, foreign);
    show((position) => foreign.reduce(shiftCursor, position));
  };
  const observer = (event: Y.YTextEvent, transaction: Y.Transaction) => {
    if (transaction.origin === FORM_ORIGIN) return;
    const delta = event.delta as Delta;
    if (composing !== null) composing.foreign.push(delta);
    else show((position) => shiftCursor(position, delta));
  };
  const onKeyDown = (event: Event) => {
    const { key, ctrlKey, metaKey, shiftKey, altKey, isComposing } = event as KeyboardEvent;
    if (isComposing || altKey || shiftKey || !(ctrlKey || metaKey)) return;
    if (key.toLowerCase() === 'z') undo.undo();
    else if (key.toLowerCase() === 'y') undo.redo();
    else return;
    event.preventDefault();
  };

  control.value = text.toString();
  onShown();
  text.observe(observer);
  control.addEventListener('input', onInput);
  control.addEventListener('compositionstart', onCompositionStart);
  control.addEventListener('compositionend', onCompositionEnd);
  control.addEventListener('keydown', onKeyDown);
  return () => {
    text.unobserve(observer);
    undo.destroy();
    control.removeEventListener('input', onInput);
    control.removeEventListener('compositionstart', onCompositionStart);
    control.removeEventListener('compositionend', onCompositionEnd);
    control.removeEventListener('keydown', onKeyDown);
  };
}

/** A ref for a control that shows and edits a shared text. */
export function useSharedText<T extends Control>(text: Y.Text, onShown?: () => void): RefObject<T | null> {
  const ref = useRef<T>(null);
  const shown = useRef(onShown);
  useEffect(() => {
    shown.current = onShown;
  });
  useEffect(() => {
    const control = ref.current;
    if (!control) return;
    return bindControl(control, text, () => shown.current?.());
  }, [text]);
  return ref;
}

/** The value of a shared map under a key, as it is now. */
export function useMapValue(map: Y.Map<unknown>, key: string): unknown {
  const subscribe = useCallback(
    (listener: () => void) => {
      map.observe(listener);
      return () => map.unobserve(listener);
    },
    [map],
  );
  return useSyncExternalStore(subscribe, () => map.get(key));
}
