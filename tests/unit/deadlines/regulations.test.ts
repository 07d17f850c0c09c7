import { describe, expect, test } from 'vitest';
import { type CalendarRow, compileCalendar, type WorkCalendar } from '../../../domain/deadlines/calendar.ts';
import { addDays } from '../../../domain/deadlines/dates.ts';
import { deadlineStatus, dueDate } from '../../../domain/deadlines/dueDate.ts';
import { defaultCalendar } from '../../../domain/deadlines/publicHolidays.ts';
import { getProfile, profileIds } from '../../../domain/regulations/profiles.ts';
import type { DeadlineRule } from '../../../domain/regulations/types.ts';
import expected from '../../fixtures/deadlines/expected.json' with { type: 'json' };

/** Every time limit of every regulation that ships, against due dates that the product did not compute. */

function calendarOf(confirmed: (row: CalendarRow) => boolean): WorkCalendar {
  const data = defaultCalendar();
  const rows = data.rows.map((row): CalendarRow => (confirmed(row) ? { ...row, status: 'confirmed' } : row));
  const result = compileCalendar({ ...data, rows });
  if (!result.ok) throw new Error(result.fault.code);
  return result.calendar;
}
const calendars: Readonly<Record<string, WorkCalendar>> = {
  plain: calendarOf(() => false),
  exchanged: calendarOf((row) => row.kind.startsWith('exchange') && row.date.startsWith('2026-08')),
};
function calendarNamed(name: string): WorkCalendar {
  const calendar = calendars[name];
  if (!calendar) throw new Error(`no calendar ${name}`);
  return calendar;
}

const scenarios = Object.entries(expected.scenarios);
type Scenario = keyof typeof expected.scenarios;

const rules = profileIds().flatMap((profileId) =>
  (getProfile(profileId)?.categories ?? []).flatMap((category) =>
    [category.deadline, ...category.alternatives].map((rule) => ({ profileId, category: category.id, rule })),
  ),
);
const isCounted = (rule: DeadlineRule): boolean => rule.mode === 'within' || rule.mode === 'before';
const rowFor = (rule: DeadlineRule) =>
  expected.rules.find(
    (row) =>
      row.ref === rule.ref && row.workingDays === rule.workingDays && row.eventField === rule.eventField,
  );

describe('every time limit that ships', () => {
  const counted = rules.filter(({ rule }) => isCounted(rule));

  test.each(counted.map((one) => [one.rule.ref, one.rule.workingDays, one.category, one.rule] as const))(
    '%s, %i working days (%s)',
    (ref, _days, _category, rule) => {
      const row = rowFor(rule);
      expect(row, `${ref} is not in the table`).toBeDefined();
      expect(row?.mode).toBe(rule.mode);
      if (!row) return;
      for (const [name, scenario] of scenarios) {
        const calendar = calendarNamed(scenario.calendar);
        const eventDate = scenario.events[rule.mode === 'within' ? 'within' : 'before'];
        const due = dueDate({ rule, eventDate, calendar });
        const limit = row.due[name as Scenario];
        expect([name, due.dueDate], scenario.why).toEqual([name, limit]);
        expect(due.complete).toBe(true);
        // Both sides of the limit.
        expect(deadlineStatus(limit, limit, calendar).code).toBe('today');
        expect(deadlineStatus(limit, addDays(limit, 1), calendar).code).toBe('late');
        expect(deadlineStatus(limit, addDays(limit, -1), calendar).code).toMatch(/^(?:soon|ok)$/u);
      }
    },
  );

  test('the table holds no limit that the regulations don’t have', () => {
    const shipped = profileIds();
    const rows = expected.rules.filter((row) => shipped.includes(row.ref.slice(0, 4)));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect([row.ref, row.workingDays, counted.some(({ rule }) => rowFor(rule) === row)]).toEqual([
        row.ref,
        row.workingDays,
        true,
      ]);
  });

  test.each(
    rules
      .filter(({ rule }) => !isCounted(rule))
      .map((one) => [one.profileId, one.category, one.rule.mode, one.rule] as const),
  )('%s %s: %s has no countdown and is never late', (_profile, _category, mode, rule) => {
    for (const eventDate of [null, '2019-04-19', '2026-02-12']) {
      const { dueDate: due, eventDate: shown } = dueDate({
        rule,
        eventDate,
        calendar: calendarNamed('plain'),
      });
      expect(due).toBeNull();
      expect(shown).toBe(mode === 'immediate' ? eventDate : null);
      expect(deadlineStatus(due, '2040-01-01', calendarNamed('plain')).code).toBe('none');
    }
  });
});
