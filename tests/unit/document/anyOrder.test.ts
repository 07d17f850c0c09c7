import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyInAnyOrder,
  createArticleDoc,
  encodeState,
  loadDoc,
  readContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { type Random, seeded } from './support/random.ts';

const META = { categoryId: 'c', language: 'vi' } as const;
const FIRST = createArticleDoc({ clientId: 1, meta: META, body: ['gốc'] }).firstUpdate;
const ELSEWHERE = 'elsewhere';

/** What three desks write into a title, update by update; now and then one gets what another has. */
function history(random: Random): Uint8Array[] {
  const log = [FIRST];
  const docs = [20, 31, 47].map((clientId) => loadDoc([FIRST], clientId));
  for (const doc of docs)
    doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
      if (origin !== ELSEWHERE) log.push(update);
    });
  const steps = 6 + random.below(14);
  for (let step = 0; step < steps; step += 1) {
    const text = titleText(random.pick(docs));
    if (text.length > 4 && random.next() < 0.3) text.delete(random.below(text.length - 2), 2);
    else text.insert(random.below(text.length + 1), String(step));
    const [from, to] = [random.pick(docs), random.pick(docs)];
    if (from !== to && random.next() < 0.6)
      applyInAnyOrder(to, [encodeState(from, stateVector(to))], ELSEWHERE);
  }
  return log;
}

function shuffle(updates: Uint8Array[], random: Random): void {
  for (let at = updates.length - 1; at > 0; at -= 1) {
    const [moved] = updates.splice(random.below(at + 1), 1);
    if (moved !== undefined) updates.push(moved);
  }
}

describe('updates in any order', () => {
  // Histories of which Yjs by itself shows a few characters, and nothing more whatever arrives later.
  it.each([1173, 1209, 5])('of history %i make the same document', (seed) => {
    const random = seeded(seed);
    const log = history(random);
    const expected = readContent(loadDoc(log)).title;
    expect(expected.length).toBeGreaterThan(5);
    for (let round = 0; round < 5; round += 1) {
      const arriving = [...log];
      shuffle(arriving, random);
      const doc = loadDoc([]);
      for (const update of arriving) applyInAnyOrder(doc, [update]);
      expect(readContent(doc).title).toBe(expected);
      expect(readContent(loadDoc(arriving)).title).toBe(expected);
      expect(doc.store.pendingStructs).toBeNull();
    }
  });

  it('hand on what waits', () => {
    const doc = loadDoc([FIRST], 2);
    const log: Uint8Array[] = [];
    doc.on('updateV2', (update: Uint8Array) => log.push(update));
    for (const words of ['một', 'hai', 'ba']) doc.getText('title').insert(0, words);
    const [one = FIRST, two = FIRST, three = FIRST] = log;
    const waiting = loadDoc([FIRST, three]);
    expect(readContent(waiting).title).toBe('');
    const next = loadDoc([encodeState(waiting), two]);
    applyInAnyOrder(next, [one]);
    expect(readContent(next).title).toBe('bahaimột');
    expect(Y.encodeStateVector(next)).toEqual(Y.encodeStateVector(doc));
  });
});
