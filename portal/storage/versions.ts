import { type Selectable, sql } from 'kysely';
import type { SyncedCollection } from '../../domain/contracts/index.ts';
import type { Db } from './database.ts';
import { change, type Feed, type Tx } from './feed.ts';
import type { MovedRow, VersionTable } from './tables.ts';

/** What administrators change is written as versions that nothing overwrites (README.md, "Versions"). */

const ADMINISTRATION_LOCK = 0x50a6;

export type Version = Selectable<VersionTable>;

/** A change of one subject, as it is kept. */
export interface NewVersion {
  readonly subject: string;
  readonly action: string;
  /** The whole subject as it is from now on, never a password. */
  readonly data: object;
  readonly basis?: string | null;
  /** The administrator; null when the portal is set up. */
  readonly by: string | null;
  readonly at: number;
  readonly moved?: readonly MovedRow[];
}

/** Somebody else changed the subject after it was shown: `by` and `at` are of that change. */
export class VersionConflict extends Error {
  readonly latest: Version;

  constructor(latest: Version) {
    super(`${latest.subject} is at version ${latest.version}`);
    this.latest = latest;
  }
}

/** Writes the next version of a subject and answers its number. Call within {@link administer}, or where nobody else writes. */
export async function recordVersion(tx: Tx, organisationId: string, version: NewVersion): Promise<number> {
  const latest = await latestVersion(tx, organisationId, version.subject);
  const number = (latest?.version ?? 0) + 1;
  await tx
    .insertInto('versions')
    .values({
      organisation_id: organisationId,
      subject: version.subject,
      version: number,
      action: version.action,
      data: JSON.stringify(version.data),
      basis: version.basis ?? null,
      changed_by: version.by,
      changed_at: version.at,
      moved: version.moved === undefined ? null : JSON.stringify(version.moved),
    })
    .execute();
  return number;
}

/** What an organisation is founded with: version 1 of each. */
export async function recordFirstVersions(
  tx: Tx,
  organisationId: string,
  subjects: readonly { readonly id: string; readonly data: object }[],
  at: number,
): Promise<void> {
  await tx
    .insertInto('versions')
    .values(
      subjects.map(({ id, data }) => ({
        organisation_id: organisationId,
        subject: id,
        version: 1,
        action: 'found',
        data: JSON.stringify(data),
        basis: null,
        changed_by: null,
        changed_at: at,
        moved: null,
      })),
    )
    .execute();
}

/** The version of a subject that is in force, undefined for one that was never written. */
export function latestVersion(db: Db | Tx, organisationId: string, subject: string) {
  return db
    .selectFrom('versions')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('subject', '=', subject)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Throws a {@link VersionConflict} unless `expected` is the version in force; 0 for a subject that must be new. */
export async function expectVersion(
  tx: Tx,
  organisationId: string,
  subject: string,
  expected: number,
): Promise<void> {
  const latest = await latestVersion(tx, organisationId, subject);
  if (latest && latest.version !== expected) throw new VersionConflict(latest);
}

/**
 * One administrative change: all or nothing, one after the other in an organisation, its synced rows stamped and announced
 * (`feed.ts`). What is checked in `work` holds until the commit.
 */
export function administer<T>(
  around: {
    readonly db: Db;
    readonly announce: (organisationId: string, collections: readonly SyncedCollection[]) => void;
  },
  organisationId: string,
  work: (tx: Tx, feed: Feed) => Promise<T>,
): Promise<T> {
  return change(around, organisationId, async (tx, feed) => {
    await sql`select pg_advisory_xact_lock(${ADMINISTRATION_LOCK}, hashtext(${organisationId}))`.execute(tx);
    return work(tx, feed);
  });
}

/** Writes what desks know of a subject, and sends it to them. */
export async function writeDirectory(
  tx: Tx,
  feed: Feed,
  organisationId: string,
  row: {
    readonly id: string;
    readonly kind: 'unit' | 'person' | 'delegation' | 'profile' | 'calendar' | 'organisation';
    readonly data: object;
  },
): Promise<void> {
  const data = JSON.stringify(row.data);
  await tx
    .insertInto('directory')
    .values({ organisation_id: organisationId, id: row.id, kind: row.kind, data })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'id']).doUpdateSet({ data }))
    .execute();
  feed.touch('directory', row.id);
}
