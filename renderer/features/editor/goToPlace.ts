import type { Place } from '../../../domain/content/index.ts';

/**
 * Brings a place of the body into view and selects its words, as far as they stand in one paragraph; of lists and tables the
 * whole block is shown.
 */
export function goToParagraph(body: HTMLElement, place: Extract<Place, { kind: 'paragraph' }>): void {
  body.focus();
  const block = body.children[place.block];
  if (!(block instanceof HTMLElement)) return;
  const range = document.createRange();
  range.selectNodeContents(block);
  if (place.path === `body.${place.block}`) {
    const [from, to] = [pointIn(block, place.from), pointIn(block, place.to)];
    if (from && to) {
      range.setStart(from.node, from.offset);
      range.setEnd(to.node, to.offset);
    }
  } else range.collapse(true);
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  block.scrollIntoView({ block: 'center' });
}

/** The text node and the offset in it that lie so many characters into an element. */
function pointIn(element: HTMLElement, at: number): { node: Text; offset: number } | null {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = at;
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (left <= node.length) return { node, offset: left };
    left -= node.length;
  }
  return null;
}
