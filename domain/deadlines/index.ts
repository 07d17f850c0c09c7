export type { CalendarData, CalendarFault, CalendarRow, DayInfo, DayKind, WorkCalendar } from './calendar.ts';
export { compileCalendar, DAY_KINDS } from './calendar.ts';
export { addDays, dateInVietnam, daysBetween, isDate, weekday } from './dates.ts';
export type { CountedDay, DeadlineStatus, DueDate } from './dueDate.ts';
export { couldBeMet, deadlineStatus, dueDate } from './dueDate.ts';
export { defaultCalendar } from './publicHolidays.ts';
