import { useKey } from './keys.ts';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea, select, [contenteditable="true"], [tabindex="0"]';

function step(by: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetParent !== null,
  );
  if (panes.length === 0) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + by + panes.length) % panes.length];
  if (!next) return false;
  const last =
    next.querySelector<HTMLElement>('[data-pane-start]') ?? next.querySelector<HTMLElement>(FOCUSABLE);
  (last ?? next).focus();
  return true;
}

/** F6 and Shift F6 step through what is marked `data-pane`, in the order of the page. */
export function usePaneKeys(): void {
  useKey('nextPane', () => step(1));
  useKey('previousPane', () => step(-1));
}
