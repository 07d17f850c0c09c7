import { $getRoot, $isElementNode, $isTextNode, type EditorState, type LexicalNode } from 'lexical';
import type * as Y from 'yjs';
import { type BodyChild, type BodyElement, treeOfYjs } from './bodyTree.ts';
import { bodyRoot } from './read.ts';
import { readBlocksOf } from './readBody.ts';
import type { Block } from './types.ts';

function treeOfElement(node: LexicalNode): BodyElement {
  return {
    name: node.getType(),
    // The binding stores these very properties under these names.
    attribute: (key) => (node as unknown as Record<string, unknown>)[key],
    children: () => ($isElementNode(node) ? node.getChildren().map(treeOfNode) : []),
  };
}

function treeOfNode(node: LexicalNode): BodyChild {
  if (!$isTextNode(node)) return treeOfElement(node);
  return { parts: () => [{ text: node.getTextContent(), format: node.getFormat() }] };
}

/**
 * The body as an editor shows it, in the same canonical blocks as `readBody` gives for the shared
 * document: the two are equal unless the binding lost or doubled something.
 */
export function readEditorBody(state: EditorState): Block[] {
  return state.read(() => readBlocksOf(treeOfElement($getRoot())));
}

type Outline = (string | Outline)[];

/** The names and texts below an element. A text that is empty is nobody's: an editor has no node for it. */
function outlineOf(element: BodyElement, within: (inner: Outline) => Outline = (inner) => inner): Outline {
  const outline: Outline = [];
  let text = '';
  const closeText = () => {
    if (text !== '') outline.push(text);
    text = '';
  };
  for (const child of element.children()) {
    if ('parts' in child) text += child.parts().reduce((whole, part) => whole + part.text, '');
    else {
      closeText();
      outline.push([child.name, ...outlineOf(child, within)]);
    }
  }
  closeText();
  return within([element.name, ...outline]).slice(1);
}

/** What an editor makes of what stands in a list without being an item: an item. */
function withItems([name, ...children]: Outline): Outline {
  if (name !== 'list') return [name ?? '', ...children];
  const items = children.map((child): Outline => {
    if (typeof child === 'string') return ['listitem', child];
    if (child[0] === 'listitem') return child;
    return INLINE.has(String(child[0])) ? ['listitem', child] : ['listitem', ...child.slice(1)];
  });
  return [name, ...items];
}

const INLINE: ReadonlySet<string> = new Set(['list', 'link', 'autolink', 'linebreak']);

/**
 * How an editor differs from the body of a document: null if it shows the same nodes, `content` if what it shows reads
 * differently. Otherwise only nodes differ that are no content, such as an empty paragraph at the end, and the answer is a
 * text that is the same for the same difference. An editor that lacks a node would delete it with its next
 * edit, and with it what others write there.
 */
export function bodyDifference(state: EditorState, doc: Y.Doc): string | null {
  return state.read(() => {
    const [shown, stored] = [treeOfElement($getRoot()), treeOfYjs(bodyRoot(doc))];
    if (JSON.stringify(readBlocksOf(shown)) !== JSON.stringify(readBlocksOf(stored))) return 'content';
    const nodes = JSON.stringify(outlineOf(shown));
    const wanted = outlineOf(stored, withItems);
    // An editor has a paragraph where there is nothing.
    const expected = JSON.stringify(wanted.length === 0 ? [['paragraph']] : wanted);
    return nodes === expected ? null : `${nodes} instead of ${expected}`;
  });
}
