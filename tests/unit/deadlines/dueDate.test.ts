import { describe, expect, test } from 'vitest';
import { compileCalendar, type WorkCalendar } from '../../../domain/deadlines/calendar.ts';
import { couldBeMet, deadlineStatus, dueDate } from '../../../domain/deadlines/dueDate.ts';
import { defaultCalendar } from '../../../domain/deadlines/publicHolidays.ts';
import { findCategory, getProfile } from '../../../domain/regulations/profiles.ts';
import type { DeadlineRule } from '../../../domain/regulations/types.ts';

function calendarOf(data: unknown): WorkCalendar {
  const result = compileCalendar(data);
  if (!result.ok) throw new Error(result.fault.code);
  return result.calendar;
}
const calendar = calendarOf(defaultCalendar());

function ruleOf(categoryId: string): DeadlineRule {
  const profile = getProfile('VP17');
  const category = profile && findCategory(profile, categoryId);
  if (!category) throw new Error(`no category ${categoryId}`);
  return category.deadline;
}

function within(workingDays: number, mode: 'within' | 'before' = 'within'): DeadlineRule {
  return {
    ...ruleOf('legal-documents'),
    mode,
    workingDays,
    direction: mode === 'within' ? 'after' : 'before',
  };
}

describe('due dates', () => {
  const cases: [ref: string, category: string, event: string, due: string, why: string][] = [
    ['VP17-7.4', 'legal-documents', '2017-08-17', '2017-08-28', 'VP17 itself'],
    ['VP17-7.4', 'legal-documents', '2026-11-20', '2026-12-01', 'an ordinary fortnight, from a Friday'],
    ['VP17-7.2', 'policy-law-dissemination', '2026-11-23', '2026-11-30', 'from a Monday'],
    ['VP17-7.2', 'policy-law-dissemination', '2026-11-21', '2026-11-27', 'from a Saturday'],
    ['VP17-7.4', 'legal-documents', '2026-02-12', '2026-03-02', 'over Tết 2026'],
    ['VP17-7.2', 'policy-law-dissemination', '2026-02-13', '2026-02-27', 'the last day before Tết 2026'],
    ['VP17-7.4', 'legal-documents', '2027-02-03', '2027-02-19', 'over Tết 2027 and two days made up for'],
    ['VP17-7.2', 'policy-law-dissemination', '2026-04-24', '2026-05-06', 'Giỗ Tổ on a Sunday, 30/4, 1/5'],
    ['VP17-7.2', 'policy-law-dissemination', '2027-04-29', '2027-05-10', '30/4, 1/5 on a Saturday'],
    ['VP17-7.3', 'projects-bidding', '2026-08-28', '2026-09-15', 'over 2/9 and the day beside it'],
    ['VP17-7.8', 'statistics', '2025-12-31', '2026-01-08', 'over New Year'],
    ['VP17-7.5', 'administrative-procedures', '2026-12-15', '2026-12-01', 'backwards'],
    ['VP17-7.5', 'administrative-procedures', '2026-05-04', '2026-04-15', 'backwards over 1/5, 30/4, Giỗ Tổ'],
    ['VP17-7.5', 'administrative-procedures', '2027-02-15', '2027-01-25', 'backwards over Tết 2027'],
  ];
  test.each(cases)('%s %s from %s: %s (%s)', (ref, category, eventDate, due) => {
    const result = dueDate({ rule: ruleOf(category), eventDate, calendar });
    expect(result).toMatchObject({ status: 'counted', dueDate: due, ref });
  });

  test('every day is accounted for', () => {
    const { explanation } = dueDate({ rule: within(2), eventDate: '2026-02-13', calendar });
    expect(explanation.map(({ date, kind, n }) => `${date.slice(5)} ${kind} ${n ?? '-'}`)).toEqual([
      '02-13 event -',
      '02-14 weekend -',
      '02-15 weekend -',
      '02-16 holiday -',
      '02-17 holiday -',
      '02-18 holiday -',
      '02-19 holiday -',
      '02-20 holiday -',
      '02-21 weekend -',
      '02-22 weekend -',
      '02-23 counted 1',
      '02-24 counted 2',
    ]);
  });

  test('a Saturday worked in exchange counts, the day off in exchange does not', () => {
    const data = defaultCalendar();
    const rows = data.rows.map((row) => ({ ...row, status: 'confirmed' as const }));
    const exchanged = calendarOf({ ...data, rows });
    const { dueDate: due, explanation } = dueDate({
      rule: within(3),
      eventDate: '2026-08-21',
      calendar: exchanged,
    });
    expect(due).toBe('2026-08-25');
    expect(explanation[1]).toMatchObject({ date: '2026-08-22', kind: 'exchange-work', n: 1 });
    expect(exchanged.day('2026-08-31')).toMatchObject({ kind: 'exchange-off', working: false });
  });

  test('a year whose holidays are not known is said', () => {
    expect(dueDate({ rule: within(7), eventDate: '2026-11-20', calendar }).complete).toBe(true);
    expect(dueDate({ rule: within(7), eventDate: '2017-08-17', calendar }).complete).toBe(false);
    expect(dueDate({ rule: within(7), eventDate: '2040-12-27', calendar }).complete).toBe(false);
  });

  test('a day that waits for the yearly notice is said, and is not once the notice has been entered', () => {
    const due = (over: WorkCalendar) => dueDate({ rule: within(2), eventDate: '2026-02-13', calendar: over });
    const data = defaultCalendar();
    const rows = data.rows.map((row) => ({ ...row, status: 'confirmed' as const }));
    expect(due(calendar)).toMatchObject({ assumed: true, dueDate: '2026-02-24' });
    expect(
      due(calendar)
        .explanation.filter((day) => day.assumed)
        .map(({ date }) => date),
    ).toEqual(['2026-02-16', '2026-02-18', '2026-02-19', '2026-02-20']);
    expect(due(calendarOf({ ...data, rows }))).toMatchObject({ assumed: false, dueDate: '2026-02-24' });
    expect(dueDate({ rule: within(5), eventDate: '2026-11-20', calendar }).assumed).toBe(false);
  });

  test.each([
    ['introduction', '2026-11-20', 'no-countdown', null],
    ['foreign-language', '2026-11-20', 'no-countdown', null],
    ['feedback-petitions', '2026-11-20', 'no-countdown', null],
    ['other', null, 'no-countdown', null],
    ['other', '2026-11-20', 'event-date', null],
    ['legal-documents', null, 'event-date-missing', null],
    ['legal-documents', '', 'event-date-missing', null],
    ['legal-documents', '2026-02-30', 'event-date-bad', null],
    ['legal-documents', '1899-12-31', 'event-date-bad', null],
    ['legal-documents', '20/11/2026', 'event-date-bad', null],
  ])('%s from %s: %s %s', (category, eventDate, status, due) => {
    expect(dueDate({ rule: ruleOf(category), eventDate, calendar })).toMatchObject({ status, dueDate: due });
  });
});

test('VP17-7.10 "at once" shows the day of the document and is never late', () => {
  const { dueDate: due, eventDate } = dueDate({ rule: ruleOf('other'), eventDate: '2019-04-19', calendar });
  expect([due, eventDate]).toEqual([null, '2019-04-19']);
  expect(deadlineStatus(due, '2026-11-22', calendar).code).toBe('none');
});

describe('status on a day', () => {
  const due = '2026-12-01';
  test.each([
    ['2026-11-20', 'ok', 7],
    ['2026-11-26', 'ok', 3],
    ['2026-11-27', 'soon', 2],
    ['2026-11-29', 'soon', 2],
    ['2026-11-30', 'soon', 1],
    ['2026-12-01', 'today', 0],
    ['2026-12-02', 'late', 1],
    ['2026-12-07', 'late', 4],
  ])('%s: %s %i', (today, code, workingDays) => {
    expect(deadlineStatus(due, today, calendar)).toEqual({ code, workingDays });
  });

  test('late begins with the calendar day after, also a rest day', () => {
    expect(deadlineStatus('2026-11-27', '2026-11-28', calendar)).toEqual({ code: 'late', workingDays: 0 });
  });

  test('how soon is soon is a setting', () => {
    expect(deadlineStatus(due, '2026-11-26', calendar, 3).code).toBe('soon');
  });

  test('without a due date there is none', () => {
    expect(deadlineStatus(null, '2026-11-26', calendar)).toEqual({ code: 'none', workingDays: 0 });
  });

  test('VP17-7.5 a limit that had passed when the matter became known could not be met', () => {
    expect(couldBeMet('2026-12-01', '2026-12-02')).toBe(false);
    expect(couldBeMet('2026-12-01', '2026-12-01')).toBe(true);
    expect(couldBeMet(null, '2026-12-01')).toBe(true);
  });
});
