import type { CountedDay } from '../../../domain/contracts/planning.ts';
import { addDays, weekday } from '../../../domain/deadlines/dates.ts';

/** A month as `YYYY-MM`. */
export type Month = string;

export const monthOf = (date: string): Month => date.slice(0, 7);

export function addMonths(month: Month, by: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const at = year * 12 + number - 1 + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

/** The same day of another month, or its last day where it has no such day. */
export function sameDayIn(date: string, month: Month): string {
  const wanted = Number(date.slice(8));
  const last = Number(addDays(`${addMonths(month, 1)}-01`, -1).slice(8));
  return `${month}-${String(Math.min(wanted, last)).padStart(2, '0')}`;
}

/** Monday of the week. */
export const weekStart = (date: string): string => addDays(date, -((weekday(date) + 6) % 7));

/** First and last day of the six weeks that a month is shown in. */
export function shownDays(month: Month): { readonly from: string; readonly to: string } {
  const from = weekStart(`${month}-01`);
  return { from, to: addDays(from, 41) };
}

/** Days that are off for the same reason stand in one line. */
export function foldDays(days: readonly CountedDay[]): readonly (readonly [CountedDay, ...CountedDay[]])[] {
  const lines: [CountedDay, ...CountedDay[]][] = [];
  for (const day of days) {
    const line = lines.at(-1);
    const [first] = line ?? [];
    const isSame =
      first !== undefined &&
      day.n === null &&
      first.n === null &&
      day.kind !== 'event' &&
      day.kind === first.kind &&
      day.compensates === first.compensates &&
      day.name?.vi === first.name?.vi;
    if (line && isSame) line.push(day);
    else lines.push([day]);
  }
  return lines;
}
