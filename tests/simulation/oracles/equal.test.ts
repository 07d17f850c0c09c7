import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Station } from '../world.ts';
import { compareRows } from './equal.ts';
import type { Truth } from './truth.ts';

/** Found by seed 20 of 5 desks and 200 steps: the oracle took for lost what the portal's snapshot had already. */
describe('an update that is at its desk and not at the portal', () => {
  const portals = new Y.Doc({ guid: '' });
  portals.getText('body').insert(0, 'abcdef');
  const before = Y.encodeStateAsUpdateV2(portals);
  portals.getText('body').delete(1, 2);

  /** What a desk made of the text that knew nothing of the portal's deletion. */
  const update = (change: (text: Y.Text) => void): string => {
    const doc = new Y.Doc({ guid: '' });
    Y.applyUpdateV2(doc, before);
    const made: Uint8Array[] = [];
    doc.on('updateV2', (bytes: Uint8Array) => made.push(bytes));
    change(doc.getText('body'));
    return Buffer.from(made[0] ?? []).toString('base64');
  };
  const compare = (bytes: string) => {
    const row = { id: 'u-1', articleId: 'a-1', held: false, code: '', update: bytes };
    const station = { index: 0, person: 'writer', rows: { updates: [row] } } as unknown as Station;
    const truth = { rows: { updates: [] }, taken: [], docOf: () => portals } as unknown as Truth;
    compareRows(station, 'updates', truth, new Set(['a-1']), new Map([['a-1', true]]));
  };

  it('is not lost when the portal has all that it says', () => {
    expect(() => compare(update((text) => text.delete(1, 1)))).not.toThrow();
  });

  it('is lost when it deletes what is still there', () => {
    expect(() => compare(update((text) => text.delete(1, 3)))).toThrow('not at the portal');
  });

  it('is lost when it brings text', () => {
    expect(() => compare(update((text) => text.insert(2, 'x')))).toThrow('not at the portal');
  });

  it('is lost when its row has no bytes', () => {
    expect(() => compare('')).toThrow('not at the portal');
  });
});
