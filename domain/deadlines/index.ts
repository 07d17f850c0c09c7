export type {
  CalendarData,
  CalendarFault,
  CalendarRow,
  DayInfo,
  DayKind,
  WorkCalendar,
} from './calendar.ts';
export { addWorkingDays, calendarFaults, compileCalendar, DAY_KINDS } from './calendar.ts';
export type { DateFault } from './dates.ts';
export { addDays, dateFault, dateInVietnam, daysBetween, isDate, weekday } from './dates.ts';
export type { CountedDay, DeadlineStatus, DueDate } from './dueDate.ts';
export { couldBeMet, deadlineStatus, dueDate } from './dueDate.ts';
export { lunarDate } from './lunar.ts';
export { defaultCalendar } from './publicHolidays.ts';
export type { MovedDeadline, OpenDeadline } from './recomputed.ts';
export { recomputed } from './recomputed.ts';
export type { Risk } from './risk.ts';
export { riskOf } from './risk.ts';
