import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NamesSchema } from '../people/types.ts';
import { addDays, daysBetween, isDate, weekday } from './dates.ts';

/** Kinds of calendar row: rest day of the week, public holiday, day off in exchange, day worked in exchange. */
export const DAY_KINDS = ['weekend', 'holiday', 'exchange-off', 'exchange-work'] as const;
/** One of {@link DAY_KINDS}. */
export type DayKind = (typeof DAY_KINDS)[number];

/**
 * A dated row. `fixed`: the date stands in the law. `assumed`: the law leaves the day to a yearly notice; counted
 * until the notice is entered. `proposed`: waits for an administrator and is not counted. `confirmed`: entered or
 * confirmed by one.
 */
export const CalendarRowSchema = Type.Object(
  {
    date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    kind: Type.Enum([...DAY_KINDS]),
    name: Type.Optional(NamesSchema),
    status: Type.Enum(['fixed', 'assumed', 'proposed', 'confirmed']),
  },
  { additionalProperties: false },
);
export type CalendarRow = Static<typeof CalendarRowSchema>;

/** The calendar as it is stored and synced: rows, and the years for which they are complete. */
export const CalendarDataSchema = Type.Object(
  {
    fromYear: Type.Integer({ minimum: 1900, maximum: 2200 }),
    toYear: Type.Integer({ minimum: 1900, maximum: 2200 }),
    rows: Type.Array(CalendarRowSchema),
  },
  { additionalProperties: false },
);
export type CalendarData = Static<typeof CalendarDataSchema>;

/** Why a day is off, or that it is worked. */
export type DayInfo = {
  readonly working: boolean;
  /** `workday` an ordinary one; otherwise the kind of day. */
  readonly kind: DayKind | 'workday';
  readonly name?: CalendarRow['name'];
  /** The holiday, on a rest day, for which this day is off instead. */
  readonly compensates?: string;
};

/** A calendar ready for counting. */
export interface WorkCalendar {
  day(date: string): DayInfo;
  /** Working days after `from` up to and with `to`; 0 if `to` is not later. The span's length costs nothing. */
  workingDaysAfter(from: string, to: string): number;
  /** False for a date of a year whose holidays are not known. */
  covers(date: string): boolean;
}

/** `calendar-malformed`: not the shape; `contradicting-rows`: two kinds for one date. */
export type CalendarFault = { code: 'calendar-malformed' | 'contradicting-rows'; date: string | null };

/**
 * Makes a calendar of dated rows. A row beats the week; rest days are Saturday and Sunday. A holiday on a rest day
 * moves to the next day that is not a rest day of the week, has no row and is not yet such a day, holidays in date
 * order. Rows that contradict each other are refused.
 */
export function compileCalendar(
  data: unknown,
): { ok: true; calendar: WorkCalendar } | { ok: false; fault: CalendarFault } {
  if (!Value.Check(CalendarDataSchema, data) || data.fromYear > data.toYear)
    return { ok: false, fault: { code: 'calendar-malformed', date: null } };
  const rows = new Map<string, CalendarRow>();
  for (const row of data.rows.filter((candidate) => candidate.status !== 'proposed')) {
    if (!isDate(row.date)) return { ok: false, fault: { code: 'calendar-malformed', date: row.date } };
    const known = rows.get(row.date);
    if (known && known.kind !== row.kind)
      return { ok: false, fault: { code: 'contradicting-rows', date: row.date } };
    rows.set(row.date, known ?? row);
  }
  const madeUp = compensationDays(rows);
  const exceptions = [...rows.keys(), ...madeUp.keys()]
    .map((date) => ({
      date,
      change: Number(dayInfo(date, rows, madeUp).working) - Number(!isWeeklyRest(date)),
    }))
    .filter(({ change }) => change !== 0);
  return {
    ok: true,
    calendar: {
      day: (date) => dayInfo(date, rows, madeUp),
      workingDaysAfter: (from, to) => countWorkingDays(from, to, exceptions),
      covers: (date) => {
        const year = Number(date.slice(0, 4));
        return year >= data.fromYear && year <= data.toYear;
      },
    },
  };
}

const isWeeklyRest = (date: string): boolean => weekday(date) === 0 || weekday(date) === 6;

function compensationDays(rows: ReadonlyMap<string, CalendarRow>): Map<string, string> {
  const madeUp = new Map<string, string>();
  const holidays = [...rows.values()].filter((row) => row.kind === 'holiday' && isWeeklyRest(row.date));
  for (const { date } of holidays.sort((a, b) => (a.date < b.date ? -1 : 1))) {
    let next = addDays(date, 1);
    while (isWeeklyRest(next) || rows.has(next) || madeUp.has(next)) next = addDays(next, 1);
    madeUp.set(next, date);
  }
  return madeUp;
}

function countWorkingDays(
  from: string,
  to: string,
  exceptions: readonly { date: string; change: number }[],
): number {
  if (to <= from) return 0;
  const days = daysBetween(from, to);
  let count = Math.floor(days / 7) * 5;
  for (let index = 1; index <= days % 7; index += 1) count += isWeeklyRest(addDays(from, index)) ? 0 : 1;
  return exceptions
    .filter(({ date }) => from < date && date <= to)
    .reduce((sum, { change }) => sum + change, count);
}

function dayInfo(
  date: string,
  rows: ReadonlyMap<string, CalendarRow>,
  madeUp: ReadonlyMap<string, string>,
): DayInfo {
  const row = rows.get(date);
  if (row) {
    const name = row.name ? { name: row.name } : {};
    return { working: row.kind === 'exchange-work', kind: row.kind, ...name };
  }
  const compensates = madeUp.get(date);
  if (compensates !== undefined) {
    const name = rows.get(compensates)?.name;
    return { working: false, kind: 'holiday', compensates, ...(name ? { name } : {}) };
  }
  return isWeeklyRest(date) ? { working: false, kind: 'weekend' } : { working: true, kind: 'workday' };
}
