import { createHeadlessEditor } from '@lexical/headless';
import {
  $createRangeSelection,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  $setSelection,
  SKIP_COLLAB_TAG,
  type TextNode,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  createArticleDoc,
  encodeState,
  loadDoc,
  plainText,
  readBody,
  readContent,
} from '../../../domain/document/index.ts';
import { documentNodes } from '../../../domain/document/nodes.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import { bindEditor, REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { createPeer, type Peer, settle, shown } from './support/peer.ts';
import { SAMPLE } from './support/samples.ts';

const start = (...body: string[]) => createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body }).firstUpdate;

const textAt = (block: number): TextNode => {
  const node = $getRoot().getChildAtIndex(block);
  const text =
    node && 'getFirstDescendant' in node
      ? (node as import('lexical').ElementNode).getFirstDescendant<TextNode>()
      : null;
  if (text === null) throw new Error(`no text in block ${block}`);
  return text;
};

function type(peer: Peer, block: number, offset: number, words: string): void {
  peer.editor.update(() => void textAt(block).spliceText(offset, 0, words), { discrete: true });
}

function select(peer: Peer, block: number, anchor: number, focus = anchor): void {
  peer.editor.update(
    () => {
      const selection = $createRangeSelection();
      selection.anchor.set(textAt(block).getKey(), anchor, 'text');
      selection.focus.set(textAt(block).getKey(), focus, 'text');
      $setSelection(selection);
    },
    { discrete: true },
  );
}

const selected = (peer: Peer) =>
  peer.editor.getEditorState().read(() => {
    const selection = $getSelection();
    if (!$isRangeSelection(selection)) return null;
    const block = selection.anchor.getNode().getTopLevelElementOrThrow().getIndexWithinParent();
    return [block, selection.anchor.offset, selection.focus.offset];
  });

function meet(a: Peer, b: Peer): void {
  Y.applyUpdateV2(b.doc, encodeState(a.doc, Y.encodeStateVector(b.doc)), REMOTE_ORIGIN);
  Y.applyUpdateV2(a.doc, encodeState(b.doc, Y.encodeStateVector(a.doc)), REMOTE_ORIGIN);
}

describe('two people offline', () => {
  it('both find every word, in the same paragraph and elsewhere', async () => {
    const first = start('Ủy ban nhân dân tỉnh ban hành quy chế', 'Điều khoản thi hành');
    const a = createPeer(11, [first]);
    const b = createPeer(22, [first]);
    type(a, 0, 0, 'Chiều nay, ');
    type(a, 1, 19, ' kể từ ngày ký');
    type(b, 0, 37, ' quản lý Cổng');
    type(b, 0, 12, ' và Hội đồng');
    b.editor.update(() => void $getRoot().append(...$getRoot().getChildren().slice(0, 0)), {
      discrete: true,
    });
    await settle();
    meet(a, b);
    await settle();
    expect(shown(a)).toEqual(shown(b));
    const text = plainText(readContent(a.doc));
    for (const words of [
      'Chiều nay, Ủy ban nhân',
      'và Hội đồng',
      'ban hành quy chế quản lý Cổng',
      'kể từ ngày ký',
    ])
      expect(text).toContain(words);
  });

  it('keep words that one typed into a paragraph the other divided', async () => {
    const first = start('Ủy ban nhân dân tỉnh ban hành quy chế');
    const a = createPeer(11, [first]);
    const b = createPeer(22, [first]);
    select(a, 0, 20);
    a.editor.update(
      () => {
        const selection = $getSelection();
        if ($isRangeSelection(selection)) selection.insertParagraph();
      },
      { discrete: true },
    );
    type(b, 0, 3, ' thường trực');
    await settle();
    meet(a, b);
    await settle();
    expect(shown(a)).toEqual(shown(b));
    expect(plainText(readContent(a.doc))).toContain('thường trực');
    expect(plainText(readContent(a.doc))).toContain('ban hành quy chế');
  });

  it('undo takes back only one’s own', async () => {
    const first = start('giữa');
    const a = createPeer(11, [first]);
    const b = createPeer(22, [first]);
    type(a, 0, 0, 'A ');
    type(b, 0, 4, ' B');
    await settle();
    meet(a, b);
    a.binding.undoManager.undo();
    await settle();
    expect(plainText({ ...readContent(a.doc), title: '', summary: '' })).toBe('giữa B');
    a.binding.undoManager.redo();
    await settle();
    expect(plainText({ ...readContent(a.doc), title: '', summary: '' })).toBe('A giữa B');
    expect(shown(a)).toEqual(readBody(a.doc));
  });

  it('keeps the cursor with its words when somebody types before it', async () => {
    const first = start('một hai ba');
    const a = createPeer(11, [first]);
    const b = createPeer(22, [first]);
    select(a, 0, 8);
    type(b, 0, 0, 'không ');
    await settle();
    meet(a, b);
    await settle();
    expect(selected(a)).toEqual([0, 14, 14]);
  });
});

describe('the self-check', () => {
  it('rebuilds an editor that shows something else, keeps the cursor, writes nothing', async () => {
    const peer = createPeer(11, [start('một', 'hai ba bốn')]);
    select(peer, 1, 4, 6);
    peer.editor.update(() => void textAt(0).setTextContent('LẠC'), { discrete: true, tag: SKIP_COLLAB_TAG });
    const before = encodeState(peer.doc);
    expect(shown(peer)).not.toEqual(readBody(peer.doc));
    expect(peer.binding.check()).toBe(false);
    expect(peer.reports).toEqual([{ kind: 'healed', cause: 'sync-failed' }]);
    expect(shown(peer)).toEqual(readBody(peer.doc));
    expect(selected(peer)).toEqual([1, 4, 6]);
    expect(encodeState(peer.doc)).toEqual(before);
    expect(peer.binding.check()).toBe(true);
  });

  it('leaves a healed editor that can be typed in and undone', async () => {
    const peer = createPeer(11, [start('một')]);
    type(peer, 0, 3, ' hai');
    peer.editor.update(() => void $getRoot().clear(), { discrete: true, tag: SKIP_COLLAB_TAG });
    peer.binding.check();
    type(peer, 0, 7, ' ba');
    await settle();
    expect(readBody(peer.doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một hai ba' }] }]);
    peer.binding.undoManager.undo();
    peer.binding.undoManager.undo();
    await settle();
    expect(readBody(peer.doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một' }] }]);
    expect(shown(peer)).toEqual(readBody(peer.doc));
  });

  it('runs after a pause, once, and not after disposal', async () => {
    const tasks: { task: () => void; delayMs: number; cancelled: boolean }[] = [];
    const doc = loadDoc([start('một')], 5);
    const editor = createHeadlessEditor({
      nodes: [...documentNodes],
      onError: (error) => expect.fail(String(error)),
    });
    const binding = bindEditor({
      editor,
      doc,
      checkAfterMs: 700,
      schedule: (task, delayMs) => {
        const entry = { task, delayMs, cancelled: false };
        tasks.push(entry);
        return () => {
          entry.cancelled = true;
        };
      },
    });
    editor.update(() => void textAt(0).spliceText(0, 0, 'a'), { discrete: true });
    editor.update(() => void textAt(0).spliceText(0, 0, 'b'), { discrete: true });
    const live = tasks.filter((entry) => !entry.cancelled);
    expect(live).toHaveLength(1);
    expect(live[0]?.delayMs).toBe(700);
    binding.dispose();
    expect(tasks.every((entry) => entry.cancelled)).toBe(true);
    editor.update(() => void textAt(0).spliceText(0, 0, 'c'), { discrete: true });
    expect(readBody(doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'bamột' }] }]);
  });
});

describe('what the binding refuses and tells', () => {
  it('refuses a document without its updates', () => {
    const editor = createHeadlessEditor({ nodes: [...documentNodes], onError: () => {} });
    expect(() => bindEditor({ editor, doc: new Y.Doc() })).toThrow('document not loaded');
  });

  it('names its own edits and undo, so that they can be told from others’', async () => {
    const peer = createPeer(11, [start('một')]);
    const origins: unknown[] = [];
    peer.doc.on('updateV2', (_: Uint8Array, origin: unknown) => origins.push(origin));
    type(peer, 0, 0, 'a');
    peer.binding.undoManager.undo();
    await settle();
    expect(origins).toEqual([peer.binding.origin, peer.binding.undoManager]);
  });

  it('survives an update that throws, also in an editor whose handler throws', async () => {
    const reports: string[] = [];
    const doc = loadDoc([start('một')], 5);
    const editor = createHeadlessEditor({
      nodes: [...documentNodes],
      onError: (error) => {
        throw error;
      },
    });
    const binding = bindEditor({ editor, doc, onReport: (report) => reports.push(report.kind) });
    editor.update(
      () => {
        textAt(0).setTextContent('nửa chừng');
        throw new Error('bug');
      },
      { discrete: true },
    );
    await settle();
    expect(reports).toEqual(['sync-failed']);
    expect(readEditorBody(editor.getEditorState())).toEqual(readBody(doc));
    expect(readBody(doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một' }] }]);
    editor.update(() => void textAt(0).spliceText(3, 0, ' hai'), { discrete: true });
    expect(readBody(doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một hai' }] }]);
    binding.dispose();
    expect(() => editor.update(() => void textAt(9), { discrete: true })).toThrow();
  });

  it('writes a tab as a character', async () => {
    const peer = createPeer(11, [start('một hai')]);
    select(peer, 0, 3);
    peer.editor.update(
      () => {
        const selection = $getSelection();
        if ($isRangeSelection(selection)) selection.insertRawText('\t');
      },
      { discrete: true },
    );
    await settle();
    expect(readBody(peer.doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một\t hai' }] }]);
    expect(
      peer.editor.getEditorState().read(() =>
        $getRoot()
          .getAllTextNodes()
          .map((node) => node.getType()),
      ),
    ).toEqual(['text']);
  });

  it.each([
    ['x😀y', 'x😁y'],
    ['😀', '😀😁'],
    ['😁', '😀😁'],
    ['a😀😁b', 'a😁😀b'],
    ['😀a', 'a😀'],
    ['𠀀', '𠀁'],
  ])('changes %s to %s by whole characters', async (before, after) => {
    const peer = createPeer(11, [start(before)]);
    const other = loadDoc([encodeState(peer.doc)], 3);
    peer.editor.update(() => void textAt(0).setTextContent(after), { discrete: true });
    await settle();
    Y.applyUpdateV2(other, encodeState(peer.doc, Y.encodeStateVector(other)));
    expect(readBody(peer.doc)).toEqual([{ type: 'paragraph', runs: [{ text: after }] }]);
    expect(readBody(other)).toEqual(readBody(peer.doc));
  });
});
