import * as Y from 'yjs';

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

/** The body as it stands in the shared document. */
export function treeOfYjs(element: Y.XmlElement): BodyElement {
  return {
    name: element.nodeName,
    attribute: (key) => element.getAttribute(key) as unknown,
    children: () =>
      (element.toArray() as unknown[]).flatMap((child): BodyChild[] => {
        if (child instanceof Y.XmlText) return [{ parts: () => partsOf(child) }];
        return child instanceof Y.XmlElement ? [treeOfYjs(child)] : [];
      }),
  };
}
