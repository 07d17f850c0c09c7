import * as Y from 'yjs';
import {
  BODY_ELEMENTS,
  ELEMENT_ATTRIBUTES,
  MAX_BODY_DEPTH,
  TEXT_ATTRIBUTES,
  TEXT_PROPERTIES,
} from './bodyShape.ts';

type Attributes = Record<string, unknown>;

/** What is wrong with a body that the editor would not open. */
export interface BodyProblem {
  kind: 'unknown-element' | 'unknown-attribute' | 'foreign-child' | 'too-deep';
  name: string;
}

function textProblems(text: Y.XmlText): BodyProblem[] {
  const problems: BodyProblem[] = [];
  for (const part of text.toDelta() as { insert: unknown; attributes?: Attributes }[]) {
    const attributes = part.attributes ?? {};
    if (typeof part.insert !== 'string') problems.push({ kind: 'foreign-child', name: 'embed' });
    for (const name of Object.keys(attributes))
      if (!TEXT_ATTRIBUTES.has(name) && !name.startsWith('s_'))
        problems.push({ kind: 'unknown-attribute', name });
    for (const name of Object.keys(attributes.p ?? {}))
      if (!TEXT_PROPERTIES.has(name)) problems.push({ kind: 'unknown-attribute', name });
  }
  return problems;
}

/** At most ten things in a body that the editor would not open. Needs no editor. */
export function inspectRoot(root: Y.XmlElement): BodyProblem[] {
  const problems: BodyProblem[] = [];
  const waiting: { element: Y.XmlElement; depth: number }[] = [{ element: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined && problems.length < 10; next = waiting.pop()) {
    const { element, depth } = next;
    if (depth > MAX_BODY_DEPTH) {
      problems.push({ kind: 'too-deep', name: element.nodeName });
      continue;
    }
    for (const name of Object.keys(element.getAttributes()))
      if (!ELEMENT_ATTRIBUTES.has(name) && !name.startsWith('s_'))
        problems.push({ kind: 'unknown-attribute', name });
    for (const child of element.toArray() as unknown[]) {
      if (child instanceof Y.XmlText) problems.push(...textProblems(child));
      else if (!(child instanceof Y.XmlElement)) problems.push({ kind: 'foreign-child', name: typeof child });
      else if (!BODY_ELEMENTS.has(child.nodeName))
        problems.push({ kind: 'unknown-element', name: child.nodeName });
      else waiting.push({ element: child, depth: depth + 1 });
    }
  }
  return problems.slice(0, 10);
}
