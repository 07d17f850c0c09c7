import { describe, expect, test } from 'vitest';
import { currentUnits, type DatedUnit, isMeant, unitFaults } from '../../../domain/people/unitRules.ts';

const name = (text: string) => ({ vi: text, en: text });
const unit = (id: string, more: Partial<DatedUnit> = {}): DatedUnit => ({
  id,
  name: name(`Sở ${id}`),
  ...more,
});

describe('a unit', () => {
  const others = [
    unit('aa'),
    unit('bb', { parentId: 'aa' }),
    unit('cc', { validTo: '2026-01-31', successorIds: ['aa'] }),
  ];

  test.each<[string, DatedUnit, ReturnType<typeof unitFaults>]>([
    ['sound', unit('xx', { validFrom: '2020-01-01', validTo: '2026-02-28', successorIds: ['aa'] }), []],
    ['sound as it was before', unit('bb', { parentId: 'aa' }), []],
    ['an id with marks', unit('sở'), ['id-malformed']],
    ['no English name', unit('xx', { name: { vi: 'Sở', en: ' ' } }), ['name-missing']],
    [
      'a former name that is blank',
      unit('xx', { formerNames: [{ name: name(''), until: '2020-01-01' }] }),
      ['name-missing'],
    ],
    ['31 February', unit('xx', { validFrom: '2026-02-31' }), ['bad-day']],
    ['a day before 1900', unit('xx', { validTo: '1899-12-31' }), ['bad-day']],
    [
      'an end before the beginning',
      unit('xx', { validFrom: '2026-01-02', validTo: '2026-01-01' }),
      ['days-contradict'],
    ],
    ['one day', unit('xx', { validFrom: '2026-01-01', validTo: '2026-01-01' }), []],
    [
      'a name after its end',
      unit('xx', { validTo: '2026-01-01', formerNames: [{ name: name('Cũ'), until: '2026-01-02' }] }),
      ['former-after-end'],
    ],
    ['an unknown parent', unit('xx', { parentId: 'nowhere' }), ['parent-unknown']],
    ['itself as parent', unit('xx', { parentId: 'xx' }), ['parent-circle']],
    ['its own child as parent', unit('aa', { parentId: 'bb' }), ['parent-circle']],
    [
      'an unknown successor',
      unit('xx', { validTo: '2026-01-01', successorIds: ['nowhere'] }),
      ['successor-unknown'],
    ],
    [
      'successors in a circle',
      unit('aa', { validTo: '2026-01-01', successorIds: ['cc'] }),
      ['successor-circle'],
    ],
    ['a successor without an end', unit('xx', { successorIds: ['aa'] }), ['successor-without-end']],
  ])('with %s', (_, one, faults) => {
    expect(unitFaults(one, others)).toEqual(faults);
  });

  test('is found by any name it has or had, with or without marks', () => {
    const one = unit('snv', {
      shortName: name('SNV'),
      formerNames: [{ name: name('Sở Lao động'), until: '2025-02-28' }],
    });
    for (const words of ['snv', 'SNV', 'so lao dong', 'Lao Động', 'sở snv'])
      expect(isMeant(one, words), words).toBe(true);
    expect(isMeant(one, 'y tế')).toBe(false);
  });

  test('gives way to its successors from the day after its last, through several mergers', () => {
    const units = [
      unit('một', { id: 'mot', validTo: '2025-02-28', successorIds: ['hai', 'ba'] }),
      unit('hai', { validTo: '2025-06-30', successorIds: ['bon'] }),
      unit('ba'),
      unit('bon'),
      unit('nam', { validTo: '2025-02-28' }),
    ];
    const ids = (id: string, day: string) => {
      const one = units.find((other) => other.id === id);
      return one && currentUnits(one, units, day).map((found) => found.id);
    };
    expect(ids('mot', '2025-02-28')).toEqual(['mot']);
    expect(ids('mot', '2025-03-01')).toEqual(['hai', 'ba']);
    expect(ids('mot', '2025-07-01')).toEqual(['bon', 'ba']);
    expect(ids('nam', '2025-03-01')).toEqual([]);
  });
});
