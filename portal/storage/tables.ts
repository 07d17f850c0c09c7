import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type {
  Action,
  Bilingual,
  Channel,
  Declaration,
  Due,
  Reservation,
} from '../../domain/contracts/index.ts';
import type { Role } from '../../domain/people/roles.ts';
import type { ArticleState } from '../../domain/regulations/types.ts';

/** Rows as PostgreSQL holds them (README.md). Instants are milliseconds since 1970; `sequence` is the place in the feed. */

type Json<T extends object> = JSONColumnType<T>;
/** Given by the feed when the transaction ends; no statement sets it by itself. */
type Sequence = ColumnType<number, never, never>;

export interface OrganisationTable {
  organisation_id: string;
  name: Json<Bilingual>;
  profile_id: string;
  profile: Json<object>;
  calendar: Json<object>;
  created_at: number;
  /** For how many days a desk may go on without having reached the portal. */
  offline_days: Generated<number>;
  /** Rises when the regulation or the calendar changes. */
  rules_version: Generated<number>;
}

export interface UnitTable {
  organisation_id: string;
  id: string;
  name: Json<Bilingual>;
  short_name: Json<Bilingual>;
  categories: string[];
  /** Null: there from the beginning, without end. Days `YYYY-MM-DD`. */
  valid_from: string | null;
  valid_to: string | null;
  parent_id: string | null;
  successor_ids: Generated<string[]>;
  former_names: ColumnType<readonly FormerName[], string | undefined, string>;
}

/** What a unit was called up to and with a day. */
export interface FormerName {
  readonly name: Bilingual;
  readonly until: string;
}

export interface PersonTable {
  organisation_id: string;
  id: string;
  account: string;
  name: Json<Bilingual>;
  roles: Role[];
  unit_id: string;
  active: boolean;
  password_hash: string;
  /** Rises with every change of roles or unit. */
  scope: Generated<number>;
}

/** What somebody was up to a change of roles or unit. */
export interface PersonScopeTable {
  organisation_id: string;
  person_id: string;
  scope: number;
  roles: Role[];
  unit_id: string;
  until: number;
}

export interface SessionTable {
  organisation_id: string;
  id: string;
  person_id: string;
  desk_id: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}

export interface SessionTokenTable {
  organisation_id: string;
  hash: string;
  session_id: string;
  parent_hash: string | null;
  issued_at: number;
  used_at: number | null;
}

export interface ArticleTable {
  organisation_id: string;
  id: string;
  unit_id: string;
  channel: Channel;
  category_id: string;
  source_article_id: string | null;
  counterpart_id: string | null;
  title: string;
  summary: string;
  state: ArticleState;
  version: number;
  fingerprint: string | null;
  contributors: string[];
  created_by: string;
  created_at: number;
  updated_at: number;
  submitted_at: number | null;
  published_at: number | null;
  published_fingerprint: string | null;
  public_path: string | null;
  due: ColumnType<Due | null, string | null, string | null>;
  /** What its limit is computed from (`decisions/derive.ts`); null where no text came since it is kept. */
  facts: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  reason: string | null;
  reservations: ColumnType<Reservation[], string | undefined, string>;
  /** When the first of them ends. */
  reserved_until: ColumnType<number | null, never, number | null>;
  sequence: Sequence;
}

export interface UpdateTable {
  organisation_id: string;
  id: string;
  article_id: string;
  author_id: string;
  desk_id: string;
  at: number;
  content: Buffer;
  arrived_at: number;
  /** Order of arrival, for loading. */
  arrival: Generated<number>;
  sequence: Sequence;
}

/** The state of an article, in place of all updates up to `through` in order of arrival. */
export interface SnapshotTable {
  organisation_id: string;
  /** The article's. */
  id: string;
  article_id: string;
  content: Buffer;
  fingerprint: string;
  /** How many updates it stands for. */
  updates: number;
  through: number;
  made_at: number;
  sequence: Sequence;
}

/** Who sent the updates that a snapshot covers: one row for neighbouring updates of one author at one desk. */
export interface ContributionTable {
  organisation_id: string;
  article_id: string;
  first_arrival: number;
  last_arrival: number;
  author_id: string;
  desk_id: string;
  first_arrived_at: number;
  last_arrived_at: number;
  updates: number;
  bytes: number;
}

export interface DecisionTable {
  organisation_id: string;
  id: string;
  article_id: string;
  action: Action;
  actor_id: string;
  desk_id: string;
  position: number;
  proposed_at: number;
  fingerprint: string | null;
  content: Buffer | null;
  state_vector: Buffer | null;
  reason: string | null;
  declaration: ColumnType<Declaration | null, string | null, string | null>;
  status: 'proposed' | 'accepted' | 'refused';
  verdict_code: string | null;
  verdict_ref: string | null;
  verdict_at: number | null;
  state_after: ArticleState | null;
  version: number | null;
  on_behalf_of: string | null;
  arrived_at: number;
  arrival: Generated<number>;
  sequence: Sequence;
}

export interface FileTable {
  organisation_id: string;
  id: string;
  article_id: string;
  sha256: string;
  size: number;
  type: string;
  added_by: string;
  at: number;
  stored_at: number | null;
  sequence: Sequence;
}

/** Bytes that are in the store, whoever names them. */
export interface StoredFileTable {
  organisation_id: string;
  sha256: string;
  size: number;
  stored_at: number;
}

export interface DirectoryTable {
  organisation_id: string;
  id: string;
  kind: 'organisation' | 'profile' | 'calendar' | 'unit' | 'person' | 'delegation';
  data: Json<Record<string, unknown>>;
  sequence: Sequence;
}

/** What was made public, as it was at that moment. The highest revision without `withdrawn_at` is what citizens see. */
export interface PublicationTable {
  organisation_id: string;
  article_id: string;
  revision: number;
  channel: Channel;
  category_id: string;
  unit_id: string;
  slug: string;
  decision_id: string;
  fingerprint: string;
  /** The canonical content, the very text whose SHA-256 is the fingerprint. */
  content: string;
  title: string;
  summary: string;
  html: string;
  /** Title, summary and body as plain text. */
  plain: string;
  folded_title: string;
  folded: string;
  file_hashes: string[];
  contributors: string[];
  first_published_at: number;
  published_at: number;
  withdrawn_at: number | null;
  current: boolean;
}

/** A session of an administrator's browser; the key is the hash of its cookie. */
export interface AdminSessionTable {
  organisation_id: string;
  hash: string;
  person_id: string;
  created_at: number;
  seen_at: number;
}

/** What a subject of administration was from a moment on, and who said so; append-only (a trigger holds it). */
export interface VersionTable {
  organisation_id: string;
  /** Order in which versions were written. */
  id: Generated<number>;
  /** `profile`, `calendar`, `organisation`, `unit:<id>`, `person:<id>`, `delegation:<id>`, `fact:<name>`. */
  subject: string;
  version: number;
  action: string;
  data: Json<Record<string, unknown>>;
  /** The paper or reason that was given. */
  basis: string | null;
  /** The administrator; null for what the portal was set up with. */
  changed_by: string | null;
  changed_at: number;
  /** Open deadlines that this change moved. */
  moved: ColumnType<readonly MovedRow[] | null, string | null, never>;
}

/** An open deadline that changed rules or days moved; null where there is none before or after. */
export interface MovedRow {
  readonly articleId: string;
  readonly title: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Days that are counted otherwise. */
  readonly days: readonly string[];
}

export interface Database {
  admin_sessions: AdminSessionTable;
  versions: VersionTable;
  organisations: OrganisationTable;
  units: UnitTable;
  people: PersonTable;
  person_scopes: PersonScopeTable;
  sessions: SessionTable;
  session_tokens: SessionTokenTable;
  articles: ArticleTable;
  updates: UpdateTable;
  snapshots: SnapshotTable;
  contributions: ContributionTable;
  decisions: DecisionTable;
  files: FileTable;
  stored_files: StoredFileTable;
  directory: DirectoryTable;
  publications: PublicationTable;
}
