import { type Static, Type } from 'typebox';
import type { ArticleContent, Comparison } from '../document/index.ts';
import { MAX_VERSION_NAME } from '../document/versionName.ts';
import { Bilingual, Id, Instant, Nullable, query, request, Sha256, Strict } from './define.ts';
import { Action, DecisionRow } from './rows.ts';

/** What the desk knows of an article's past (README of `main/engine`, "History"). All of it works offline. */

/** What makes a text worth finding again, from the least to the most. `now` is the present one. */
export const VERSION_LEVELS = [
  'now',
  'autosave',
  'named',
  'submitted',
  'reviewed',
  'returned',
  'refused',
  'approved',
  'published',
] as const;
export const VersionLevel = Type.Enum([...VERSION_LEVELS]);
export type VersionLevel = Static<typeof VersionLevel>;

/** `now`, or a kind and an id: `decision:…`, `named:…`, `saved:…`. */
const VersionId = Type.String({ minLength: 1, maxLength: 140, pattern: '^[A-Za-z0-9._:-]+$' });

export const VersionInfo = Strict({
  id: VersionId,
  levels: Type.Array(VersionLevel),
  /** The portal's clock where it decided, otherwise that of the desk where it was written. */
  at: Instant,
  authorId: Nullable(Id),
  authorName: Nullable(Bilingual),
  /** As somebody called it. */
  name: Nullable(Type.String()),
  action: Nullable(Action),
  /** Whether the portal has accepted the decision. */
  status: Nullable(DecisionRow.properties.status),
  /** Number of the text that a decision is about. */
  number: Nullable(Type.Integer()),
  /** Where it is known without reading the text. */
  fingerprint: Nullable(Sha256),
});
export type VersionInfo = Static<typeof VersionInfo>;

/** The readable difference of `domain/document`, as data for the screen. */
export const Difference = Type.Unsafe<Comparison>({ type: 'object' });

const NOT_READ = ['article-unknown', 'not-found'] as const;
const NOT_WRITTEN = ['article-unknown', 'not-found', 'forbidden', 'disk-full', 'not-saved'] as const;

export const history = {
  /** Newest first; the present text is the first. */
  versions: query(
    Strict({ articleId: Id }),
    Strict({ versions: Type.Array(VersionInfo), mayName: Type.Boolean(), mayRestore: Type.Boolean() }),
    ['article-unknown'],
  ),
  read: request(
    Strict({ articleId: Id, versionId: VersionId }),
    Type.Unsafe<ArticleContent>({ type: 'object' }),
    NOT_READ,
  ),
  compare: request(Strict({ articleId: Id, before: VersionId, after: VersionId }), Difference, NOT_READ),
  /** Gives a text a name, for everybody who has the article. The same `nameId` again changes nothing. */
  name: request(
    Strict({
      articleId: Id,
      versionId: VersionId,
      nameId: Id,
      name: Type.String({ minLength: 1, maxLength: MAX_VERSION_NAME }),
    }),
    Strict({ savedAt: Instant }),
    NOT_WRITTEN,
  ),
  /** Brings the text back as a new edit of this person; what was in between stays in the history. */
  restore: request(
    Strict({ articleId: Id, versionId: VersionId, updateId: Id }),
    Strict({ savedAt: Instant }),
    NOT_WRITTEN,
  ),
} as const;
