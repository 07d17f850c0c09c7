import type { CalendarData, CalendarRow } from './calendar.ts';
import { addDays } from './dates.ts';
import table from './holidayYears.json' with { type: 'json' };

const TET_DAYS = 5;

const NAMES = {
  newYear: { vi: 'Tết Dương lịch', en: "New Year's Day" },
  tet: { vi: 'Tết Nguyên đán', en: 'Lunar New Year' },
  hungKings: { vi: 'Giỗ Tổ Hùng Vương', en: "Hung Kings' Commemoration Day" },
  victory: { vi: 'Ngày Chiến thắng', en: 'Victory Day' },
  labour: { vi: 'Ngày Quốc tế Lao động', en: 'International Labour Day' },
  national: { vi: 'Quốc khánh', en: 'National Day' },
} as const;

/**
 * The calendar a new organisation starts with: the public holidays of Labour Code 2019 Điều 112 for the years of
 * `holidayYears.json`. Days that a yearly notice decides are `assumed`; days whose standing nobody has
 * confirmed (exchanges, 24 November) are `proposed` and don't count until an administrator confirms them.
 */
export function defaultCalendar(): CalendarData {
  const years = table.years.map((entry) => entry.year);
  const proposed = table.proposed.map((row): CalendarRow => {
    const kind = row.kind as CalendarRow['kind'];
    return { date: row.date, kind, name: row.name, status: 'proposed' };
  });
  const rows = [...table.years.flatMap(holidaysOf), ...proposed];
  return {
    fromYear: Math.min(...years),
    toYear: Math.max(...years),
    rows: rows.sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

function holidaysOf(entry: (typeof table.years)[number]): CalendarRow[] {
  const holiday = (
    date: string,
    name: (typeof NAMES)[keyof typeof NAMES],
    status: CalendarRow['status'] = 'fixed',
  ): CalendarRow => ({ date, kind: 'holiday', name, status });
  const tet = Array.from({ length: TET_DAYS }, (_, index) => {
    const date = addDays(entry.lunarNewYear, index - entry.daysBefore);
    return holiday(date, NAMES.tet, date === entry.lunarNewYear ? 'fixed' : 'assumed');
  });
  return [
    holiday(`${entry.year}-01-01`, NAMES.newYear),
    ...tet,
    holiday(entry.hungKings, NAMES.hungKings),
    holiday(`${entry.year}-04-30`, NAMES.victory),
    holiday(`${entry.year}-05-01`, NAMES.labour),
    holiday(`${entry.year}-09-02`, NAMES.national),
    holiday(entry.besideNationalDay, NAMES.national, 'assumed'),
  ];
}
