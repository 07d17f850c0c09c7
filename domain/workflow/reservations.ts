import type { Reservation } from '../contracts/reservations.ts';
import { addDays, dateInVietnam, isDate } from '../deadlines/dates.ts';
import { ok, type Result, refuse } from '../lib/result.ts';

/** A person may say so for at most this many days beyond today. */
export const MAX_RESERVATION_DAYS = 14;

/** Those that have not ended at `now`, in milliseconds since 1970. */
export function standingReservations(
  reservations: readonly Reservation[],
  now: number,
): readonly Reservation[] {
  return reservations.filter((one) => one.until > now);
}

/**
 * Takes an article offline until the end of a day in Viet Nam, or moves one's own day (WF25). Those of others stay beside it, and what
 * has ended is left out. `reservation-day`: no day, one that is over, or one too far off. `now` is the portal's.
 */
export function reserve(
  reservations: readonly Reservation[],
  wish: { readonly personId: string; readonly day: string },
  now: number,
): Result<readonly Reservation[]> {
  const { personId, day } = wish;
  const { first, last } = reservationDays(now);
  if (!isDate(day) || day < first || day > last)
    return refuse('reservation-day', { detail: { first, last } });
  const until = Date.parse(`${addDays(day, 1)}T00:00:00+07:00`);
  const others = standingReservations(reservations, now).filter((one) => one.personId !== personId);
  return ok([...others, { personId, takenAt: now, day, until }]);
}

/** What stands after a person has given the article back. */
export function giveBack(
  reservations: readonly Reservation[],
  personId: string,
  now: number,
): readonly Reservation[] {
  return standingReservations(reservations, now).filter((one) => one.personId !== personId);
}

/** The days, both included, until which somebody may take an article offline at `now`. */
export function reservationDays(now: number): { readonly first: string; readonly last: string } {
  const first = dateInVietnam(new Date(now).toISOString());
  return { first, last: addDays(first, MAX_RESERVATION_DAYS) };
}
