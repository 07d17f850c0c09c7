import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { $getRoot, type ElementNode, type TextNode } from 'lexical';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  createArticleDoc,
  encodeState,
  fingerprint,
  loadDoc,
  newDoc,
  readContent,
} from '../../../domain/document/index.ts';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { createPeer, type Peer, settle } from './support/peer.ts';

const first = createArticleDoc({
  clientId: 1,
  meta: { categoryId: 'c', language: 'vi' },
  body: ['một hai ba bốn năm'],
}).firstUpdate;

/** Makes a stretch of the first paragraph bold, or plain again. */
function toggleBold(peer: Peer, from: number, to: number): void {
  peer.editor.update(
    () => {
      const texts = ($getRoot().getFirstChild() as ElementNode).getAllTextNodes();
      texts[0]?.getParent();
      const whole = texts[0] as TextNode;
      const parts = whole.splitText(from, to);
      (from === 0 ? parts[0] : parts[1])?.toggleFormat('bold');
    },
    { discrete: true },
  );
}

const idleMarks = (doc: Y.Doc, other: Y.Doc): number => {
  const deleted = (one: Y.Doc) =>
    [...Y.createDeleteSetFromStructStore(one.store).clients.values()]
      .flat()
      .reduce((sum, { len }) => sum + len, 0);
  return deleted(doc) - deleted(other);
};

describe('marks of formats that change nothing', () => {
  it('stay in a document, because an edit under way may need them', () => {
    const documents = [newDoc(), newDoc()] as const;
    const [a, b] = documents;
    a.clientID = 1;
    b.clientID = 2;
    a.getText('t').insert(0, 'một hai ba');
    Y.applyUpdateV2(b, encodeState(a));
    const written: unknown[] = [];
    for (const doc of documents) doc.on('updateV2', (_: Uint8Array, origin: unknown) => written.push(origin));
    a.getText('t').format(0, 7, { b: true });
    b.getText('t').format(0, 3, { b: true });
    written.length = 0;
    Y.applyUpdateV2(a, encodeState(b), REMOTE_ORIGIN);
    Y.applyUpdateV2(b, encodeState(a), REMOTE_ORIGIN);
    expect(written).toEqual([REMOTE_ORIGIN, REMOTE_ORIGIN]);
    expect(idleMarks(a, loadDoc([encodeState(a)]))).toBe(0);
  });

  it('are not written away by an editor that is told of a change from elsewhere', async () => {
    const a = createPeer(11, [first]);
    const b = createPeer(22, [first]);
    const stored: Uint8Array[] = [first];
    const origins: unknown[] = [];
    for (const peer of [a, b])
      peer.doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
        if (origin !== REMOTE_ORIGIN) stored.push(update);
        origins.push(origin);
      });
    toggleBold(a, 4, 11);
    toggleBold(b, 4, 7);
    await settle();
    const [fromA, fromB] = [a, b].map((peer) => encodeState(peer.doc));
    origins.length = 0;
    Y.applyUpdateV2(a.doc, fromB as Uint8Array, REMOTE_ORIGIN);
    Y.applyUpdateV2(b.doc, fromA as Uint8Array, REMOTE_ORIGIN);
    await settle();
    expect(origins.filter((origin) => origin === null)).toEqual([]);
    const kept = loadDoc(stored);
    for (const peer of [a, b]) {
      expect(idleMarks(peer.doc, kept)).toBe(0);
      expect(fingerprint(readContent(peer.doc))).toBe(fingerprint(readContent(kept)));
    }
  });

  it('so no part of the product makes a Y.Doc in another way than newDoc', () => {
    const found: string[] = [];
    for (const folder of ['domain', 'main', 'portal', 'preload', 'renderer']) {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.tsx?$/.test(name) || name.includes('node_modules')) continue;
        if (/new (Y\.)?Doc\(/.test(readFileSync(join(folder, name), 'utf8'))) found.push(join(folder, name));
      }
    }
    expect(found).toEqual([join('domain', 'document', 'newDoc.ts')]);
  });
});
