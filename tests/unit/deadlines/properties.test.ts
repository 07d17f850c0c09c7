import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addWorkingDays,
  type CalendarRow,
  compileCalendar,
  DAY_KINDS,
  type WorkCalendar,
} from '../../../domain/deadlines/calendar.ts';
import { addDays, daysBetween } from '../../../domain/deadlines/dates.ts';
import { deadlineStatus, dueDate } from '../../../domain/deadlines/dueDate.ts';
import { defaultCalendar } from '../../../domain/deadlines/publicHolidays.ts';
import { recomputed } from '../../../domain/deadlines/recomputed.ts';
import type { DeadlineRule } from '../../../domain/regulations/types.ts';

const RUNS = { seed: 20_170_817, numRuns: 400 };

function calendarOf(rows: readonly CalendarRow[]): WorkCalendar {
  const result = compileCalendar({ fromYear: 2024, toYear: 2032, rows: [...rows] });
  if (!result.ok) throw new Error(result.fault.code);
  return result.calendar;
}
const rule = (mode: 'within' | 'before', workingDays: number): DeadlineRule => ({
  mode,
  workingDays,
  eventField: 'issueDate',
  event: null,
  direction: mode === 'within' ? 'after' : 'before',
  clause: 'Điều 1',
  ref: 'VP17-1',
});

const day = fc.integer({ min: 0, max: 365 * 6 }).map((days) => addDays('2025-01-01', days));
const row = fc.record({ date: day, kind: fc.constantFrom(...DAY_KINDS) });
/** The shipped calendar, or one of arbitrary rows, never contradicting. */
const calendars = fc.oneof(
  fc.constant(calendarOf(defaultCalendar().rows)),
  fc
    .uniqueArray(row, { selector: ({ date }) => date, maxLength: 120 })
    .map((rows) => calendarOf(rows.map((one) => ({ ...one, status: 'confirmed' })))),
);
const days = fc.integer({ min: 1, max: 40 });
const mode = fc.constantFrom('within' as const, 'before' as const);

describe('counting working days, whatever the calendar', () => {
  test('adding and subtracting are inverse on working days', () => {
    fc.assert(
      fc.property(calendars, day, days, (calendar, date, n) => {
        const from = addWorkingDays(date, 1, calendar);
        expect(addWorkingDays(addWorkingDays(from, n, calendar), -n, calendar)).toBe(from);
        expect(addWorkingDays(addWorkingDays(from, -n, calendar), n, calendar)).toBe(from);
      }),
      RUNS,
    );
  });

  test('never lands on a rest day', () => {
    fc.assert(
      fc.property(calendars, day, days, mode, (calendar, eventDate, n, how) => {
        const due = dueDate({ rule: rule(how, n), eventDate, calendar }).dueDate ?? '';
        expect(calendar.day(due).working).toBe(true);
      }),
      RUNS,
    );
  });

  test('is monotone in the event and strictly so in the number of days', () => {
    fc.assert(
      fc.property(
        calendars,
        day,
        fc.integer({ min: 0, max: 60 }),
        days,
        mode,
        (calendar, date, later, n, how) => {
          const due = (eventDate: string, count: number) =>
            dueDate({ rule: rule(how, count), eventDate, calendar }).dueDate ?? '';
          expect(due(date, n) <= due(addDays(date, later), n)).toBe(true);
          if (how === 'within') expect(due(date, n) < due(date, n + 1)).toBe(true);
          else expect(due(date, n) > due(date, n + 1)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('the explanation accounts for every day, numbers the working ones without a gap and ends on the due date', () => {
    fc.assert(
      fc.property(calendars, day, days, mode, (calendar, eventDate, n, how) => {
        const { explanation, dueDate: due } = dueDate({ rule: rule(how, n), eventDate, calendar });
        const step = how === 'within' ? 1 : -1;
        expect(explanation.map(({ date }) => date)).toEqual(
          explanation.map((_, index) => addDays(eventDate, step * index)),
        );
        const counted = explanation.filter((one) => one.n !== null);
        expect(counted.map((one) => one.n)).toEqual(Array.from({ length: n }, (_, index) => index + 1));
        expect(counted.every(({ date }) => calendar.day(date).working)).toBe(true);
        expect(explanation.at(-1)?.date).toBe(due);
        expect(due).toBe(addWorkingDays(eventDate, step * n, calendar));
      }),
      RUNS,
    );
  });

  test('working days between two dates are what a walk finds', () => {
    fc.assert(
      fc.property(calendars, day, fc.integer({ min: -30, max: 400 }), (calendar, from, span) => {
        const to = addDays(from, span);
        let walked = 0;
        for (let date = addDays(from, 1); date <= to; date = addDays(date, 1))
          if (calendar.day(date).working) walked += 1;
        expect(calendar.workingDaysAfter(from, to)).toBe(walked);
      }),
      RUNS,
    );
  });

  test('late is the day after the due date and every day from then on, never before', () => {
    fc.assert(
      fc.property(calendars, day, days, fc.integer({ min: -60, max: 60 }), (calendar, eventDate, n, off) => {
        const due = addWorkingDays(eventDate, n, calendar);
        const { code } = deadlineStatus(due, addDays(due, off), calendar);
        expect(code === 'late').toBe(off > 0);
      }),
      RUNS,
    );
  });

  test('as many holidays of the law as fall on rest days are made up for, each once and later', () => {
    fc.assert(
      fc.property(fc.uniqueArray(day, { maxLength: 40 }), (dates) => {
        const calendar = calendarOf(dates.map((date) => ({ date, kind: 'holiday', status: 'fixed' })));
        const all = Array.from({ length: 365 * 7 }, (_, index) => addDays('2024-12-31', index));
        const madeUp = all.flatMap((date) => {
          const { compensates } = calendar.day(date);
          return compensates === undefined ? [] : [[date, compensates] as const];
        });
        const onRestDays = dates.filter((date) =>
          [0, 6].includes(((daysBetween('2024-12-29', date) % 7) + 7) % 7),
        );
        expect(madeUp.map(([, compensates]) => compensates).sort()).toEqual([...onRestDays].sort());
        for (const [date, compensates] of madeUp) expect(date > compensates).toBe(true);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  test('a new calendar names exactly the deadlines that it moves', () => {
    const open = fc.array(fc.record({ eventDate: day, n: days, mode }), { maxLength: 20 });
    fc.assert(
      fc.property(calendars, calendars, open, (before, after, questions) => {
        const list = questions.map(({ eventDate, n, mode: how }, index) => ({
          id: `a${index}`,
          rule: rule(how, n),
          eventDate,
        }));
        const due = (calendar: WorkCalendar) =>
          new Map(list.map((one) => [one.id, dueDate({ ...one, calendar }).dueDate]));
        const [was, is] = [due(before), due(after)];
        const moved = recomputed(list, before, after);
        expect(moved.map(({ id }) => id)).toEqual(
          list.map(({ id }) => id).filter((id) => was.get(id) !== is.get(id)),
        );
        for (const one of moved) {
          expect([one.before.dueDate, one.after.dueDate]).toEqual([was.get(one.id), is.get(one.id)]);
          expect(one.days.length).toBeGreaterThan(0);
          expect(one.days.every((date) => before.day(date).working !== after.day(date).working)).toBe(true);
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});
