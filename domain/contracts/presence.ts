import { type Static, Type } from 'typebox';
import { Id, Nothing, Nullable, query, request, Strict } from './define.ts';

/** A place in a text that stays where it is while others write: a relative position of Yjs, encoded, base64. */
const Spot = Type.String({ minLength: 1, maxLength: 400, pattern: '^[A-Za-z0-9+/]+={0,2}$' });

/** Where somebody's cursor stands in the body; `anchor` and `focus` differ while something is selected. */
export const CursorPlace = Strict({ anchor: Spot, focus: Spot });
export type CursorPlace = Static<typeof CursorPlace>;

/**
 * `POST /api/sync/presence`: a window of this session has the article open (`isHere`) or not any more. Never stored,
 * passed on at once to the other sessions that have the article open. `isNew` asks those to say that they are here.
 */
export const PresenceBody = Strict({
  articleId: Id,
  windowId: Id,
  isHere: Type.Boolean(),
  isNew: Type.Boolean(),
  /** Null while the person only reads. */
  place: Nullable(CursorPlace),
});
export type PresenceBody = Static<typeof PresenceBody>;

/** Event `presence` of the stream: what another session said of an article that this one has open too. */
export const PresenceEvent = Strict({
  articleId: Id,
  /** Of one window of one session, as long as that lasts; says nothing else. */
  key: Id,
  personId: Id,
  isHere: Type.Boolean(),
  isNew: Type.Boolean(),
  place: Nullable(CursorPlace),
});
export type PresenceEvent = Static<typeof PresenceEvent>;

/** Somebody else who has the article open now. */
export const Present = Strict({ key: Id, personId: Id, place: Nullable(CursorPlace) });
export type Present = Static<typeof Present>;

/** What a window asks. */
export const presence = {
  /** A window has the article open, and where its cursor stands; or not any more. Told to the others who have it open now. */
  tell: request(Strict({ articleId: Id, isHere: Type.Boolean(), place: Nullable(CursorPlace) }), Nothing),
  /** Who else has the article open now. Nobody, while the portal can't be reached. */
  others: query(Strict({ articleId: Id }), Strict({ others: Type.Array(Present) })),
} as const;
