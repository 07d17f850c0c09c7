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

/**
 * The names and texts of a tree, with what an editor makes of it: it has no node for an empty text, an item for whatever
 * stands in a list.
 */
function outlineOf(element: BodyElement): Outline {
  const outline: Outline = [element.name];
  const isList = element.name === 'list';
  let text = '';
  const closeText = () => {
    if (text !== '') outline.push(isList ? ['listitem', text] : text);
    text = '';
  };
  for (const child of element.children()) {
    if ('parts' in child) text += child.parts().reduce((whole, part) => whole + part.text, '');
    else {
      closeText();
      const isLoose = isList && child.name !== 'listitem';
      outline.push(isLoose ? ['listitem', outlineOf(child)] : outlineOf(child));
    }
  }
  closeText();
  return outline;
}

/** An editor has a paragraph where there is nothing. */
function childrenOf(root: BodyElement): Outline {
  const children = outlineOf(root).slice(1);
  return children.length === 0 ? [['paragraph']] : children;
}

/**
 * Whether an editor shows the body of a document: the same content, and the same nodes below it, also those that are no content, such
 * as an empty paragraph at the end. An editor that lacks one would delete it with its next edit, and with it what others
 * write there.
 */
export function showsBody(state: EditorState, doc: Y.Doc): boolean {
  return state.read(() => {
    const [shown, stored] = [treeOfElement($getRoot()), treeOfYjs(bodyRoot(doc))];
    const isAlike = (look: (tree: BodyElement) => unknown) =>
      JSON.stringify(look(shown)) === JSON.stringify(look(stored));
    return isAlike(readBlocksOf) && isAlike(childrenOf);
  });
}
