import type { Selectable } from 'kysely';
import {
  containedIn,
  covers,
  encodeState,
  fingerprint,
  isIncomplete,
  loadDoc,
  readContent,
  stateVector,
} from '../../domain/document/index.ts';
import type { Portal } from '../context.ts';
import { change, lockArticles } from '../storage/feed.ts';
import type { ContributionTable, UpdateTable } from '../storage/tables.ts';

/** `done`: the article has a new snapshot. `incomplete`: an update that others build on has not come. `overtaken`: somebody else was faster. */
export type Compacted = 'done' | 'nothing' | 'incomplete' | 'unsound' | 'overtaken';

/** Updates since the last snapshot. */
export interface Loose {
  readonly updates: number;
  readonly bytes: number;
}

/** The same, with when the last of them came. */
export interface LooseSince extends Loose {
  readonly lastArrivedAt: number;
}

/**
 * Puts the state of an article in place of its updates. The document is loaded and encoded outside any lock; the state is believed only if, loaded
 * again, it reads the same, has the same fingerprint and contains every single update. Then, behind the article's lock, it becomes the
 * article's snapshot and the updates that it covers go; who sent them stays in `contributions`. Text that came meanwhile stays as it is.
 */
export async function compactArticle(
  portal: Portal,
  organisationId: string,
  articleId: string,
  isWorthIt: (loose: LooseSince, snapshotBytes: number) => boolean,
): Promise<Compacted> {
  const { before, loose } = await portal.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => ({
      before: await tx
        .selectFrom('snapshots')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .where('id', '=', articleId)
        .executeTakeFirst(),
      loose: await tx
        .selectFrom('updates')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .where('article_id', '=', articleId)
        .orderBy('arrival')
        .execute(),
    }));
  const last = loose.at(-1);
  const weight = {
    updates: loose.length,
    bytes: loose.reduce((sum, row) => sum + row.content.byteLength, 0),
    lastArrivedAt: loose.reduce((latest, row) => Math.max(latest, row.arrived_at), 0),
  };
  if (!last || !isWorthIt(weight, before?.content.byteLength ?? 0)) return 'nothing';
  const parts = [...(before ? [before.content] : []), ...loose.map((row) => row.content)];
  const state = soundState(parts);
  if (typeof state === 'string') {
    portal.log.error({ articleId, updates: loose.length, reason: state }, 'no snapshot was made');
    return state;
  }

  return change(portal, organisationId, async (tx, feed): Promise<Compacted> => {
    await lockArticles(tx, organisationId, [articleId]);
    const gone = await tx
      .deleteFrom('updates')
      .where('organisation_id', '=', organisationId)
      .where('article_id', '=', articleId)
      .where('arrival', '<=', last.arrival)
      .returning('id')
      .execute();
    if (gone.length !== loose.length) {
      if (gone.length > 0) throw new Error(`updates of ${articleId} changed under the snapshot`);
      return 'overtaken';
    }
    const row = {
      organisation_id: organisationId,
      id: articleId,
      article_id: articleId,
      content: Buffer.from(state.bytes),
      fingerprint: state.fingerprint,
      updates: (before?.updates ?? 0) + loose.length,
      through: last.arrival,
      made_at: portal.now(),
    };
    await tx
      .insertInto('snapshots')
      .values(row)
      .onConflict((conflict) => conflict.columns(['organisation_id', 'id']).doUpdateSet(row))
      .execute();
    await tx.insertInto('contributions').values(runsOf(loose)).execute();
    feed.touch('snapshots', articleId);
    return 'done';
  });
}

/** The state that stands for all these updates, proved by loading it again; otherwise why there is none. */
function soundState(
  parts: readonly Uint8Array[],
): { bytes: Uint8Array; fingerprint: string } | 'incomplete' | 'unsound' {
  const doc = loadDoc(parts);
  if (isIncomplete(doc)) return 'incomplete';
  const bytes = encodeState(doc);
  const again = loadDoc([bytes]);
  const printed = fingerprint(readContent(again));
  const isSame =
    printed === fingerprint(readContent(doc)) &&
    covers(stateVector(again), stateVector(doc)) &&
    covers(stateVector(doc), stateVector(again));
  const isContained = containedIn(again);
  const isSound = isSame && parts.every(isContained);
  doc.destroy();
  again.destroy();
  return isSound ? { bytes, fingerprint: printed } : 'unsound';
}

/** Neighbouring updates of one author at one desk, together. */
function runsOf(loose: readonly Selectable<UpdateTable>[]): ContributionTable[] {
  const runs: ContributionTable[] = [];
  for (const row of loose) {
    const run = runs.at(-1);
    if (run && run.author_id === row.author_id && run.desk_id === row.desk_id) {
      run.last_arrival = row.arrival;
      run.last_arrived_at = row.arrived_at;
      run.updates += 1;
      run.bytes += row.content.byteLength;
    } else {
      runs.push({
        organisation_id: row.organisation_id,
        article_id: row.article_id,
        first_arrival: row.arrival,
        last_arrival: row.arrival,
        author_id: row.author_id,
        desk_id: row.desk_id,
        first_arrived_at: row.arrived_at,
        last_arrived_at: row.arrived_at,
        updates: 1,
        bytes: row.content.byteLength,
      });
    }
  }
  return runs;
}
