import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NamesSchema } from '../people/types.ts';
import { addDays, type DateFault, dateFault, daysBetween, weekday } from './dates.ts';

/** Kinds of calendar row: rest day of the week, public holiday, day off in exchange, day worked in exchange. */
export const DAY_KINDS = ['weekend', 'holiday', 'exchange-off', 'exchange-work'] as const;
/** One of {@link DAY_KINDS}. */
export type DayKind = (typeof DAY_KINDS)[number];

/**
 * A dated row. `fixed`: the date stands in the law. `assumed`: the law leaves the day to a yearly notice; counted
 * until the notice is entered. `proposed`: waits for an administrator and is not counted. `confirmed`: entered or
 * confirmed by one, and beats an assumed row of the same day.
 */
export const CalendarRowSchema = Type.Object(
  {
    date: Type.String(),
    kind: Type.Enum([...DAY_KINDS]),
    name: Type.Optional(NamesSchema),
    status: Type.Enum(['fixed', 'assumed', 'proposed', 'confirmed']),
    /** The organisation's own day off: on a rest day it is not made up for, which only the law's holidays are. */
    own: Type.Optional(Type.Boolean()),
    /** The paper that says so, as the one who entered or confirmed the row named it. */
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
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
  /** The yearly notice that decides about this day has not been entered. */
  readonly assumed?: true;
};

/** A calendar ready for counting. */
export interface WorkCalendar {
  day(date: string): DayInfo;
  /** Working days after `from` up to and with `to`; 0 if `to` is not later. The span's length costs nothing. */
  workingDaysAfter(from: string, to: string): number;
  /** False for a date of a year whose holidays are not known. */
  covers(date: string): boolean;
}

/**
 * What is wrong with a calendar, and where: `row` counts from 0 and is null where no single row is at fault.
 * `calendar-malformed`: not the shape (`path` says where); `years-reversed`; a date that is none; `contradicting-rows`: two
 * kinds for one day, `other` being the earlier row.
 */
export type CalendarFault = {
  readonly code: 'calendar-malformed' | 'years-reversed' | 'contradicting-rows' | DateFault;
  readonly row: number | null;
  readonly date: string | null;
  readonly other?: number;
  readonly path?: string;
};

/** Everything that is wrong with a calendar, in the order of its rows; empty for a sound one. */
export function calendarFaults(data: unknown): CalendarFault[] {
  if (!Value.Check(CalendarDataSchema, data)) {
    const path = Value.Errors(CalendarDataSchema, data)[0]?.instancePath ?? '';
    const row = /^\/rows\/(\d+)/u.exec(path)?.[1];
    return [{ code: 'calendar-malformed', row: row === undefined ? null : Number(row), date: null, path }];
  }
  const faults: CalendarFault[] = [];
  if (data.fromYear > data.toYear) faults.push({ code: 'years-reversed', row: null, date: null });
  const seen = new Map<string, number>();
  for (const [row, { date, kind, status }] of data.rows.entries()) {
    const fault = dateFault(date);
    if (fault) faults.push({ code: fault, row, date });
    // What is only proposed contradicts nothing; what is assumed gives way to what is known.
    const weight = status === 'proposed' ? null : status === 'assumed' ? 'assumed' : 'known';
    if (fault || weight === null) continue;
    const other = seen.get(`${date} ${weight}`);
    if (other === undefined) seen.set(`${date} ${weight}`, row);
    else if (data.rows[other]?.kind !== kind) faults.push({ code: 'contradicting-rows', row, date, other });
  }
  return faults;
}

/**
 * Makes a calendar of dated rows. A row beats the week; rest days are Saturday and Sunday. A holiday of the law on a rest
 * day moves to the next day that is not a rest day of the week, has no row and is not yet such a day, holidays in date
 * order. A calendar with any fault is refused, with the first (`calendarFaults` gives all).
 */
export function compileCalendar(
  data: unknown,
): { ok: true; calendar: WorkCalendar } | { ok: false; fault: CalendarFault } {
  const fault = calendarFaults(data)[0];
  if (fault) return { ok: false, fault };
  const { fromYear, toYear, rows: all } = data as CalendarData;
  const rows = new Map<string, CalendarRow>();
  for (const row of all) {
    const known = rows.get(row.date);
    const isBetter = !known || (known.status === 'assumed' && row.status !== 'assumed');
    if (row.status !== 'proposed' && isBetter) rows.set(row.date, row);
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
        return year >= fromYear && year <= toYear;
      },
    },
  };
}

/**
 * The N-th working day after a date or, if `workingDays` is negative, before it; the date itself for 0. The one way in which
 * working days are counted off.
 */
export function addWorkingDays(date: string, workingDays: number, calendar: WorkCalendar): string {
  const step = workingDays < 0 ? -1 : 1;
  let found = date;
  for (let left = Math.abs(workingDays); left > 0; ) {
    found = addDays(found, step);
    if (calendar.day(found).working) left -= 1;
  }
  return found;
}

const isWeeklyRest = (date: string): boolean => weekday(date) === 0 || weekday(date) === 6;

function compensationDays(rows: ReadonlyMap<string, CalendarRow>): Map<string, string> {
  const madeUp = new Map<string, string>();
  const holidays = [...rows.values()].filter(
    (row) => row.kind === 'holiday' && row.own !== true && isWeeklyRest(row.date),
  );
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
  if (row) return { working: row.kind === 'exchange-work', kind: row.kind, ...marksOf(row) };
  const compensates = madeUp.get(date);
  const origin = compensates === undefined ? undefined : rows.get(compensates);
  if (compensates !== undefined && origin)
    return { working: false, kind: 'holiday', compensates, ...marksOf(origin) };
  return isWeeklyRest(date) ? { working: false, kind: 'weekend' } : { working: true, kind: 'workday' };
}

const marksOf = ({ name, status }: CalendarRow): Pick<DayInfo, 'name' | 'assumed'> => ({
  ...(name ? { name } : {}),
  ...(status === 'assumed' ? { assumed: true as const } : {}),
});
