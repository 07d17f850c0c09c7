import * as Y from 'yjs';
import { isWithinGone, shownChildren } from './gone.ts';

/** A stretch of text with Lexical's format number. */
export interface BodyPart {
  text: string;
  format: unknown;
}

/** Neighbouring texts. */
export interface BodyText {
  parts(): BodyPart[];
}

/** A node of the body, whether it lives in Yjs or in an editor; attributes have Lexical's property names. */
export interface BodyElement {
  readonly name: string;
  attribute(key: string): unknown;
  children(): BodyChild[];
}

/** What may stand below an element. */
export type BodyChild = BodyElement | BodyText;

function partsOf(text: Y.XmlText): BodyPart[] {
  const parts: BodyPart[] = [];
  for (const part of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    const properties = part.attributes?.p;
    const format =
      typeof properties === 'object' && properties !== null && '__format' in properties
        ? properties.__format
        : undefined;
    if (typeof part.insert === 'string') parts.push({ text: part.insert, format });
  }
  return parts;
}

/** The body as it stands in the shared document, without what was removed. */
export function treeOfYjs(element: Y.XmlElement, isParentGone?: boolean): BodyElement {
  const isHereGone = isWithinGone(element, isParentGone);
  return {
    name: element.nodeName,
    attribute: (key) => element.getAttribute(key) as unknown,
    children: () =>
      shownChildren(element, isHereGone).map(
        (child): BodyChild =>
          child instanceof Y.XmlText ? { parts: () => partsOf(child) } : treeOfYjs(child, isHereGone),
      ),
  };
}
