import type { DeadlineRule } from '../regulations/types.ts';
import type { DayInfo, DayKind, WorkCalendar } from './calendar.ts';
import { addDays, isDate } from './dates.ts';

/** One day of the counting. `n` is the number of the working day, null on days that don't count. */
export type CountedDay = {
  readonly date: string;
  readonly kind: 'event' | 'counted' | DayKind;
  readonly n: number | null;
  readonly name?: DayInfo['name'];
  readonly compensates?: string;
  readonly assumed?: true;
};

/**
 * A due date, and how it came about. `status`: `counted`; `event-date` (mode `immediate`: no due date, the event's
 * own date is shown); `no-countdown`; `event-date-missing`; `event-date-bad`. `complete` is false when the counting touched a
 * year whose holidays are not known: the date can be wrong. `assumed` is true when a day that a yearly notice decides took part:
 * the date can move.
 */
export type DueDate = {
  readonly status: 'counted' | 'event-date' | 'no-countdown' | 'event-date-missing' | 'event-date-bad';
  readonly mode: DeadlineRule['mode'];
  /** The latest day on time; null without a countdown: what has none is never late. */
  readonly dueDate: string | null;
  /** The day of the event, when the rule has one and it is known. */
  readonly eventDate: string | null;
  /** Every day from the event to the due date; for `before` in order of counting, backwards. */
  readonly explanation: readonly CountedDay[];
  readonly complete: boolean;
  readonly assumed: boolean;
  readonly clause: string | null;
  readonly ref: string | null;
};

/**
 * When something is due, and why: the one function that says so. The event's day never counts. `within`: the N-th working day after the event; `before`:
 * the N-th working day before it. Days are civil dates in Vietnam. Other modes have no countdown.
 */
export function dueDate(question: {
  rule: DeadlineRule;
  eventDate: string | null | undefined;
  calendar: WorkCalendar;
}): DueDate {
  const { rule, calendar } = question;
  const { mode, clause, ref } = rule;
  const none = {
    mode,
    dueDate: null,
    eventDate: null,
    explanation: [],
    complete: true,
    assumed: false,
    clause,
    ref,
  } as const;
  const counts = mode === 'within' || mode === 'before';
  if (!counts && mode !== 'immediate') return { ...none, status: 'no-countdown' };
  const eventDate = question.eventDate ?? '';
  if (eventDate === '') return { ...none, status: counts ? 'event-date-missing' : 'no-countdown' };
  if (!isDate(eventDate)) return { ...none, status: 'event-date-bad' };
  const event: CountedDay = { date: eventDate, kind: 'event', n: null };
  if (!counts || rule.workingDays === null)
    return { ...none, status: 'event-date', eventDate, explanation: [event] };
  const days = countDays(eventDate, rule.workingDays, mode === 'within' ? 1 : -1, calendar);
  const explanation = [event, ...days];
  return {
    ...none,
    status: 'counted',
    eventDate,
    dueDate: explanation.at(-1)?.date ?? eventDate,
    explanation,
    complete: explanation.every((day) => calendar.covers(day.date)),
    assumed: days.some((day) => day.assumed === true),
  };
}

function countDays(from: string, workingDays: number, step: 1 | -1, calendar: WorkCalendar): CountedDay[] {
  const days: CountedDay[] = [];
  let n = 0;
  for (let date = addDays(from, step); n < workingDays; date = addDays(date, step)) {
    const { working, kind, ...why } = calendar.day(date);
    if (working) n += 1;
    days.push({ date, kind: kind === 'workday' ? 'counted' : kind, n: working ? n : null, ...why });
  }
  return days;
}

/** How a due date stands on a day. `workingDays` is how many working days are left or, if `late`, are past. */
export type DeadlineStatus = {
  readonly code: 'late' | 'today' | 'soon' | 'ok' | 'none';
  readonly workingDays: number;
};

/**
 * How an unfinished piece stands on a day (civil date in Vietnam). Late begins with the calendar day after the due
 * date; on a rest day right after it the number is 0. `soonDays`: from how many working days on it is `soon`.
 */
export function deadlineStatus(
  due: string | null,
  today: string,
  calendar: WorkCalendar,
  soonDays = 2,
): DeadlineStatus {
  if (due === null) return { code: 'none', workingDays: 0 };
  if (due === today) return { code: 'today', workingDays: 0 };
  if (today > due) return { code: 'late', workingDays: calendar.workingDaysAfter(due, today) };
  const left = calendar.workingDaysAfter(today, due);
  return { code: left <= soonDays ? 'soon' : 'ok', workingDays: left };
}

/**
 * Whether a limit could be kept at all, given the day on which the matter became known here: a limit counted back
 * from an event may have passed before work began (VP17 Điều 7 khoản 5). Such a piece is not its author's delay.
 */
export function couldBeMet(due: string | null, knownOn: string): boolean {
  return due === null || knownOn <= due;
}
