import {
  addWorkingDays,
  compileCalendar,
  dateInVietnam,
  defaultCalendar,
  lunarDate,
  weekday,
} from '../../../../domain/deadlines/index.ts';

/** Sends what the clock of law says, for comparison between the time zones of machines. */
const compiled = compileCalendar(defaultCalendar());
if (!compiled.ok) throw new Error(compiled.fault.code);
const { calendar } = compiled;
const days = Array.from({ length: 24 }, (_, index) => `2026-${String((index % 12) + 1).padStart(2, '0')}-08`);
process.send?.({
  offset: new Date('2026-07-01T00:00:00Z').getTimezoneOffset(),
  tet: [1985, 2007, 2026, 2027, 2030].map((year) => lunarDate(year, 1, 1)),
  due: days.map((date, index) => addWorkingDays(date, index < 12 ? 10 : -10, calendar)),
  weekdays: days.map(weekday),
  today: ['2026-11-22T16:59:59Z', '2026-11-22T17:00:00Z', '2026-03-08T23:30:00-10:00'].map(dateInVietnam),
});
