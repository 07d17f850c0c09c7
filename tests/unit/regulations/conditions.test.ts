import { describe, expect, test } from 'vitest';
import { holds, isBlank, isRequired } from '../../../domain/regulations/conditions.ts';
import type { Condition, FieldRule } from '../../../domain/regulations/types.ts';

const field: FieldRule = {
  id: 'a',
  name: { vi: 'A', en: 'A' },
  type: 'text',
  required: true,
  origin: 'listed',
  clause: 'Điều 4',
  ref: 'VP17-4',
};

describe('a field must be filled', () => {
  const when: Condition = { field: 'b', op: 'present' };
  const cases: [
    what: string,
    rule: Partial<FieldRule>,
    values: Record<string, unknown>,
    expected: boolean,
  ][] = [
    ['when it is required', {}, {}, true],
    ['not when it is not', { required: false }, {}, false],
    ['only while its condition holds', { when }, {}, false],
    ['while its condition holds', { when }, { b: 'x' }, true],
    ['never by a person when the portal fills it', { filledBy: 'portal' }, {}, false],
  ];
  test.each(cases)('%s', (_what, rule, values, expected) => {
    expect(isRequired({ ...field, ...rule }, values)).toBe(expected);
  });
});

test.each([
  [undefined, true],
  [null, true],
  ['', true],
  [' \n\u00A0', true],
  [[], true],
  [['', null], true],
  [['', 'x'], false],
  [false, false],
  [0, false],
  ['0', false],
])('isBlank(%o) is %s', (value, expected) => {
  expect(isBlank(value)).toBe(expected);
});

test.each([
  [{ field: 'b', op: 'present' }, { b: 0 }, true],
  [{ field: 'b', op: 'present' }, { b: ' ' }, false],
  [{ field: 'b', op: 'equals', value: true }, { b: true }, true],
  [{ field: 'b', op: 'equals', value: true }, { b: 'true' }, false],
  [{ field: 'b', op: 'atLeast', value: 3 }, { b: 3 }, true],
  [{ field: 'b', op: 'atLeast', value: 3 }, { b: '4' }, true],
  [{ field: 'b', op: 'atLeast', value: 3 }, {}, false],
  [{ field: 'b', op: 'atLeast' }, { b: 9 }, false],
] as [Condition, Record<string, unknown>, boolean][])('%o with %o: %s', (condition, values, expected) => {
  expect(holds(condition, values)).toBe(expected);
});
