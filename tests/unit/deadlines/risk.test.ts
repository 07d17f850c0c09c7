import { expect, it } from 'vitest';
import { compileCalendar, defaultCalendar, type Risk, riskOf } from '../../../domain/deadlines/index.ts';

const compiled = compileCalendar(defaultCalendar());
if (!compiled.ok) throw new Error('no calendar');
const { calendar } = compiled;
/** A Friday. */
const TODAY = '2026-11-20';

it.each<[string, string | null, number, Risk]>([
  ['no limit', null, 4, 'none'],
  ['yesterday', '2026-11-19', 1, 'late'],
  ['today, one step left', '2026-11-20', 1, 'at-risk'],
  ['today, nothing left to do', '2026-11-20', 0, 'at-risk'],
  ['the weekend right after, one step', '2026-11-21', 1, 'at-risk'],
  ['one working day, one step', '2026-11-23', 1, 'soon'],
  ['one working day, two steps', '2026-11-23', 2, 'at-risk'],
  ['three working days, four steps', '2026-11-25', 4, 'at-risk'],
  ['four working days, four steps', '2026-11-26', 4, 'ok'],
  ['four working days, five steps', '2026-11-26', 5, 'at-risk'],
])('%s', (_name, due, stepsLeft, risk) => {
  expect(riskOf(due, TODAY, calendar, stepsLeft, 3)).toBe(risk);
});
