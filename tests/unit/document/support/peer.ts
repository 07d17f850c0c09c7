import { createHeadlessEditor } from '@lexical/headless';
import {
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $isElementNode,
  $isTextNode,
  type TextNode,
} from 'lexical';
import type * as Y from 'yjs';
import { encodeState, loadDoc } from '../../../../domain/document/index.ts';
import { documentNodes } from '../../../../domain/document/nodes.ts';
import { readEditorBody } from '../../../../domain/document/readEditor.ts';
import type { Block } from '../../../../domain/document/types.ts';
import {
  type BindingReport,
  bindEditor,
  type EditorBinding,
} from '../../../../renderer/features/editor/binding/index.ts';
import { type Random, wholeOffset } from './random.ts';

/** One desk: a document, a headless editor bound to it, and what went wrong. */
export interface Peer {
  doc: Y.Doc;
  editor: ReturnType<typeof createHeadlessEditor>;
  binding: EditorBinding;
  reports: BindingReport[];
  errors: unknown[];
}

export function createPeer(clientId: number, updates: Uint8Array[]): Peer {
  const errors: unknown[] = [];
  const reports: BindingReport[] = [];
  const doc = loadDoc(updates, clientId);
  const editor = createHeadlessEditor({ nodes: [...documentNodes], onError: (error) => errors.push(error) });
  const binding = bindEditor({
    editor,
    doc,
    onReport: (report) => {
      reports.push(report);
      if (report.kind === 'sync-failed') errors.push(report.error);
    },
    schedule: () => () => {},
  });
  binding.undoManager.captureTimeout = 0;
  return { doc, editor, binding, reports, errors };
}

/** What a freshly opened editor would show of the peer's document. */
export function reloaded(peer: Peer): Block[] {
  const fresh = createPeer(1, [encodeState(peer.doc)]);
  const body = readEditorBody(fresh.editor.getEditorState());
  fresh.binding.dispose();
  return body;
}

export const shown = (peer: Peer): Block[] => readEditorBody(peer.editor.getEditorState());

/** Lets the editor's queued work and the binding's run. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
};

const WORDS = ['Ủy', 'ban', 'nhân', 'dân', 'tỉnh', 'điện', 'tử', '15/8', '1.200', 'x', 'Ễ'];

function textNodes(): TextNode[] {
  return $getRoot().getAllTextNodes();
}

/** One random edit of a person: the mix of A2 in the trap list, with undo and redo. */
export function randomEdit(peer: Peer, random: Random): void {
  const dice = random.next();
  if (dice < 0.12) {
    peer.binding.undoManager.undo();
    return;
  }
  if (dice < 0.17) {
    peer.binding.undoManager.redo();
    return;
  }
  peer.editor.update(
    () => {
      const root = $getRoot();
      const blocks = root.getChildren().filter($isElementNode);
      const texts = textNodes();
      const kind = random.next();
      if (kind < 0.2 || blocks.length === 0) {
        const added = $createParagraphNode().append(
          $createTextNode(`${random.pick(WORDS)} ${random.pick(WORDS)}`),
        );
        if (blocks.length === 0) root.append(added);
        else if (random.next() < 0.5) random.pick(blocks).insertBefore(added);
        else random.pick(blocks).insertAfter(added);
      } else if (kind < 0.28) {
        if (blocks.length > 1) random.pick(blocks).remove();
      } else if (texts.length === 0) {
        random.pick(blocks).append($createTextNode(random.pick(WORDS)));
      } else if (kind < 0.7) {
        const text = random.pick(texts);
        text.spliceText(
          wholeOffset(text.getTextContent(), random.below(text.getTextContentSize() + 1)),
          0,
          random.pick(WORDS).slice(0, 3),
        );
      } else if (kind < 0.85) {
        const text = random.pick(texts);
        const size = text.getTextContentSize();
        const whole = text.getTextContent();
        const at = wholeOffset(whole, random.below(size));
        const end = wholeOffset(whole, Math.min(size, at + 1 + random.below(3)));
        text.spliceText(at, end - at, '');
      } else if (kind < 0.93) {
        const text = random.pick(texts);
        const size = text.getTextContentSize();
        if (size < 2) return;
        const at = wholeOffset(text.getTextContent(), 1 + random.below(size - 1));
        if (at === 0) return;
        const parts = text.splitText(at);
        random.pick(parts).toggleFormat('bold');
      } else {
        const text = random.pick(texts);
        const size = text.getTextContentSize();
        const parent = text.getParent();
        if (size < 2 || parent === null || !parent.getParent()?.is(root)) return;
        const tail = text.splitText(wholeOffset(text.getTextContent(), 1 + random.below(size - 1))).at(-1);
        if (!$isTextNode(tail)) return;
        const moved = [tail, ...tail.getNextSiblings()];
        const paragraph = $createParagraphNode();
        parent.insertAfter(paragraph);
        paragraph.append(...moved);
      }
    },
    { discrete: true },
  );
}
