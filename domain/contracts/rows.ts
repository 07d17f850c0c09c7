import { type Static, Type } from 'typebox';
import { type Person, PersonSchema } from '../people/types.ts';
import { ARTICLE_STATES, CHAIN_ACTIONS, CHANNELS } from '../regulations/types.ts';
import { Bilingual, Day, Id, Instant, Nullable, Sha256, Strict } from './define.ts';
import { Reservation } from './reservations.ts';

/** Rows of the collections that desk and portal exchange (README, "Collections"). Bytes travel as base64. */

export const Channel = Type.Enum([...CHANNELS]);
export type Channel = Static<typeof Channel>;
export const State = Type.Enum([...ARTICLE_STATES]);

/** One Yjs update in V2 encoding. Append-only; `held` rows have not been released to leave the machine. */
export const UpdateRow = Strict({
  id: Id,
  articleId: Id,
  authorId: Id,
  deskId: Id,
  /** Desk clock; informs, never decides. */
  at: Instant,
  held: Type.Boolean(),
  update: Type.String({ maxLength: 12_000_000 }),
});
export type UpdateRow = Static<typeof UpdateRow>;

/** The portal's state of an article in place of the updates that it covers; one per article, replaced as a whole. */
export const SnapshotRow = Strict({
  /** The article's. */
  id: Id,
  articleId: Id,
  /** Portal clock. */
  madeAt: Instant,
  /** How many updates it stands for, and the last of them in the portal's order of arrival. */
  updates: Type.Integer({ minimum: 1 }),
  through: Type.Integer({ minimum: 1 }),
  /** Of the text that it holds. */
  fingerprint: Sha256,
  /** The whole document as one Yjs update in V2 encoding. */
  state: Type.String({ maxLength: 64_000_000 }),
});
export type SnapshotRow = Static<typeof SnapshotRow>;

export const ACTIONS = ['declare', ...CHAIN_ACTIONS] as const;
export const Action = Type.Enum([...ACTIONS]);
export type Action = Static<typeof Action>;

/** What a `declare` opens at the portal: the article itself, with the statement that it holds no state secret. */
export const Declaration = Strict({
  unitId: Id,
  channel: Channel,
  categoryId: Id,
  sourceArticleId: Nullable(Id),
  createdAt: Instant,
});
export type Declaration = Static<typeof Declaration>;

/** A proposal of a person and the portal's verdict on it. */
export const DecisionRow = Strict({
  id: Id,
  articleId: Id,
  action: Action,
  actorId: Id,
  deskId: Id,
  /** Order of the proposals of one desk. */
  position: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  /** Desk clock. */
  proposedAt: Instant,
  /** SHA-256 of the canonical content that the person saw; null for `declare`. */
  fingerprint: Nullable(Sha256),
  /** That canonical content itself, raw DEFLATE, base64: the evidence of what was decided. Null for `declare`. */
  content: Nullable(Type.String({ maxLength: 12_000_000 })),
  /** Yjs state vector that the person had, base64: the portal waits for the text before it judges. */
  stateVector: Nullable(Type.String({ maxLength: 1_000_000 })),
  reason: Nullable(Type.String({ maxLength: 4000 })),
  declaration: Nullable(Declaration),
  status: Type.Enum(['proposed', 'accepted', 'refused']),
  /** Why refused: a code of `errors.ts`; or what the portal still waits for. */
  verdictCode: Nullable(Type.String({ maxLength: 60 })),
  verdictRef: Nullable(Type.String({ maxLength: 60 })),
  /** Portal clock. */
  verdictAt: Nullable(Instant),
  stateAfter: Nullable(State),
  /** Number of the text ("bản 4") that an accepted decision is about. */
  version: Nullable(Type.Integer({ minimum: 0 })),
  /** For whom the person stood in, by the verdict; null: they decided for themselves, or there is no acceptance yet. */
  onBehalfOf: Nullable(Id),
});
export type DecisionRow = Static<typeof DecisionRow>;

/** What of a decision is the portal's to say, before it has said anything. */
export const UNDECIDED = {
  status: 'proposed',
  verdictCode: null,
  verdictRef: null,
  verdictAt: null,
  stateAfter: null,
  version: null,
  onBehalfOf: null,
} as const satisfies Partial<DecisionRow>;

/** A file that an article names. The bytes travel beside it, by SHA-256. */
export const FileRow = Strict({
  /** `<articleId>.<sha256>` */
  id: Id,
  articleId: Id,
  sha256: Sha256,
  size: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  type: Type.String({ maxLength: 200 }),
  addedBy: Id,
  at: Instant,
  held: Type.Boolean(),
  /** Portal clock: when the portal had verified and stored the bytes. */
  storedAt: Nullable(Instant),
});
export type FileRow = Static<typeof FileRow>;

/** A due date, its clause, and the name of the rule that it was computed with (`VP17-7.4@1`: reference and version of the profile). */
export const Due = Strict({ date: Day, clause: Type.String(), ref: Type.String(), rule: Type.String() });
export type Due = Static<typeof Due>;

/** The portal's derived row per article. */
export const ArticleRow = Strict({
  id: Id,
  unitId: Id,
  channel: Channel,
  categoryId: Id,
  sourceArticleId: Nullable(Id),
  /** The article of the other channel that this one belongs to, once it exists. */
  counterpartId: Nullable(Id),
  title: Type.String(),
  summary: Type.String(),
  state: State,
  /** Number of the current text: rises with every submission and every decided change. */
  version: Type.Integer({ minimum: 0 }),
  /** Of the portal's current text. */
  fingerprint: Nullable(Sha256),
  /** Who changed the text since the last submission. */
  contributors: Type.Array(Id),
  createdBy: Id,
  createdAt: Instant,
  updatedAt: Instant,
  submittedAt: Nullable(Instant),
  publishedAt: Nullable(Instant),
  publishedFingerprint: Nullable(Sha256),
  publicPath: Nullable(Type.String()),
  due: Nullable(Due),
  /** Reason of the last step back or out: a return, a refusal, a recall, a correction, a taking down. */
  reason: Nullable(Type.String()),
  /** Who works on it offline, and until when; may hold what has ended. Null or absent: nobody. */
  reservations: Type.Optional(Nullable(Type.Array(Reservation))),
});
export type ArticleRow = Static<typeof ArticleRow>;

/** Units, people, delegations, the regulation profile, the calendar, the organisation: one row each. */
export const DirectoryRow = Strict({
  /** `organisation`, `profile`, `calendar`, `unit:<id>`, `person:<id>` or `delegation:<id>`. */
  id: Id,
  kind: Type.Enum(['organisation', 'profile', 'calendar', 'unit', 'person', 'delegation']),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type DirectoryRow = Static<typeof DirectoryRow>;

/** Somebody as desks know them. */
export const PersonInfo = PersonSchema;
export type PersonInfo = Person;

export const UnitInfo = Strict({
  id: Id,
  name: Bilingual,
  shortName: Bilingual,
  categories: Type.Array(Id),
  parentId: Type.Optional(Id),
  /** First and last day of the unit; always, if left out. */
  validFrom: Type.Optional(Day),
  validTo: Type.Optional(Day),
  /** Units that took over its work when it ended. */
  successorIds: Type.Optional(Type.Array(Id, { minItems: 1, uniqueItems: true })),
  /** What it was called before, each name up to and with a day. */
  formerNames: Type.Optional(Type.Array(Strict({ name: Bilingual, until: Day }), { minItems: 1 })),
});
export type UnitInfo = Static<typeof UnitInfo>;

export const OrganisationInfo = Strict({
  id: Id,
  name: Bilingual,
  profileId: Type.String(),
  /** For how many days a desk may go on without having reached the portal. */
  offlineDays: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type OrganisationInfo = Static<typeof OrganisationInfo>;

/** Collections that cross the network, and which way. */
export const SYNCED = {
  articles: { schema: ArticleRow, push: false },
  snapshots: { schema: SnapshotRow, push: false },
  updates: { schema: UpdateRow, push: true },
  decisions: { schema: DecisionRow, push: true },
  files: { schema: FileRow, push: true },
  directory: { schema: DirectoryRow, push: false },
} as const;
export type SyncedCollection = keyof typeof SYNCED;
export const SYNCED_COLLECTIONS = Object.keys(SYNCED) as readonly SyncedCollection[];
