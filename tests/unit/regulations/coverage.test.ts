import { describe, expect, test } from 'vitest';
import answers from '../../../build/obligations/answers.json' with { type: 'json' };
import { answerFaults } from '../../../build/obligations/checkAnswers.ts';
import reasons from '../../../build/obligations/reasons.json' with { type: 'json' };
import requirements from '../../../build/obligations/requirements.json' with { type: 'json' };

const requirement = {
  id: 'TB21-8',
  regulation: 'TB21',
  clause: 'Điều 8',
  text: 'The head is the last reviewer',
  who: 'software',
};
const answer = {
  status: 'answered',
  rules: ['TB21-8'],
  screens: ['screen.tsx'],
  tests: [{ file: 'a.test.ts', name: 'the last word' }],
};
const refs = () => new Set(['TB21-8']);
const files: Readonly<Record<string, string>> = {
  'a.test.ts': "test('the last word', () => {})",
  'screen.tsx': '',
};
const faultsOf = (requirementsOf: unknown, answersOf: unknown) =>
  answerFaults(requirementsOf, answersOf, refs, (path) => files[path] ?? null, {});

describe('an answer that names what is not there', () => {
  const rows: [what: string, answers: unknown, fault: string | null][] = [
    ['a whole answer', { 'TB21-8': answer }, null],
    ['no rule', { 'TB21-8': { ...answer, rules: ['TB21-9'] } }, 'TB21-8: no rule TB21-9 in the profile'],
    ['no screen', { 'TB21-8': { ...answer, screens: ['gone.tsx'] } }, 'TB21-8: no screen gone.tsx'],
    [
      'no test of that name, though its words stand in the file',
      { 'TB21-8': { ...answer, tests: [{ file: 'a.test.ts', name: 'last word' }] } },
      'TB21-8: no test "last word" in a.test.ts',
    ],
    [
      'no file',
      { 'TB21-8': { ...answer, tests: [{ file: 'b.test.ts', name: 'x' }] } },
      'TB21-8: no file b.test.ts',
    ],
    [
      'neither rule nor screen',
      { 'TB21-8': { status: 'answered', tests: answer.tests } },
      'TB21-8: answered by no rule and no screen',
    ],
    [
      'answered without a test',
      { 'TB21-8': { status: 'answered' } },
      'answer to TB21-8: not of the form of its status',
    ],
    [
      'open without saying what lacks',
      { 'TB21-8': { status: 'open' } },
      'answer to TB21-8: not of the form of its status',
    ],
    [
      'open without a reason',
      { 'TB21-8': { status: 'open', lacks: 'No screen' } },
      'answer to TB21-8: not of the form of its status',
    ],
    [
      'a reason that nobody wrote',
      { 'TB21-8': { status: 'open', lacks: 'No screen', because: 'later' } },
      'TB21-8: no reason later',
    ],
    [
      'not the software’s, which it is',
      { 'TB21-8': { status: 'notSoftware', reason: 'Budget' } },
      'TB21-8: is for software, but notSoftware',
    ],
    ['none', {}, 'TB21-8: no answer'],
    [
      'one too many',
      { 'TB21-8': answer, 'TB21-99': { status: 'notSoftware', reason: 'x' } },
      'answer to TB21-99: no such requirement',
    ],
  ];
  test.each(rows)('%s', (_what, answersOf, fault) => {
    expect(faultsOf([requirement], answersOf)).toEqual(fault === null ? [] : [fault]);
  });

  test('open and said, and a reason that is given for nothing', () => {
    const open = { 'TB21-8': { status: 'open', lacks: 'No screen', because: 'letters' } };
    const faults = (reasons: Record<string, string>) =>
      answerFaults([requirement], open, refs, () => null, reasons);
    expect(faults({ letters: 'Not received' })).toEqual([]);
    expect(faults({ letters: 'Not received', other: 'x' })).toEqual(['reason other: given for nothing']);
  });

  test('requirements of another form, or twice', () => {
    expect(faultsOf([{ id: 'TB21-8' }], {})).not.toEqual([]);
    expect(faultsOf([requirement, requirement], { 'TB21-8': answer })).toEqual([
      'an id stands twice among the requirements',
    ]);
  });
});

test('all obligations of the four regulations are there, each with an answer', () => {
  const count = (id: string) => requirements.filter((one) => one.regulation === id).length;
  expect(['TB21', 'TB11', 'ST19', 'VP17'].map(count)).toEqual([57, 72, 75, 117]);
  expect(Object.keys(answers)).toHaveLength(321);
});

test('what is the software’s is answered, or listed with what lacks and why', () => {
  const listed = answers as Readonly<Record<string, { status: string; lacks?: string; because?: string }>>;
  const ours = requirements.filter((one) => one.who === 'software');
  expect(ours.length).toBeGreaterThan(250);
  for (const { id } of ours) {
    const { status, lacks = '', because = '' } = listed[id] ?? { status: 'none' };
    if (status === 'answered') continue;
    expect([id, lacks.length > 10, Object.hasOwn(reasons, because)]).toEqual([id, true, true]);
  }
});
