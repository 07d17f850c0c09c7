import {
  $getRoot,
  $getSelection,
  $isElementNode,
  $isLineBreakNode,
  $isRangeSelection,
  $isTextNode,
  type EditorState,
  type LexicalNode,
  type PointType,
} from 'lexical';

/** The whole text of an editor as one string, and where in it the two ends of the selection stand. */
export interface Caret {
  readonly text: string;
  readonly anchor: number;
  readonly focus: number;
}

/** Ends every paragraph, list item and table cell. */
const END = '\u2029';
/** Surroundings that are compared, in code units. */
const REACH = 40;
/** So many equal units on one side say where a place is. */
const TELLING = 6;

interface Flat {
  text: string;
  /** Where nodes begin; for elements also where each child begins, and their end. */
  readonly begins: Map<string, number>;
  readonly ends: Map<string, number>;
}

function flatten(node: LexicalNode, flat: Flat): void {
  flat.begins.set(node.getKey(), flat.text.length);
  if ($isTextNode(node)) flat.text += node.getTextContent();
  else if ($isLineBreakNode(node)) flat.text += '\n';
  else if ($isElementNode(node)) for (const child of node.getChildren()) flatten(child, flat);
  flat.ends.set(node.getKey(), flat.text.length);
  if ($isElementNode(node) && !node.isInline()) flat.text += END;
}

function placeOf(point: PointType, flat: Flat): number | null {
  const begin = flat.begins.get(point.key);
  if (begin === undefined) return null;
  if (point.type === 'text') return begin + point.offset;
  const node = point.getNode();
  if (!$isElementNode(node)) return null;
  const child = node.getChildAtIndex(point.offset);
  return (child === null ? flat.ends.get(point.key) : flat.begins.get(child.getKey())) ?? null;
}

/** Where the selection stands; null if there is none, or none over a text. */
export function caretOf(state: EditorState): Caret | null {
  return state.read(() => {
    const selection = $getSelection();
    if (!$isRangeSelection(selection)) return null;
    const flat: Flat = { text: '', begins: new Map(), ends: new Map() };
    flatten($getRoot(), flat);
    const anchor = placeOf(selection.anchor, flat);
    const focus = placeOf(selection.focus, flat);
    return anchor === null || focus === null ? null : { text: flat.text, anchor, focus };
  });
}

function sameBefore(a: string, atA: number, b: string, atB: number): number {
  let same = 0;
  while (same < REACH && same < atA && same < atB && a[atA - 1 - same] === b[atB - 1 - same]) same += 1;
  return same;
}

function sameAfter(a: string, atA: number, b: string, atB: number): number {
  let same = 0;
  while (same < REACH && atA + same < a.length && atB + same < b.length && a[atA + same] === b[atB + same])
    same += 1;
  return same;
}

/** True if `at` in `after` is a place whose surroundings are most like those of `was` in `before`. */
function isSamePlace(before: string, was: number, after: string, at: number): boolean {
  if (before === after) return was === at;
  let mostBefore = 0;
  let mostAfter = 0;
  let most = 0;
  for (let place = 0; place <= after.length; place += 1) {
    const left = sameBefore(before, was, after, place);
    const right = sameAfter(before, was, after, place);
    mostBefore = Math.max(mostBefore, left);
    mostAfter = Math.max(mostAfter, right);
    most = Math.max(most, left + right);
  }
  if (most < TELLING) return true;
  // Between two ends of blocks there need not be a place for a cursor.
  let from = at;
  let to = at;
  while (after[from - 1] === END) from -= 1;
  while (after[to] === END) to += 1;
  for (let place = from; place <= to; place += 1) {
    const left = sameBefore(before, was, after, place);
    const right = sameAfter(before, was, after, place);
    if (left + right === most) return true;
    if ((left === mostBefore && left >= TELLING) || (right === mostAfter && right >= TELLING)) return true;
  }
  return false;
}

/** True if both ends of a selection stand between the same characters as before, as far as these are still there. */
export function isKept(before: Caret, after: Caret | null): boolean {
  if (after === null) return false;
  return (
    isSamePlace(before.text, before.anchor, after.text, after.anchor) &&
    isSamePlace(before.text, before.focus, after.text, after.focus)
  );
}

/** A selection with a little of its surroundings, for a report. */
export function describeCaret(caret: Caret | null): string {
  if (caret === null) return 'none';
  const { text, anchor, focus } = caret;
  const around = (at: number) =>
    `${text.slice(Math.max(0, at - 12), at)}|${text.slice(at, at + 12)}`.replaceAll(END, '¶');
  return anchor === focus ? `"${around(anchor)}"` : `"${around(anchor)}" to "${around(focus)}"`;
}
