import { type Static, Type } from 'typebox';
import type { Place } from '../content/index.ts';
import {
  announcement,
  Bilingual,
  Bytes,
  Id,
  Instant,
  Nothing,
  Nullable,
  query,
  request,
  Sha256,
  Strict,
} from './define.ts';
import { Difference, history } from './history.ts';
import { planning } from './planning.ts';
import { presence } from './presence.ts';
import { OwnReservation } from './reservations.ts';
import { Action, ArticleRow, DecisionRow, OrganisationInfo, PersonInfo, State, UnitInfo } from './rows.ts';

/** What a window may ask of the engine, by area. */

// ---------- session ----------
export const SessionState = Strict({
  /**
   * `expired`: work goes on here, sending needs a new sign-in. `locked`: somebody is signed in, but the desk waits for the
   * password, because no key store of the system opens it.
   */
  status: Type.Enum(['signed-out', 'signed-in', 'expired', 'locked']),
  person: Nullable(PersonInfo),
  portalUrl: Type.String(),
  lastAccount: Nullable(Type.String()),
  /** A desk of this portal is on this machine: its password opens it without the portal. */
  hasDeskHere: Type.Boolean(),
});
export type SessionState = Static<typeof SessionState>;

export const session = {
  state: query(Nothing, SessionState),
  /**
   * Asks the portal; when that can't be reached, opens the desk of this account that is on this machine. `former-password`: the
   * portal took the password, but the desk here was sealed under an earlier one. `key-missing`: nothing opens it.
   */
  signIn: request(
    Strict({
      account: Type.String({ minLength: 1, maxLength: 100 }),
      password: Type.String({ minLength: 1, maxLength: 1000 }),
      formerPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
      /** Chosen and confirmed by the person: a desk that can't be opened is put aside whole, and a new one begun. */
      afresh: Type.Optional(Type.Literal(true)),
    }),
    SessionState,
    [
      'wrong-password-here',
      'former-password',
      'former-password-wrong',
      'key-missing',
      'disk-full',
      'not-saved',
      'wrong-password',
      'account-inactive',
      'portal-unreachable',
      'portal-error',
      'portal-garbage',
      'rate-limited',
      'desk-too-old',
      'portal-too-old',
    ],
  ),
  /** Ends the session at the portal when it can be reached; nothing that is saved here is removed. */
  signOut: request(Nothing, SessionState),
  setPortal: request(Strict({ url: Type.String({ maxLength: 500 }) }), SessionState, ['bad-request']),
} as const;

// ---------- connection ----------
export const ConnectionState = Strict({
  online: Type.Boolean(),
  /** When `online` last changed. */
  since: Nullable(Instant),
  /** Portal's last answer. */
  lastContactAt: Nullable(Instant),
  /** Items waiting to be sent, and of those being sent now. */
  waiting: Type.Integer(),
  sending: Type.Integer(),
  /** Articles kept only on this machine because they are not declared. */
  heldHere: Type.Integer(),
  /** Why reading and deciding wait for the portal: it was not reached for longer than it allows, or the account is off. */
  lockedBy: Nullable(Type.Enum(['offline-too-long', 'account-inactive'])),
  /** Last time the portal took something. */
  lastAcceptedAt: Nullable(Instant),
  /** Why not online: a code, when known. */
  problem: Nullable(Type.String()),
  /** The portal answers, whether anybody is signed in there or not. */
  reachable: Type.Boolean(),
  nextTryAt: Nullable(Instant),
  lastSavedAt: Nullable(Instant),
  /** Since when the disk takes nothing. */
  unsavedSince: Nullable(Instant),
});
export type ConnectionState = Static<typeof ConnectionState>;

export const connection = {
  state: query(Nothing, ConnectionState),
  retry: request(Nothing, Nothing),
} as const;

// ---------- the store of this desk ----------
/** Why the desk of who is signed in can't be opened. Nothing was deleted or changed. */
export const StoreTrouble = Strict({
  code: Type.Enum([
    'store-damaged',
    'store-wrong-key',
    'store-not-sealed',
    'store-too-new',
    'store-locked',
    'store-read-only',
    'disk-full',
    'not-saved',
  ]),
  /** Name of the desk's folder. */
  folder: Type.String(),
  /** The newest backup that was found whole; null when there is none, or when none would help. */
  backup: Nullable(Strict({ takenAt: Instant, sizeInBytes: Type.Integer() })),
  /** Beginning anew beside what can't be opened would help. */
  mayStartAfresh: Type.Boolean(),
});
export type StoreTrouble = Static<typeof StoreTrouble>;

export const store = {
  trouble: query(
    Nothing,
    Strict({
      trouble: Nullable(StoreTrouble),
      /**
       * When damage was met in the store while it is open. Work goes on; the next start looks at everything and, if it is so, says
       * `store-damaged` with what can be restored.
       */
      damagedSince: Nullable(Instant),
    }),
  ),
  /** Opens the desk again. */
  retry: request(Nothing, Nothing),
  /** Puts the backup of that time in the place of the damaged store, which is moved aside, never deleted. */
  restore: request(Strict({ takenAt: Instant }), Nothing, ['backup-unusable', 'disk-full', 'not-saved']),
  /** Moves the store that can't be opened aside and begins an empty one: only when the person chose it and confirmed. */
  startAfresh: request(Strict({ confirmed: Type.Literal(true) }), Nothing, ['disk-full', 'not-saved']),
} as const;

// ---------- articles ----------
export const SyncMark = Type.Enum(['local', 'waiting', 'sending', 'received', 'refused']);
export type SyncMark = Static<typeof SyncMark>;

/** The row as this desk sees it: the portal's, plus what is pending here. */
export const DeskRow = Strict({
  ...ArticleRow.properties,
  /** State with this desk's own pending proposals applied. */
  projectedState: State,
  /** Not declared yet: nothing of it leaves this machine. */
  local: Type.Boolean(),
  sync: SyncMark,
  /** When saved here, or when the portal took it. */
  syncAt: Nullable(Instant),
  savedAt: Nullable(Instant),
  pendingUpdates: Type.Integer(),
  pendingDecisions: Type.Integer(),
  pendingFiles: Type.Integer(),
  /** Code of a refusal that this desk's person has to look at. */
  problem: Nullable(Type.String()),
  /** This person's approval of an earlier text, which did not pass. */
  earlierApprovalId: Nullable(Id),
  /** Who acts next: roles, and the unit if it is one unit's. Empty when nobody. */
  nextRoles: Type.Array(Type.String()),
  nextUnitId: Nullable(Id),
  /** Whether that is the person at this desk. */
  mine: Type.Boolean(),
  dueStatus: Strict({
    code: Type.Enum(['late', 'today', 'soon', 'ok', 'none', 'done']),
    workingDays: Type.Integer(),
  }),
});
export type DeskRow = Static<typeof DeskRow>;

export const VIEWS = [
  'mine',
  'working',
  'unit',
  'late',
  'at-risk',
  'soon',
  'returned',
  'review',
  'translation',
  'published',
  'all',
] as const;
export const View = Type.Enum([...VIEWS]);
export type View = Static<typeof View>;

/** A day of the calendar in Viet Nam, `YYYY-MM-DD`. */
const Day = Type.String({ pattern: '^[12]\\d{3}-\\d{2}-\\d{2}$' });

/** By which date a list is narrowed; both ends belong to it, days in Viet Nam. What has no such date is left out. */
export const ListDates = Strict({
  of: Type.Enum(['updated', 'due', 'published']),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
});
export type ListDates = Static<typeof ListDates>;

export const ListArgs = Strict({
  view: View,
  text: Type.Optional(Type.String({ maxLength: 200 })),
  states: Type.Optional(Type.Array(State)),
  unitId: Type.Optional(Id),
  categoryId: Type.Optional(Id),
  channel: Type.Optional(ArticleRow.properties.channel),
  dates: Type.Optional(ListDates),
  /** Only what waits for the person at this desk. */
  onlyMine: Type.Optional(Type.Boolean()),
  /** `relevance`: best answers to `text` first; without a text it is `due`. */
  sort: Type.Enum(['due', 'updated', 'title', 'relevance']),
  offset: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1, maximum: 200 }),
});
export type ListArgs = Static<typeof ListArgs>;

/** Stretches of a text where the words of a search stand: pairs of UTF-16 offsets, in order, not overlapping. */
const Ranges = Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })]));

/** Why an article answers a search. */
export const Found = Strict({
  /** In the row's title. */
  titleRanges: Ranges,
  /** A passage beside the title, where there is one that says more. */
  passage: Nullable(
    Strict({
      place: Type.Enum(['summary', 'fields', 'body', 'attachments']),
      /** The field's id or the file's name. */
      name: Nullable(Type.String()),
      text: Type.String(),
      ranges: Ranges,
    }),
  ),
});
export type Found = Static<typeof Found>;

/** A row of a list. `found` only in answer to a search, and only where the index has the article. */
export const ListRow = Strict({ ...DeskRow.properties, found: Type.Optional(Found) });
export type ListRow = Static<typeof ListRow>;

/** What the person at this desk may do with an article now, and what stands in the way. */
export const ActionInfo = Strict({
  action: Action,
  /** Codes with clause that must be solved first; empty when it would pass by what this desk knows. */
  blockedBy: Type.Array(
    Strict({ code: Type.String(), ref: Nullable(Type.String()), fieldId: Nullable(Type.String()) }),
  ),
  requiresReason: Type.Boolean(),
  clause: Type.String(),
  ref: Type.String(),
  /** For whom the person would stand in; left out when they act for themselves. */
  onBehalfOf: Type.Optional(Bilingual),
});
export type ActionInfo = Static<typeof ActionInfo>;

export const CheckIssue = Strict({
  code: Type.String(),
  severity: Type.Enum(['must', 'should']),
  fieldId: Nullable(Type.String()),
  clause: Type.String(),
  ref: Type.String(),
  /** What fills the sentence. */
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  /** A `Place` of `domain/content`: where in what was written. */
  place: Type.Optional(Type.Unsafe<Place>(Type.Object({ kind: Type.String() }))),
});
export type CheckIssue = Static<typeof CheckIssue>;

/** A decision as a screen lists it: without the content. */
export const DecisionInfo = Strict({
  id: DecisionRow.properties.id,
  action: Action,
  actorId: Id,
  actorName: Bilingual,
  /** For whom the person stood in; left out when they decided for themselves. */
  onBehalfOf: Type.Optional(Bilingual),
  proposedAt: Instant,
  fingerprint: Nullable(Sha256),
  reason: Nullable(Type.String()),
  status: DecisionRow.properties.status,
  verdictCode: Nullable(Type.String()),
  verdictRef: Nullable(Type.String()),
  verdictAt: Nullable(Instant),
  stateAfter: Nullable(State),
  version: Nullable(Type.Integer()),
});
export type DecisionInfo = Static<typeof DecisionInfo>;

export const FileState = Strict({
  sha256: Sha256,
  /** Bytes on this machine. */
  here: Type.Boolean(),
  storedAt: Nullable(Instant),
  sentBytes: Type.Integer(),
  size: Type.Integer(),
});
export type FileState = Static<typeof FileState>;

export const ArticleDetail = Strict({
  row: DeskRow,
  mayEdit: Type.Boolean(),
  /**
   * `coming`: nothing of the text has reached this desk, so it is not written into yet. `partly`: a part that the rest stands on is
   * missing. Both pass by themselves.
   */
  text: Type.Enum(['here', 'coming', 'partly']),
  actions: Type.Array(ActionInfo),
  checks: Type.Array(CheckIssue),
  decisions: Type.Array(DecisionInfo),
  files: Type.Array(FileState),
  /** Whether this person may say to work on it offline, what was said, and why the portal did not take it. */
  reservation: Strict({
    mayTake: Type.Boolean(),
    own: Nullable(OwnReservation),
    problem: Nullable(Type.String()),
  }),
  /** The article in the other channel, if this desk has it. */
  counterpart: Nullable(
    Strict({ id: Id, title: Type.String(), state: State, publicPath: Nullable(Type.String()) }),
  ),
});
export type ArticleDetail = Static<typeof ArticleDetail>;

export const articles = {
  list: query(ListArgs, Strict({ total: Type.Integer(), offset: Type.Integer(), rows: Type.Array(ListRow) })),
  counts: query(Nothing, Type.Record(View, Type.Integer())),
  detail: query(Strict({ articleId: Id }), ArticleDetail, ['article-unknown']),
  /** Repeating it with the same id changes nothing. */
  create: request(
    Strict({ articleId: Id, categoryId: Id, title: Type.String({ maxLength: 1000 }) }),
    Strict({ articleId: Id }),
    ['category-unknown', 'wrong-role', 'unit-ended', 'not-saved', 'disk-full'],
  ),
  createTranslation: request(Strict({ articleId: Id, sourceArticleId: Id }), Strict({ articleId: Id }), [
    'article-unknown',
    'wrong-role',
    'source-not-approved',
    'article-exists',
    'not-saved',
    'disk-full',
  ]),
  /** Says that this person works on it offline until the end of a day, or not any more (null). Told to the portal when it can be reached. */
  reserve: request(Strict({ articleId: Id, day: Nullable(Day) }), Nothing, [
    'article-unknown',
    'not-declared',
    'forbidden',
    'reservation-day',
    'not-saved',
    'disk-full',
  ]),
} as const;

// ---------- documents ----------
export const documents = {
  /** The whole document as one Yjs V2 update. Later changes arrive as `documents.changed`. */
  open: request(Strict({ articleId: Id }), Strict({ state: Bytes, mayEdit: Type.Boolean() }), [
    'article-unknown',
  ]),
  close: request(Strict({ articleId: Id }), Nothing),
  /** Answered when the update is in a committed transaction, synced to disk. Same id again: same answer, one effect. */
  append: request(Strict({ articleId: Id, updateId: Id, update: Bytes }), Strict({ savedAt: Instant }), [
    'article-unknown',
    'malformed-update',
    'disk-full',
    'not-saved',
    'forbidden',
  ]),
  /** An update from elsewhere (another window, another desk). */
  changed: announcement(Strict({ articleId: Id, update: Bytes, authorId: Id })),
} as const;

// ---------- decisions ----------
export const decisions = {
  /**
   * Proposes a decision, offline too. `fingerprint` is what the person has on the screen; `content-changed` when the
   * engine's text is another by now. Repeating it with the same id has one effect.
   */
  propose: request(
    Strict({
      decisionId: Id,
      articleId: Id,
      action: Action,
      fingerprint: Nullable(Sha256),
      reason: Nullable(Type.String({ maxLength: 4000 })),
    }),
    Strict({ savedAt: Instant, status: DecisionRow.properties.status }),
    [
      'article-unknown',
      'not-declared',
      'already-declared',
      'wrong-role',
      'wrong-unit',
      'wrong-state',
      'reason-required',
      'content-changed',
      'incomplete',
      'four-eyes',
      'source-not-approved',
      'unit-ended',
      'not-saved',
      'disk-full',
    ],
  ),
  /** What differs between the text of a decision and the text now. */
  compare: request(Strict({ articleId: Id, decisionId: Id }), Difference, ['article-unknown', 'not-found']),
} as const;

// ---------- files ----------
export const files = {
  /** Bytes come in pieces, so that a large file never stands in memory whole. */
  begin: request(
    Strict({
      uploadId: Id,
      articleId: Id,
      name: Type.String({ minLength: 1, maxLength: 255 }),
      type: Type.String({ maxLength: 200 }),
      size: Type.Integer({ minimum: 0 }),
    }),
    Nothing,
    ['article-unknown', 'file-type-refused', 'file-too-large', 'file-empty', 'disk-full', 'forbidden'],
  ),
  chunk: request(
    Strict({ uploadId: Id, offset: Type.Integer({ minimum: 0 }), bytes: Bytes }),
    Strict({ received: Type.Integer() }),
    ['not-found', 'disk-full', 'bad-request'],
  ),
  /** Answered when the file is under its SHA-256 on disk, synced. The window then names it in the document. */
  finish: request(Strict({ uploadId: Id }), Strict({ sha256: Sha256, size: Type.Integer() }), [
    'not-found',
    'file-damaged',
    'disk-full',
  ]),
  abort: request(Strict({ uploadId: Id }), Nothing),
  /** Reads from this machine, fetching from the portal first when it is not here. At most 1 MiB at a time. */
  read: request(
    Strict({ articleId: Id, sha256: Sha256, offset: Type.Integer({ minimum: 0 }) }),
    Strict({ bytes: Bytes, size: Type.Integer() }),
    ['file-unknown', 'portal-unreachable', 'file-damaged', 'not-signed-in'],
  ),
} as const;

// ---------- directory ----------
export const directory = {
  /** `profile` and `calendar` have the shapes of `domain/regulations` and `domain/deadlines`. */
  all: query(
    Nothing,
    Strict({
      organisation: Nullable(OrganisationInfo),
      units: Type.Array(UnitInfo),
      people: Type.Array(PersonInfo),
      profile: Type.Unknown(),
      calendar: Type.Unknown(),
    }),
  ),
} as const;

// ---------- outbox ----------
export const OutboxItem = Strict({
  id: Type.String(),
  articleId: Id,
  title: Type.String(),
  kind: Type.Enum(['text', 'decision', 'file']),
  action: Nullable(Action),
  fileName: Nullable(Type.String()),
  state: Type.Enum(['held', 'waiting', 'sending', 'waiting-at-portal', 'accepted', 'refused', 'dismissed']),
  at: Instant,
  size: Type.Integer(),
  sentBytes: Type.Integer(),
  code: Nullable(Type.String()),
  ref: Nullable(Type.String()),
  /** Words of this person that are kept aside because the article has left the desk. */
  keptText: Nullable(Type.String()),
  /** Whether it can be sent once more as it is. */
  maySendAgain: Type.Boolean(),
});
export type OutboxItem = Static<typeof OutboxItem>;

export const outbox = {
  list: query(Nothing, Strict({ items: Type.Array(OutboxItem) })),
  /** Puts away what the portal did not take; it stays in the list as `dismissed`. Refused text leaves the article here. */
  dismiss: request(Strict({ id: Type.String({ maxLength: 300 }) }), Nothing, [
    'not-found',
    'article-open',
    'not-saved',
    'disk-full',
  ]),
  /** Lets what the portal did not take wait once more. */
  sendAgain: request(Strict({ id: Type.String({ maxLength: 300 }) }), Nothing, [
    'not-found',
    'not-saved',
    'disk-full',
  ]),
} as const;

// ---------- preferences ----------
export const Preferences = Strict({
  language: Type.Enum(['vi', 'en']),
  theme: Type.Enum(['system', 'light', 'dark']),
  density: Type.Enum(['comfortable', 'compact']),
  /** After how many days without anything new a section is worth a look; 0 for never. A reminder, no limit of any regulation. */
  sectionReminderDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3660 })),
});
export type Preferences = Static<typeof Preferences>;
export const preferences = {
  get: query(Nothing, Preferences),
  set: request(Type.Partial(Preferences, { additionalProperties: false }), Preferences, ['not-saved']),
} as const;

export const DESK = {
  session,
  connection,
  store,
  articles,
  documents,
  presence,
  decisions,
  history,
  files,
  planning,
  directory,
  outbox,
  preferences,
} as const;
export type Desk = typeof DESK;
export type AreaName = keyof Desk;
