import { describe, expect, it } from 'vitest';
import { giveBack, reserve, standingReservations } from '../../../domain/workflow/index.ts';

/** 23:30 in Viet Nam on 22 November. */
const NOW = Date.parse('2026-11-22T16:30:00Z');
const MIDNIGHT = Date.parse('2026-11-22T17:00:00Z');
const other = { personId: 'binh', takenAt: 1, day: '2026-11-24', until: MIDNIGHT + 2 * 86_400_000 };

describe('WF25 taking an article offline', () => {
  const days: [string, string, boolean][] = [
    ['today, for the half hour that is left of it', '2026-11-22', true],
    ['tomorrow', '2026-11-23', true],
    ['the last day allowed', '2026-12-06', true],
    ['the day after it', '2026-12-07', false],
    ['yesterday', '2026-11-21', false],
    ['a day that no month has', '2026-11-31', false],
  ];
  it.each(days)('WF25 until %s', (_name, day, isTaken) => {
    const result = reserve([], { personId: 'an', day }, NOW);
    expect(result.ok).toBe(isTaken);
    if (!result.ok)
      expect(result.error).toMatchObject({
        code: 'reservation-day',
        detail: { first: '2026-11-22', last: '2026-12-06' },
      });
  });
  it('WF25 ends at midnight in Viet Nam', () => {
    const result = reserve([], { personId: 'an', day: '2026-11-22' }, NOW);
    expect(result).toMatchObject({ ok: true, value: [{ personId: 'an', takenAt: NOW, until: MIDNIGHT }] });
    const list = result.ok ? result.value : [];
    expect(standingReservations(list, MIDNIGHT - 1)).toHaveLength(1);
    expect(standingReservations(list, MIDNIGHT)).toEqual([]);
  });
  it('WF25 stands beside those of others, bars nobody, and moves only one’s own day', () => {
    const first = reserve([other], { personId: 'an', day: '2026-11-23' }, NOW);
    const again = reserve(first.ok ? first.value : [], { personId: 'an', day: '2026-11-25' }, NOW + 1);
    expect(again).toMatchObject({ ok: true, value: [other, { personId: 'an', day: '2026-11-25' }] });
  });
  it('WF25 is given back by its own person, and what is over goes with it', () => {
    const over = { ...other, personId: 'chi', until: NOW };
    const own = { ...other, personId: 'an' };
    expect(giveBack([over, own, other], 'an', NOW)).toEqual([other]);
  });
});
