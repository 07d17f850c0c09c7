import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  canonicalise,
  containedIn,
  createArticleDoc,
  encodeState,
  fingerprint,
  isIncomplete,
  loadDoc,
  readContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { createPeer, type Peer, randomEdit, settle } from './support/peer.ts';
import { type Random, seeded } from './support/random.ts';
import { richEdit } from './support/richEdit.ts';

const SEEDS = 60;
const ROUNDS = 12;

const printed = (doc: Y.Doc): string => fingerprint(readContent(doc));

interface Desk {
  readonly peer: Peer;
  /** Made here and not sent. */
  unsent: Uint8Array[];
  /** How much of the portal's log it has. */
  reached: number;
}

/** Several editors, each now and then offline for long, and the log of the portal in its order of arrival. */
async function history(random: Random): Promise<{ desks: Desk[]; log: Uint8Array[] }> {
  const { doc, firstUpdate } = createArticleDoc({
    clientId: 1,
    meta: { categoryId: 'other', language: 'vi' },
    title: 'Bài',
    body: ['Đoạn thứ nhất.', 'Đoạn thứ hai.'],
  });
  doc.destroy();
  const log = [firstUpdate];
  const desks: Desk[] = [10, 20, 30].map((clientId) => {
    const desk: Desk = { peer: createPeer(clientId, [firstUpdate]), unsent: [], reached: 1 };
    desk.peer.doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'portal') desk.unsent.push(update);
    });
    return desk;
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const desk of desks) {
      for (let edits = random.below(4); edits > 0; edits -= 1) {
        if (random.next() < 0.3) richEdit(desk.peer, random);
        else randomEdit(desk.peer, random);
        await settle();
      }
      if (random.next() < 0.5) log.push(...desk.unsent.splice(0));
      if (random.next() < 0.5) {
        for (const update of log.slice(desk.reached)) Y.applyUpdateV2(desk.peer.doc, update, 'portal');
        desk.reached = log.length;
        await settle();
      }
    }
  }
  return { desks, log };
}

describe('a snapshot', () => {
  it(`stands for the updates before it, whatever was edited and in whatever state a desk is (${SEEDS} seeds)`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seeded(seed);
      const { desks, log } = await history(random);
      const whole = loadDoc(log);
      const cut = 1 + random.below(log.length);
      const first = encodeState(loadDoc(log.slice(0, cut)));
      // A snapshot of a snapshot, as the portal makes them.
      const second = cut + random.below(log.length - cut + 1);
      const state = encodeState(loadDoc([first, ...log.slice(cut, second)]));
      const covered = log.slice(0, second);
      const rest = log.slice(second);

      const short = loadDoc([state, ...rest]);
      expect(printed(short), `seed ${seed}`).toBe(printed(whole));
      expect(canonicalise(readContent(short))).toBe(canonicalise(readContent(whole)));
      expect(Y.equalSnapshots(Y.snapshot(short), Y.snapshot(whole))).toBe(true);
      const isContained = containedIn(loadDoc([state]));
      expect(covered.every(isContained), `seed ${seed}: all that it covers is contained`).toBe(true);

      for (const desk of desks) {
        // As long away as it was: it has the beginning of the log and what it wrote itself.
        const own = desk.unsent;
        const old = [...log.slice(0, desk.reached), ...own];
        const kept = old.filter((update, at) => at >= desk.reached || !isContained(update));
        const here = loadDoc([state, ...kept, ...rest]);
        const all = loadDoc([...log, ...own]);
        expect(printed(here), `seed ${seed}`).toBe(printed(all));
        expect(Y.equalSnapshots(Y.snapshot(here), Y.snapshot(all))).toBe(true);
        // The portal has only the snapshot and what came after, and takes the late ones.
        expect(printed(loadDoc([state, ...rest, ...own]))).toBe(printed(all));
        desk.peer.binding.dispose();
      }
    }
  });

  it('contains an update exactly when applying it changes nothing', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seeded(1000 + seed);
      const { desks, log } = await history(random);
      for (const desk of desks) desk.peer.binding.dispose();
      const doc = loadDoc(log.slice(0, 1 + random.below(log.length)));
      const isContained = containedIn(doc);
      for (const update of log) {
        const copy = loadDoc([encodeState(doc)]);
        Y.applyUpdateV2(copy, update);
        const isSame = !isIncomplete(copy) && Y.equalSnapshots(Y.snapshot(copy), Y.snapshot(doc));
        expect(isContained(update), `seed ${seed}`).toBe(isSame);
      }
    }
  });

  it('lets an old desk delete, and bring back what it deleted, in text that it covers', () => {
    const { doc, firstUpdate } = createArticleDoc({
      clientId: 1,
      meta: { categoryId: 'other', language: 'vi' },
      title: 'Một hai ba',
    });
    const old = loadDoc([firstUpdate], 77);
    const undo = new Y.UndoManager(titleText(old), { captureTimeout: 0 });
    const before = stateVector(doc);
    doc.clientID = 2;
    titleText(doc).insert(0, 'Mới: ');
    const state = encodeState(loadDoc([firstUpdate, encodeState(doc, before)]));
    const made: Uint8Array[] = [];
    old.on('updateV2', (update: Uint8Array) => made.push(update));
    titleText(old).delete(4, 4);
    const afterDeleting = loadDoc([state, ...made]);
    expect(titleText(afterDeleting).toString()).toBe('Mới: Một ba');
    undo.undo();
    expect(titleText(loadDoc([state, ...made])).toString()).toBe('Mới: Một hai ba');
  });

  it('contains nothing of what is no update', () => {
    const { doc } = createArticleDoc({ clientId: 1, meta: { categoryId: 'other', language: 'vi' } });
    const isContained = containedIn(doc);
    for (const bytes of [new Uint8Array(), new Uint8Array([1, 2, 3]), encodeState(doc).slice(0, -2)])
      expect(isContained(bytes)).toBe(false);
  });
});
