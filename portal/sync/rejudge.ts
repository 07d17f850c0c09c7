import type { Portal } from '../context.ts';
import { withCase } from './openCase.ts';

/** Judges what is open once more: rules, people or an earlier version may have left something that can be decided by now. */
export async function rejudgeOpen(portal: Portal): Promise<void> {
  const open = await portal.db
    .selectFrom('decisions')
    .select(['organisation_id', 'article_id'])
    .distinct()
    .where('status', '=', 'proposed')
    .execute();
  for (const { organisation_id: organisationId, article_id: articleId } of open) {
    const organisation = await portal.organisations.get(organisationId);
    await withCase(portal, organisation, articleId, [], (articleCase) => articleCase.settle());
  }
}
