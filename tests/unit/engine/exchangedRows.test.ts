import { describe, expect, it } from 'vitest';
import { arePortalRows, fromPortal, isSameRow, takenFromPortal } from '../../../main/engine/sync/rows.ts';

describe('rows', () => {
  const row = {
    ...{ id: 'u', articleId: 'a', authorId: 'p', deskId: 'd', at: 1, held: false, update: 'AAAA' },
    _deleted: false,
  };
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['whole', row],
    ['with a column of a newer portal', { ...row, mood: 'new' }],
    ['with another column in the place of one', { ...row, held: undefined, mood: 'new' }],
    ['without a column', (({ held, ...rest }) => rest)(row)],
    ['that does not say whether it has gone', { ...row, _deleted: undefined }],
    ['that says it in a way of its own', { ...row, _deleted: 'yes' }],
    ['that has gone', { id: 'u', articleId: 'a', _deleted: true }],
  ])('%s: taken from a page they are what copies of them are', (_, one) => {
    const sent = JSON.stringify(one);
    const taken = takenFromPortal('updates', JSON.parse(sent), 1);
    expect(taken).toEqual(fromPortal('updates', JSON.parse(sent), 1));
    expect(taken).not.toHaveProperty('mood');
  });

  it('that are taken are not copied where nothing is left out, and those that are not taken always are', () => {
    const mine = { ...row };
    expect(takenFromPortal('updates', mine, 1)).toBe(mine);
    const others = { ...row };
    expect(fromPortal('updates', others, 1)).not.toBe(others);
    expect(others).toEqual(row);
  });

  it('are compared as the portal sees them', () => {
    const update = { id: 'u', articleId: 'a', authorId: 'p', deskId: 'd', at: 1, held: false, update: 'x' };
    expect(
      isSameRow('updates', update, { ...update, sent: 5, code: 'x', opens: null, _deleted: false }),
    ).toBe(true);
    expect(isSameRow('updates', update, { ...update, held: true })).toBe(false);
    expect(isSameRow('updates', update, { ...update, _deleted: true })).toBe(false);
    const decision = { id: 'd', declaration: { unitId: 'u', channel: 'vi' }, reason: null };
    expect(isSameRow('decisions', decision, { id: 'd', declaration: { channel: 'vi', unitId: 'u' } })).toBe(
      true,
    );
  });

  it.each([3, 500])('are checked one like the other: %i of them', (count) => {
    const rows = Array.from({ length: count }, (_, n): unknown => ({ ...row, id: `u${n}` }));
    expect(arePortalRows('files', [])).toBe(true);
    expect(arePortalRows('updates', rows)).toBe(true);
    expect(arePortalRows('updates', [...rows, { id: 'gone', _deleted: true }, { ...row, mood: 'new' }])).toBe(
      true,
    );
    for (const wrong of [
      { ...row, at: 'now' },
      { ...row, held: undefined },
      { id: '', _deleted: true },
      null,
      1,
    ])
      expect(arePortalRows('updates', [...rows, wrong])).toBe(false);
  });
});
