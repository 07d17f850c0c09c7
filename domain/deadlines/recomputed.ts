import type { DeadlineRule } from '../regulations/types.ts';
import type { WorkCalendar } from './calendar.ts';
import { type DueDate, dueDate } from './dueDate.ts';

/** A rule and the date of its event. */
export interface Limit {
  readonly rule: DeadlineRule;
  readonly eventDate: string | null;
}

/** A deadline that is still running: whose it is, its rule and the date of its event; `after`, where the rules change too. */
export interface OpenDeadline extends Limit {
  readonly id: string;
  readonly after?: Limit;
}

/** A deadline that a new calendar or other rules move. `days`: the days that are counted otherwise, in date order. */
export interface MovedDeadline {
  readonly id: string;
  readonly before: DueDate;
  readonly after: DueDate;
  readonly days: readonly string[];
}

/**
 * Which of the open deadlines a change of the calendar or the rules moves, in the order given. What has no countdown
 * before nor after never moves; what was published is not to be asked about: it was on time or late by the calendar of its day.
 */
export function recomputed(
  open: readonly OpenDeadline[],
  before: WorkCalendar,
  after: WorkCalendar,
): MovedDeadline[] {
  return open.flatMap(({ id, rule, eventDate, after: next }): MovedDeadline[] => {
    const was = dueDate({ rule, eventDate, calendar: before });
    const is = dueDate({ ...(next ?? { rule, eventDate }), calendar: after });
    if (was.dueDate === is.dueDate) return [];
    const touched = [...new Set([...was.explanation, ...is.explanation].map(({ date }) => date))];
    const days = touched.filter((date) => before.day(date).working !== after.day(date).working).sort();
    return [{ id, before: was, after: is, days }];
  });
}
