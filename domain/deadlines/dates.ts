/** Civil dates are strings `YYYY-MM-DD` of the calendar in Vietnam; no clock is read here. */

const DAY_MS = 86_400_000;
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** The years that dates may lie in; others are slips of the keyboard. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** Why a text is no date: not written `YYYY-MM-DD`; a day no month has (31 February); a year before 1900 or after 2199. */
export type DateFault = 'bad-date' | 'no-such-day' | 'date-out-of-range';

/** What is wrong with a date, or null for a real day of the years 1900 to 2199 written `YYYY-MM-DD`. */
export function dateFault(text: unknown): DateFault | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/u.test(text)) return 'bad-date';
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) return 'no-such-day';
  const year = Number(text.slice(0, 4));
  return year < FIRST_YEAR || year > LAST_YEAR ? 'date-out-of-range' : null;
}

/** Whether it is a real date of the years 1900 to 2199, written `YYYY-MM-DD`. */
export function isDate(text: unknown): text is string {
  return dateFault(text) === null;
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
