import type { DeadlineRule } from '../regulations/types.ts';
import type { WorkCalendar } from './calendar.ts';
import { type DueDate, dueDate } from './dueDate.ts';

/** A deadline that is still running: whose it is, its rule and the date of its event. */
export interface OpenDeadline {
  readonly id: string;
  readonly rule: DeadlineRule;
  readonly eventDate: string | null;
}

/** A deadline that a new calendar moves. `days`: the days that are counted otherwise, in date order. */
export interface MovedDeadline {
  readonly id: string;
  readonly before: DueDate;
  readonly after: DueDate;
  readonly days: readonly string[];
}

/**
 * Which of the open deadlines a change of the calendar moves, in the order given. What has no countdown never moves;
 * what was published is not to be asked about: it was on time or late by the calendar of its day.
 */
export function recomputed(
  open: readonly OpenDeadline[],
  before: WorkCalendar,
  after: WorkCalendar,
): MovedDeadline[] {
  return open.flatMap(({ id, rule, eventDate }): MovedDeadline[] => {
    const [was, is] = [before, after].map((calendar) => dueDate({ rule, eventDate, calendar }));
    if (!was || !is || was.dueDate === is.dueDate) return [];
    const touched = [...new Set([...was.explanation, ...is.explanation].map(({ date }) => date))];
    const days = touched.filter((date) => before.day(date).working !== after.day(date).working).sort();
    return [{ id, before: was, after: is, days }];
  });
}
