import { type Static, Type } from 'typebox';
import { Day, Id, Instant, Nullable, Strict } from './define.ts';

/**
 * Somebody said to work on an article without a line to the portal until a day. Told to the others and ended by the portal's
 * clock; it bars nobody from anything.
 */
export const Reservation = Strict({
  personId: Id,
  /** Portal clock. */
  takenAt: Instant,
  /** The last day, in Viet Nam. */
  day: Day,
  /** When that day is over. */
  until: Instant,
});
export type Reservation = Static<typeof Reservation>;

/** `PUT /api/articles/<id>/reservation`; `DELETE` of the same address gives it back. */
export const ReservationBody = Strict({ day: Day });
/** What stands after that. */
export const ReservationReply = Strict({ reservations: Type.Array(Reservation) });
export type ReservationReply = Static<typeof ReservationReply>;
export const reservationPath = (articleId: string): string =>
  `/api/articles/${encodeURIComponent(articleId)}/reservation`;

/** Of the person at this desk. */
export const OwnReservation = Strict({
  /** The last day; null while the portal has yet to hear that it was given back. */
  day: Nullable(Day),
  /** The portal does not know it yet. */
  isWaiting: Type.Boolean(),
});
export type OwnReservation = Static<typeof OwnReservation>;
