import type { Portal } from '../context.ts';
import { DELETIONS_MAY_FOLLOW_MS } from '../decisions/judge.ts';
import { withCase } from './openCase.ts';

const EVERY_MS = 5_000;
/** What has waited longer is judged when something arrives, and at start. */
const LOOK_BACK_MS = 60_000;

/**
 * Judges open proposals once more: those that waited for deletions long enough, and whatever a process that was
 * killed between storing and judging left open. `all` at start; otherwise what came in the last minute.
 */
export async function rejudgeOpen(portal: Portal, all: boolean): Promise<void> {
  const now = portal.now();
  let open = portal.db
    .selectFrom('decisions')
    .select(['organisation_id', 'article_id'])
    .distinct()
    .where('status', '=', 'proposed');
  if (!all)
    open = open
      .where('arrived_at', '<=', now - DELETIONS_MAY_FOLLOW_MS)
      .where('arrived_at', '>', now - LOOK_BACK_MS);
  for (const { organisation_id: organisationId, article_id: articleId } of await open.execute()) {
    const organisation = await portal.organisations.get(organisationId);
    await withCase(portal, organisation, articleId, [], (articleCase) => articleCase.settle());
  }
}

/** Goes on until the returned function is called. */
export function startRejudging(portal: Portal): () => Promise<void> {
  let running = look(true);
  const timer = setInterval(() => {
    running = running.then(() => look(false));
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };

  async function look(all: boolean): Promise<void> {
    try {
      await rejudgeOpen(portal, all);
    } catch (error) {
      portal.log.error({ err: error }, 'open proposals were not judged again');
    }
  }
}
