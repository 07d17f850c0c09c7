import { describe, expect, test } from 'vitest';
import {
  confirmSuccession,
  currentUnitOf,
  getProfile,
  profileIds,
} from '../../../domain/regulations/index.ts';
import { readProfile } from '../../../domain/regulations/readProfile.ts';
import type { ProfileUnit } from '../../../domain/regulations/types.ts';

const vp17 = () => {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 is missing');
  return profile;
};
const cite = { clause: 'Điều 5', ref: 'VP17-5' };
const unit = (id: string, vi: string, more: Partial<ProfileUnit> = {}): ProfileUnit => ({
  id,
  name: { vi, en: id },
  categories: [],
  ...cite,
  ...more,
});

describe('who does the work of a unit on a day', () => {
  const profile = {
    validFrom: '2017-08-27',
    units: [
      unit('stttt', 'Sở Thông tin và Truyền thông', {
        shortName: { vi: 'Sở TT&TT', en: 'ICT' },
        formerNames: [
          { name: { vi: 'Sở Bưu chính, Viễn thông', en: 'Posts and Telecoms' }, until: '2017-12-31' },
        ],
        validTo: '2025-02-28',
        successorIds: ['skhcn'],
      }),
      unit('skhcn', 'Sở Khoa học và Công nghệ', { validTo: '2026-06-30', successorIds: ['a', 'b'] }),
      unit('a', 'Sở A', { validFrom: '2026-07-01' }),
      unit('b', 'Sở B', { validFrom: '2026-07-01' }),
      unit('end', 'Ban đã giải thể', { validTo: '2020-01-01' }),
    ],
  };
  const rows: [asked: string, day: string, unit: string | undefined, current: string[]][] = [
    ['stttt', '2020-05-04', 'stttt', ['stttt']],
    ['stttt', '2025-02-28', 'stttt', ['stttt']],
    ['stttt', '2025-03-01', 'stttt', ['skhcn']],
    ['stttt', '2026-07-01', 'stttt', ['a', 'b']],
    ['Sở Thông tin và Truyền thông', '2025-03-01', 'stttt', ['skhcn']],
    ['so thong tin va truyen thong', '2025-03-01', 'stttt', ['skhcn']],
    ['Sở TT&TT', '2025-03-01', 'stttt', ['skhcn']],
    ['Sở Bưu chính, Viễn thông', '2025-03-01', 'stttt', ['skhcn']],
    ['a', '2026-06-30', 'a', []],
    ['stttt', '2017-08-26', 'stttt', []],
    ['end', '2026-01-01', 'end', []],
    ['Sở Không có', '2026-01-01', undefined, []],
  ];
  test.each(rows)('%s on %s', (asked, day, found, current) => {
    const answer = currentUnitOf(profile, asked, day);
    expect(answer?.unit.id).toBe(found);
    expect((answer?.current ?? []).map((one) => one.id)).toEqual(current);
  });
});

describe('a succession known from outside the regulation', () => {
  test.each(profileIds())('%s: none holds before somebody confirmed it', (id) => {
    const profile = getProfile(id);
    if (!profile) throw new Error(id);
    expect(profile.units.filter((one) => one.validTo !== undefined || one.successorIds)).toEqual([]);
    for (const suggestion of profile.successions) {
      const current = currentUnitOf(profile, suggestion.unitId, '2026-11-22')?.current;
      expect(current?.map((one) => one.id)).toEqual([suggestion.unitId]);
    }
  });

  test('confirmed, the old name finds the successor, which does the work of both', () => {
    const before = vp17();
    const after = confirmSuccession(before, 'stttt');
    if (!after) throw new Error('nothing to confirm');
    expect(after.version).toBe(before.version + 1);
    expect(readProfile(after)).toMatchObject({ ok: true });
    expect(currentUnitOf(after, 'Sở Thông tin và Truyền thông', '2025-02-28')?.current[0]?.id).toBe('stttt');
    const [heir] = currentUnitOf(after, 'Sở Thông tin và Truyền thông', '2025-03-01')?.current ?? [];
    expect(heir?.id).toBe('skhcn');
    expect(heir?.categories.map((duty) => duty.categoryId)).toEqual([
      'science-programmes',
      'spokespersons',
      'ict-sector',
    ]);
    expect(after.successions.map((one) => one.unitId)).not.toContain('stttt');
    expect(getProfile('VP17')).toBe(before);
  });

  test('a successor that was not there before appears with its first day', () => {
    const before = getProfile('ST19');
    const after = before && confirmSuccession(before, 'stttt');
    if (!after) throw new Error('nothing to confirm');
    expect(readProfile(after)).toMatchObject({ ok: true });
    expect(currentUnitOf(after, 'skhcn', '2025-02-28')?.current).toEqual([]);
    expect(currentUnitOf(after, 'skhcn', '2025-03-01')?.current.map((one) => one.id)).toEqual(['skhcn']);
  });

  test('what nobody suggested is not confirmed', () => {
    expect(confirmSuccession(vp17(), 'vpubnd')).toBeUndefined();
    expect(confirmSuccession(vp17(), 'nobody')).toBeUndefined();
  });
});
