import type { BindingV2 } from '@lexical/yjs';
import * as Y from 'yjs';
import {
  GONE,
  isGone,
  isLink,
  isShown,
  leaveRestGone,
  placeOfShown,
  removeChild,
  shownChildren,
  wholeOf,
} from '../../../../domain/document/gone.ts';

type Mapping = BindingV2['mapping'];
type Child = Y.XmlElement | Y.XmlText;

function parentOf(child: Child): Y.XmlElement | null {
  return child.parent instanceof Y.XmlElement ? child.parent : null;
}

/** Forgets which nodes showed an element or a text and what is below it. */
function forget(mapping: Mapping, child: Child): void {
  for (const part of wholeOf(child)) mapping.delete(part);
}

/** Documents that an editor is bound to. */
const bound = new WeakSet<Y.Doc>();
/** The nodes of the editor that is being written to its document. */
let writing: Mapping | null = null;

const isBound = (element: Y.XmlElement): boolean => element.doc !== null && bound.has(element.doc);

/**
 * Stands among the attributes of an element that has children which are not shown, while an editor is written. The
 * binding compares numbers of children first, and would otherwise take such an element for equal to a node that has more.
 */
const HIDES = 'hides';

/** Lets what calls the elements of bound documents see their shown children alone, and remove them as `removeChild` does. */
function install(): void {
  const prototype = Y.XmlElement.prototype;
  const { toArray, slice, get, insert, delete: remove } = Y.XmlFragment.prototype;
  const { getAttributes, removeAttribute } = prototype;
  Object.assign(prototype, {
    toArray(this: Y.XmlElement) {
      return isBound(this) ? shownChildren(this) : toArray.call(this);
    },
    slice(this: Y.XmlElement, start?: number, end?: number) {
      return isBound(this) ? shownChildren(this).slice(start, end) : slice.call(this, start, end);
    },
    get(this: Y.XmlElement, index: number) {
      return isBound(this) ? shownChildren(this)[index] : get.call(this, index);
    },
    insert(this: Y.XmlElement, index: number, content: Child[]) {
      insert.call(this, isBound(this) ? placeOfShown(this, index) : index, content);
    },
    delete(this: Y.XmlElement, index: number, length = 1) {
      if (!isBound(this)) return remove.call(this, index, length);
      for (const child of shownChildren(this).slice(index, index + length)) {
        if (writing !== null) forget(writing, child);
        removeChild(this, child);
      }
    },
    getAttributes(this: Y.XmlElement, snapshot?: Y.Snapshot) {
      const attributes = getAttributes.call(this, snapshot);
      if (!isBound(this)) return attributes;
      // While an editor is written it takes the element back, because its node has no such property.
      if (writing === null) delete attributes[GONE];
      else if (parentOf(this) !== null && shownChildren(this).length < this.length) attributes[HIDES] = '';
      return attributes;
    },
    removeAttribute(this: Y.XmlElement, name: string) {
      if (name === HIDES) return;
      if (name === GONE && isBound(this)) leaveRestGone(this);
      removeAttribute.call(this, name);
    },
  });
}

let isInstalled = false;

/**
 * From now on whoever reads or changes the body of this document through Yjs does it by what is shown, and never deletes
 * an element that others may be writing into: see `GONE`. The binding knows no other way to its children than the methods of
 * Yjs, and calls them also after an update that was put off, so these are replaced for good, for bound documents alone.
 */
export function keepBlocks(doc: Y.Doc): void {
  if (!isInstalled) install();
  isInstalled = true;
  bound.add(doc);
}

/** Runs what writes an editor to its document. */
export function writingBlocks(mapping: Mapping, run: () => void): void {
  writing = mapping;
  try {
    run();
  } finally {
    writing = null;
  }
}

type BodyEvent = Y.YEvent<Y.XmlElement | Y.XmlText>;

/** Elements whose shown children an event may have changed besides those of its own target. */
function changedBy(event: BodyEvent): Y.XmlElement[] {
  const { target } = event;
  const holders: Y.XmlElement[] = [];
  for (let at = target instanceof Y.XmlElement ? target : parentOf(target); at !== null; at = parentOf(at))
    holders.push(at);
  const isTurned = event instanceof Y.YXmlEvent && event.attributesChanged.has(GONE);
  const outermost = holders.findLastIndex((holder) => isGone(holder) || isLink(holder));
  const around = holders.slice(1, Math.max(outermost, isTurned ? 0 : -1) + 2);
  const within = isTurned ? [...wholeOf(target)].filter((part) => part instanceof Y.XmlElement) : [];
  return [...within, ...around];
}

/**
 * The events that the binding must see to show what is shown now: those of shown elements, and one for each element of
 * which a child came back or went without being inserted or deleted. Nodes of what went are forgotten.
 */
export function eventsOfShown(
  mapping: Mapping,
  events: readonly BodyEvent[],
  transaction: Y.Transaction,
): BodyEvent[] {
  const changed = new Set(events.flatMap(changedBy));
  for (const element of changed)
    for (const part of wholeOf(element)) {
      if (part instanceof Y.XmlElement && part !== element && !isShown(part)) forget(mapping, part);
    }
  for (const { target } of events)
    if (target instanceof Y.XmlText && target.length === 0) mapping.delete(target);
  const isToBeSeen = (target: unknown) => !(target instanceof Y.XmlElement) || isShown(target);
  const shown = events.filter(({ target }) =>
    isToBeSeen(target instanceof Y.XmlText ? parentOf(target) : target),
  );
  const further = [...changed].filter(isShown).map((element) => {
    const event = new Y.YXmlEvent(element, new Set([null]), transaction) as unknown as BodyEvent;
    event._changes = { added: new Set(), deleted: new Set(), delta: [], keys: new Map() };
    return event;
  });
  return [...shown, ...further];
}
