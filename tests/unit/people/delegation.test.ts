import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  type Delegation,
  type DelegationFault,
  DelegationSchema,
  delegationFaults,
  standsInFor,
} from '../../../domain/people/delegation.ts';
import type { Role } from '../../../domain/people/roles.ts';
import type { Person } from '../../../domain/people/types.ts';
import { getProfile, profileIds } from '../../../domain/regulations/index.ts';

const person = (id: string, unitId: string, roles: Role[], active = true): Person => ({
  id,
  account: id,
  name: { vi: id, en: id },
  roles,
  unitId,
  active,
});
const PEOPLE = [
  person('head', 'mot', ['unit-head']),
  person('liaison', 'mot', ['liaison']),
  person('other-liaison', 'mot', ['liaison']),
  person('head-two', 'hai', ['unit-head']),
  person('chief', 'bbt', ['editor-in-chief', 'editor']),
  person('editor', 'bbt', ['editor']),
  person('translator', 'bbt', ['translator']),
  person('translator-two', 'bbt', ['translator']),
  person('admin', 'bbt', ['administrator']),
  person('gone', 'mot', ['liaison'], false),
  person('head-gone', 'mot', ['unit-head'], false),
];
const delegation = (more: Partial<Delegation> = {}): Delegation => ({
  id: 'd1',
  fromPersonId: 'head',
  toPersonId: 'liaison',
  roles: ['unit-head'],
  from: '2026-11-01',
  to: '2026-11-30',
  basis: 'Giấy ủy quyền số 12',
  ...more,
});
const lastWord = (mayBeDelegated: boolean) => ({
  lastWord: {
    role: 'editor-in-chief' as const,
    explicit: true,
    mayBeDelegated,
    clause: 'Điều 8',
    ref: 'TB21-8',
  },
});

describe('WF24 a delegation is refused', () => {
  const rows: [what: string, change: Partial<Delegation>, faults: DelegationFault[]][] = [
    ['not when it holds', {}, []],
    ['not for one day', { from: '2026-11-05', to: '2026-11-05' }, []],
    ['to oneself', { toPersonId: 'head' }, ['to-oneself']],
    ['on a day that is none', { from: '2026-02-31' }, ['bad-day']],
    ['before 1900', { from: '1899-12-31' }, ['bad-day']],
    ['that ends before it begins', { from: '2026-11-30', to: '2026-11-01' }, ['days-contradict']],
    ['to nobody', { toPersonId: 'nobody' }, ['person-unknown']],
    ['to an account that is off', { toPersonId: 'gone' }, ['person-inactive']],
    ['from an account that is off', { fromPersonId: 'head-gone' }, ['person-inactive']],
    ['in a role that the giver has not', { roles: ['editor'] }, ['role-not-held', 'sees-less']],
    [
      'passed on: what was received is no role of one’s own',
      { fromPersonId: 'liaison', toPersonId: 'other-liaison', roles: ['unit-head'] },
      ['role-not-held'],
    ],
    ['in another unit', { fromPersonId: 'head', toPersonId: 'head-two' }, ['other-unit']],
    [
      'to somebody who sees less',
      { fromPersonId: 'editor', toPersonId: 'translator', roles: ['editor'] },
      ['sees-less'],
    ],
    [
      'of the administrator',
      { fromPersonId: 'admin', toPersonId: 'editor', roles: ['administrator'] },
      ['role-not-delegable'],
    ],
    [
      'of the last word',
      { fromPersonId: 'chief', toPersonId: 'editor', roles: ['editor-in-chief'] },
      ['last-word-not-delegable'],
    ],
    [
      'not of the other role of the one with the last word',
      { fromPersonId: 'chief', toPersonId: 'editor', roles: ['editor'] },
      [],
    ],
    [
      'not among translators',
      { fromPersonId: 'translator', toPersonId: 'translator-two', roles: ['translator'] },
      [],
    ],
  ];
  test.each(rows)('WF24 %s', (_what, change, faults) => {
    expect(delegationFaults(delegation(change), PEOPLE, lastWord(false))).toEqual(faults);
  });

  test('WF24 the last word may be given where a clause allows it', () => {
    const given = delegation({ fromPersonId: 'chief', toPersonId: 'editor', roles: ['editor-in-chief'] });
    expect(delegationFaults(given, PEOPLE, lastWord(true))).toEqual([]);
  });

  test('WF24 two persons for the same role on the same day', () => {
    const second = delegation({
      id: 'd2',
      toPersonId: 'other-liaison',
      from: '2026-11-30',
      to: '2026-12-05',
    });
    expect(delegationFaults(second, PEOPLE, lastWord(false), [delegation()])).toEqual(['days-overlap']);
    const later = { ...second, from: '2026-12-01' };
    expect(delegationFaults(later, PEOPLE, lastWord(false), [delegation(), later])).toEqual([]);
  });

  test.each(profileIds())('WF24 %s: no clause lets anybody stand in for the last word', (id) => {
    const profile = getProfile(id);
    expect(profile?.lastWord.mayBeDelegated).toBe(false);
    for (const kind of profile?.portalKinds ?? []) expect(kind.lastWord?.mayBeDelegated ?? false).toBe(false);
  });
});

describe('WF24 in which capacities somebody stands in', () => {
  const rows: [day: string, count: number][] = [
    ['2026-10-31', 0],
    ['2026-11-01', 1],
    ['2026-11-30', 1],
    ['2026-12-01', 0],
  ];
  test.each(rows)('WF24 on %s: %i', (day, count) => {
    const found = standsInFor('liaison', [delegation()], PEOPLE, lastWord(false), day);
    expect(found).toHaveLength(count);
    if (found[0]) expect(found[0]).toEqual({ personId: 'head', roles: ['unit-head'], unitId: 'mot' });
  });

  test('WF24 one that does not hold counts for nothing, nor does one for somebody else', () => {
    const wrong = delegation({ fromPersonId: 'chief', toPersonId: 'editor', roles: ['editor-in-chief'] });
    expect(standsInFor('editor', [wrong], PEOPLE, lastWord(false), '2026-11-02')).toEqual([]);
    expect(standsInFor('editor', [delegation()], PEOPLE, lastWord(false), '2026-11-02')).toEqual([]);
  });

  test('a delegation without its roles has no form', () => {
    expect(Value.Check(DelegationSchema, delegation())).toBe(true);
    expect(Value.Check(DelegationSchema, { ...delegation(), roles: [] })).toBe(false);
  });
});
