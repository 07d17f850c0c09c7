import { describe, expect, test } from 'vitest';
import {
  addWorkingDays,
  type CalendarRow,
  calendarFaults,
  compileCalendar,
  type WorkCalendar,
} from '../../../domain/deadlines/calendar.ts';
import {
  addDays,
  dateFault,
  dateInVietnam,
  daysBetween,
  isDate,
  weekday,
} from '../../../domain/deadlines/dates.ts';
import { lunarDate } from '../../../domain/deadlines/lunar.ts';
import { defaultCalendar } from '../../../domain/deadlines/publicHolidays.ts';

function compile(rows: Partial<CalendarRow>[] = [], years = [2020, 2040] as const): WorkCalendar {
  const full = rows.map((row) => ({ kind: 'holiday', status: 'confirmed', ...row }));
  const result = compileCalendar({ fromYear: years[0], toYear: years[1], rows: full });
  if (!result.ok) throw new Error(`${result.fault.code} ${result.fault.date}`);
  return result.calendar;
}

describe('dates', () => {
  test.each([
    ['2026-02-28', null],
    ['2028-02-29', null],
    ['1900-01-01', null],
    ['2199-12-31', null],
    ['2026-02-29', 'no-such-day'],
    ['2026-02-31', 'no-such-day'],
    ['2026-13-01', 'no-such-day'],
    ['2026-00-10', 'no-such-day'],
    ['1899-12-31', 'date-out-of-range'],
    ['0026-11-20', 'date-out-of-range'],
    ['2200-01-01', 'date-out-of-range'],
    ['2026-2-1', 'bad-date'],
    ['01/02/2026', 'bad-date'],
    ['', 'bad-date'],
    [null, 'bad-date'],
    [20260101, 'bad-date'],
  ])('%o: %s', (value, fault) => {
    expect(dateFault(value)).toBe(fault);
    expect(isDate(value)).toBe(fault === null);
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
  const almanac: [year: number, tet: string, hungKings: string][] = [
    [2024, '2024-02-10', '2024-04-18'],
    [2025, '2025-01-29', '2025-04-07'],
    [2026, '2026-02-17', '2026-04-26'],
    [2027, '2027-02-06', '2027-04-16'],
    [2028, '2028-01-26', '2028-04-04'],
    [2029, '2029-02-13', '2029-04-23'],
    [2030, '2030-02-02', '2030-04-12'],
    [2031, '2031-01-23', '2031-04-01'],
    [2032, '2032-02-11', '2032-04-19'],
    [2033, '2033-01-31', '2033-04-09'],
    [2034, '2034-02-19', '2034-04-28'],
    [2035, '2035-02-08', '2035-04-17'],
  ];
  test.each(almanac)('%i: Tết %s, Giỗ Tổ %s', (year, tet, hungKings) => {
    expect([lunarDate(year, 1, 1), lunarDate(year, 3, 10)]).toEqual([tet, hungKings]);
  });

  test.each([
    [1968, '1968-01-29', '1968-01-30'],
    [1985, '1985-01-21', '1985-02-20'],
    [2007, '2007-02-17', '2007-02-18'],
    [2030, '2030-02-02', '2030-02-03'],
    [2053, '2053-02-18', '2053-02-19'],
  ])('%i: the day in Hanoi is not the day in Beijing', (year, hanoi, beijing) => {
    expect(lunarDate(year, 1, 1)).toBe(hanoi);
    expect(lunarDate(year, 1, 1, 8)).toBe(beijing);
  });

  test('2033: the leap month is the eleventh, and Tết of 2034 comes after it', () => {
    expect(lunarDate(2033, 12, 1)).toBe('2034-01-20');
    expect(lunarDate(2034, 1, 1)).toBe('2034-02-19');
  });

  test('a month begins 29 or 30 days after the one before, a leap month between them apart', () => {
    for (let year = 1968; year < 2100; year += 1)
      for (let month = 1; month <= 12; month += 1) {
        const next = month === 12 ? lunarDate(year + 1, 1, 1) : lunarDate(year, month + 1, 1);
        expect([29, 30, 58, 59, 60]).toContain(daysBetween(lunarDate(year, month, 1), next));
      }
  });

  test('a month that no year has is no month', () => {
    expect(() => lunarDate(2026, 13, 1)).toThrow(RangeError);
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
    ['2025-01-27', 'workday', undefined],
    ['2025-01-28', 'holiday', undefined],
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
    ['2030-02-07', 'holiday', '2030-02-03'],
    ['2033-04-11', 'holiday', '2033-04-09'],
    ['2040-09-04', 'holiday', '2040-09-02'],
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

  const row = (date: string, more: object = {}) => ({ date, kind: 'holiday', status: 'confirmed', ...more });
  test.each([
    [
      'two kinds for a day',
      [row('2026-03-09'), row('2026-03-10'), row('2026-03-09', { kind: 'exchange-work' })],
      { code: 'contradicting-rows', row: 2, other: 0, date: '2026-03-09' },
    ],
    [
      'two kinds assumed for a day',
      [row('2026-03-09', { status: 'assumed' }), row('2026-03-09', { kind: 'weekend', status: 'assumed' })],
      { code: 'contradicting-rows', row: 1, other: 0 },
    ],
    ['31 February', [row('2026-03-09'), row('2026-02-31')], { code: 'no-such-day', row: 1 }],
    ['a year before 1900', [row('1899-09-02')], { code: 'date-out-of-range', row: 0 }],
    ['a day written otherwise', [row('9/3/2026')], { code: 'bad-date', row: 0 }],
    [
      'a proposed day that does not exist',
      [row('2026-02-31', { status: 'proposed' })],
      { code: 'no-such-day', row: 0 },
    ],
    [
      'an unknown kind',
      [row('2026-03-08'), row('2026-03-09', { kind: 'half' })],
      { code: 'calendar-malformed', row: 1 },
    ],
  ])('%s is refused with place and reason', (_what, rows, fault) => {
    expect(compileCalendar({ fromYear: 2026, toYear: 2026, rows })).toMatchObject({ ok: false, fault });
  });

  test.each([null, [[]], {}, { fromYear: 1899, toYear: 2026, rows: [] }])('%o is no calendar', (data) => {
    expect(compileCalendar(data)).toMatchObject({
      ok: false,
      fault: { code: 'calendar-malformed', row: null },
    });
  });

  test('years the wrong way round are refused', () => {
    expect(compileCalendar({ fromYear: 2027, toYear: 2026, rows: [] })).toMatchObject({
      fault: { code: 'years-reversed' },
    });
  });

  test('every fault of a calendar is named', () => {
    const rows = [row('2026-02-31'), row('2026-03-09'), row('2026-03-09', { kind: 'weekend' })];
    expect(calendarFaults({ fromYear: 2027, toYear: 2026, rows }).map(({ code }) => code)).toEqual([
      'years-reversed',
      'no-such-day',
      'contradicting-rows',
    ]);
  });

  test('what the notice says beats what was assumed, whichever comes first', () => {
    const rows: Partial<CalendarRow>[] = [
      { date: '2027-02-05', status: 'assumed' },
      { date: '2027-02-05', kind: 'exchange-work' },
    ];
    for (const order of [rows, [...rows].reverse()]) {
      expect(compile(order).day('2027-02-05')).toEqual({ working: true, kind: 'exchange-work' });
    }
  });

  test('a day off of the organisation itself is not made up for on another day', () => {
    const sunday = compile([{ date: '2026-03-08', own: true }]);
    expect(sunday.day('2026-03-08')).toMatchObject({ kind: 'holiday', working: false });
    expect(sunday.day('2026-03-09')).toEqual({ working: true, kind: 'workday' });
    expect(compile([{ date: '2026-03-09', own: true }]).day('2026-03-09').working).toBe(false);
  });

  test('counting off working days passes over rest days in both directions', () => {
    const calendar = compile([{ date: '2026-03-09' }]);
    expect(addWorkingDays('2026-03-06', 1, calendar)).toBe('2026-03-10');
    expect(addWorkingDays('2026-03-10', -1, calendar)).toBe('2026-03-06');
    expect(addWorkingDays('2026-03-08', 0, calendar)).toBe('2026-03-08');
  });

  test('the same holiday entered twice is one', () => {
    expect(compile([{ date: '2026-03-09' }, { date: '2026-03-09' }]).day('2026-03-10').working).toBe(true);
  });
});
