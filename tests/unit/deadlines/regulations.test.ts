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

describe('nothing is left out', () => {
  test('limits without a number of days are those of the texts, no more and no less', () => {
    const shipped = rules.filter(({ rule }) => !isCounted(rule));
    const count = (profile: string, ref: string | null, mode: string) =>
      shipped.filter((one) => one.profileId === profile && one.rule.ref === ref && one.rule.mode === mode)
        .length;
    expect(
      expected.uncounted.map(({ profile, ref, mode }) => [profile, ref, mode, count(profile, ref, mode)]),
    ).toEqual(expected.uncounted.map(({ profile, ref, mode, kinds }) => [profile, ref, mode, kinds]));
    expect(shipped).toHaveLength(expected.uncounted.reduce((sum, { kinds }) => sum + kinds, 0));
  });

  test('terms of questions are counted as the kind of content that answers them', () => {
    const terms = profileIds().flatMap((id) =>
      (getProfile(id)?.qaTerms ?? []).filter((term) => term.mode === 'within' || term.mode === 'before'),
    );
    expect(terms.map((term) => `${term.ref} ${term.workingDays}`).sort()).toEqual(
      expected.questionTerms.map(([ref, days]) => `${ref} ${days}`).sort(),
    );
    for (const term of terms)
      expect([
        term.ref,
        expected.rules.some((row) => row.ref === term.ref && row.workingDays === term.workingDays),
      ]).toEqual([term.ref, true]);
  });

  /** What each scenario is about: days off that must lie between the event and the limit of the longer rules. */
  const ABOUT: readonly (readonly [Scenario, days: readonly string[], leastDays: number])[] = [
    ['tet-2026', ['2026-02-16', '2026-02-17', '2026-02-20'], 7],
    ['tet-2027', ['2027-02-05', '2027-02-10'], 7],
    // Monday to Wednesday; in Beijing's calendar the year begins a day later.
    ['tet-2030', ['2030-02-01', '2030-02-04', '2030-02-06'], 7],
    ['national-day-2026', ['2026-09-02'], 7],
    ['holiday-on-a-sunday', ['2026-04-26', '2026-04-27'], 7],
    ['exchanged-saturday', ['2026-08-31'], 10],
  ];

  test.each(ABOUT)('%s: every limit is tested across it', (name, days, leastDays) => {
    const scenario = expected.scenarios[name];
    const calendar = calendarNamed(scenario.calendar);
    for (const day of days) expect([day, calendar.day(day).working]).toEqual([day, false]);
    for (const row of expected.rules) {
      const due = row.due[name];
      expect(due, `${row.ref} ${row.workingDays}`).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
      // Days off in between: the limit is later, or earlier, than working days of an ordinary week would put it.
      const event = scenario.events[row.mode === 'within' ? 'within' : 'before'];
      const [first, last] = row.mode === 'within' ? [event, due] : [due, event];
      const isAcross = days.every((day) => first < day && day < last);
      if (row.workingDays >= leastDays) expect([row.ref, name, isAcross]).toEqual([row.ref, name, true]);
    }
  });

  test('the exchanged Saturday is worked', () => {
    expect(calendarNamed('exchanged').day('2026-08-22').working).toBe(true);
    expect(calendarNamed('plain').day('2026-08-22').working).toBe(false);
  });

  test('every row has a limit for every scenario', () => {
    for (const row of expected.rules)
      expect([row.ref, Object.keys(row.due).sort()]).toEqual([
        row.ref,
        Object.keys(expected.scenarios).sort(),
      ]);
  });
});
