import { createDOMRange, createRectsFromDOMRange } from '@lexical/selection';
import { $getNodeByKey, type LexicalEditor } from 'lexical';
import { useEffect, useRef } from 'react';
import type { EditorBinding } from '../binding/index.ts';
import { cursorOf } from './places.ts';
import type { Other } from './usePresence.ts';

/** The cursors of others over the body they write in. Nothing of it is in the text, and a screen reader passes it over. */
export function Carets({
  editor,
  binding,
  others,
}: {
  readonly editor: LexicalEditor;
  readonly binding: EditorBinding | null;
  readonly others: readonly Other[];
}) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = layer.current;
    if (!host || !binding || others.length === 0) return;
    let frame = 0;
    const draw = () => {
      const origin = host.getBoundingClientRect();
      const former = new Map(
        [...host.querySelectorAll<HTMLElement>('.caret')].map((caret) => [caret.dataset.key, caret]),
      );
      const parts = others.flatMap((other) => drawOne(editor, binding, other, origin, former.get(other.key)));
      host.replaceChildren(...parts);
    };
    const later = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    };
    const stopUpdates = editor.registerUpdateListener(later);
    const sizes = new ResizeObserver(later);
    sizes.observe(host);
    later();
    return () => {
      cancelAnimationFrame(frame);
      stopUpdates();
      sizes.disconnect();
    };
  }, [editor, binding, others]);
  useEffect(() => {
    if (others.length === 0) layer.current?.replaceChildren();
  }, [others]);
  return <div ref={layer} className="carets" aria-hidden />;
}

function drawOne(
  editor: LexicalEditor,
  binding: EditorBinding,
  other: Other,
  origin: DOMRect,
  former: HTMLElement | undefined,
): HTMLElement[] {
  const cursor = other.place && cursorOf(other.place);
  if (!cursor) return [];
  const found = editor.read(() => {
    const { anchorKey, anchorOffset, focusKey, focusOffset } = binding.$locate(cursor);
    const anchor = anchorKey === null ? null : $getNodeByKey(anchorKey);
    const focus = focusKey === null ? null : $getNodeByKey(focusKey);
    if (!anchor || !focus) return null;
    return {
      selected: createDOMRange(editor, anchor, anchorOffset, focus, focusOffset),
      caret: createDOMRange(editor, focus, focusOffset, focus, focusOffset),
      element: editor.getElementByKey(focus.getKey()),
    };
  });
  if (!found?.caret) return [];
  const parts: HTMLElement[] = [];
  if (found.selected && !found.selected.collapsed) {
    for (const rect of createRectsFromDOMRange(editor, found.selected))
      parts.push(box('caret-selection', other.tone, rect, origin));
  }
  // An empty paragraph has no rectangle of its own for a range.
  const rect = found.caret.getClientRects()[0] ?? found.element?.getBoundingClientRect();
  if (rect) {
    const caret = box('caret', other.tone, new DOMRect(rect.left, rect.top, 0, rect.height), origin);
    caret.dataset.key = other.key;
    caret.dataset.place = other.place?.focus;
    // The name goes out after a while; only a cursor that moved shows it again.
    const known = former?.dataset.place === other.place?.focus ? former?.firstElementChild : null;
    caret.append(known ?? nameOf(other));
    parts.push(caret);
  }
  return parts;
}

function nameOf(other: Other): HTMLElement {
  const name = document.createElement('span');
  name.className = 'caret-name';
  name.textContent = other.name;
  return name;
}

function box(className: string, tone: number, rect: DOMRect, origin: DOMRect): HTMLElement {
  const part = document.createElement('div');
  part.className = `${className} tone-${tone}`;
  part.style.left = `${rect.left - origin.left}px`;
  part.style.top = `${rect.top - origin.top}px`;
  if (rect.width > 0) part.style.width = `${rect.width}px`;
  part.style.height = `${rect.height}px`;
  return part;
}
