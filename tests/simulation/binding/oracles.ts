import type { SerializedEditor } from 'lexical';
import * as Y from 'yjs';
import {
  canonicalise,
  encodeState,
  loadDoc,
  readContent,
  stateVector,
} from '../../../domain/document/index.ts';
import { bindEditor } from '../../../renderer/features/editor/binding/index.ts';
import { createScreenlessEditor, type Desk, type Fault } from './desk.ts';

type Json = { [key: string]: unknown; children?: Json[]; type?: unknown; text?: unknown };

/** What no document holds: the format the next letter would get, and numbers that follow from a list's order. */
const NOT_STORED = new Set(['textFormat', 'textStyle', 'value']);

function normalised(node: Json): Json {
  const kept = Object.fromEntries(Object.entries(node).filter(([key]) => !NOT_STORED.has(key))) as Json;
  if (!node.children) return kept;
  const children: Json[] = [];
  // A paragraph in a list item is loose text once the document is opened again: both are shown alike.
  const within = node.children.flatMap((child) =>
    node.type === 'listitem' && child.type === 'paragraph' ? (child.children ?? []) : [child],
  );
  for (const child of within.map(normalised)) {
    const before = children.at(-1);
    const isSame =
      before?.type === 'text' &&
      child.type === 'text' &&
      JSON.stringify({ ...before, text: '' }) === JSON.stringify({ ...child, text: '' });
    if (isSame) children[children.length - 1] = { ...before, text: `${before.text}${child.text}` };
    else children.push(child);
  }
  return { ...kept, children };
}

const shapeOf = ({ editorState }: SerializedEditor): string =>
  JSON.stringify(normalised(editorState.root as unknown as Json));

/** Everything that a desk's editor holds, node by node. */
export const liveShape = (desk: Desk): string => shapeOf(desk.editor.toJSON());

/** Everything that an editor opened now on the desk's document would hold. */
export function reloadedShape(desk: Desk): string {
  const doc = loadDoc([encodeState(desk.doc)], 1);
  const editor = createScreenlessEditor();
  const binding = bindEditor({ editor, doc, schedule: () => () => {} });
  const shape = shapeOf(editor.toJSON());
  binding.dispose();
  doc.destroy();
  return shape;
}

/** True if a desk shows exactly what opening its document again would show. */
export const showsItsDocument = (desk: Desk): boolean => liveShape(desk) === reloadedShape(desk);

const contentOf = (updates: Iterable<Uint8Array>): string => {
  const doc = loadDoc(updates);
  const content = canonicalise(readContent(doc));
  doc.destroy();
  return content;
};

/** Whether the documents are the ones that the stored updates make, before the desks exchange anything else. */
export function checkStored(desks: readonly Desk[], stored: readonly Uint8Array[]): Fault[] {
  const expected = contentOf(stored);
  return desks.flatMap((desk): Fault[] => {
    const found = canonicalise(readContent(desk.doc));
    return found === expected
      ? []
      : [{ kind: 'stored updates differ', detail: `${desk.name} has ${found}, stored is ${expected}` }];
  });
}

/** Whether documents with the same updates are equal: insertions known, content, and content once loaded again. */
export function checkDocuments(desks: readonly Desk[]): Fault[] {
  const [first, ...others] = desks;
  if (first === undefined) return [];
  const factsOf = ({ doc }: Desk) => ({
    vector: JSON.stringify([...Y.decodeStateVector(stateVector(doc))].sort(([a], [b]) => a - b)),
    content: canonicalise(readContent(doc)),
    reloaded: contentOf([encodeState(doc)]),
  });
  const expected = factsOf(first);
  const faults: Fault[] = [];
  if (expected.content !== expected.reloaded)
    faults.push({ kind: 'reload differs', detail: `${expected.reloaded} instead of ${expected.content}` });
  for (const desk of others) {
    const found = factsOf(desk);
    for (const key of ['vector', 'content', 'reloaded'] as const)
      if (found[key] !== expected[key])
        faults.push({
          kind: 'documents differ',
          detail: `${desk.name}, ${key}: ${found[key]} instead of ${expected[key]}`,
        });
  }
  return faults;
}
