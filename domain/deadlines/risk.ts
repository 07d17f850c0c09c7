import type { WorkCalendar } from './calendar.ts';
import { deadlineStatus } from './dueDate.ts';

/** How an unfinished piece stands: past its limit, hard to keep, near, far, or without a countdown. */
export type Risk = 'late' | 'at-risk' | 'soon' | 'ok' | 'none';

/**
 * Whether a limit will be hard to keep. `at-risk`: fewer working days are left than steps of the chain, or it is the last day; today
 * does not count. That a step takes a day is no rule of any regulation: it only says where to look first.
 */
export function riskOf(
  due: string | null,
  today: string,
  calendar: WorkCalendar,
  stepsLeft: number,
  soonDays: number,
): Risk {
  const { code, workingDays } = deadlineStatus(due, today, calendar, soonDays);
  if (code === 'late' || code === 'none') return code;
  if (code === 'today' || workingDays < stepsLeft) return 'at-risk';
  return code;
}
