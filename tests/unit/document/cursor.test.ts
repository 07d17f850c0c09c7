import {
  $createParagraphNode,
  $createRangeSelection,
  $createTextNode,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $setSelection,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  type ElementNode,
  type LexicalEditor,
  SKIP_COLLAB_TAG,
  type TextNode,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  type Block,
  createArticleDoc,
  encodeState,
  loadDoc,
  readBody,
} from '../../../domain/document/index.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import { bindEditor, REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { createBodyEditor, registerBody } from '../../../renderer/features/editor/body/createBodyEditor.ts';
import { createPeer, type Peer, settle, shown } from './support/peer.ts';

const start = (...body: (string | Block)[]) =>
  createArticleDoc({ clientId: 1, meta: { categoryId: 'c', language: 'vi' }, body }).firstUpdate;

const cell = (text: string) => ({ blocks: [{ type: 'paragraph' as const, runs: text ? [{ text }] : [] }] });

const textWith = (words: string): TextNode => {
  const text = $getRoot()
    .getAllTextNodes()
    .find((node) => node.getTextContent().includes(words));
  if (text === undefined) throw new Error(`no text "${words}"`);
  return text;
};

/** Puts the cursor before `words`. */
function goTo(editor: LexicalEditor, words: string): void {
  editor.update(
    () => {
      const text = textWith(words);
      const at = text.getTextContent().indexOf(words);
      text.select(at, at);
    },
    { discrete: true },
  );
}

/** What stands before and behind the cursor in its text; for an empty block, the texts of all blocks up to it. */
const around = (editor: LexicalEditor) =>
  editor.getEditorState().read(() => {
    const selection = $getSelection();
    if (!$isRangeSelection(selection)) return null;
    const { anchor } = selection;
    const node = anchor.getNode();
    if (anchor.type === 'element') return [node.getType(), anchor.offset];
    const text = node.getTextContent();
    return [text.slice(0, anchor.offset), text.slice(anchor.offset)];
  });

/** Changes the editor and not the document, as a fault of the binding would. */
const derail = (peer: Peer, change: () => void) =>
  peer.editor.update(change, { discrete: true, tag: SKIP_COLLAB_TAG });

const blockAt = (at: number) => $getRoot().getChildAtIndex(at) as ElementNode;

function meet(from: Peer, to: Peer): void {
  Y.applyUpdateV2(to.doc, encodeState(from.doc, Y.encodeStateVector(to.doc)), REMOTE_ORIGIN);
}

describe('healing keeps the cursor between its characters', () => {
  it('when a block before it was missing, or stood twice', () => {
    const peer = createPeer(11, [start('một hai', 'ba bốn', 'năm sáu bảy')]);
    goTo(peer.editor, 'sáu');
    derail(peer, () => blockAt(0).remove());
    expect(peer.binding.check()).toBe(false);
    expect(around(peer.editor)).toEqual(['năm ', 'sáu bảy']);
    derail(peer, () => blockAt(0).insertBefore($createParagraphNode().append($createTextNode('một hai'))));
    expect(peer.binding.check()).toBe(false);
    expect(around(peer.editor)).toEqual(['năm ', 'sáu bảy']);
  });

  it('in a table, also in a cell that is empty', () => {
    const rows = [
      [cell('tên'), cell('hạn')],
      [cell('đơn thư'), cell('')],
    ];
    const peer = createPeer(11, [start('mở đầu', { type: 'table', rows }, 'kết')]);
    goTo(peer.editor, 'thư');
    derail(peer, () => textWith('kết').setTextContent('LẠC'));
    expect(peer.binding.check()).toBe(false);
    expect(around(peer.editor)).toEqual(['đơn ', 'thư']);
    const emptyPath = (place: ElementNode | null) =>
      place?.getParents().map((one) => one.getIndexWithinParent());
    const selectedPath = () =>
      peer.editor.getEditorState().read(() => {
        const selection = $getSelection();
        return $isRangeSelection(selection) ? emptyPath(selection.anchor.getNode() as ElementNode) : null;
      });
    peer.editor.update(
      () => {
        const last = (blockAt(1).getLastDescendant() as ElementNode) ?? null;
        if ($isElementNode(last)) last.selectStart();
      },
      { discrete: true },
    );
    const before = selectedPath();
    derail(peer, () => textWith('kết').setTextContent('LẠC'));
    expect(peer.binding.check()).toBe(false);
    expect(selectedPath()).toEqual(before);
  });

  it('sees a missing empty paragraph at the end, which the next edit would delete', async () => {
    const peer = createPeer(11, [start('một')]);
    peer.editor.update(() => void $getRoot().append($createParagraphNode()), { discrete: true });
    derail(peer, () => blockAt(1).remove());
    expect(shown(peer)).toEqual(readBody(peer.doc));
    expect(peer.binding.check()).toBe(false);
    expect(peer.editor.getEditorState().read(() => $getRoot().getChildrenSize())).toBe(2);
    expect(peer.binding.check()).toBe(true);
  });
});

describe('somebody else’s change keeps the cursor between its characters', () => {
  it('when the block is divided before it', async () => {
    const [a, b] = [11, 22].map((id) => createPeer(id, [start('một hai ba bốn', 'kết')])) as [Peer, Peer];
    goTo(a.editor, 'bốn');
    b.editor.update(
      () => {
        const selection = $createRangeSelection();
        selection.anchor.set(textWith('hai').getKey(), 4, 'text');
        selection.focus.set(textWith('hai').getKey(), 4, 'text');
        $setSelection(selection);
        selection.insertParagraph();
      },
      { discrete: true },
    );
    meet(b, a);
    await settle();
    expect(around(a.editor)).toEqual(['hai ba ', 'bốn']);
    // The binding has learnt the place: it stays there with the next change.
    b.editor.update(() => void textWith('một').spliceText(0, 0, 'không '), { discrete: true });
    meet(b, a);
    await settle();
    expect(around(a.editor)).toEqual(['hai ba ', 'bốn']);
  });

  it('and never leaves it between rows or cells, where the next key would be lost', async () => {
    const peer = createPeer(11, [start({ type: 'table', rows: [[cell('tên'), cell('hạn')]] }, 'kết')]);
    peer.editor.update(
      () => {
        const selection = $createRangeSelection();
        const row = blockAt(0).getFirstChild<ElementNode>();
        selection.anchor.set(row?.getKey() ?? '', 1, 'element');
        selection.focus.set(row?.getKey() ?? '', 1, 'element');
        $setSelection(selection);
      },
      { discrete: true },
    );
    peer.binding.check();
    expect(around(peer.editor)).toEqual(['', 'hạn']);
  });

  it('and never between the halves of a character', () => {
    const peer = createPeer(11, [start('một 😀')]);
    peer.editor.update(() => void textWith('😀').select(5, 5), { discrete: true });
    peer.binding.check();
    expect(around(peer.editor)).toEqual(['một ', '😀']);
  });
});

describe('typing letters in several code points', () => {
  it('leaves the cursor behind them once they are composed', async () => {
    const editor = createBodyEditor(true);
    editor._headless = true;
    const end = registerBody(editor, { undo: () => {}, redo: () => {}, onFiles: () => {} });
    editor.update(
      () => {
        $getRoot().append($createParagraphNode().append($createTextNode('trước sau')));
        textWith('sau').select(6, 6);
      },
      { discrete: true },
    );
    editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, 'tiếng Việt '.normalize('NFD'));
    await settle();
    expect(around(editor)).toEqual(['trước tiếng Việt ', 'sau']);
    end();
  });
});

const item = (...words: string[]) =>
  start({ type: 'list', kind: 'bullet', items: words.map((text) => ({ runs: [{ text }] })) });

/** Puts a paragraph into the first item of a list. */
const pasteIntoItem = (editor: LexicalEditor, words: string) =>
  editor.update(
    () => {
      const into = blockAt(0).getFirstChild<ElementNode>();
      const pasted = $createParagraphNode().append($createTextNode(words));
      into?.splice(into.getChildrenSize(), 0, [pasted]);
    },
    { discrete: true },
  );

describe('a paragraph within a list item', () => {
  it('reads the same whether the editor kept it or made it loose text', () => {
    const peer = createPeer(11, [item('mục')]);
    pasteIntoItem(peer.editor, ' dán vào');
    const again = createPeer(12, [encodeState(peer.doc)]);
    expect(shown(again)).toEqual(readBody(peer.doc));
    expect(shown(peer)).toEqual(readBody(peer.doc));
    expect(peer.binding.check()).toBe(true);
  });

  it('becomes a line of the item once it is pasted', () => {
    const editor = createBodyEditor(true);
    editor._headless = true;
    const doc = loadDoc([item('mục', 'hai')], 11);
    const binding = bindEditor({ editor, doc, schedule: () => () => {} });
    const end = registerBody(editor, { undo: () => {}, redo: () => {}, onFiles: () => {} });
    pasteIntoItem(editor, 'dán vào');
    expect(readBody(doc)).toEqual([
      {
        type: 'list',
        kind: 'bullet',
        items: [{ runs: [{ text: 'mục\ndán vào' }] }, { runs: [{ text: 'hai' }] }],
      },
    ]);
    expect(readEditorBody(editor.getEditorState())).toEqual(readBody(doc));
    end();
    binding.dispose();
  });
});
