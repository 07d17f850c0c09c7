import { type Static, Type } from 'typebox';
import { DAY_KINDS } from '../deadlines/calendar.ts';
import { ROLES } from '../people/roles.ts';
import { DEADLINE_MODES } from '../regulations/shape.ts';
import { Bilingual, Day, Id, Instant, Nothing, Nullable, query, Strict } from './define.ts';
import { Action, ArticleRow, State } from './rows.ts';

/** What a window asks about deadlines, sections, who acts next and who stands in for whom. */

/** Whose pieces count: everybody's, those that wait for the person at this desk, or one unit's. */
export const Whose = Type.Union([
  Strict({ who: Type.Literal('all') }),
  Strict({ who: Type.Literal('mine') }),
  Strict({ who: Type.Literal('unit'), unitId: Id }),
]);
export type Whose = Static<typeof Whose>;

export const Risk = Type.Enum(['late', 'at-risk', 'soon', 'ok', 'none']);

/** A piece in the calendar. `risk` is null when it is finished. */
export const DuePiece = Strict({
  id: Id,
  title: Type.String(),
  channel: ArticleRow.properties.channel,
  state: State,
  risk: Nullable(Risk),
});
export type DuePiece = Static<typeof DuePiece>;

/** So many pieces of a day are named; of the rest there is the number. */
export const PIECES_PER_DAY = 3;

const DayKind = Type.Enum(['workday', ...DAY_KINDS]);

export const DueDay = Strict({
  date: Day,
  working: Type.Boolean(),
  kind: DayKind,
  name: Nullable(Bilingual),
  /** The holiday, on a rest day, for which this day is off. */
  compensates: Nullable(Day),
  /** A yearly notice that has not been entered decides about this day. */
  assumed: Type.Boolean(),
  total: Type.Integer(),
  late: Type.Integer(),
  pieces: Type.Array(DuePiece),
});
export type DueDay = Static<typeof DueDay>;

export const CountedDay = Strict({
  date: Day,
  kind: Type.Enum(['event', 'counted', 'workday', ...DAY_KINDS]),
  /** Number of the working day; null on days that do not count. */
  n: Nullable(Type.Integer()),
  name: Nullable(Bilingual),
  compensates: Nullable(Day),
  assumed: Type.Boolean(),
});
export type CountedDay = Static<typeof CountedDay>;

/** How a due date came about (`domain/deadlines`), for the article as this desk has it. */
export const DueExplanation = Strict({
  status: Type.Enum(['counted', 'event-date', 'no-countdown', 'event-date-missing', 'event-date-bad']),
  mode: Type.Enum([...DEADLINE_MODES]),
  workingDays: Nullable(Type.Integer()),
  /** What the clock runs from or to; where the regulation names no event, the field with its date. */
  event: Nullable(Bilingual),
  eventDate: Nullable(Day),
  dueDate: Nullable(Day),
  days: Type.Array(CountedDay),
  today: Day,
  complete: Type.Boolean(),
  assumed: Type.Boolean(),
  /** The words of the regulation, Vietnamese. */
  quote: Nullable(Type.String()),
  clause: Nullable(Type.String()),
  ref: Nullable(Type.String()),
  /** The portal's row says another day: it has not counted this text or this calendar yet. */
  portalSays: Nullable(Day),
});
export type DueExplanation = Static<typeof DueExplanation>;

const SectionLine = {
  published: Type.Integer(),
  lastPublishedAt: Nullable(Instant),
  open: Type.Integer(),
  late: Type.Integer(),
  status: Type.Enum(['late', 'empty', 'review', 'ok']),
};

/** A section (mục tin) and how it stands. */
export const SectionRow = Strict({
  categoryId: Id,
  name: Bilingual,
  /** Of the rule for updating it. */
  mode: Type.Enum([...DEADLINE_MODES]),
  workingDays: Nullable(Type.Integer()),
  clause: Nullable(Type.String()),
  ref: Nullable(Type.String()),
  ...SectionLine,
  /** Units that the regulation binds to it, each by itself. */
  units: Type.Array(Strict({ unitId: Id, ...SectionLine })),
});
export type SectionRow = Static<typeof SectionRow>;

/** Somebody who may act next. */
export const NextPersonInfo = Strict({
  personId: Id,
  name: Bilingual,
  unitId: Id,
  roles: Type.Array(Type.Enum([...ROLES])),
  action: Action,
  isMe: Type.Boolean(),
  /** For whom, and until when, if not for themselves. */
  onBehalfOf: Nullable(Bilingual),
  until: Nullable(Day),
});
export type NextPersonInfo = Static<typeof NextPersonInfo>;

/** More people than that are only counted. */
export const PEOPLE_NAMED = 8;

/** Why an article does not go out, and who acts next (`domain/workflow/standing.ts`). */
export const StandingInfo = Strict({
  obstacles: Type.Array(
    Strict({
      code: Type.String(),
      ref: Nullable(Type.String()),
      stopsNext: Type.Boolean(),
      /** Of `not-taken`: the code of the refusal. */
      why: Nullable(Type.String()),
      /** How many checks, files or edits it is about; 0 where there is nothing to count. */
      count: Type.Integer(),
    }),
  ),
  next: Type.Array(NextPersonInfo),
  nextTotal: Type.Integer(),
  stepsLeft: Type.Integer(),
});
export type StandingInfo = Static<typeof StandingInfo>;

/** A delegation (ủy quyền) as both sides of it see it. `isNow` is false before its first day. */
export const DelegationInfo = Strict({
  id: Id,
  from: Bilingual,
  to: Bilingual,
  unitId: Id,
  roles: Type.Array(Type.Enum([...ROLES])),
  firstDay: Day,
  lastDay: Day,
  basis: Type.String(),
  isNow: Type.Boolean(),
});
export type DelegationInfo = Static<typeof DelegationInfo>;

/** No calendar shows more days at once. */
export const MAX_CALENDAR_DAYS = 62;

export const planning = {
  /** The days from `from` to `to` with what is due on each, and what is late, at risk and soon over all days. */
  days: query(
    Strict({ from: Day, to: Day, whose: Whose }),
    Strict({
      today: Day,
      days: Type.Array(DueDay),
      late: Type.Integer(),
      atRisk: Type.Integer(),
      /** Due today or soon, at risk or not. */
      soon: Type.Integer(),
      /** Unfinished pieces without a countdown. */
      without: Type.Integer(),
    }),
    ['bad-request'],
  ),
  explain: query(Strict({ articleId: Id }), DueExplanation, ['article-unknown']),
  /**
   * Sections with how they stand. A desk that holds one unit's pieces alone answers for that unit (`isOwnUnitOnly`), whatever is
   * asked. `reminderDays`: see `domain/content/sections.ts`; 0 for never.
   */
  sections: query(
    Strict({ unitId: Nullable(Id), reminderDays: Type.Integer({ minimum: 0, maximum: 3660 }) }),
    Strict({ rows: Type.Array(SectionRow), unitId: Nullable(Id), isOwnUnitOnly: Type.Boolean() }),
  ),
  standing: query(Strict({ articleId: Id }), StandingInfo, ['article-unknown']),
  /** Delegations of the person at this desk, to and from, that hold or will hold. */
  delegations: query(
    Nothing,
    Strict({ received: Type.Array(DelegationInfo), given: Type.Array(DelegationInfo) }),
  ),
} as const;
