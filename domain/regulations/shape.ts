import { Type } from 'typebox';

/** Channels of the portal (kênh tiếng Việt, kênh tiếng Anh), each with its own chain and published state. */
export const CHANNELS = ['vi', 'en'] as const;
/** One of {@link CHANNELS}. */
export type Channel = (typeof CHANNELS)[number];

/**
 * How a time limit works. `within`: at most N working days after the event; `before`: at least N working days
 * before it; `immediate`: at once, shown with the event's date; `continuous`, `timely`, `byReference`,
 * `notStated`: no countdown, never called late.
 */
export const DEADLINE_MODES = [
  'within',
  'before',
  'immediate',
  'continuous',
  'timely',
  'byReference',
  'notStated',
] as const;
/** One of {@link DEADLINE_MODES}. */
export type DeadlineMode = (typeof DEADLINE_MODES)[number];

export const closed = { additionalProperties: false } as const;
/** Written like a date; whether it is one, `readProfile` says. */
export const DateString = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const Id = Type.String({ pattern: '^[a-z][A-Za-z0-9-]{0,59}$' });

/** `clause` for people ("Điều 4 khoản 6"), `ref` for machines ("VP17-4.6"). */
export const citation = {
  clause: Type.String({ minLength: 1 }),
  ref: Type.String({ pattern: '^[A-Z]{2}\\d{2}(-[\\p{L}\\d.-]+)?$' }),
};
