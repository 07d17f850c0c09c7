import type { CalendarData, CalendarRow } from './calendar.ts';
import { addDays, weekday } from './dates.ts';
import law from './holidays.json' with { type: 'json' };
import { lunarDate } from './lunar.ts';

/**
 * The calendar a new organisation starts with: the public holidays of Labour Code 2019 Điều 112 for the years of
 * `holidays.json`, lunar ones reckoned for Vietnam. Days that a yearly notice decides are `assumed`; days whose standing
 * nobody has confirmed (exchanges, 24 November) are `proposed` and don't count until an administrator confirms them.
 */
export function defaultCalendar(): CalendarData {
  const { fromYear, toYear } = law;
  const years = Array.from({ length: toYear - fromYear + 1 }, (_, index) => fromYear + index);
  const proposed = law.proposed.map(
    (row): CalendarRow => ({ ...row, kind: row.kind as CalendarRow['kind'], status: 'proposed' }),
  );
  const rows = [...years.flatMap(holidaysOf), ...proposed];
  return { fromYear, toYear, rows: rows.sort((a, b) => (a.date < b.date ? -1 : 1)) };
}

type Status = CalendarRow['status'];
const holiday = (date: string, name: CalendarRow['name'], status: Status = 'fixed'): CalendarRow => ({
  date,
  kind: 'holiday',
  status,
  ...(name ? { name } : {}),
});

function holidaysOf(year: number): CalendarRow[] {
  const national = `${year}-09-02`;
  const beside = law.besideNationalDay.days[weekday(national)] ?? '09-01';
  const nationalName = law.solar.find(({ day }) => day === '09-02')?.name;
  return [
    ...law.solar.map(({ day, name }) => holiday(`${year}-${day}`, name)),
    ...law.lunar.map(({ month, day, name }) => holiday(lunarDate(year, month, day), name)),
    ...tetDays(year),
    holiday(`${year}-${beside}`, nationalName, 'assumed'),
    ...law.proposedEveryYear
      .filter(({ fromYear }) => year >= fromYear)
      .map(({ day, name }) => holiday(`${year}-${day}`, name, 'proposed')),
  ];
}

/** The days around lunar new year; the day itself is among the lunar ones. */
function tetDays(year: number): CalendarRow[] {
  const { days, daysBefore } = law.tet;
  const newYear = lunarDate(year, 1, 1);
  const name = law.lunar.find(({ month, day }) => month === 1 && day === 1)?.name;
  return Array.from({ length: days }, (_, index) => addDays(newYear, index - daysBefore))
    .filter((date) => date !== newYear)
    .map((date) => holiday(date, name, 'assumed'));
}
