import { $getRoot, $isElementNode, $isTextNode, type EditorState, type LexicalNode } from 'lexical';
import type { BodyChild, BodyElement } from './bodyTree.ts';
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
