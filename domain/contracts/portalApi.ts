import { type Static, Type } from 'typebox';
import { Id, Instant, Strict } from './define.ts';
import { PersonInfo } from './rows.ts';

/** The portal's HTTP interface, as desk and portal both use it. All bodies are JSON, all under `/api`. */

/**
 * Version of this interface: both sides send theirs as `x-soan-api` with every request and every answer. Below the portal's minimum a desk is answered
 * 426 `desk-too-old`; below the desk's a portal is `portal-too-old`. Either way the desk goes on by itself and keeps what was written.
 * 2: snapshots, scopes, text in front of the decisions on it.
 */
export const API_VERSION = 2;
/** Oldest desk that a portal of this version speaks with. */
export const OLDEST_DESK = 2;
/** Oldest portal that a desk of this version speaks with. */
export const OLDEST_PORTAL = 2;
export const API_VERSION_HEADER = 'x-soan-api';
/** Media type of a long answer under `/api/sync` to who accepts it: the JSON as a gzip file. */
export const GZIP_FILE = 'application/gzip';

export const ErrorBody = Strict({
  code: Type.String(),
  message: Type.String(),
  ref: Type.Optional(Type.String()),
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type ErrorBody = Static<typeof ErrorBody>;

/** `POST /api/session` */
export const SignInBody = Strict({
  account: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 1000 }),
  deskId: Id,
});
/** `POST /api/session/refresh`: the refresh token is used once; the answer has the next one. */
export const RefreshBody = Strict({
  refreshToken: Type.String({ minLength: 20, maxLength: 500 }),
  deskId: Id,
});
export const SessionReply = Strict({
  accessToken: Type.String(),
  accessExpiresAt: Instant,
  refreshToken: Type.String(),
  person: PersonInfo,
  organisationId: Id,
  portalTime: Instant,
});
export type SessionReply = Static<typeof SessionReply>;

/** Place in the feed of one collection; strictly ordered, never skips a row that commits late. */
export const Checkpoint = Strict({
  sequence: Type.Integer({ minimum: 0 }),
  id: Type.String(),
  /** Number of the person's roles and unit under which the desk came here. */
  scope: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Earlier ones, joined by dots, whose rows still have to be put right, and how far the desk had come under them. */
  was: Type.Optional(Type.String()),
  since: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type Checkpoint = Static<typeof Checkpoint>;

/** `GET /api/sync/<collection>?sequence=&id=&limit=` */
export const PullQuery = Strict({
  sequence: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  id: Type.String({ default: '' }),
  limit: Type.Integer({ minimum: 1, maximum: 2500, default: 200 }),
  scope: Type.Integer({ minimum: 0, maximum: 2_000_000_000, default: 0 }),
  was: Type.String({ maxLength: 200, pattern: '^(\\d{1,9}(\\.\\d{1,9})*)?$', default: '' }),
  since: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
});
/** `POST /api/sync/<collection>`: `{rows: [{newDocumentState, assumedMasterState?}]}` as RxDB's replication sends. */
export const PushReply = Strict({
  /** Current states of rows that the portal holds differently; RxDB resolves them. */
  conflicts: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  /** Rows that the portal will never take, with the code; the desk keeps and shows them. */
  refused: Type.Array(Strict({ id: Id, code: Type.String(), ref: Type.Optional(Type.String()) })),
});
export type PushReply = Static<typeof PushReply>;

/** Events of `GET /api/sync/stream`: `event: changed`, data `{"collections":["updates"]}`; the first is `event: resync`. */
export const StreamEvent = Strict({ collections: Type.Array(Type.String()), portalTime: Instant });
export type StreamEvent = Static<typeof StreamEvent>;

/**
 * Files: tus 1.0 at `/api/files/uploads` with metadata `sha256`, `articleId`, `filename`, `filetype`;
 * `HEAD` and `GET /api/files/<sha256>?articleId=` say whether the store has it and give the bytes.
 */
export const FILE_UPLOADS_PATH = '/api/files/uploads';
