import type { Reservation } from '../../domain/contracts/index.ts';
import type { Result } from '../../domain/lib/result.ts';
import { type Actor, mayContribute, maySee, standingReservations } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import { change, type Feed, lockArticles, type Tx } from '../storage/feed.ts';

const LOOK_MS = 15_000;

/**
 * Changes who works on an article offline (WF25), by the portal's clock; nothing is written when nothing changes. Throws
 * `article-unknown`, `forbidden`, or what `work` refuses with.
 */
export async function changeReservations(
  portal: Portal,
  organisationId: string,
  actor: Actor,
  articleId: string,
  work: (standing: readonly Reservation[], now: number) => Result<readonly Reservation[]>,
): Promise<readonly Reservation[]> {
  return change(portal, organisationId, async (tx, feed) => {
    await lockArticles(tx, organisationId, [articleId]);
    const article = await tx
      .selectFrom('articles')
      .select([
        'unit_id as unitId',
        'channel',
        'state',
        'submitted_at as submittedAt',
        'public_path as publicPath',
        'reservations',
      ])
      .where('organisation_id', '=', organisationId)
      .where('id', '=', articleId)
      .executeTakeFirst();
    if (!article || !maySee(actor, article)) throw new PortalError('article-unknown');
    if (!mayContribute(actor, article)) throw new PortalError('forbidden', { ref: 'WF25' });
    const now = portal.now();
    const outcome = work(standingReservations(article.reservations, now), now);
    if (!outcome.ok)
      throw new PortalError('reservation-day', { ref: 'WF25', detail: outcome.error.detail ?? {} });
    if (JSON.stringify(outcome.value) !== JSON.stringify(article.reservations))
      await write(tx, feed, organisationId, articleId, outcome.value);
    return outcome.value;
  });
}

/** Ends what is over by the portal's clock, so that every desk hears of it. Answers how many articles that were. */
export async function endReservations(portal: Portal): Promise<number> {
  const over = await portal.db
    .selectFrom('articles')
    .select(['organisation_id', 'id'])
    .where('reserved_until', '<=', portal.now())
    .execute();
  for (const { organisation_id: organisationId, id } of over) {
    await change(portal, organisationId, async (tx, feed) => {
      await lockArticles(tx, organisationId, [id]);
      const article = await tx
        .selectFrom('articles')
        .select('reservations')
        .where('organisation_id', '=', organisationId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const standing = standingReservations(article.reservations, portal.now());
      // Another process may have done it.
      if (standing.length < article.reservations.length) await write(tx, feed, organisationId, id, standing);
    });
  }
  return over.length;
}

async function write(
  tx: Tx,
  feed: Feed,
  organisationId: string,
  articleId: string,
  reservations: readonly Reservation[],
): Promise<void> {
  const until = reservations.map((one) => one.until);
  await tx
    .updateTable('articles')
    .set({
      reservations: JSON.stringify(reservations),
      reserved_until: until.length === 0 ? null : Math.min(...until),
    })
    .where('organisation_id', '=', organisationId)
    .where('id', '=', articleId)
    .execute();
  feed.touch('articles', articleId);
}

/** Looks now and then what is over; stops when called. */
export function watchReservations(portal: Portal): () => Promise<void> {
  let looking: Promise<unknown> = Promise.resolve();
  const look = () => {
    looking = looking
      .then(() => endReservations(portal))
      .catch((error: unknown) => portal.log.error({ err: error }, 'reservations were not ended'));
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
