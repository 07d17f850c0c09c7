import * as Y from 'yjs';

/**
 * Attribute of an element of the body that somebody removed. The element itself is never deleted: Yjs would delete with it
 * whatever others write into it at the same time. Its texts are emptied, so that only characters are deleted that the
 * remover had seen, and an element that is gone is not shown, nor is anything in it, unless it holds text.
 */
export const GONE = 'gone';

type Child = Y.XmlElement | Y.XmlText;

/** All children, shown or not. */
const childrenOf = (element: Y.XmlElement): unknown[] => Y.XmlFragment.prototype.toArray.call(element);

/** The one element that nobody can write into; it is deleted where it is removed. */
export const isBreak = (element: Y.XmlElement): boolean => element.nodeName === 'linebreak';

/** A link that nothing stands in is no link: an editor drops it. */
export const isLink = ({ nodeName }: Y.XmlElement): boolean => nodeName === 'link' || nodeName === 'autolink';

function holdsText(element: Y.XmlElement): boolean {
  const waiting: unknown[] = childrenOf(element);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof Y.XmlText && next.length > 0) return true;
    if (next instanceof Y.XmlElement) waiting.push(...childrenOf(next));
  }
  return false;
}

/** True if this very element was removed. */
export const isGone = (element: Y.XmlElement): boolean =>
  // Asked of every block with every key: most have no such attribute at all.
  element._map.has(GONE) && (element.getAttribute(GONE) as unknown) === true;

/** A table that comes back for the sake of one cell's text comes back with all its cells. */
const isOfGrid = ({ nodeName }: Y.XmlElement): boolean => nodeName === 'tablerow' || nodeName === 'tablecell';

/** True if the element is gone, by itself or with what holds it; `isParentGone` says the same of its parent. */
export function isWithinGone(element: Y.XmlElement, isParentGone?: boolean): boolean {
  for (let at: unknown = element; at instanceof Y.XmlElement; at = at.parent) {
    if (isGone(at)) return true;
    if (isOfGrid(at)) return false;
    if (isParentGone !== undefined) return isParentGone;
  }
  return false;
}

function isChildShown(child: unknown, isParentGone: boolean): child is Child {
  if (child instanceof Y.XmlText) return child.length > 0;
  if (!(child instanceof Y.XmlElement)) return false;
  if (isBreak(child)) return true;
  if (isLink(child) && shownChildren(child, true).length === 0) return false;
  return !isWithinGone(child, isParentGone) || holdsText(child);
}

/** True if the element is part of what is read and edited. */
export function isShown(element: Y.XmlElement): boolean {
  const { parent } = element;
  if (!(parent instanceof Y.XmlElement)) return true;
  return isChildShown(element, isWithinGone(parent)) && isShown(parent);
}

/** The children that are read and edited; `isHereGone` as `isWithinGone` of the element says. */
export function shownChildren(element: Y.XmlElement, isHereGone = isWithinGone(element)): Child[] {
  return childrenOf(element).filter((child) => isChildShown(child, isHereGone));
}

function deleteChild(parent: Y.XmlElement, child: Child): void {
  Y.XmlFragment.prototype.delete.call(parent, childrenOf(parent).indexOf(child), 1);
}

function emptyOut(element: Y.XmlElement): void {
  for (const child of childrenOf(element)) {
    if (child instanceof Y.XmlText) emptyText(child);
    else if (!(child instanceof Y.XmlElement)) continue;
    else if (isBreak(child)) deleteChild(element, child);
    else emptyOut(child);
  }
}

function emptyText(text: Y.XmlText): void {
  if (text.length > 0) Y.Text.prototype.delete.call(text, 0, text.length);
}

/** Removes a child: what it shows now is deleted, what others write into it at the same time stays. */
export function removeChild(parent: Y.XmlElement, child: Child): void {
  if (child instanceof Y.XmlText) emptyText(child);
  else if (isBreak(child)) deleteChild(parent, child);
  else {
    emptyOut(child);
    markGone(child);
  }
}

/** Marks an element as removed; what it holds is left to the caller. */
export function markGone(element: Y.XmlElement): void {
  // The type says string, but Yjs stores any JSON value here.
  if (!isGone(element)) element.setAttribute(GONE, true as unknown as string);
}

/** Before a removed element that is shown for the sake of its text is taken back: what of it is not shown stays gone. */
export function leaveRestGone(element: Y.XmlElement): void {
  for (const child of childrenOf(element)) {
    if (!(child instanceof Y.XmlElement) || isWithinGone(child, false) || isOfGrid(child)) continue;
    if (isChildShown(child, true)) leaveRestGone(child);
    else if (!isLink(child)) markGone(child);
  }
}

/** Where, among all children, something goes that shall be shown as child `index`: straight behind the one before. */
export function placeOfShown(element: Y.XmlElement, index: number): number {
  const before = index === 0 ? undefined : shownChildren(element)[index - 1];
  return before === undefined ? 0 : childrenOf(element).indexOf(before) + 1;
}

/** An element or text and all that is below it, shown or not. */
export function wholeOf(child: Child): Child[] {
  const whole: Child[] = [child];
  for (let at = 0; at < whole.length; at += 1) {
    const part = whole[at];
    if (part instanceof Y.XmlElement) whole.push(...(childrenOf(part) as Child[]));
  }
  return whole;
}
