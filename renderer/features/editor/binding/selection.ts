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
} from 'lexical';

/** A place in the body that survives rebuilding its nodes: block and offset in the block's text. */
interface Place {
  block: number;
  offset: number;
}

/** Both ends of a selection as places. */
export interface PlacedSelection {
  anchor: Place;
  focus: Place;
}

function leaves(node: LexicalNode): LexicalNode[] {
  if (!$isElementNode(node)) return [node];
  const children = node.getChildren();
  return children.length === 0 ? [node] : children.flatMap(leaves);
}

const sizeOf = (leaf: LexicalNode): number => ($isElementNode(leaf) ? 0 : leaf.getTextContentSize());

function placeOf(point: PointType): Place | null {
  const node = point.getNode();
  const top = node.getTopLevelElement();
  if (top === null) return { block: point.offset, offset: 0 };
  let target: LexicalNode = node;
  let extra = point.offset;
  if ($isElementNode(node)) {
    const child = node.getChildAtIndex(point.offset);
    const last = node.getLastDescendant();
    target = child ?? last ?? node;
    extra = child === null && last !== null ? sizeOf(last) : 0;
    if (child !== null && $isElementNode(child)) target = child.getFirstDescendant() ?? child;
  }
  let offset = 0;
  for (const leaf of leaves(top)) {
    if (leaf.is(target)) return { block: top.getIndexWithinParent(), offset: offset + extra };
    offset += sizeOf(leaf);
  }
  return null;
}

/** Where the selection stands; `null` if there is none in the text. Inside a read or an update. */
export function $placeSelection(): PlacedSelection | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  const anchor = placeOf(selection.anchor);
  const focus = placeOf(selection.focus);
  return anchor === null || focus === null ? null : { anchor, focus };
}

function setPoint(point: PointType, place: Place): void {
  const root = $getRoot();
  const block = root.getChildAtIndex(Math.min(place.block, root.getChildrenSize() - 1));
  if (block === null) return;
  let rest = place.offset;
  let last: LexicalNode = block;
  for (const leaf of leaves(block)) {
    last = leaf;
    if (rest <= sizeOf(leaf) && ($isTextNode(leaf) || $isElementNode(leaf))) break;
    rest -= sizeOf(leaf);
  }
  if ($isTextNode(last)) point.set(last.getKey(), Math.max(0, Math.min(rest, sizeOf(last))), 'text');
  else if ($isElementNode(last)) point.set(last.getKey(), last.getChildrenSize(), 'element');
  else point.set(last.getParentOrThrow().getKey(), last.getIndexWithinParent() + 1, 'element');
}

/** Sets the selection back as near as the text allows. Inside an update. */
export function $restoreSelection(placed: PlacedSelection): void {
  const selection = $createRangeSelection();
  setPoint(selection.anchor, placed.anchor);
  setPoint(selection.focus, placed.focus);
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
