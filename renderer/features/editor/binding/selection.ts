import type { BindingV2 } from '@lexical/yjs';
import {
  $createRangeSelection,
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
  $setSelection,
  type LexicalNode,
  type PointType,
  type TextNode,
} from 'lexical';
import { XmlElement, XmlText } from 'yjs';

type Mapping = BindingV2['mapping'];

/** One end of a selection, described so that it is found again among nodes that were all made anew. */
interface Place {
  /** The part of the document that its node showed, and how far in. */
  shared: XmlElement | XmlText | undefined;
  index: number;
  /** The text that was shown there; the whole body's, and how far in that. */
  run: string;
  text: string;
  offset: number;
}

/** Both ends of a selection as places. */
export interface PlacedSelection {
  anchor: Place;
  focus: Place;
}

/** Ends a block in the text of a body. */
const BLOCK_END = '\u2029';
/** Characters around a place that are compared. */
const REACH = 60;
/** So many equal characters around a place make it the same one. */
const TELLING = 4;

/** The text of a body, and where in it each leaf begins. */
function flatten(): { text: string; leaves: [begin: number, leaf: LexicalNode][] } {
  const leaves: [number, LexicalNode][] = [];
  let text = '';
  const add = (node: LexicalNode) => {
    if (!$isElementNode(node) || node.isEmpty()) {
      leaves.push([text.length, node]);
      text += node.getTextContent();
    } else for (const child of node.getChildren()) add(child);
    if ($isElementNode(node) && !node.isInline()) text += BLOCK_END;
  };
  for (const child of $getRoot().getChildren()) add(child);
  return { text, leaves };
}

/** Neighbouring texts are one shared text. */
function runOf(node: TextNode): TextNode[] {
  let first: TextNode = node;
  for (let before = first.getPreviousSibling(); $isTextNode(before); before = first.getPreviousSibling())
    first = before;
  const run = [first];
  for (let next = first.getNextSibling(); $isTextNode(next); next = next.getNextSibling()) run.push(next);
  return run;
}

const textOf = (run: readonly TextNode[]): string => run.map((node) => node.getTextContent()).join('');

function placeOf(point: PointType, mapping: Mapping): Place | null {
  const node = point.getNode();
  const shared = mapping.getSharedType(node);
  const { text, leaves } = flatten();
  const beginOf = (key: string) => leaves.find(([, leaf]) => leaf.getKey() === key)?.[0];
  if ($isTextNode(node)) {
    const run = runOf(node);
    const begin = beginOf(run[0]?.getKey() ?? '');
    if (begin === undefined) return null;
    const index =
      textOf(
        run.slice(
          0,
          run.findIndex((one) => one.is(node)),
        ),
      ).length + point.offset;
    return { shared, index, run: textOf(run), text, offset: begin + index };
  }
  if (!$isElementNode(node)) return null;
  const child = node.getChildAtIndex(point.offset) ?? node.getLastChild() ?? node;
  const leaf = ($isElementNode(child) ? child.getFirstDescendant() : null) ?? child;
  const begin = beginOf(leaf.getKey());
  if (begin === undefined) return null;
  const isBehind = point.offset > 0 && point.offset >= node.getChildrenSize();
  const offset = isBehind ? begin + leaf.getTextContentSize() : begin;
  return { shared, index: point.offset, run: '', text, offset };
}

/** Where the selection stands; `null` if there is none in the text. Inside a read or an update, before anything is rebuilt. */
export function $placeSelection(mapping: Mapping): PlacedSelection | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  const anchor = placeOf(selection.anchor, mapping);
  const focus = placeOf(selection.focus, mapping);
  return anchor === null || focus === null ? null : { anchor, focus };
}

function sameBefore(was: string, index: number, now: string, at: number): number {
  let same = 0;
  while (same < REACH && same < index && same < at && was[index - 1 - same] === now[at - 1 - same]) same += 1;
  return same;
}

function sameAfter(was: string, index: number, now: string, at: number): number {
  let same = 0;
  while (
    same < REACH &&
    index + same < was.length &&
    at + same < now.length &&
    was[index + same] === now[at + same]
  )
    same += 1;
  return same;
}

/** The place in `now` whose surroundings are most like those of `index` in `was`, and how many characters are equal. */
function mostAlike(was: string, index: number, now: string): { at: number; alike: number } {
  if (was === now) return { at: index, alike: REACH };
  let best = { at: Math.min(index, now.length), alike: -1 };
  for (let at = 0; at <= now.length; at += 1) {
    const alike = sameBefore(was, index, now, at) + sameAfter(was, index, now, at);
    const isNearer = Math.abs(at - index) < Math.abs(best.at - index);
    if (alike > best.alike || (alike === best.alike && isNearer)) best = { at, alike };
  }
  return best;
}

/** Not between the halves of a character of two code units. */
function wholeOffset(node: TextNode, offset: number): number {
  const code = node.getTextContent().charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

function setInRun(point: PointType, run: readonly TextNode[], index: number): void {
  let rest = index;
  for (const node of run) {
    const size = node.getTextContentSize();
    if (rest <= size || node === run.at(-1)) {
      point.set(node.getKey(), wholeOffset(node, Math.min(rest, size)), 'text');
      return;
    }
    rest -= size;
  }
}

/** Finds a place by the part of the document that it stood in; false if that part is gone or holds other words. */
function setInShared(point: PointType, place: Place, mapping: Mapping): boolean {
  if (place.shared instanceof XmlElement) {
    const node = mapping.get(place.shared)?.getLatest();
    if (!$isElementNode(node) || !node.isAttached()) return false;
    point.set(node.getKey(), Math.min(place.index, node.getChildrenSize()), 'element');
    return true;
  }
  if (!(place.shared instanceof XmlText)) return false;
  const run = (mapping.get(place.shared) ?? []).map((node) => node.getLatest());
  const { at, alike } = mostAlike(place.run, place.index, textOf(run));
  if (run.length === 0 || alike < Math.min(TELLING, place.run.length)) return false;
  setInRun(point, run, at);
  return true;
}

function setPoint(point: PointType, place: Place, mapping: Mapping): void {
  if (setInShared(point, place, mapping)) return;
  const { text, leaves } = flatten();
  const { at } = mostAlike(place.text, place.offset, text);
  const [begin, leaf] = leaves.findLast(([start]) => start <= at) ?? [0, $getRoot()];
  if ($isTextNode(leaf))
    point.set(leaf.getKey(), wholeOffset(leaf, Math.min(at - begin, leaf.getTextContentSize())), 'text');
  else if ($isElementNode(leaf)) point.set(leaf.getKey(), 0, 'element');
  else {
    const index = leaf.getIndexWithinParent() + (at > begin ? 1 : 0);
    point.set(leaf.getParentOrThrow().getKey(), index, 'element');
  }
}

/** Sets the selection back between the characters where it stood, or as near as the text allows. Inside an update. */
export function $restoreSelection(placed: PlacedSelection, mapping: Mapping): void {
  const selection = $createRangeSelection();
  setPoint(selection.anchor, placed.anchor, mapping);
  setPoint(selection.focus, placed.focus, mapping);
  $setSelection(selection);
}
function isPointSound(point: PointType): boolean {
  const node = $getNodeByKey(point.key);
  if (point.type === 'text') return $isTextNode(node) && point.offset <= node.getTextContentSize();
  return $isElementNode(node) && point.offset <= node.getChildrenSize();
}

/** False if an end of the selection lies behind the end of its node: the next edit would throw. Inside a read or an update. */
export function $isSelectionSound(): boolean {
  const selection = $getSelection();
  return !$isRangeSelection(selection) || (isPointSound(selection.anchor) && isPointSound(selection.focus));
}

function mendPoint(point: PointType): void {
  if (isPointSound(point)) return;
  const node = $getNodeByKey(point.key);
  if ($isTextNode(node)) point.set(node.getKey(), node.getTextContentSize(), 'text');
  else if ($isElementNode(node)) point.set(node.getKey(), node.getChildrenSize(), 'element');
  else point.set('root', 0, 'element');
}

/** Moves the ends of an unsound selection to the end of their nodes. Inside an update. */
export function $mendSelection(): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  mendPoint(selection.anchor);
  mendPoint(selection.focus);
  selection.dirty = true;
}
