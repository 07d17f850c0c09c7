import type { BindingV2 } from '@lexical/yjs';
import {
  $createRangeSelection,
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isRootNode,
  $isTextNode,
  $setSelection,
  type ElementNode,
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

/** The text of a body, and where in it each leaf begins. */
interface Flat {
  text: string;
  leaves: [begin: number, leaf: LexicalNode][];
}

function flatten(): Flat {
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

const alikeAt = (was: string, index: number, now: string, at: number): number =>
  sameBefore(was, index, now, at) + sameAfter(was, index, now, at);

/** The place in `now` whose surroundings are most like those of `index` in `was`, and how many characters are equal. */
function mostAlike(was: string, index: number, now: string): { at: number; alike: number } {
  if (was === now) return { at: index, alike: alikeAt(was, index, now, index) };
  let best = { at: Math.min(index, now.length), alike: -1 };
  for (let at = 0; at <= now.length; at += 1) {
    const alike = alikeAt(was, index, now, at);
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

/** An empty block is known by the part of the document that it shows: its surroundings may be empty too. */
function setInEmptyBlock(point: PointType, place: Place, mapping: Mapping): boolean {
  if (!(place.shared instanceof XmlElement) || place.run !== '') return false;
  const node = mapping.get(place.shared)?.getLatest();
  if (!$isElementNode(node) || !node.isAttached() || !node.isEmpty()) return false;
  point.set(node.getKey(), 0, 'element');
  return true;
}

/** Among equal texts the one that shows the same part of the document. */
function setInSameText(point: PointType, place: Place, mapping: Mapping, flat: Flat, alike: number): boolean {
  if (!(place.shared instanceof XmlText)) return false;
  const run = (mapping.get(place.shared) ?? []).map((node) => node.getLatest());
  const begin = flat.leaves.find(([, leaf]) => leaf.getKey() === run[0]?.getKey())?.[0];
  if (begin === undefined) return false;
  const { at } = mostAlike(place.run, place.index, textOf(run));
  if (alikeAt(place.text, place.offset, flat.text, begin + at) < alike) return false;
  setInRun(point, run, at);
  return true;
}

function setPoint(point: PointType, place: Place, mapping: Mapping): void {
  if (setInEmptyBlock(point, place, mapping)) return;
  const flat = flatten();
  const { at, alike } = mostAlike(place.text, place.offset, flat.text);
  if (setInSameText(point, place, mapping, flat, alike)) return;
  const [begin, leaf] = flat.leaves.findLast(([start]) => start <= at) ?? [0, $getRoot()];
  if ($isTextNode(leaf)) setInRun(point, [leaf], at - begin);
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

function isAstray(point: PointType, place: Place, mapping: Mapping): boolean {
  const now = placeOf(point, mapping);
  if (now === null) return true;
  const alike = alikeAt(place.text, place.offset, now.text, now.offset);
  if (alike === 2 * REACH || now.text === place.text) return now.offset !== place.offset && alike < 2 * REACH;
  const best = mostAlike(place.text, place.offset, now.text);
  return best.alike > alike && isCertain(place, now.text, best.at);
}

/** True if all that stood on one side of a place stands there again: then it is the same place, also in another block. */
function isCertain({ text, offset }: Place, now: string, at: number): boolean {
  const before = sameBefore(text, offset, now, at);
  const after = sameAfter(text, offset, now, at);
  return before === Math.min(REACH, offset) || after === Math.min(REACH, text.length - offset);
}

/**
 * True if the selection no longer stands between the characters where it stood although they are still there: the
 * binding loses it when somebody divides or joins blocks or makes them another kind. Inside a read.
 */
export function $isSelectionAstray(placed: PlacedSelection, mapping: Mapping): boolean {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return false;
  return (
    isAstray(selection.anchor, placed.anchor, mapping) || isAstray(selection.focus, placed.focus, mapping)
  );
}

/** Between rows, cells or items nobody can write: the next key would be lost. Between blocks of the body one can. */
const holdsBlocks = (node: LexicalNode): boolean =>
  $isElementNode(node) &&
  !$isRootNode(node) &&
  !node.isEmpty() &&
  node.getChildren().every((child) => $isElementNode(child) && !child.isInline());

function isPointSound(point: PointType): boolean {
  const node = $getNodeByKey(point.key);
  if (point.type === 'text')
    return (
      $isTextNode(node) &&
      point.offset <= node.getTextContentSize() &&
      wholeOffset(node, point.offset) === point.offset
    );
  return $isElementNode(node) && point.offset <= node.getChildrenSize() && !holdsBlocks(node);
}

/**
 * False if an end of the selection lies behind the end of its node, where the next edit would throw, between the halves of a
 * character, or between blocks.
 * Inside a read or an update.
 */
export function $isSelectionSound(): boolean {
  const selection = $getSelection();
  return !$isRangeSelection(selection) || (isPointSound(selection.anchor) && isPointSound(selection.focus));
}

function mendInElement(point: PointType, element: ElementNode): void {
  const offset = Math.min(point.offset, element.getChildrenSize());
  const child = element.getChildAtIndex(offset);
  const leaf =
    child === null
      ? element.getLastDescendant()
      : $isElementNode(child)
        ? (child.getFirstDescendant() ?? child)
        : child;
  if (!holdsBlocks(element) || leaf === null) point.set(element.getKey(), offset, 'element');
  else if ($isTextNode(leaf))
    point.set(leaf.getKey(), child === null ? leaf.getTextContentSize() : 0, 'text');
  else if ($isElementNode(leaf)) point.set(leaf.getKey(), 0, 'element');
  else point.set(leaf.getParentOrThrow().getKey(), leaf.getIndexWithinParent(), 'element');
}

function mendPoint(point: PointType): void {
  if (isPointSound(point)) return;
  const node = $getNodeByKey(point.key);
  if ($isTextNode(node))
    point.set(node.getKey(), wholeOffset(node, Math.min(point.offset, node.getTextContentSize())), 'text');
  else if ($isElementNode(node)) mendInElement(point, node);
  else point.set('root', 0, 'element');
}

/** Moves the ends of an unsound selection to the nearest place where one can write. Inside an update. */
export function $mendSelection(): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  mendPoint(selection.anchor);
  mendPoint(selection.focus);
  selection.dirty = true;
}
