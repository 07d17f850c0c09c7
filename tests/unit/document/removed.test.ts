import { $toggleLink } from '@lexical/link';
import { $createListItemNode, $createListNode } from '@lexical/list';
import { $createHeadingNode } from '@lexical/rich-text';
import { $createTableCellNode, $createTableNode, $createTableRowNode } from '@lexical/table';
import {
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $isElementNode,
  type ElementNode,
  type TextNode,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import {
  applyInAnyOrder,
  type Block,
  createArticleDoc,
  encodeState,
  inspectBody,
  readBody,
} from '../../../domain/document/index.ts';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { createPeer, type Peer, reloaded, settle, shown } from './support/peer.ts';

const META = { categoryId: 'c', language: 'vi' } as const;
const start = (...body: (Block | string)[]) =>
  createArticleDoc({ clientId: 1, meta: META, body }).firstUpdate;
const line = (text: string): Block => ({ type: 'paragraph', runs: text === '' ? [] : [{ text }] });

const $block = (at: number): ElementNode => {
  const node = $getRoot().getChildAtIndex(at);
  if (!$isElementNode(node)) throw new Error(`no block ${at}`);
  return node;
};

const $text = (words: string): TextNode => {
  const text = $getRoot()
    .getAllTextNodes()
    .find((one) => one.getTextContent().includes(words));
  if (text === undefined) throw new Error(`no text with "${words}"`);
  return text;
};

const change = (peer: Peer, act: () => void) => peer.editor.update(act, { discrete: true });

/** Puts `added` straight behind `words`. */
const type = (peer: Peer, words: string, added: string) =>
  change(peer, () => {
    const text = $text(words);
    text.spliceText(text.getTextContent().indexOf(words) + words.length, 0, added, true);
  });

/** All that each has reaches every other. */
async function meet(...peers: Peer[]): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    const states = peers.map((peer) => encodeState(peer.doc));
    for (const peer of peers) for (const state of states) applyInAnyOrder(peer.doc, [state], REMOTE_ORIGIN);
    await settle();
  }
}

async function peersOf(count: number, ...body: (Block | string)[]): Promise<Peer[]> {
  const first = start(...body);
  return Array.from({ length: count }, (_, at) => createPeer(11 * (at + 1), [first]));
}

/** Every desk, its document and a fresh editor show this, and nothing had to be healed. */
function expectEverywhere(peers: readonly Peer[], body: Block[]): void {
  for (const peer of peers) {
    expect(readBody(peer.doc)).toEqual(body);
    expect(shown(peer)).toEqual(body);
    expect(reloaded(peer)).toEqual(body);
    expect(inspectBody(peer.doc)).toEqual([]);
    expect(peer.reports).toEqual([]);
  }
}

const $makeHeading = (at: number) => void $block(at).replace($createHeadingNode('h2'), true);

describe('what others write into a block at the time that it is', () => {
  it('made a heading stays, behind it', async () => {
    const [a, b] = (await peersOf(2, 'Phạm vi điều chỉnh', 'hết')) as [Peer, Peer];
    change(a, () => $makeHeading(0));
    type(b, 'Phạm vi', '(áp dụng)');
    await meet(a, b);
    expectEverywhere(
      [a, b],
      [{ type: 'heading', level: 2, runs: [{ text: 'Phạm vi điều chỉnh' }] }, line('(áp dụng)'), line('hết')],
    );
  });

  it('made a heading by one and removed by another stays', async () => {
    const [a, b, c] = (await peersOf(3, 'Phạm vi điều chỉnh', 'hết')) as [Peer, Peer, Peer];
    change(a, () => $makeHeading(0));
    change(b, () => $block(0).remove());
    type(c, 'chỉnh', ' của quy chế');
    await meet(a, b, c);
    expectEverywhere(
      [a, b, c],
      [
        { type: 'heading', level: 2, runs: [{ text: 'Phạm vi điều chỉnh' }] },
        line(' của quy chế'),
        line('hết'),
      ],
    );
  });

  it('removed stays as a block of its own; of two who write, both', async () => {
    const [a, b, c] = (await peersOf(3, 'đầu', 'giữa bài', 'cuối')) as [Peer, Peer, Peer];
    change(a, () => $block(1).remove());
    type(b, 'giữa', '(MỘT)');
    type(c, 'bài', '(HAI)');
    await meet(a, b, c);
    expectEverywhere([a, b, c], [line('đầu'), line('(MỘT)(HAI)'), line('cuối')]);
  });

  it('joined to the one before stays', async () => {
    const [a, b] = (await peersOf(2, 'một', 'hai')) as [Peer, Peer];
    change(a, () => {
      $block(0).append(...$block(1).getChildren());
      $block(1).remove();
    });
    type(b, 'hai', ' rưỡi');
    await meet(a, b);
    expectEverywhere([a, b], [line('mộthai'), line(' rưỡi')]);
  });

  it('made a link stays', async () => {
    const [a, b] = (await peersOf(2, 'xem tại đây')) as [Peer, Peer];
    change(a, () => {
      $text('xem').select(0, 11);
      $toggleLink('https://a.vn');
    });
    type(b, 'đây', ' nhé');
    await meet(a, b);
    expectEverywhere(
      [a, b],
      [
        {
          type: 'paragraph',
          runs: [{ text: 'xem tại đây', href: 'https://a.vn' }, { text: ' nhé' }],
        },
      ],
    );
  });

  it('made a list stays', async () => {
    const [a, b] = (await peersOf(2, 'một')) as [Peer, Peer];
    change(a, () => {
      const list = $createListNode('bullet');
      list.append($createListItemNode().append(...$block(0).getChildren()));
      $block(0).replace(list);
    });
    type(b, 'một', ' hai');
    await meet(a, b);
    expectEverywhere(
      [a, b],
      [{ type: 'list', kind: 'bullet', items: [{ runs: [{ text: 'một' }] }] }, line(' hai')],
    );
  });

  it('removed with its table stays in a table with as many cells', async () => {
    const [a, b] = (await peersOf(2, 'trên')) as [Peer, Peer];
    const $row = (...texts: string[]) =>
      $createTableRowNode().append(
        ...texts.map((text) =>
          $createTableCellNode(0).append($createParagraphNode().append($createTextNode(text))),
        ),
      );
    change(a, () => void $getRoot().append($createTableNode().append($row('a', 'b'), $row('c', 'd'))));
    await meet(a, b);
    change(a, () => $block(1).remove());
    type(b, 'c', ' chín');
    await meet(a, b);
    const cell = (text: string) => ({ blocks: [line(text)] });
    expectEverywhere(
      [a, b],
      [
        line('trên'),
        {
          type: 'table',
          rows: [
            [cell(''), cell('')],
            [cell(' chín'), cell('')],
          ],
        },
      ],
    );
  });

  it('removed and written by a reader’s colleague is shown to who may only read', async () => {
    const [a, b, reader] = (await peersOf(3, 'đầu', 'giữa')) as [Peer, Peer, Peer];
    reader.editor.setEditable(false);
    change(a, () => $block(1).remove());
    await meet(a, reader);
    expectEverywhere([a, reader], [line('đầu')]);
    type(b, 'giữa', ' chừng');
    await meet(a, b, reader);
    expectEverywhere([a, b, reader], [line('đầu'), line(' chừng')]);
  });
});

describe('a block that is removed', () => {
  it('comes back whole with undo, and goes again with redo', async () => {
    const [a, b] = (await peersOf(2, 'đầu', 'giữa', 'cuối')) as [Peer, Peer];
    change(a, () => $block(1).remove());
    await meet(a, b);
    expectEverywhere([a, b], [line('đầu'), line('cuối')]);
    a.binding.undoManager.undo();
    await meet(a, b);
    expectEverywhere([a, b], [line('đầu'), line('giữa'), line('cuối')]);
    a.binding.undoManager.redo();
    await meet(a, b);
    expectEverywhere([a, b], [line('đầu'), line('cuối')]);
  });

  it('by undo of adding it leaves what others wrote into it', async () => {
    const [a, b] = (await peersOf(2, 'đầu')) as [Peer, Peer];
    change(a, () => void $getRoot().append($createParagraphNode().append($createTextNode('thêm'))));
    await meet(a, b);
    type(b, 'thêm', ' nữa');
    a.binding.undoManager.undo();
    await meet(a, b);
    expectEverywhere([a, b], [line('đầu'), line(' nữa')]);
  });

  it('and came back is an ordinary one for who goes on in it', async () => {
    const [a, b] = (await peersOf(2, 'đầu', 'giữa', 'cuối')) as [Peer, Peer];
    change(a, () => $block(1).remove());
    type(b, 'giữa', ' chừng');
    await meet(a, b);
    type(a, 'chừng', ' ấy');
    await meet(a, b);
    change(b, () => $text('chừng').remove());
    await meet(a, b);
    expectEverywhere([a, b], [line('đầu'), line(''), line('cuối')]);
  });

  it('was a list: of it come back only the items that were written in, also for who goes on there', async () => {
    const nested: Block = {
      type: 'list',
      kind: 'bullet',
      items: [
        {
          runs: [{ text: 'một' }],
          lists: [{ type: 'list', kind: 'bullet', items: [{ runs: [{ text: 'con' }] }] }],
        },
        { runs: [{ text: 'hai' }] },
        { runs: [{ text: 'ba' }] },
      ],
    };
    const [a, b] = (await peersOf(2, nested, 'cuối')) as [Peer, Peer];
    change(a, () => $block(0).remove());
    type(b, 'hai', ' rưỡi');
    await meet(a, b);
    const list = (text: string): Block => ({ type: 'list', kind: 'bullet', items: [{ runs: [{ text }] }] });
    expectEverywhere([a, b], [list(' rưỡi'), line('cuối')]);
    type(a, ' rưỡi', ' thôi');
    await meet(a, b);
    expectEverywhere([a, b], [list(' rưỡi thôi'), line('cuối')]);
  });

  it('was the last one: the editor has an empty paragraph, the document gets it with the first letter', async () => {
    const [a, b] = (await peersOf(2, 'một')) as [Peer, Peer];
    change(a, () => $block(0).remove());
    await meet(a, b);
    const before = encodeState(b.doc);
    expect(b.editor.getEditorState().read(() => $getRoot().getChildrenSize())).toBe(1);
    expect(encodeState(b.doc)).toEqual(before);
    change(b, () => void $block(0).append($createTextNode('hai')));
    await meet(a, b);
    for (const peer of [a, b]) expect(readBody(peer.doc)).toEqual([line('hai')]);
  });
});

describe('two who type into one empty paragraph', () => {
  it('have each word there once', async () => {
    const [a, b] = (await peersOf(2, '')) as [Peer, Peer];
    for (const [peer, words] of [
      [a, 'một'],
      [b, 'hai'],
    ] as const)
      change(peer, () => void $block(0).append($createTextNode(words)));
    await meet(a, b);
    expect(readBody(a.doc)).toEqual(readBody(b.doc));
    expect(['mộthai', 'haimột']).toContain(
      readBody(a.doc)
        .flatMap((block) => ('runs' in block ? block.runs : []))
        .map(({ text }) => text)
        .join(''),
    );
    expect(shown(a)).toEqual(shown(b));
  });
});
