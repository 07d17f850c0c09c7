/** Civil dates are strings `YYYY-MM-DD` of the calendar in Vietnam; no clock is read here. */

const DAY_MS = 86_400_000;
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** Whether it is a real date of the years 1000 to 2999, written `YYYY-MM-DD`: other years are slips of the keyboard. */
export function isDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[12]\d{3}-\d{2}-\d{2}$/u.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The date `days` later, or earlier if negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one date to the other; negative if `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** 0 Sunday … 6 Saturday. */
export function weekday(date: string): number {
  return new Date(Date.parse(`${date}T00:00:00Z`)).getUTCDay();
}

/**
 * The civil date in Asia/Ho_Chi_Minh (UTC+7, no summer time) at an instant in ISO 8601 with its offset.
 * Throws a RangeError on a text that is no instant.
 */
export function dateInVietnam(instantIso: string): string {
  const time = Date.parse(instantIso);
  if (Number.isNaN(time) || !/(?:Z|[+-]\d{2}:?\d{2})$/iu.test(instantIso))
    throw new RangeError(`not an instant: ${instantIso}`);
  return new Date(time + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
}
