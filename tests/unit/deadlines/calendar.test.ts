import { describe, expect, test } from 'vitest';
import { type CalendarRow, compileCalendar, type WorkCalendar } from '../../../domain/deadlines/calendar.ts';
import { addDays, dateInVietnam, daysBetween, isDate, weekday } from '../../../domain/deadlines/dates.ts';
import table from '../../../domain/deadlines/holidayYears.json' with { type: 'json' };
import { defaultCalendar } from '../../../domain/deadlines/publicHolidays.ts';
import { lunarDate } from './lunar.ts';

function compile(rows: Partial<CalendarRow>[] = [], years = [2020, 2040] as const): WorkCalendar {
  const full = rows.map((row) => ({ kind: 'holiday', status: 'confirmed', ...row }));
  const result = compileCalendar({ fromYear: years[0], toYear: years[1], rows: full });
  if (!result.ok) throw new Error(`${result.fault.code} ${result.fault.date}`);
  return result.calendar;
}

describe('dates', () => {
  test.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2028-02-29', true],
    ['2026-13-01', false],
    ['0026-11-20', false],
    ['9999-12-31', false],
    ['2026-2-1', false],
    ['01/02/2026', false],
    ['', false],
    [null, false],
    [20260101, false],
  ])('isDate(%o) is %s', (value, expected) => {
    expect(isDate(value)).toBe(expected);
  });

  test.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-03-01', -1, '2028-02-29'],
    ['2026-01-01', 0, '2026-01-01'],
  ])('addDays(%s, %i) is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
    expect(daysBetween(date, expected)).toBe(days);
  });

  test('weekdays', () => {
    expect(['2026-11-22', '2026-11-23', '2026-11-28'].map(weekday)).toEqual([0, 1, 6]);
  });

  test.each([
    ['2026-11-22T16:59:59.999Z', '2026-11-22'],
    ['2026-11-22T17:00:00Z', '2026-11-23'],
    ['2026-11-23T00:30:00+07:00', '2026-11-23'],
    ['2026-12-31T18:00:00Z', '2027-01-01'],
  ])('%s is %s in Vietnam', (instant, date) => {
    expect(dateInVietnam(instant)).toBe(date);
  });

  test.each(['', 'soon', '2026-11-22', '2026-11-22T17:00:00'])('%o is no instant', (text) => {
    expect(() => dateInVietnam(text)).toThrow(RangeError);
  });
});

describe('the lunar calendar is Vietnam’s (UTC+7)', () => {
  test.each(table.years.map((entry) => [entry.year, entry.lunarNewYear, entry.hungKings] as const))(
    '%i: Tết %s, Giỗ Tổ %s',
    (year, tet, hungKings) => {
      expect(lunarDate(year, 1, 1, 7)).toBe(tet);
      expect(lunarDate(year, 3, 10, 7)).toBe(hungKings);
    },
  );

  test.each([
    [1968, '1968-01-29', '1968-01-30'],
    [2007, '2007-02-17', '2007-02-18'],
    [2030, '2030-02-02', '2030-02-03'],
    [2053, '2053-02-18', '2053-02-19'],
  ])('%i: the day in Hanoi is not the day in Beijing', (year, hanoi, beijing) => {
    expect(lunarDate(year, 1, 1, 7)).toBe(hanoi);
    expect(lunarDate(year, 1, 1, 8)).toBe(beijing);
  });
});

describe('public holidays', () => {
  test('eleven days a year by Labour Code 2019 Điều 112 khoản 1', () => {
    const { rows, fromYear, toYear } = defaultCalendar();
    for (let year = fromYear; year <= toYear; year += 1) {
      const days = rows.filter((row) => row.date.startsWith(`${year}-`) && row.status !== 'proposed');
      expect([year, days.length]).toEqual([year, 11]);
      expect(new Set(days.map((row) => row.date)).size).toBe(11);
    }
  });

  const off: [date: string, kind: string, compensates: string | undefined][] = [
    ['2025-01-27', 'holiday', undefined],
    ['2025-01-31', 'holiday', undefined],
    ['2026-02-13', 'workday', undefined],
    ['2026-02-16', 'holiday', undefined],
    ['2026-02-20', 'holiday', undefined],
    ['2026-02-23', 'workday', undefined],
    ['2026-04-26', 'holiday', undefined],
    ['2026-04-27', 'holiday', '2026-04-26'],
    ['2026-04-28', 'workday', undefined],
    ['2027-02-10', 'holiday', '2027-02-06'],
    ['2027-02-11', 'holiday', '2027-02-07'],
    ['2027-02-12', 'workday', undefined],
    ['2027-05-03', 'holiday', '2027-05-01'],
    ['2028-09-04', 'holiday', '2028-09-02'],
    ['2029-09-04', 'holiday', '2029-09-02'],
    ['2030-02-06', 'holiday', '2030-02-02'],
  ];
  test.each(off)('%s is a %s (for %s)', (date, kind, compensates) => {
    const result = compileCalendar(defaultCalendar());
    expect(result.ok && result.calendar.day(date)).toMatchObject({
      kind,
      working: kind === 'workday',
      ...(compensates ? { compensates } : {}),
    });
  });

  test('what nobody confirmed does not count; confirmed it does', () => {
    const data = defaultCalendar();
    const day = (rows: CalendarRow[], date: string) => {
      const result = compileCalendar({ ...data, rows });
      return result.ok && result.calendar.day(date).working;
    };
    const confirmed = data.rows.map((row): CalendarRow => ({ ...row, status: 'confirmed' }));
    const dates = ['2026-11-24', '2026-08-31', '2026-08-22'];
    expect(dates.map((date) => day(data.rows, date))).toEqual([true, true, false]);
    expect(dates.map((date) => day(confirmed, date))).toEqual([false, false, true]);
  });
});

describe('rows (conventions of counting, 3)', () => {
  test('a row beats the week', () => {
    const calendar = compile([
      { date: '2026-03-07', kind: 'exchange-work' },
      { date: '2026-03-09', kind: 'exchange-off' },
      { date: '2026-03-10', kind: 'weekend' },
    ]);
    const working = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10', '2026-03-11'];
    expect(working.map((date) => calendar.day(date).working)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test('days made up for follow the order of the holidays and pass over rows', () => {
    const calendar = compile([
      { date: '2026-03-08' },
      { date: '2026-03-07' },
      { date: '2026-03-09' },
      { date: '2026-03-10', kind: 'exchange-work' },
    ]);
    expect(calendar.day('2026-03-11').compensates).toBe('2026-03-07');
    expect(calendar.day('2026-03-12').compensates).toBe('2026-03-08');
    expect(calendar.day('2026-03-10').working).toBe(true);
    expect(calendar.day('2026-03-13').working).toBe(true);
  });

  test.each([
    [
      'two kinds for a day',
      [{ date: '2026-03-09' }, { date: '2026-03-09', kind: 'exchange-work' }],
      'contradicting-rows',
    ],
    ['a day that does not exist', [{ date: '2026-02-30' }], 'calendar-malformed'],
    ['an unknown kind', [{ date: '2026-03-09', kind: 'half' }], 'calendar-malformed'],
  ])('%s is refused', (_what, rows, code) => {
    const full = rows.map((row) => ({ kind: 'holiday', status: 'confirmed', ...row }));
    const result = compileCalendar({ fromYear: 2026, toYear: 2026, rows: full });
    expect(result).toMatchObject({ ok: false, fault: { code } });
  });

  test.each([null, [], {}, { fromYear: 2027, toYear: 2026, rows: [] }])('%o is no calendar', (data) => {
    expect(compileCalendar(data)).toMatchObject({ ok: false, fault: { code: 'calendar-malformed' } });
  });

  test('the same holiday entered twice is one', () => {
    expect(compile([{ date: '2026-03-09' }, { date: '2026-03-09' }]).day('2026-03-10').working).toBe(true);
  });
});
